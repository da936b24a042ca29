"""Stores in SQL databases keep their promises, alone and inside an application's transactions."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from carecontinuum.history import EventConflict
from carecontinuum.stores import (
    EventStore,
    SqliteStore,
    StoreNewer,
    StoreUnavailable,
    StreamChanged,
    StreamKey,
)
from carecontinuum.stores.errors import (
    DatabaseUnsupported,
    NotAStore,
    StoreNotMigrated,
    TransactionOvertaken,
)
from carecontinuum.stores.sql import SqlStore, metadata, migrate
from carecontinuum.stores.sql_schema import FORMAT, PLACES
from carecontinuum.testing.store_checks import STORE_CHECKS, Check, invented_events
from databases import Server

KEY = StreamKey("north", "p-1")
OTHER = StreamKey("south", "p-1")
LATER = datetime(2026, 4, 2, 15, tzinfo=UTC)
TAMPER = "ALTER TABLE carecontinuum_events DISABLE TRIGGER ALL"


@pytest.fixture
def pg(postgresql: Server) -> str:
    """Give the URL of an empty database of PostgreSQL."""
    return postgresql.database()


@pytest.fixture(params=["postgresql", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'care.db'}"
    return str(request.getfixturevalue("pg"))


def made(where: str | Engine) -> SqlStore:
    """Give a store whose tables are there."""
    store = SqlStore(where)
    store.migrate()
    return store


def filled(where: str | Engine, count: int = 5) -> SqlStore:
    """Give a store with a stream."""
    store = made(where)
    store.append(KEY, invented_events(count), expected_version=0)
    return store


def by_hand(store: SqlStore, *statements: str) -> None:
    """Change a database by other means."""
    with store.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


# ------------------------------------------------------------------------------ the contract


@pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.__name__)
def test_the_promises_are_kept(check: Check, url: str) -> None:
    """A SQL store keeps every promise."""
    check(lambda: made(url))


def test_it_is_a_store(pg: str) -> None:
    """It has what an application asks of a store, and may be closed and used again."""
    store: EventStore = filled(pg)
    assert store.version(KEY) == 5
    with SqlStore(make_url(pg)) as other:
        assert other.load(KEY) == tuple(invented_events(5))
    other.close()
    assert other.version(KEY) == 5


def test_heads_are_those_of_a_file(url: str, tmp_path: Path) -> None:
    """The same history has the same hash in every store."""
    file = SqliteStore(tmp_path / "file.db")
    file.append(KEY, invented_events(5), expected_version=0)
    assert list(filled(url).heads()) == list(file.heads())


def test_eight_writers_of_one_patient(pg: str) -> None:
    """Eight writers with an engine each append to one stream: every event is there once."""
    made(pg)

    def write(number: int) -> None:
        with SqlStore(pg) as store:
            for invented in invented_events(10, begin=10 * number):
                event = evolve(invented, recorded_at=LATER)
                while True:
                    try:
                        store.append(KEY, [event], expected_version=store.version(KEY))
                    except StreamChanged:
                        continue
                    break

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    store = SqlStore(pg)
    assert sorted(event.id for event in store.load(KEY)) == sorted(f"e-{n}" for n in range(80))
    assert list(store.verify()) == []
    assert [item.version for item in store.feed()] == list(range(1, 81))


def statements(store: SqlStore) -> list[str]:
    """Give a list to which each statement comes that a store asks."""
    asked: list[str] = []

    def keep(*given: Any) -> None:
        asked.append(given[2].split()[0])

    event.listen(store.engine, "before_cursor_execute", keep)
    return asked


def test_what_follows_its_own_events_is_one_statement(pg: str) -> None:
    """A store knows where the streams end that it wrote last, and reads no end before it writes."""
    store = filled(create_engine(pg, hide_parameters=True))
    asked = statements(store)
    assert store.append(KEY, invented_events(2, begin=5), expected_version=5) == 7
    assert store.append(KEY, invented_events(1, begin=7), expected_version=7) == 8
    assert asked == ["INSERT", "INSERT"]
    assert list(store.verify()) == []


def test_what_others_wrote_since_is_seen(pg: str) -> None:
    """A stream that another store went on with is at another version, and told events are known."""
    store, other = filled(pg), SqlStore(pg)
    later = invented_events(2, begin=5)
    assert other.append(KEY, later, expected_version=5) == 7
    with pytest.raises(StreamChanged) as told:
        store.append(KEY, invented_events(1, begin=9), expected_version=5)
    assert (told.value.expected, told.value.found) == (5, 7)
    assert store.append(KEY, later, expected_version=5) == 7
    assert list(store.verify()) == []


def test_what_follows_a_history_that_was_replaced_follows_the_new_one(pg: str) -> None:
    """After a database was restored under a store, what it remembers is not built upon."""
    store = filled(pg)
    by_hand(store, TAMPER, "DELETE FROM carecontinuum_events")
    other = SqlStore(pg)
    other.append(KEY, [evolve(e, note="other") for e in invented_events(5)], expected_version=0)
    assert store.append(KEY, invented_events(1, begin=5), expected_version=5) == 6
    assert list(store.verify()) == []
    by_hand(store, "DELETE FROM carecontinuum_events")
    with pytest.raises(StreamChanged) as told:
        store.append(KEY, invented_events(1, begin=6), expected_version=6)
    assert told.value.found == 0


def test_only_some_ends_are_remembered(pg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory that remembered ends take is bounded."""
    monkeypatch.setattr("carecontinuum.stores.sql._REMEMBERED", 1)
    store = filled(create_engine(pg, hide_parameters=True))
    store.append(OTHER, invented_events(1), expected_version=0)
    asked = statements(store)
    assert store.append(KEY, invented_events(1, begin=5), expected_version=5) == 6
    assert store.append(KEY, invented_events(1, begin=6), expected_version=6) == 7
    assert asked == ["SELECT", "INSERT", "INSERT"]


def test_more_streams_and_ids_than_a_page(url: str) -> None:
    """More streams than a page are each listed once, and more ids are all looked for."""
    store = made(url)
    with store.engine.begin() as connection:
        inside = store.within(connection)
        for number in range(501):
            name = f"p-{number:04}"
            event = invented_events(1, patient_id=name)
            inside.append(StreamKey("", name), event, expected_version=0)
    assert len(list(store.streams())) == 501
    events = invented_events(501)
    store.append(KEY, events, expected_version=0)
    assert store.append(KEY, events, expected_version=0) == 501


def test_ids_are_in_the_order_of_their_letters_codes(url: str) -> None:
    """The database's language has no say in the order of streams."""
    store = made(url)
    names = ["Z", "a", "B", "\u00e9", "b", "\U0001f642", "\uffee"]
    for name in names:
        store.append(StreamKey("", name), invented_events(1, patient_id=name), expected_version=0)
    assert [key.patient_id for key in store.streams()] == sorted(names)


# --------------------------------------------------------------- an application's transaction


@pytest.fixture
def engine(url: str) -> Engine:
    """Give an application's own engine, with a table of its own."""
    engine = create_engine(url, hide_parameters=True)
    made(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE visits (id INTEGER)"))
    return engine


def visits(engine: Engine) -> int:
    """Give how many rows the application's table has."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM visits")).scalar_one())


def test_an_application_s_transaction_keeps_both_or_none(engine: Engine) -> None:
    """What is appended within a transaction is kept with the rest of it, and gone with it."""
    store = SqlStore(engine)
    with engine.connect() as connection:
        inside = store.within(connection)
        assert inside.append(KEY, invented_events(2), expected_version=0) == 2
        connection.execute(text("INSERT INTO visits VALUES (1)"))
        connection.rollback()
    assert (store.version(KEY), visits(engine)) == (0, 0)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO visits VALUES (1)"))
        inside = store.within(connection)
        inside.append(KEY, invented_events(2), expected_version=0)
        inside.append(OTHER, invented_events(1), expected_version=0)
        inside.append(KEY, invented_events(1, begin=2), expected_version=2)
        assert inside.version(KEY) == 3
        inside.close()
    assert (store.version(KEY), visits(engine)) == (3, 1)
    assert [(item.key, item.version) for item in store.feed()] == [
        (KEY, 1),
        (KEY, 2),
        (OTHER, 1),
        (KEY, 3),
    ]
    assert list(store.verify()) == []
    store.close()


def test_a_refusal_does_not_spoil_the_transaction(engine: Engine) -> None:
    """After a lost race or a conflict the application goes on in its transaction."""
    store = SqlStore(engine)
    store.append(KEY, invented_events(2), expected_version=0)
    changed = evolve(invented_events(1, begin=1)[0], note="changed")
    with engine.begin() as connection:
        inside = store.within(connection)
        with pytest.raises(StreamChanged):
            inside.append(KEY, invented_events(1, begin=2), expected_version=1)
        with pytest.raises(EventConflict):
            inside.append(KEY, [changed], expected_version=2)
        assert inside.append(KEY, invented_events(3), expected_version=2) == 3
        connection.execute(text("INSERT INTO visits VALUES (1)"))
    assert (store.version(KEY), visits(engine)) == (3, 1)


def test_the_tables_are_made_within_a_migration_of_the_application(url: str) -> None:
    """The tables are made in the application's transaction, and gone if it fails."""
    engine = create_engine(url, hide_parameters=True)
    store = SqlStore(engine)
    with engine.connect() as connection:
        inside = store.within(connection)
        inside.migrate()
        inside.append(KEY, invented_events(1), expected_version=0)
        connection.commit()
    assert store.version(KEY) == 1
    with engine.begin() as connection:
        migrate(connection)
    assert store.version(KEY) == 1


def test_who_comes_second_to_an_open_transaction_is_told(pg: str) -> None:
    """A writer waits for an open transaction on the same stream, and is told what it wrote."""
    store = made(pg)
    with ThreadPoolExecutor(1) as pool:
        with store.engine.begin() as connection:
            store.within(connection).append(KEY, invented_events(2), expected_version=0)
            late = pool.submit(
                SqlStore(pg).append, KEY, invented_events(1, begin=7), expected_version=0
            )
            same = invented_events(2)
        with pytest.raises(StreamChanged) as told:
            late.result(timeout=10)
    assert (told.value.expected, told.value.found) == (0, 2)
    assert store.append(KEY, same, expected_version=0) == 2


def older(store: SqlStore) -> Connection:
    """Begin a transaction that writes something of its own first."""
    connection = store.engine.connect()
    connection.execute(text("CREATE TEMPORARY TABLE mine (id INTEGER)"))
    return connection


def test_a_transaction_that_was_overtaken_begins_again(pg: str) -> None:
    """An older transaction cannot follow a newer one's events: the feed would turn them round."""
    store = made(pg)
    with older(store) as connection:
        store.append(KEY, invented_events(1), expected_version=0)
        inside = store.within(connection)
        with pytest.raises(TransactionOvertaken):
            inside.append(KEY, invented_events(1, begin=1), expected_version=1)
        assert inside.append(OTHER, invented_events(1), expected_version=0) == 1
        connection.commit()
        assert inside.append(KEY, invented_events(1, begin=1), expected_version=1) == 2
        connection.commit()
    assert [(item.key, item.version) for item in store.feed()] == [(OTHER, 1), (KEY, 1), (KEY, 2)]


def test_a_transaction_that_does_not_see_what_was_written_begins_again(pg: str) -> None:
    """Where the transaction sees an earlier moment, a lost race cannot be told from it."""
    store = made(pg)
    level = {"isolation_level": "REPEATABLE READ"}
    with store.engine.connect().execution_options(**level) as connection:
        inside = store.within(connection)
        assert inside.version(KEY) == 0
        store.append(KEY, invented_events(1), expected_version=0)
        with pytest.raises(TransactionOvertaken):
            inside.append(KEY, invented_events(1, begin=1), expected_version=0)


def test_outside_of_a_transaction_nothing_joins(pg: str) -> None:
    """A connection that commits each statement by itself has no transaction to join."""
    store = made(pg)
    level = {"isolation_level": "AUTOCOMMIT"}
    with store.engine.connect().execution_options(**level) as connection:
        inside = store.within(connection)
        with pytest.raises(StoreUnavailable, match="commits each statement by itself"):
            inside.append(KEY, invented_events(1), expected_version=0)


# ------------------------------------------------------------------------------ the feed


def test_a_sequence_alone_skips_and_the_feed_does_not(pg: str) -> None:
    """What is committed late was begun early: a reader of numbers misses it."""
    store = made(pg)
    by_hand(store, "CREATE TABLE plain (number BIGSERIAL PRIMARY KEY, id TEXT)")
    plain = "INSERT INTO plain (id) VALUES (:id)"
    read = text("SELECT number, id FROM plain WHERE number > :after ORDER BY number")
    early, late = store.engine.connect(), store.engine.connect()
    for connection, key in ((early, KEY), (late, OTHER)):
        connection.execute(text(plain), {"id": key.tenant})
        store.within(connection).append(key, invented_events(1), expected_version=0)
    late.commit()
    with store.engine.connect() as reader:
        number, name = reader.execute(read, {"after": 0}).one()
        assert name == "south"
        page = store.feed()
        early.commit()
        assert reader.execute(read, {"after": number}).all() == []
    assert page == ()
    assert [item.key for item in store.feed()] == [KEY, OTHER]
    early.close()
    late.close()


def test_whoever_took_a_number_first_and_a_place_last_is_not_missed(pg: str) -> None:
    """An older transaction that appends after a younger one and commits first hides nothing."""
    store = made(pg)
    with older(store) as first, older(store) as second:
        store.within(second).append(KEY, invented_events(1), expected_version=0)
        store.within(first).append(OTHER, invented_events(1), expected_version=0)
        first.commit()
        page = store.feed()
        assert [item.key for item in page] == [OTHER]
        second.commit()
    assert [item.key for item in store.feed(after=page[-1].cursor)] == [KEY]


def test_readers_of_the_feed_miss_nothing_while_writers_commit_in_any_order(pg: str) -> None:
    """Followers that read on and on see every event of six writers, once and in order."""
    store = made(pg)
    over = threading.Event()

    def write(number: int) -> None:
        key = StreamKey("", f"p-{number}")
        for version in range(25):
            with store.engine.begin() as connection:
                connection.execute(text("SELECT pg_current_xact_id(), pg_sleep(random() / 100)"))
                event = invented_events(1, begin=version, patient_id=key.patient_id)
                store.within(connection).append(key, event, expected_version=version)
                connection.execute(text("SELECT pg_sleep(random() / 100)"))

    def follow() -> list[tuple[str, int]]:
        seen: list[tuple[str, int]] = []
        cursor = 0
        while True:
            last = over.is_set()
            while page := store.feed(after=cursor, limit=7):
                cursor = page[-1].cursor
                seen += [(item.key.patient_id, item.version) for item in page]
            if last:
                return seen

    with ThreadPoolExecutor(8) as pool:
        followers = [pool.submit(follow) for _ in range(2)]
        list(pool.map(write, range(6)))
        over.set()
        for follower in followers:
            seen = follower.result()
            assert len(seen) == len(set(seen)) == 150
            for number in range(6):
                own = [version for name, version in seen if name == f"p-{number}"]
                assert own == list(range(1, 26))


# ------------------------------------------------------------------------------ the tables


def test_tables_that_are_not_there_are_asked_for(url: str) -> None:
    """A database without the tables is refused with the way out."""
    with pytest.raises(StoreNotMigrated, match="no tables of this library yet"):
        SqlStore(url).version(KEY)


def test_tables_that_were_taken_away_are_asked_for(pg: str) -> None:
    """A database that has lost its tables is refused with the way out."""
    store = filled(pg)
    by_hand(store, "DROP TABLE carecontinuum_events")
    with pytest.raises(StoreNotMigrated, match="any more"):
        store.load(KEY)


def test_other_formats_are_refused(url: str) -> None:
    """Tables of an earlier format are to be migrated, those of a later one are left alone."""
    store = filled(url)
    by_hand(store, "UPDATE carecontinuum_store SET format = format + 1")
    with pytest.raises(StoreNewer):
        SqlStore(store.engine).load(KEY)
    with pytest.raises(StoreNewer):
        store.migrate()


def test_an_earlier_format_is_brought_to_the_latest(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each migration is done once, and of one that fails nothing."""
    from carecontinuum.stores import sql_schema

    store = filled(url)
    add = ["CREATE TABLE more (x INTEGER)"]
    for script in ([*add, "CREATE TABLE more (x INTEGER)"], add):
        more = ({"postgresql": script, "sqlite": script},)
        monkeypatch.setattr(sql_schema, "MIGRATIONS", (*sql_schema.MIGRATIONS[:FORMAT], *more))
        monkeypatch.setattr(sql_schema, "FORMAT", FORMAT + 1)
        with pytest.raises(StoreNotMigrated, match="needed is"):
            SqlStore(store.engine).load(KEY)
        if script is add:
            SqlStore(store.engine).migrate()
        else:
            with pytest.raises((StoreUnavailable, NotAStore)):
                store.migrate()
            assert not inspect(store.engine).has_table("more")
    assert SqlStore(store.engine).load(KEY) == tuple(invented_events(5))


@pytest.mark.parametrize("format", range(1, FORMAT))
def test_a_database_of_each_format_is_brought_to_the_latest(
    url: str, format: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept by an earlier format is there after, and still nothing may leave a gap."""
    from carecontinuum.stores import sql_schema

    with monkeypatch.context() as earlier:
        earlier.setattr(sql_schema, "MIGRATIONS", sql_schema.MIGRATIONS[:format])
        earlier.setattr(sql_schema, "FORMAT", format)
        filled(url)
    store = SqlStore(url)
    with pytest.raises(StoreNotMigrated, match=f"format {format}"):
        store.load(KEY)
    store.migrate()
    assert store.append(KEY, invented_events(3, begin=5), expected_version=5) == 8
    assert store.load(KEY) == tuple(invented_events(8))
    assert list(store.verify()) == []
    with pytest.raises(DBAPIError):
        by_hand(store, f"{_INSERT} (99, 'north', 'p-1', 10, 9, 'x', 'x', 'x')")


_INSERT = "INSERT INTO carecontinuum_events VALUES"
_NEXT = "(9, 'north', 'p-1', 6, 5, 'x', 'x', 'x')"


def test_several_processes_make_the_tables_at_once(url: str) -> None:
    """Of several that make the tables at the same moment one does, and none fails."""
    code = (
        "import sys; from carecontinuum.stores.sql import SqlStore; SqlStore(sys.argv[1]).migrate()"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, url]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    assert SqlStore(url).version(KEY) == 0


def test_the_tables_are_as_they_are_told(url: str) -> None:
    """The migrations make the tables that an application's own migrations are told of."""
    store = made(url)
    found = MetaData()
    found.reflect(store.engine)
    for name, table in metadata.tables.items():
        there = found.tables[name]
        assert [(c.name, c.nullable) for c in there.columns] == [
            (c.name, c.nullable) for c in table.columns
        ]
    told = create_engine(url, hide_parameters=True)
    by_hand(store, "DROP TABLE carecontinuum_events", "DROP TABLE carecontinuum_store")
    metadata.create_all(told)
    assert inspect(told).has_table("carecontinuum_events")


def test_a_dump_restored_into_another_server_is_noticed(pg: str) -> None:
    """Where the numbers of transactions begin anew, a migration counts on from the events'."""
    store = filled(pg)
    by_hand(store, "UPDATE carecontinuum_store SET shift = 1000000")
    store.append(KEY, invented_events(1, begin=5), expected_version=5)
    last = store.feed()[-1].cursor
    by_hand(store, "UPDATE carecontinuum_store SET shift = 0")
    with pytest.raises(StoreNotMigrated, match="another server"):
        store.feed()
    with pytest.raises(StoreNotMigrated, match="another server"):
        store.append(OTHER, invented_events(1), expected_version=0)
    store.migrate()
    assert store.feed(after=last) == ()
    assert store.append(KEY, invented_events(1, begin=6), expected_version=6) == 7
    assert [item.version for item in store.feed(after=last)] == [7]
    assert list(store.verify()) == []


def test_a_transaction_has_room_for_a_million_events(pg: str) -> None:
    """Events beyond the places of one transaction are refused, and not put among another's."""
    store = made(pg)
    with store.engine.connect() as connection:
        inside = store.within(connection)
        inside.append(KEY, invented_events(1), expected_version=0)
        connection.execute(text(TAMPER))
        full = text('UPDATE carecontinuum_events SET "position" = "position" + :more')
        connection.execute(full, {"more": (1 << PLACES) - 2})
        inside.append(OTHER, invented_events(1), expected_version=0)
        with pytest.raises(TransactionOvertaken):
            inside.append(OTHER, invented_events(1, begin=1), expected_version=1)


def test_an_old_server_is_refused(pg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PostgreSQL whose transactions' numbers come again keeps no store."""
    store = SqlStore(pg)
    with store.engine.connect() as connection:
        monkeypatch.setattr(connection.dialect, "server_version_info", (12, 22))
        with pytest.raises(DatabaseUnsupported):
            migrate(connection)


# ------------------------------------------------------------------------------ tampering


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE carecontinuum_events SET body = replace(body, 'iop', 'op')", "changed"),
        ("UPDATE carecontinuum_events SET body = body || ' ' WHERE version = 1", "changed"),
        ("UPDATE carecontinuum_events SET hash = 'x' WHERE version = 5", "changed"),
        ("UPDATE carecontinuum_events SET stream = 'p-9'", "changed"),
        ("UPDATE carecontinuum_events SET event_id = 'x' WHERE version = 3", "changed"),
        ('UPDATE carecontinuum_events SET "position" = 1 WHERE version = 3', "changed"),
        ("DELETE FROM carecontinuum_events WHERE version = 3", "missing"),
    ],
)
def test_a_row_changed_by_hand_is_detected(pg: str, change: str, code: str) -> None:
    """Any change of a row, and any row taken out, is told."""
    store = filled(pg)
    by_hand(store, TAMPER, change)
    assert [fault.code for fault in store.verify()][:1] == [code]


def test_every_flipped_byte_of_an_event_is_detected(pg: str) -> None:
    """Each byte of a stored text, changed, breaks the chain."""
    store = filled(pg, 1)
    by_hand(store, TAMPER)
    with store.engine.begin() as connection:
        body = str(connection.execute(text("SELECT body FROM carecontinuum_events")).scalar_one())
        for place, letter in enumerate(body):
            other = body[:place] + chr(ord(letter) ^ 1) + body[place + 1 :]
            connection.execute(text("UPDATE carecontinuum_events SET body = :b"), {"b": other})
            assert [fault.code for fault in store.within(connection).verify()] == ["changed"]


def test_a_tail_cut_off_shows_against_heads(pg: str) -> None:
    """That the end is gone shows against heads that were kept elsewhere."""
    store = filled(pg)
    heads = list(store.heads())
    by_hand(store, TAMPER, "DELETE FROM carecontinuum_events WHERE version = 5")
    assert list(store.verify()) == []
    assert [fault.code for fault in store.verify(heads)] == ["cut"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE carecontinuum_events SET body = 'x'",
        "DELETE FROM carecontinuum_events",
        f"{_INSERT} (9, 'north', 'p-1', 7, 5, 'x', 'x', 'x')",
        f"{_INSERT} (9, 'north', 'p-1', 7, 6, 'x', 'x', 'x')",
        f"{_INSERT} (9, 'north', 'p-1', 7, NULL, 'x', 'x', 'x')",
        f"{_INSERT} {_NEXT}, (10, 'north', 'p-1', 8, 7, 'y', 'y', 'y')",
        f"{_INSERT} {_NEXT}, (10, 'south', 'p-1', 2, 1, 'y', 'y', 'y')",
        f"{_INSERT} (9, 'north', 'p-1', 5, 4, 'x', 'x', 'x')",
        f"{_INSERT} (9, 'north', 'p-1', 0, NULL, 'x', 'x', 'x')",
    ],
)
def test_rows_cannot_be_changed_by_accident(url: str, statement: str) -> None:
    """The database itself refuses to change an event, to take one out, or to leave a gap."""
    store = filled(url)
    with pytest.raises(DBAPIError):
        by_hand(store, statement)
    assert list(store.verify()) == []


def test_rows_of_several_streams_in_any_order_leave_no_gap(url: str) -> None:
    """One statement may add to several streams, in any order, if each event follows another."""
    store = filled(url)
    rows = (
        "(9, 'north', 'p-1', 8, 7, 'x', 'x', 'x'), (10, 'south', 'p-1', 2, 1, 'y', 'y', 'y'), "
        "(11, 'north', 'p-1', 6, 5, 'z', 'z', 'z'), (12, 'north', 'p-1', 7, 6, 'w', 'w', 'w'),"
    )
    by_hand(store, f"{_INSERT} {rows} (13, 'south', 'p-1', 1, NULL, 'v', 'v', 'v')")
    assert (store.version(KEY), store.version(OTHER)) == (8, 2)


def test_all_of_it_cannot_be_emptied_by_accident(pg: str) -> None:
    """PostgreSQL refuses to truncate the events."""
    store = filled(pg)
    with pytest.raises(DBAPIError):
        by_hand(store, "TRUNCATE carecontinuum_events")
    assert store.version(KEY) == 5
