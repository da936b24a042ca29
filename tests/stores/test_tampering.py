"""What is changed or taken out by other means is told, whatever it has become."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest
from hypothesis import given
from sqlalchemy import create_engine, text

from carecontinuum.arguments import WrongArgument
from carecontinuum.codec import CodecInvalid, dumps
from carecontinuum.errors import CareContinuumError
from carecontinuum.history import Event
from carecontinuum.stores import (
    Head,
    MemoryStore,
    NotAStore,
    SqliteStore,
    StoreUnavailable,
    StreamKey,
)
from carecontinuum.stores.chain import chained
from carecontinuum.stores.driver import translated
from carecontinuum.stores.reading import recorded_in
from carecontinuum.stores.sql import SqlStore
from carecontinuum.stores.sql_driver import explained
from carecontinuum.testing.store_checks import invented_events
from codec.generated import events
from databases import Server

A, B = StreamKey("north", "p-1"), StreamKey("north", "p-2")
Open: TypeAlias = Callable[[], SqliteStore | SqlStore]


def fill(store: SqliteStore | SqlStore) -> None:
    """Keep two streams, the first in two goes."""
    if isinstance(store, SqlStore):
        store.migrate()
    store.append(A, invented_events(4), expected_version=0)
    store.append(B, invented_events(3, patient_id="p-2"), expected_version=0)
    store.append(A, invented_events(1, begin=4), expected_version=4)


class File:
    """A store in SQLite that is changed behind its back.

    Attributes:
        path: Its file.
        table: The table of events.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        self.kind = kind
        self.table = {"file": "events", "sql": "carecontinuum_events"}[kind]
        with self.open() as store:
            fill(store)

    def open(self) -> SqliteStore | SqlStore:
        """Open it."""
        if self.kind == "file":
            return SqliteStore(self.path)
        return SqlStore(f"sqlite:///{self.path}")

    def change(self, *statements: str) -> None:
        """Change it; `T` stands for the table of events."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in connection.execute(triggers).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement.replace(" T ", f" {self.table} "))

    def faults(self) -> list[tuple[str, int, str]]:
        """Verify it."""
        with self.open() as store:
            return [(fault.key.patient_id, fault.version, fault.code) for fault in store.verify()]


@pytest.fixture(params=["file", "sql"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> File:
    """Give a store of each kind."""
    return File(tmp_path / "care.db", request.param)


FIRST = "DELETE FROM T WHERE stream = 'p-1' AND version = 1"
MISSING = [("p-1", 1, "missing")]


def test_the_first_events_taken_out_are_told(file: File) -> None:
    """A stream without its beginning is listed, has a head, and is told, also against heads."""
    with file.open() as store:
        heads = list(store.heads())
    file.change(FIRST)
    assert file.faults() == MISSING
    with file.open() as store:
        assert list(store.streams()) == [A, B]
        assert list(store.heads()) == heads
    file.change("DELETE FROM T WHERE stream = 'p-1' AND version < 5")
    assert file.faults() == MISSING
    with file.open() as store:
        (fault,) = store.verify(heads)
        assert fault.says == "the first event is missing: the stream begins with version 5"
    file.change("DELETE FROM T WHERE stream = 'p-1'")
    with file.open() as store:
        assert [fault.code for fault in store.verify(heads)] == ["cut"]


def test_the_first_events_taken_out_of_a_server_are_told(postgresql: Server) -> None:
    """PostgreSQL's streams are listed whatever they begin with, too."""
    store = SqlStore(postgresql.database())
    fill(store)
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE carecontinuum_events DISABLE TRIGGER ALL"))
        connection.execute(text(f"{FIRST}".replace(" T ", " carecontinuum_events ")))
    assert list(store.streams()) == [A, B]
    assert [(fault.version, fault.code) for fault in store.verify()] == [(1, "missing")]


def test_the_first_event_taken_out_of_memory_is_told() -> None:
    """A stream in memory that begins later does not fit its chain."""
    store = MemoryStore()
    store.append(A, invented_events(3), expected_version=0)
    del store._streams[A][0]
    assert [fault.code for fault in store.verify()][:1] == ["changed"]


COPY = "INSERT INTO T (tenant, stream, version, previous, event_id, body, hash) SELECT tenant, "
LAST = "FROM T WHERE stream = 'p-1' AND version = 5"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (COPY + "'p-3', 7, 6, event_id, body, hash " + LAST, ("p-3", 1, "missing")),
        (COPY + "'p-2', 4, 3, 'x', body, hash " + LAST, ("p-2", 4, "changed")),
        (COPY + "stream, 6, 5, 'x', body, hash " + LAST, ("p-1", 6, "changed")),
        (
            "UPDATE T SET position = 1000 WHERE stream = 'p-1' AND version = 5",
            ("p-1", 5, "changed"),
        ),
        ("UPDATE T SET position = position + 100 WHERE stream = 'p-2'", ("p-2", 1, "changed")),
        ("UPDATE T SET position = -5 WHERE stream = 'p-1' AND version = 1", ("p-1", 1, "changed")),
        (
            "UPDATE T SET event_id = 'e-9' WHERE stream = 'p-1' AND version = 3",
            ("p-1", 3, "changed"),
        ),
    ],
)
def test_what_was_moved_or_copied_is_told(
    file: File, change: str, expected: tuple[str, int, str]
) -> None:
    """A row of another place, stream or order is told where it stands."""
    file.change(change)
    assert file.faults()[:1] == [expected]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("previous = 7", ("p-1", 3, "changed")),
        ("previous = NULL", ("p-1", 3, "changed")),
        ("version = 'abc'", ("p-1", 3, "missing")),
        ("version = 3.5", ("p-1", 3, "unreadable")),
    ],
)
def test_what_the_tables_would_not_take_is_told(
    tmp_path: Path, change: str, expected: tuple[str, int, str]
) -> None:
    """What breaks a check of the tables is told by a store in an application's database.

    A file of its own is looked at as a whole first, and refused.
    """
    update = f"UPDATE T SET {change} WHERE stream = 'p-1' AND version = 3"  # noqa: S608  ours
    sql, own = File(tmp_path / "sql.db", "sql"), File(tmp_path / "care.db", "file")
    for file in (sql, own):
        file.change(update)
    assert sql.faults()[:1] == [expected]
    with pytest.raises(NotAStore):
        own.faults()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("body = CAST(body AS BLOB) WHERE version = 3", [("p-1", 3, "unreadable")]),
        ("hash = CAST(hash AS BLOB) WHERE version = 3", [("p-1", 3, "unreadable")]),
        ("event_id = CAST(event_id AS BLOB) WHERE version = 3", [("p-1", 3, "changed")]),
        ("version = x'33' WHERE version = 3", [("p-1", 3, "missing"), ("p-1", 6, "unreadable")]),
        ("body = CAST(x'ff41' AS TEXT) WHERE version = 3", [("p-1", 3, "changed")]),
        ("body = '' WHERE version = 3", [("p-1", 3, "changed")]),
        (
            "stream = CAST(stream AS BLOB) WHERE version = 1 AND stream = 'p-1'",
            [("p-1", 1, "missing"), ("p-1", 1, "unreadable")],
        ),
        ("tenant = CAST(x'ff' AS TEXT) WHERE stream = 'p-1'", [("p-1", 1, "unreadable")]),
        ("tenant = CAST(tenant AS BLOB) WHERE stream = 'p-1'", [("p-1", 1, "unreadable")]),
    ],
)
def test_what_became_something_else_is_told(
    file: File, change: str, expected: list[tuple[str, int, str]]
) -> None:
    """A text that became bytes, or no Unicode, is told and ends no check."""
    file.change(f"UPDATE T SET {change.replace('WHERE', 'WHERE tenant IS NOT NULL AND')}")  # noqa: S608  ours
    found = [fault for fault in file.faults() if fault[0] == "p-1"]
    assert found[: len(expected)] == expected


def test_streams_under_damaged_names_are_all_checked(
    file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of streams that ends with a damaged name goes on behind it; a list of them refuses."""
    monkeypatch.setattr("carecontinuum.stores.sqlite._PAGE", 1)
    file.change("UPDATE T SET tenant = CAST(x'4eff' AS TEXT) WHERE stream = 'p-1'")
    with file.open() as store:
        for number in range(3):
            key = StreamKey("\u00e9", f"q-{number}")
            events = invented_events(1, patient_id=key.patient_id)
            store.append(key, events, expected_version=0)
        with pytest.raises(NotAStore, match="damaged"):
            list(store.streams())
        with pytest.raises(NotAStore, match="damaged"):
            list(store.heads())
    file.change("DELETE FROM T WHERE stream = 'p-2' AND version = 2")
    assert file.faults() == [("p-1", 1, "unreadable"), ("p-2", 2, "missing")]


# ------------------------------------------------------------------------------ what can be read


def follow(file: File, body: str) -> None:
    """Write a row that fits the chain, as a program with another idea of events would."""
    with closing(sqlite3.connect(file.path)) as connection:
        (before,) = connection.execute(
            f"SELECT hash FROM {file.table} WHERE stream = 'p-1' AND version = 5"  # noqa: S608  ours
        ).fetchone()
    hash = chained(A, 6, body, before)
    names = "tenant, stream, version, previous, event_id, body, hash"
    row = f"('north', 'p-1', 6, 5, 'e-5', '{body}', '{hash}')"
    file.change(f"INSERT INTO T ({names}) VALUES {row}")  # noqa: S608  ours


def later() -> str:
    """Give the text of an event that comes next."""
    return dumps(invented_events(1, begin=5)[0])


@pytest.mark.parametrize(
    "body",
    ["not json", "[]", "{}", '{"id": 5}', '{"id":"e-5"}', '{"type":"event","schema":1,"body":7}'],
)
def test_what_fits_the_chain_and_is_no_event_is_told(file: File, body: str) -> None:
    """What is called good can be read: a row that is no event is not."""
    follow(file, body)
    assert file.faults() == [("p-1", 6, "unreadable")]


def test_an_event_of_a_later_version_is_told(file: File) -> None:
    """A row of a later schema is told by its version; the feed says at which cursor it stopped."""
    follow(file, later().replace('"schema":1', '"schema":2'))
    with file.open() as store:
        (fault,) = store.verify()
        assert (fault.version, fault.code) == (6, "unreadable")
        assert "it has schema 2" in fault.says
        with pytest.raises(CodecInvalid, match="at cursor 9 of the feed, version 6 of its stream"):
            store.feed()
        with pytest.raises(CodecInvalid, match="event 6 of the stream has 1 problem"):
            store.load(A)
        assert len(store.feed(limit=8)) == 8
        assert store.feed(after=9) == ()


def test_a_decision_that_cannot_be_read_is_told(file: File) -> None:
    """A decision is read when it is first asked for, and when its history is verified."""
    body = later().replace(
        '"body":{"level":"op","type":"moved"}',
        '"body":{"decision":{"patient_id":"p-1"},"type":"decided"}',
    )
    assert "decided" in body
    follow(file, body)
    assert file.faults() == [("p-1", 6, "unreadable")]


@pytest.mark.parametrize(
    "event",
    [
        invented_events(1, begin=5, patient_id="p-2")[0],
        attrs.evolve(invented_events(1)[0], id="e-5"),
    ],
)
def test_what_no_record_can_be_made_of_is_told(file: File, event: Event) -> None:
    """An event about somebody else, or recorded before the one it follows, is told."""
    follow(file, dumps(event))
    assert file.faults() == [("p-1", 6, "changed")]


@given(events())
def test_when_an_event_was_recorded_is_found_in_its_text(event: Event) -> None:
    """The moment is found without reading the whole, whatever else a text says."""
    text = dumps(event)
    assert recorded_in(text) == event.recorded_at


def test_a_text_that_does_not_say_when_is_no_obstacle() -> None:
    """Behind what cannot be read nothing is known of when it was recorded."""
    for body in ("", "not json", '{"recorded_at":"yesterday"}', '{"recorded_at":"2026-03-02"}'):
        assert recorded_in(body) is None


def test_a_damaged_text_is_no_busy_store(tmp_path: Path) -> None:
    """A database's text that is no Unicode is told as damage where it is loaded."""
    file = File(tmp_path / "sql.db", "sql")
    file.change("UPDATE T SET body = CAST(x'ff41' AS TEXT) WHERE version = 3")
    with file.open() as store, pytest.raises(CodecInvalid, match="event 3 of the stream"):
        store.load(A)
    engine = create_engine(f"sqlite:///{file.path}", hide_parameters=True)
    with pytest.raises(NotAStore, match="damaged"):
        SqlStore(engine).load(A)
    engine.dispose()


def test_a_name_that_the_driver_cannot_say_is_damage() -> None:
    """Where the driver fails to make its own error of damaged bytes, it is told as damage."""
    error = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "CANARY-9917")
    for told in (translated(error), explained(error, joined=False)):
        assert isinstance(told, NotAStore)
        assert "CANARY" not in str(told)


def test_every_flipped_bit_of_a_file_is_told_in_our_words(tmp_path: Path) -> None:
    """Whatever bit of a file flips, it is told by a fault or an error, or nothing is different."""
    path = tmp_path / "care.db"
    with SqliteStore(path) as store:
        fill(store)
        before = [store.load(A), store.load(B), store.feed(), list(store.streams())]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    damaged = tmp_path / "flipped.db"
    for place in [*range(120), *range(120, len(whole), 13)]:
        if not whole[place]:
            continue
        for mask in (0x01, 0x80):
            flipped = bytearray(whole)
            flipped[place] ^= mask
            damaged.write_bytes(bytes(flipped))
            try:
                with SqliteStore(damaged) as store:
                    if not list(store.verify()):
                        after = [store.load(A), store.load(B), store.feed(), list(store.streams())]
                        assert after == before
            except CareContinuumError as error:
                assert isinstance(error, NotAStore | StoreUnavailable) or error.code == "CC513"
            for more in ("-wal", "-shm"):
                damaged.with_name(damaged.name + more).unlink(missing_ok=True)


def test_an_application_s_engine_gives_damaged_texts_as_usual_after(tmp_path: Path) -> None:
    """The driver is asked for damaged texts during a check alone."""
    file = File(tmp_path / "sql.db", "sql")
    engine = create_engine(f"sqlite:///{file.path}", hide_parameters=True)
    with engine.connect() as connection:
        assert list(SqlStore(engine).within(connection).verify()) == []
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        assert driver.text_factory is str


@pytest.mark.parametrize("kind", ["file", "sql"])
def test_another_patient_s_event_is_not_loaded(tmp_path: Path, kind: str) -> None:
    """What a stream's rows say of somebody else is nobody's answer."""
    file = File(tmp_path / "care.db", kind)
    file.change(
        "UPDATE T SET body = (SELECT other.body FROM T AS other WHERE other.stream = 'p-2')"
        " WHERE stream = 'p-1' AND version = 1".replace(" T ", f" {file.table} ")
    )
    with file.open() as store, pytest.raises(NotAStore, match="another patient's"):
        store.load(A)


def test_heads_of_nothing_are_there_and_what_is_no_head_is_refused(tmp_path: Path) -> None:
    """A stream without events had no event; a text, or one head alone, is no list of heads."""
    wrong: Any
    for store in (MemoryStore(), SqliteStore(tmp_path / "care.db")):
        none = Head(key=StreamKey("north", "nobody"), version=0, hash="")
        assert list(store.verify([none])) == []
        for wrong in (none, 5, ["x"]):
            with pytest.raises(WrongArgument, match="`heads` is"):
                list(store.verify(wrong))
