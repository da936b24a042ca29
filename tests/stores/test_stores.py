"""Stores keep their promises: the public checks, and bad days one by one."""

import os
import pickle
import shutil
import signal
import sqlite3
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.arguments import WrongArgument
from carecontinuum.caseload import Caseload
from carecontinuum.codec import dumps, loads
from carecontinuum.errors import CareContinuumError
from carecontinuum.history import AnotherPatientsEvent, Event, EventConflict
from carecontinuum.stores import (
    EventStore,
    Fault,
    FeedItem,
    Head,
    MemoryStore,
    NotAStore,
    SqliteStore,
    StoreError,
    StoreNewer,
    StoreUnavailable,
    StreamKey,
    migrations,
)
from carecontinuum.stores.checking import against_heads
from carecontinuum.stores.driver import translated
from carecontinuum.stores.migrations import FORMAT
from carecontinuum.testing.store_checks import (
    STORE_CHECKS,
    Check,
    PromiseBroken,
    invented_events,
    taken_out_is_told,
)
from running import run_python

CANARY = "CANARY-9917"
KEY = StreamKey("north", "p-1")
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store that is not there yet."""
    return tmp_path / "care.db"


@pytest.fixture(params=["memory", "sqlite"])
def make(request: pytest.FixtureRequest, path: Path) -> Callable[[], EventStore]:
    """Give what makes a store of each kind."""
    return MemoryStore if request.param == "memory" else lambda: SqliteStore(path)


def by_hand(path: Path | str, *statements: str) -> None:
    """Change a store's file by other means."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


WITHOUT_TRIGGERS = ("DROP TRIGGER events_stay", "DROP TRIGGER events_last")


def filled(path: Path, count: int = 5) -> SqliteStore:
    """Make a store with a stream."""
    store = SqliteStore(path)
    store.append(KEY, invented_events(count), expected_version=0)
    return store


# ------------------------------------------------------------------------------ the contract


@pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.__name__)
def test_the_promises_are_kept(check: Check, make: Callable[[], EventStore]) -> None:
    """Every store keeps every promise."""
    check(make)


class _Forgets(MemoryStore):
    """Acknowledges the last event of a batch, and forgets it."""

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Keep all but the last."""
        given = list(events)
        super().append(key, given[:-1] or given, expected_version=expected_version)
        return expected_version + len(given)


class _Overwrites(MemoryStore):
    """Takes whatever version is expected for the one that is there."""

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Expect nothing."""
        return super().append(key, events, expected_version=self.version(key))


class _Trusts(MemoryStore):
    """Passes over an id that is there, whatever stands under it."""

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Keep what has a new id."""
        there = {event.id for event in self.load(key)}
        new = [event for event in events if event.id not in there]
        return super().append(key, new, expected_version=expected_version)


class _Skips(MemoryStore):
    """Begins each page of the feed one event too late."""

    def feed(self, *, after: int = 0, limit: int = 1000) -> tuple[FeedItem, ...]:
        """Skip one."""
        return super().feed(after=after + bool(after), limit=limit)


class _Begins(MemoryStore):
    """Takes a cursor that is none for the beginning."""

    def feed(self, *, after: int = 0, limit: int = 1000) -> tuple[FeedItem, ...]:
        """Begin where no whole number says where to."""
        return super().feed(after=after if after in range(9) else 0, limit=limit)


class _Repeats(MemoryStore):
    """Lets Python say what is wrong with a patient's id, which repeats it."""

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Encode the patient's id, as many drivers do."""
        str(key.patient_id).encode()
        return super().load(key)


class _TakesAnybodys(MemoryStore):
    """Does not look at whom an event is about."""

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Keep each event as if it were the patient's own."""
        own = [attrs.evolve(event, patient_id=key.patient_id) for event in events]
        return super().append(key, own, expected_version=expected_version)


class _ByTime(MemoryStore):
    """Gives events in the order in which they occurred."""

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Sort them."""
        return tuple(sorted(super().load(key), key=lambda event: event.occurred_at.instant))


class _LosesMicroseconds(MemoryStore):
    """Keeps whole seconds."""

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Cut the moments short."""
        return tuple(
            attrs.evolve(event, recorded_at=event.recorded_at.replace(microsecond=999_999))
            for event in super().load(key)
        )


class _LosesFields(MemoryStore):
    """Has no columns for some of what an event says."""

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Leave it out."""
        lost: dict[str, Any] = {"site": None, "identifiers": (), "source": None}
        return tuple(attrs.evolve(event, reason_code=None, **lost) for event in super().load(key))


class _KeepsHalf(MemoryStore):
    """Keeps what came before the events could not be had any more."""

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Keep one by one."""
        had: list[Event] = []
        try:
            for event in events:
                had.append(event)  # noqa: PERF402  those before an error are kept
        finally:
            version = super().append(key, had, expected_version=expected_version)
        return version


class _Counts(MemoryStore):
    """Counts the events first, and so uses up what gives them once."""

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Count."""
        assert sum(1 for _ in events) >= 0
        return super().append(key, events, expected_version=expected_version)


class _TakesTheFirst(MemoryStore):
    """Passes over an id that comes twice in a batch, whatever stands under it."""

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Keep the first of each id."""
        first: dict[str, Event] = {}
        for event in events:
            first.setdefault(event.id, event)
        return super().append(key, first.values(), expected_version=expected_version)


class _HashesOtherwise(MemoryStore):
    """Has a chain of its own."""

    def heads(self) -> Iterator[Head]:
        """Turn each hash round."""
        for head in super().heads():
            yield attrs.evolve(head, hash=head.hash[::-1])


SABOTAGED = [
    _Forgets,
    _Overwrites,
    _Trusts,
    _Skips,
    _Begins,
    _Repeats,
    _TakesAnybodys,
    _ByTime,
    _LosesMicroseconds,
    _LosesFields,
    _KeepsHalf,
    _Counts,
    _TakesTheFirst,
    _HashesOtherwise,
]


@pytest.mark.parametrize("sabotaged", SABOTAGED)
def test_sabotage_is_caught(sabotaged: Callable[[], EventStore]) -> None:
    """A store that forgets, overwrites, skips, repeats or loses breaks at least one promise."""
    broken = []
    for check in STORE_CHECKS:
        try:
            check(sabotaged)
        except PromiseBroken as error:
            broken.append(str(error))
        except CareContinuumError:
            pass  # a check that could not end tells nothing
    assert broken


def test_a_number_is_no_truth(make: Callable[[], EventStore]) -> None:
    """What Python calls equal is not the same content: neither 0 and false, nor 0 and 0.00."""
    clock = datetime(2026, 4, 1, 15, tzinfo=UTC)
    store = make()
    caseload = Caseload([cc.shipped_program("community")], store=store, clock=lambda: clock)
    steady = {"medically_stable": True, "withdrawal_risk": 0}
    caseload.admit("p-1", to="iop", at=clock, by="dr-example", request_id="r-1", stated=steady)
    key = StreamKey("", "p-1")
    decided = store.load(key)[0]
    whole = dumps(decided)
    others = ("false", '{"type":"decimal","value":"0.00"}')
    for other in others:
        text = whole.replace('"value":0}', f'"value":{other}}}')
        assert text != whole
        event = loads(Event, text)
        with pytest.raises(EventConflict):
            store.append(key, [event], expected_version=0)
    assert store.append(key, [decided], expected_version=0) == 2


def taken_from_memory(store: EventStore, key: StreamKey, version: int) -> None:
    """Take an event out of a store in memory."""
    assert isinstance(store, MemoryStore)
    del store._streams[key][version - 1]


class _VerifiesHeads(MemoryStore):
    """Never looks at the chain."""

    def verify(self, heads: Iterable[Head] = ()) -> Iterator[Fault]:
        """Look at heads alone."""
        return against_heads(heads, self._hash)


def test_what_was_taken_out_is_told(path: Path) -> None:
    """Stores tell what was taken out of them, and one that does not is caught."""
    taken_out_is_told(MemoryStore, taken_from_memory)
    with pytest.raises(PromiseBroken, match="taken out"):
        taken_out_is_told(_VerifiesHeads, taken_from_memory)

    def taken_from_file(store: EventStore, key: StreamKey, version: int) -> None:
        where = f"stream = '{key.patient_id}' AND version = {version}"
        dropped = [trigger.replace("TRIGGER", "TRIGGER IF EXISTS") for trigger in WITHOUT_TRIGGERS]
        by_hand(path, *dropped, f"DELETE FROM events WHERE {where}")  # noqa: S608  ours

    taken_out_is_told(lambda: SqliteStore(path), taken_from_file)


def test_an_event_of_somebody_else_is_refused(make: Callable[[], EventStore]) -> None:
    """An event goes to the stream of its own patient, and to no other."""
    store = make()
    with pytest.raises(AnotherPatientsEvent):
        store.append(KEY, invented_events(1, patient_id="p-2"), expected_version=0)
    assert store.version(KEY) == 0


@pytest.mark.parametrize("patient", [None, 5, b"p-1", "", "  ", "\ud800-7731", "7731\0"])
def test_a_key_that_names_nobody_is_refused(make: Callable[[], EventStore], patient: Any) -> None:
    """What is no patient's id, or no key, is told as an argument; it is not repeated."""
    store = make()
    for key in (StreamKey("north", patient), patient):
        for ask in (
            lambda key=key: store.load(key),
            lambda key=key: store.version(key),
            lambda key=key: store.append(key, invented_events(1), expected_version=0),
        ):
            with pytest.raises(WrongArgument) as caught:
                ask()
            assert caught.value.field in ("patient_id", "key")
            assert "7731" not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(WrongArgument, match="`tenant` is `None`"):
        store.load(StreamKey(None, "p-1"))  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [None, "3", 1.5, True, -1, 2**70])
def test_what_is_no_page_is_refused(make: Callable[[], EventStore], wrong: Any) -> None:
    """A cursor or a length that is none is told by its name, and never is the end of the feed."""
    store = make()
    with pytest.raises(WrongArgument, match=r"`after` is .* needed is a whole number from 0"):
        store.feed(after=wrong)
    with pytest.raises(WrongArgument, match=r"`limit` is .* needed is a whole number from 0"):
        store.feed(limit=wrong)
    assert store.feed(limit=0) == ()
    with pytest.raises(WrongArgument, match=r"`expected_version` is .* needed is a whole number"):
        store.append(KEY, invented_events(1), expected_version=wrong)


# ------------------------------------------------------------------------------ the file


@pytest.mark.parametrize("wrong", ["", ":memory:", None, 5, b"care.db", "\ud800", "a\0.db"])
def test_a_store_is_a_file(wrong: Any, path: Path) -> None:
    """What SQLite would forget when it is closed, and what is no path, is no store and no copy."""
    with pytest.raises(WrongArgument, match="`path` is"):
        SqliteStore(wrong)
    with filled(path) as store, pytest.raises(WrongArgument, match="`path` is"):
        store.backup(wrong)


@pytest.mark.parametrize("wait", ["5", None, -1, float("nan"), float("inf"), True])
def test_a_wait_is_a_number_of_seconds(wait: Any, path: Path) -> None:
    """Whatever is none is refused before a file is made."""
    with pytest.raises(WrongArgument, match=r"`wait` is .*; needed is a number of seconds"):
        SqliteStore(path, wait=wait)
    assert not path.exists()


@pytest.mark.parametrize("name", [".", "/", "care.db"])
def test_a_backup_never_takes_the_place_of_anything(name: str, path: Path) -> None:
    """A folder, or the store itself, is in the way."""
    with filled(path) as store, pytest.raises(StoreUnavailable, match="is there already"):
        store.backup(path.parent / name)


def test_what_was_kept_is_there_when_opened_again(path: Path) -> None:
    """A store closed and opened again, by this process or another, has what it had."""
    events = invented_events(5)
    with filled(path) as store:
        store.close()
        assert store.load(KEY) == tuple(events)
    assert SqliteStore(path).load(KEY) == tuple(events)


def test_every_commit_is_on_the_disk(path: Path) -> None:
    """The driver is asked for full synchronisation and write-ahead logging, and gives them."""
    store = filled(path)
    connection = store._open()
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store.format == FORMAT


def test_more_ids_than_a_page(path: Path) -> None:
    """Of many events those that are there already are passed over, and one changed is refused."""
    store, events = SqliteStore(path), invented_events(1002)
    store.append(KEY, events[:501], expected_version=0)
    assert store.append(KEY, events, expected_version=501) == 1002
    assert store.append(KEY, events, expected_version=0) == 1002
    changed = [*events[:-1], attrs.evolve(events[-1], note="changed")]
    with pytest.raises(EventConflict):
        store.append(KEY, changed, expected_version=1002)
    assert store.load(KEY) == tuple(events)
    assert list(store.verify()) == []


def test_many_streams_are_walked_some_at_a_time(path: Path) -> None:
    """More streams than a page are each listed once."""
    store = SqliteStore(path)
    names = [f"p-{number:04}" for number in range(1201)]
    for name in names:
        store.append(
            StreamKey("north", name), invented_events(1, patient_id=name), expected_version=0
        )
    assert [key.patient_id for key in store.streams()] == names


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET body = replace(body, 'iop', 'op') WHERE version = 3",
        "UPDATE events SET body = body || ' ' WHERE version = 1",
        "UPDATE events SET hash = 'x' WHERE version = 5",
        "UPDATE events SET body = CAST(x'ff' AS TEXT) WHERE version = 2",
        "UPDATE events SET stream = 'p-9'",
        "UPDATE events SET tenant = 'south'",
    ],
)
def test_a_row_changed_by_hand_is_detected(path: Path, change: str) -> None:
    """Any change of a row's text, hash or place breaks the chain."""
    store = filled(path)
    by_hand(path, *WITHOUT_TRIGGERS, change)
    assert [fault.code for fault in store.verify()][:1] == ["changed"]


def test_an_event_taken_out_is_detected(path: Path) -> None:
    """An event missing from the middle is told by the chain; the tail only by a head."""
    store = filled(path)
    heads = list(store.heads())
    shutil.copy(path, path.with_suffix(".copy"))
    by_hand(path, *WITHOUT_TRIGGERS, "DELETE FROM events WHERE version = 3")
    assert [fault.code for fault in store.verify()] == ["missing"]
    other = path.with_name("other.db")
    tail = filled(other)
    by_hand(other, *WITHOUT_TRIGGERS, "DELETE FROM events WHERE version = 5")
    assert list(tail.verify()) == []
    assert [fault.code for fault in tail.verify(heads)] == ["cut"]


def test_rows_cannot_be_changed_by_accident(path: Path) -> None:
    """The database itself refuses to change an event, to take one out, or to leave a gap."""
    filled(path).close()
    for statement in (
        "UPDATE events SET body = 'x'",
        "DELETE FROM events",
        (
            "INSERT INTO events (tenant, stream, version, previous, event_id, body, hash)"
            " VALUES ('north', 'p-1', 7, 5, 'x', 'x', 'x')"
        ),
        (
            "INSERT INTO events (tenant, stream, version, previous, event_id, body, hash)"
            " VALUES ('north', 'p-1', 7, NULL, 'x', 'x', 'x')"
        ),
        (
            "INSERT INTO events (tenant, stream, version, previous, event_id, body, hash)"
            " VALUES ('north', 'p-1', 5, 4, 'x', 'x', 'x')"
        ),
    ):
        with pytest.raises(sqlite3.IntegrityError):
            by_hand(path, statement)


def test_every_flipped_byte_of_an_event_is_detected(path: Path) -> None:
    """Each byte of a stored text, flipped, breaks the chain or keeps the file from being read."""
    store = filled(path, 1)
    (body,) = store._open().execute("SELECT body FROM events").fetchone()
    store.close()
    by_hand(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    raw = body.encode()
    begin = whole.index(raw)
    for place in range(begin, begin + len(raw)):
        flipped = bytearray(whole)
        flipped[place] ^= 0x01
        damaged = path.with_name("flipped.db")
        damaged.write_bytes(bytes(flipped))
        assert [fault.code for fault in SqliteStore(damaged).verify()] == ["changed"]


def test_a_newer_format_is_refused(path: Path) -> None:
    """A file of a later format is refused with both formats, and left as it is."""
    filled(path).close()
    by_hand(path, f"PRAGMA user_version = {FORMAT + 1}")
    with pytest.raises(StoreNewer, match=str(FORMAT + 1)):
        SqliteStore(path)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" * 99])
def test_another_file_is_no_store(path: Path, content: bytes) -> None:
    """A file that is something else is refused, and left as it is."""
    path.write_bytes(content)
    with pytest.raises(NotAStore):
        SqliteStore(path)
    assert path.read_bytes() == content


def test_another_application_s_file_is_no_store(path: Path) -> None:
    """A SQLite file with other tables is refused."""
    by_hand(path, "CREATE TABLE other (x)")
    with pytest.raises(NotAStore, match="another application"):
        SqliteStore(path)


def test_a_new_file_is_a_store_without_its_log(path: Path) -> None:
    """The file itself says what it is and has the tables, before anything is in its log."""
    with SqliteStore(path):
        raw = path.read_bytes()
    assert raw[68:72] == migrations.APPLICATION.to_bytes(4, "big")
    assert b"CREATE TABLE events" in raw


def test_a_file_of_no_tables_is_no_store(path: Path) -> None:
    """A SQLite file that is not empty and has no tables is refused, and left as it is."""
    by_hand(path, "PRAGMA journal_mode = WAL", "VACUUM")
    before = path.read_bytes()
    assert len(before) == 4096
    with pytest.raises(NotAStore, match="half of a store"):
        SqliteStore(path)
    assert path.read_bytes() == before


class _Overtaken(sqlite3.Connection):
    """A connection to a file of which another application makes something first."""

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        """Let the other be first."""
        if sql == "BEGIN IMMEDIATE":
            (_, _, name) = super().execute("PRAGMA database_list").fetchone()
            by_hand(name, "CREATE TABLE other (x)")
        return super().execute(sql, *given)


def test_a_file_of_which_another_application_makes_something_first_is_no_store(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No tables are put beside those of another, be it only just there."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_Overtaken))
    with pytest.raises(NotAStore, match="another application"):
        SqliteStore(path)
    monkeypatch.undo()
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert found == [("other",)]


class _Busy(sqlite3.Connection):
    """A connection that cannot have the file at once."""

    left = 2

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        """Refuse the log."""
        if sql == "PRAGMA journal_mode = WAL" and self.left:
            self.left -= 1
            error = sqlite3.OperationalError(CANARY)
            error.sqlite_errorname = "SQLITE_BUSY_RECOVERY"
            raise error
        return super().execute(sql, *given)


def test_a_log_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite does not wait for its turn to make a log the store does, for as long."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_Busy))
    with pytest.raises(StoreUnavailable, match="another process"):
        SqliteStore(path, wait=0)
    with SqliteStore(path) as store:
        assert store._open().execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_log_that_cannot_be_is_not_waited_for(path: Path) -> None:
    """A file that is read-only is told at once."""
    by_hand(path, "CREATE TABLE other (x)")
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        migrations.log_ahead(connection, wait=60)


def test_a_half_written_file_is_refused(path: Path) -> None:
    """A file of which the end is missing cannot be verified."""
    filled(path, 500).close()
    by_hand(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(StoreError):
        list(SqliteStore(path).verify())


def test_a_full_disk_is_told(path: Path) -> None:
    """Where there is no room nothing is written, and what was there is still there."""
    store = filled(path)
    connection = store._open()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable, match="the disk is full; nothing was written"):
        store.append(KEY, invented_events(500, begin=5), expected_version=5)
    assert store.version(KEY) == 5
    assert list(store.verify()) == []


def test_a_lock_held_for_too_long_is_told(path: Path) -> None:
    """While another process writes and does not end, nothing is written."""
    filled(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = SqliteStore(path, wait=0.05)
    with pytest.raises(StoreUnavailable, match="another process is writing"):
        store.append(KEY, invented_events(1, begin=5), expected_version=5)
    assert store.version(KEY) == 5
    other.execute("ROLLBACK")
    other.close()
    assert store.append(KEY, invented_events(1, begin=5), expected_version=5) == 6


def test_a_read_only_file_is_told() -> None:
    """Where nobody may write the store is refused as such, also to whom everything is allowed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "care.db"
        filled(path).close()
        path.chmod(0o444)
        path.parent.chmod(0o555)
        child = os.fork()
        if not child:
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            os._exit(_refused_as_read_only(path))
        status = os.waitpid(child, 0)[1]
        path.parent.chmod(0o700)
    assert os.waitstatus_to_exitcode(status) == 0


def _refused_as_read_only(path: Path) -> int:
    try:
        SqliteStore(path).append(KEY, invented_events(1, begin=5), expected_version=5)
    except StoreUnavailable as error:
        return 0 if "read-only; nothing was written" in str(error) else 2
    return 1


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A store in no folder cannot be opened."""
    with pytest.raises(StoreUnavailable, match="no such folder"):
        SqliteStore(tmp_path / "nowhere" / "care.db")


def test_errors_of_the_driver_show_nothing(path: Path) -> None:
    """No text of the driver, and nothing of a patient, is in an error or behind it."""
    store = filled(path)
    connection = store._open()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    event = attrs.evolve(invented_events(1, begin=5)[0], note=CANARY * 10_000)
    with pytest.raises(StoreUnavailable) as caught:
        store.append(KEY, [event], expected_version=5)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert CANARY not in shown
    assert "p-1" not in repr(KEY)


def test_a_backup_taken_while_writing_is_a_store(path: Path) -> None:
    """A backup is the store of one moment, verifies, and is never written over a file."""
    store = filled(path)
    copy = path.with_name("backup.db")
    store.backup(copy)
    store.append(KEY, invented_events(1, begin=5), expected_version=5)
    again = SqliteStore(copy)
    assert again.load(KEY) == tuple(invented_events(5))
    assert list(again.verify(again.heads())) == []
    with pytest.raises(StoreUnavailable, match="there already"):
        store.backup(copy)


def test_a_fork_opens_the_file_anew(path: Path) -> None:
    """A child process writes with a connection of its own, and the parent goes on with its."""
    store = filled(path)
    child = os.fork()
    if not child:
        store.append(KEY, invented_events(1, begin=5), expected_version=5)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.append(KEY, invented_events(1, begin=6), expected_version=6) == 7
    assert list(store.verify()) == []


def test_a_long_stream_is_kept_and_loaded(path: Path) -> None:
    """Ten thousand events of one episode are appended at once, loaded, and verify."""
    store = filled(path, 10_000)
    assert len(store.load(KEY)) == 10_000
    assert list(store.verify()) == []


@pytest.mark.parametrize("error", [StoreUnavailable(says="x"), StoreNewer(found=2, known=1)])
def test_errors_are_values(error: StoreError) -> None:
    """Errors compare and survive pickling."""
    assert pickle.loads(pickle.dumps(error)) == error


def test_a_file_that_is_refused_is_left_as_it_is(path: Path) -> None:
    """Another application's file, and one of a later format, are refused before any change."""
    by_hand(path, "CREATE TABLE other (x)")
    before = path.read_bytes()
    with pytest.raises(NotAStore):
        SqliteStore(path)
    assert path.read_bytes() == before
    newer = path.with_name("newer.db")
    filled(newer).close()
    by_hand(newer, "PRAGMA journal_mode = DELETE", f"PRAGMA user_version = {FORMAT + 1}")
    before = newer.read_bytes()
    with pytest.raises(StoreNewer):
        SqliteStore(newer)
    assert newer.read_bytes() == before


def test_a_file_opened_again_is_asked_for_the_same(path: Path) -> None:
    """A connection opened after `close`, and in a forked child, is as safe as the first."""
    store = filled(path)
    store.close()
    assert store.version(KEY) == 5
    connection = store._open()
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    child = os.fork()
    if not child:
        asked = store._open().execute("PRAGMA foreign_keys").fetchone()
        os._exit(0 if asked == (1,) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET event_id = 'x' WHERE version = 3",
        "UPDATE events SET position = 99 WHERE version = 2",
    ],
)
def test_a_row_s_id_and_place_on_the_feed_are_checked(path: Path, change: str) -> None:
    """An id that is not the event's own, or an order that is not the stream's, is detected."""
    store = filled(path)
    by_hand(path, *WITHOUT_TRIGGERS, change)
    assert {fault.code for fault in store.verify()} == {"changed"}


def test_a_backup_that_fails_leaves_no_file(path: Path) -> None:
    """Where a backup cannot be written to its end, no half of it is left."""
    store = filled(path)
    with pytest.raises(StoreUnavailable):
        store.backup(path.with_name("nowhere") / "backup.db")
    copy = path.with_name("backup.db")
    store.close()
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 8000)
    with pytest.raises(StoreError):
        store.backup(copy)
    assert not copy.exists()


def test_a_backup_for_which_there_is_no_room_leaves_no_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that ends in the middle is taken away again, so that the next can be made."""
    store = filled(path, 200)
    connect = sqlite3.connect

    def small(name: Path, *, isolation_level: None) -> sqlite3.Connection:
        connection = connect(name, isolation_level=isolation_level)
        connection.execute("PRAGMA max_page_count = 2")
        return connection

    copy = path.with_name("backup.db")
    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(StoreUnavailable, match="the disk is full"):
        store.backup(copy)
    assert [found.name for found in path.parent.iterdir() if "backup" in found.name] == []
    monkeypatch.undo()
    store.backup(copy)
    assert list(SqliteStore(copy).verify()) == []


KILLED = """
import os, signal, sys
from carecontinuum.stores import SqliteStore

os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
with SqliteStore(sys.argv[1]) as store:
    store.backup(sys.argv[2])
"""


def test_a_backup_that_is_killed_leaves_no_store(path: Path) -> None:
    """A copy has its name once it is on the disk; what a kill leaves is told, and removed."""
    store = filled(path)
    copy, part = path.with_name("backup.db"), path.with_name("backup.db.part")
    assert run_python("-c", KILLED, path, copy).returncode == -signal.SIGKILL
    assert not copy.exists()
    with pytest.raises(StoreUnavailable, match=r"a `\.part` .* remove it; nothing was written"):
        store.backup(copy)
    part.unlink()
    store.backup(copy)
    assert not part.exists()
    assert SqliteStore(copy).version(KEY) == 5


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_a_backup_is_not_put_beside_the_log_of_another(path: Path, ending: str) -> None:
    """What a file that was moved away left behind would be played into the copy."""
    store, left = filled(path), path.with_name(f"new.db{ending}")
    left.write_text("left")
    with pytest.raises(StoreUnavailable, match="the log of another"):
        store.backup(path.with_name("new.db"))
    assert not path.with_name("new.db").exists()
    assert left.read_text() == "left"


KILLED_WRITER = """
import os, signal, sys
from carecontinuum.stores import SqliteStore, StreamKey
from carecontinuum.testing.store_checks import invented_events

store, key = SqliteStore(sys.argv[1]), StreamKey("north", "p-1")
store.append(key, invented_events(1, begin=5), expected_version=5)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_backup_is_restored_in_the_place_of_a_store(path: Path) -> None:
    """With the file its log is moved away; then the backup is restored under the name."""
    with filled(path) as store:
        store.backup(path.with_name("backup.db"))
    assert run_python("-c", KILLED_WRITER, path).returncode == -signal.SIGKILL
    away = path.with_name("away")
    away.mkdir()
    path.rename(away / path.name)
    with SqliteStore(path.with_name("backup.db")) as backup:
        with pytest.raises(StoreUnavailable, match="the log of another"):
            backup.backup(path)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).rename(away / (path.name + ending))
        backup.backup(path)
    assert SqliteStore(path).version(KEY) == 5
    assert SqliteStore(away / path.name).version(KEY) == 6


def test_a_backup_never_takes_the_place_of_a_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that appears while a backup is written is left as it is."""
    store, copy = filled(path), path.with_name("backup.db")
    link = os.link

    def slow(part: Path, name: Path) -> None:
        copy.write_text("another")
        link(part, name)

    monkeypatch.setattr(os, "link", slow)
    with pytest.raises(StoreUnavailable, match="there already"):
        store.backup(copy)
    assert copy.read_text() == "another"
    assert not path.with_name("backup.db.part").exists()


def test_a_backup_needs_no_links(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file system has no links the copy is renamed."""

    def none(part: Path, name: Path) -> None:
        raise PermissionError

    store, copy = filled(path), path.with_name("backup.db")
    monkeypatch.setattr(os, "link", none)
    store.backup(copy)
    assert SqliteStore(copy).version(KEY) == 5
    assert not path.with_name("backup.db.part").exists()


def test_a_store_that_was_closed_may_be_closed_again(path: Path) -> None:
    """Closing what is closed does nothing."""
    store = filled(path)
    store.close()
    store.close()
    assert store.version(KEY) == 5


def test_a_database_without_what_is_asked_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A SQLite library that does not synchronise as asked keeps no store."""
    monkeypatch.setattr(migrations, "_FULL", 3)
    with pytest.raises(NotAStore, match="does not keep what is asked"):
        SqliteStore(path)


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a migration all is done or nothing; the next opening does it."""
    filled(path).close()
    broken = "CREATE TABLE more (x);\nCREATE TABLE more (x);\n"
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, broken))
    monkeypatch.setattr(migrations, "FORMAT", FORMAT + 1)
    with pytest.raises(StoreError):
        SqliteStore(path)
    monkeypatch.undo()
    store = SqliteStore(path)
    assert store.load(KEY) == tuple(invented_events(5))
    found = store._open().execute("SELECT count(*) FROM sqlite_master WHERE name = 'more'")
    assert found.fetchone() == (0,)


def test_a_file_whose_tables_contradict_themselves_does_not_verify(path: Path) -> None:
    """The database's own check of the file is part of verifying."""
    store = filled(path)
    schema = "UPDATE sqlite_master SET sql = replace(sql, 'hash TEXT', 'hash TEXT CHECK (0)')"
    by_hand(path, "PRAGMA writable_schema = ON", schema + " WHERE name = 'events'")
    store.close()
    with pytest.raises(NotAStore):
        list(store.verify())


def test_a_driver_that_does_not_say_why_is_told_so() -> None:
    """An error of the driver's without a name is unavailability, in words of ours."""
    assert "cannot be used now" in str(translated(sqlite3.ProgrammingError(CANARY)))


@pytest.mark.slow
def test_a_hundred_thousand_events_of_one_episode(path: Path) -> None:
    """A stream of a hundred thousand events is appended, loaded, and verifies."""
    store = SqliteStore(path)
    for begin in range(0, 100_000, 10_000):
        batch = invented_events(10_000, begin=begin)
        store.append(KEY, batch, expected_version=begin)
    assert len(store.load(KEY)) == 100_000
    assert list(store.verify()) == []
