"""The file of a SQLite store is moved, replaced, removed or opened by other means."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from carecontinuum.stores import (
    NotAStore,
    SqliteStore,
    StoreUnavailable,
    StreamKey,
)
from carecontinuum.stores.errors import OutcomeUnknown
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events
from running import run_python

KEY = StreamKey("north", "p-1")
OTHER = StreamKey("north", "p-2")
OTHERS = """
import sys
from carecontinuum.stores import SqliteStore, StreamKey
from carecontinuum.testing.store_checks import invented_events

key = StreamKey("north", "p-1")
with SqliteStore(sys.argv[1]) as store:
    assert list(store.verify()) == []
    version = store.version(key)
    count = int(sys.argv[2])
    print(store.append(key, invented_events(count, begin=version), expected_version=version))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store that is not there yet."""
    return tmp_path / "care.db"


def append(store: SqliteStore, begin: int) -> int:
    """Append the next event."""
    return store.append(KEY, invented_events(1, begin=begin), expected_version=begin)


def filled(path: Path) -> SqliteStore:
    """Make a store with a stream of two events."""
    store = SqliteStore(path)
    append(store, 0)
    append(store, 1)
    return store


def elsewhere(path: Path, count: int = 0) -> int:
    """Let another process append events, and give the version that it then sees."""
    found = run_python("-c", OTHERS, path, str(count))
    assert found.returncode == 0, found.stderr
    return int(found.stdout)


def test_a_file_that_was_replaced_is_noticed(path: Path) -> None:
    """What is appended to a file that is there no longer is not acknowledged."""
    store = filled(path)
    store.backup(path.with_name("new.db"))
    path.with_name("new.db").replace(path)
    with pytest.raises(OutcomeUnknown, match="replaced"):
        append(store, 2)
    with pytest.raises(StoreUnavailable, match="the log of the file that was there before"):
        append(store, 2)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink()
    assert append(store, 2) == 3
    assert elsewhere(path) == 3


def test_a_file_that_was_removed_is_noticed(path: Path) -> None:
    """A file that is gone is not made again: it would be an empty store."""
    store = filled(path)
    path.unlink()
    with pytest.raises(OutcomeUnknown, match="removed"):
        append(store, 2)
    with pytest.raises(StoreUnavailable, match="no such folder or file"):
        append(store, 2)
    assert not path.exists()


def test_a_log_that_is_another_s_is_left_alone(path: Path) -> None:
    """Where the file was moved with its log, and another put there, nothing of that is removed."""
    store = filled(path)
    away = path.with_name("away")
    away.mkdir()
    for each in path.parent.glob("care.db*"):
        each.rename(away / each.name)
    other = filled(path)
    with pytest.raises(OutcomeUnknown, match="moved"):
        append(store, 2)
    assert append(other, 2) == 3
    store.close()
    other.close()
    assert elsewhere(path) == 3
    assert elsewhere(away / path.name) == 3


def test_a_store_that_is_closed_leaves_the_log_of_another_alone(path: Path) -> None:
    """SQLite would remove it by its name."""
    store = filled(path)
    away = path.with_name("away")
    away.mkdir()
    for each in path.parent.glob("care.db*"):
        each.rename(away / each.name)
    other = filled(path)
    store.close()
    assert append(other, 2) == 3
    assert elsewhere(path) == 3


def test_a_file_that_the_process_has_read_is_noticed(path: Path) -> None:
    """Reading the file takes SQLite's locks away; another then removes the log under the store."""
    store, another = filled(path), SqliteStore(path)
    assert another.version(KEY) == 2
    path.read_bytes()
    assert append(store, 2) == 3
    assert elsewhere(path, 2) == 5
    with pytest.raises(OutcomeUnknown, match="opened by other means"):
        append(store, 5)
    assert append(store, 5) == 6
    assert elsewhere(path) == 6
    assert append(another, 6) == 7
    assert elsewhere(path) == 7


def test_what_others_wrote_is_not_undone(path: Path) -> None:
    """A store whose log was removed under it does not write what is in that log to the file."""
    store = filled(path)
    path.read_bytes()
    assert elsewhere(path, 2) == 4
    assert len(store.load(KEY)) == 4
    assert elsewhere(path, 2) == 6
    with pytest.raises(OutcomeUnknown):
        store.append(OTHER, invented_events(1, patient_id="p-2"), expected_version=0)
    assert elsewhere(path) == 6
    assert append(store, 6) == 7
    assert elsewhere(path) == 7


def test_a_path_is_where_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that was named in one folder is not made anew in another."""
    monkeypatch.chdir(path.parent)
    store = filled(Path("care.db"))
    other = path.with_name("other")
    other.mkdir()
    monkeypatch.chdir(other)
    store.close()
    assert store.version(KEY) == 2
    assert store.path == str(path)
    assert list(other.iterdir()) == []


def test_a_path_through_a_link_is_where_the_system_has_it(path: Path) -> None:
    """`..` behind a link is not taken out of a path."""
    inner = path.with_name("other") / "inner"
    inner.mkdir(parents=True)
    path.with_name("link").symlink_to(inner)
    filled(Path(f"{path.parent}/link/../care.db")).close()
    assert (inner.parent / "care.db").exists()
    assert not path.exists()


def test_a_name_that_sqlite_would_read_as_more_is_a_name(path: Path) -> None:
    """What has a meaning in a URI has none in a path, also when it is opened again."""
    odd = path.with_name("a ?mode=memory#50%25é.db")
    with filled(odd) as store:
        store.close()
        assert store.version(KEY) == 2
    assert [each.name for each in path.parent.iterdir()] == [odd.name]


def test_a_file_that_was_emptied_is_no_store(path: Path) -> None:
    """An empty file becomes a store when it is first opened, and later no more."""
    store = filled(path)
    store.close()
    path.write_bytes(b"")
    with pytest.raises(NotAStore, match="empty now"):
        store.version(KEY)
    path.unlink()
    with pytest.raises(StoreUnavailable, match="no such folder or file"):
        store.version(KEY)
    assert list(path.parent.iterdir()) == []


LIMITED = """
import os, resource, sys
from carecontinuum.stores import SqliteStore, StoreUnavailable, StreamKey
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events

path, where = sys.argv[1:]
store, key = SqlStore(where) if "://" in where else SqliteStore(where), StreamKey("north", "p-1")
version = store.version(key)
most = os.path.getsize(path + "-wal") + 5000
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    store.append(key, invented_events(50, begin=version), expected_version=version)
except StoreUnavailable as error:
    print(error, error.__context__, error.__cause__)
"""


@pytest.mark.parametrize("kind", ["file", "url"])
def test_a_disk_that_fails_at_the_commit_leaves_it_unknown(path: Path, kind: str) -> None:
    """What was written then may be there after a crash; the same again is harmless."""
    where = str(path) if kind == "file" else f"sqlite:///{path}"
    store: SqliteStore | SqlStore = SqliteStore(path) if kind == "file" else SqlStore(where)
    if isinstance(store, SqlStore):
        store.migrate()
    store.append(KEY, invented_events(2), expected_version=0)
    found = run_python("-c", LIMITED, str(path), where)
    assert "the events may be there or not" in found.stdout, found.stderr
    assert "None None" in found.stdout
    assert store.append(KEY, invented_events(50, begin=2), expected_version=2) == 52
    assert list(store.verify()) == []


class _Fails(sqlite3.Connection):
    """A connection to a disk that fails once, before or after a commit is written."""

    when = "SYNC"
    left = 1

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        """Fail."""
        if sql == "COMMIT" and self.left:
            self.left = 0
            if self.when == "AFTER":
                super().execute(sql)
            error = sqlite3.OperationalError("CANARY")
            error.sqlite_errorname = "SQLITE_FULL" if self.when == "FULL" else "SQLITE_IOERR_FSYNC"
            raise error
        return super().execute(sql, *given)


@pytest.mark.parametrize("when", ["SYNC", "AFTER"])
def test_a_commit_that_was_written_or_not_may_be_made_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Where the disk failed the store does not say that nothing was written."""
    filled(path).close()
    monkeypatch.setattr(_Fails, "when", when)
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_Fails))
    store = SqliteStore(path)
    with pytest.raises(OutcomeUnknown, match="writing the disk failed") as found:
        append(store, 2)
    assert found.value.__context__ is None
    assert append(store, 2) == 3


def test_a_commit_for_which_there_is_no_room_is_not_made(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the commit leaves nothing."""
    filled(path).close()
    monkeypatch.setattr(_Fails, "when", "FULL")
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_Fails))
    store = SqliteStore(path)
    with pytest.raises(StoreUnavailable, match="the disk is full; nothing was written"):
        append(store, 2)
    assert store.version(KEY) == 2


@pytest.mark.parametrize("kind", ["file", "url"])
def test_a_schema_that_is_no_text_is_told(path: Path, kind: str) -> None:
    """What SQLite says of a damaged schema may not be readable; the file is refused as damaged."""
    store: SqliteStore | SqlStore
    store = SqliteStore(path) if kind == "file" else SqlStore(f"sqlite:///{path}")
    if isinstance(store, SqlStore):
        store.migrate()
    store.close()
    whole = path.read_bytes()
    at = whole.index(b"CREATE TABLE carecontinuum_events" if kind == "url" else b"CREATE TABLE ev")
    path.write_bytes(whole[: at + 2] + b"\xc5" + whole[at + 3 :])
    with pytest.raises(NotAStore, match="damaged") as found:
        store.version(KEY)
    assert found.value.__context__ is None
    if isinstance(store, SqlStore):
        with pytest.raises(NotAStore, match="damaged"):
            store.migrate()


def test_a_text_that_is_none_is_found_in_a_sql_store(path: Path) -> None:
    """A SQL store reads a damaged text in a SQLite file as `SqliteStore` does, so that it tells."""
    store = SqlStore(f"sqlite:///{path}")
    store.migrate()
    store.append(KEY, invented_events(3), expected_version=0)
    change = "UPDATE carecontinuum_events SET body = CAST(x'ff' AS TEXT) WHERE version = 2"
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER carecontinuum_events_stay")
        connection.exec_driver_sql(change)
    assert [fault.code for fault in store.verify()][:1] == ["changed"]
