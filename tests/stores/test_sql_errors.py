"""Bad days of a SQL store: nothing of a patient shows, and what is not known is said."""

import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from attrs import evolve
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import TimeoutError as NoConnection

from carecontinuum.arguments import WrongArgument
from carecontinuum.errors import CareContinuumError
from carecontinuum.history import Event
from carecontinuum.stores import NotAStore, StoreError, StoreUnavailable, StreamKey, sql_rows
from carecontinuum.stores.errors import (
    DatabaseUnsupported,
    EngineShowsParameters,
    OutcomeUnknown,
    StoreNotMigrated,
)
from carecontinuum.stores.sql import SqlStore
from carecontinuum.stores.sql_driver import explained
from carecontinuum.testing.store_checks import invented_events
from databases import Server, wait_for

CANARY = "CANARY-9917"
KEY = StreamKey(CANARY, CANARY)


def canaries(count: int, begin: int = 0) -> list[Event]:
    """Make events that hold the canary wherever one can."""
    return [
        evolve(item, id=f"{CANARY}-{item.id}", note=CANARY)
        for item in invented_events(count, begin=begin, patient_id=CANARY)
    ]


@pytest.fixture
def pg(postgresql: Server) -> str:
    """Give the URL of a database with a stream."""
    url = postgresql.database()
    store = SqlStore(url)
    store.migrate()
    store.append(KEY, canaries(2), expected_version=0)
    return url


def told(call: Callable[[], object]) -> tuple[CareContinuumError, str]:
    """Give the error that a call raises, and all that a log would show of it."""
    with pytest.raises(CareContinuumError) as found:
        call()
    error = found.value
    chain: list[BaseException | None] = [error]
    while chain[-1] is not None:
        chain += [chain[-1].__cause__ or chain[-1].__context__]
    assert chain == [error, None]
    return error, "".join(traceback.format_exception(error)) + repr(error) + str(error.parts)


def append(store: SqlStore, count: int = 1, begin: int = 2, expected: int = 2) -> Callable[[], int]:
    """Give what appends events with canaries."""
    return lambda: store.append(KEY, canaries(count, begin), expected_version=expected)


STATEMENTS = [
    "ALTER TABLE carecontinuum_events ADD CHECK (version < 3)",
    "ALTER TABLE carecontinuum_events ADD CHECK (body = '') NOT VALID",
    "CREATE UNIQUE INDEX one ON carecontinuum_events (tenant) WHERE version > 1",
    "ALTER TABLE carecontinuum_events DROP COLUMN hash",
    "DROP TABLE carecontinuum_events",
    "ALTER TABLE carecontinuum_events ALTER COLUMN body TYPE VARCHAR(9) USING 'x'",
    "DELETE FROM carecontinuum_store",
    """CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no: %%', NEW.body; END $$;
    CREATE TRIGGER broken BEFORE INSERT ON carecontinuum_events
    FOR EACH ROW EXECUTE FUNCTION broken()""",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_nothing_of_what_is_stored_shows(
    pg: str, statement: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the database refuses, our error holds none of it, nor does the log."""
    engine = create_engine(pg, hide_parameters=True, echo=True)
    store = SqlStore(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE carecontinuum_events DISABLE TRIGGER ALL")
        connection.exec_driver_sql(statement)
    for one in (store, SqlStore(pg)):
        _, shown = told(append(one))
        assert CANARY not in shown
        assert "INSERT INTO carecontinuum_events" not in shown
    with engine.connect() as connection:
        _, shown = told(append(store.within(connection)))
    assert CANARY not in shown
    assert caplog.text
    assert CANARY not in caplog.text


def test_an_engine_that_shows_what_is_stored_is_refused(pg: str) -> None:
    """An application's engine hides parameters, and does not log rows."""
    for given in ({}, {"hide_parameters": True, "echo": "debug"}):
        engine = create_engine(pg, **given)
        with pytest.raises(EngineShowsParameters):
            SqlStore(engine)
    logger = logging.getLogger("sqlalchemy.engine")
    before = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        with pytest.raises(EngineShowsParameters):
            SqlStore(pg)
    finally:
        logger.setLevel(before)
    with create_engine(pg).connect() as connection, pytest.raises(EngineShowsParameters):
        SqlStore(pg).within(connection)


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "postgresql+psycopg2://h/d", "no url"])
def test_other_databases_are_refused(url: str) -> None:
    """A URL of another database, and what is no URL, is refused without showing it."""
    with pytest.raises(DatabaseUnsupported) as found:
        SqlStore(url)
    assert "secret" not in str(found.value)


def test_a_transaction_is_a_connection_s(pg: str) -> None:
    """An engine, or nothing, is no transaction to write in."""
    store = SqlStore(pg)
    for wrong in (None, store.engine, pg):
        with pytest.raises(WrongArgument, match="`connection` is"):
            store.within(wrong)  # type: ignore[arg-type]


def test_an_engine_with_another_driver_is_refused() -> None:
    """An engine that reaches its database another way is refused."""
    engine = create_engine("sqlite://", hide_parameters=True)
    engine.dialect.driver = "other"
    with pytest.raises(DatabaseUnsupported, match="sqlite\\+other"):
        SqlStore(engine)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    """Each thread would have a database of its own, and what it keeps is gone when it is closed."""
    for where in (url, create_engine(url, hide_parameters=True)):
        with pytest.raises(DatabaseUnsupported, match=r"`sqlite in memory`; .*`MemoryStore`"):
            SqlStore(where)


def test_a_url_of_postgresql_needs_no_driver(pg: str) -> None:
    """Without a driver in its URL, PostgreSQL is reached through psycopg."""
    for name in ("postgres", "postgresql"):
        store = SqlStore(make_url(pg).set(drivername=name))
        assert store.version(KEY) == 2


@pytest.mark.parametrize("place", ["patient", "event"])
@pytest.mark.parametrize("given", ["\0", "x" * 9000])
def test_ids_that_the_database_does_not_keep_are_refused(pg: str, given: str, place: str) -> None:
    """An id with a character, or of a length, that PostgreSQL does not keep is refused."""
    store = SqlStore(pg)
    name = "".join(f"{given}{number}" for number in range(300)) if len(given) > 1 else given
    item = evolve(canaries(1)[0], patient_id=CANARY)
    key = StreamKey(CANARY, CANARY)
    if place == "patient":
        key = StreamKey(CANARY, CANARY + name)
        item = evolve(item, patient_id=CANARY + name)
    else:
        item = evolve(item, id=CANARY + name)
    error, shown = told(lambda: store.append(key, [item], expected_version=0))
    assert isinstance(error, StoreError | WrongArgument)
    assert CANARY not in shown


def test_a_server_that_cannot_be_reached_is_told_as_such(pg: str) -> None:
    """Nobody answers, or there is no such database: what to look at is said, and no name."""
    nobody = make_url("postgresql://secret-user:secret-word@127.0.0.1:1/secret-name")
    for url in (nobody, make_url(pg).set(database="secret-name")):
        with pytest.raises(StoreUnavailable, match="the URL's host, database") as caught:
            SqlStore(url).load(KEY)
        assert "secret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("own", [True, False])
def test_what_a_signal_raises_is_raised(
    pg: str, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    """It is not taken for a failure of the database, and the store goes on afterwards."""
    store = SqlStore(pg if own else create_engine(pg, hide_parameters=True))
    assert store.version(KEY) == 2

    class SoftLimit(Exception):
        """What an application raises from a signal's handler."""

    def interrupted(*_: object) -> None:
        raise SoftLimit

    with monkeypatch.context() as patched:
        patched.setattr(sql_rows, "end_of", interrupted)
        with pytest.raises(SoftLimit) as caught:
            store.append(KEY, canaries(1, 2), expected_version=2)
        assert caught.value.__context__ is None
    assert store.append(KEY, canaries(1, 2), expected_version=2) == 3


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """Without a server the store is unavailable, and so it is without a connection to be had."""
    store = SqlStore(f"postgresql://{CANARY}@/{CANARY}?host={tmp_path}")
    error, shown = told(lambda: store.load(KEY))
    assert isinstance(error, StoreUnavailable)
    assert CANARY not in shown
    assert CANARY not in told(store.migrate)[1]
    problem = explained(NoConnection(CANARY), joined=False)
    assert "no connection" in str(problem)


def test_what_the_database_says_is_said_in_our_words(pg: str, postgresql: Server) -> None:
    """No such database, no right, and a statement that took too long each have words of ours."""
    nowhere = SqlStore(postgresql.url.replace("/postgres?", f"/{CANARY}?"))
    with pytest.raises(StoreUnavailable):
        nowhere.version(KEY)
    store = SqlStore(pg)
    with store.engine.connect() as connection:
        inside = store.within(connection)
        connection.execute(text("CREATE ROLE nobody"))
        connection.execute(text("SET ROLE nobody"))
        error, shown = told(append(inside))
    assert "no right" in shown
    assert CANARY not in shown
    with store.engine.connect() as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        error, shown = told(append(store.within(connection)))
    assert "read-only" in str(error)
    with store.engine.connect() as held, store.engine.connect() as connection:
        store.within(held).append(KEY, canaries(1, 2), expected_version=2)
        for name, says in (("statement", "too long"), ("lock", "did not end in time")):
            connection.execute(text(f"SET LOCAL {name}_timeout = 50"))
            error, shown = told(append(store.within(connection)))
            assert says in str(error)
            connection.rollback()


# ------------------------------------------------------------------------- lost connections


def test_a_connection_that_ends_while_writing_leaves_it_unknown(pg: str) -> None:
    """A writer whose connection is ended says so; the same again is harmless."""
    store, admin = SqlStore(pg), SqlStore(pg)
    found: list[tuple[CareContinuumError, str]] = []
    waiting = text("SELECT pid FROM pg_locks WHERE NOT granted")
    with admin.engine.connect() as held:
        admin.within(held).append(KEY, canaries(1, 9), expected_version=2)
        thread = threading.Thread(target=lambda: found.append(told(append(store))))
        thread.start()
        wait_for(lambda: held.execute(waiting).all())
        held.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": held.scalar(waiting)})
        thread.join()
    ((error, shown),) = found
    assert isinstance(error, OutcomeUnknown)
    assert "with the same ids" in str(error)
    assert CANARY not in shown
    assert append(store)() == 3
    assert list(store.verify()) == []


def test_an_application_s_transaction_that_is_ended_wrote_nothing(pg: str) -> None:
    """Within a transaction that is lost before its commit nothing was kept."""
    store = SqlStore(pg)
    admin = SqlStore(pg)
    with store.engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        with admin.engine.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        error, shown = told(append(store.within(connection)))
    assert type(error) is StoreUnavailable
    assert "was lost" in str(error)
    assert CANARY not in shown
    assert store.version(KEY) == 2


@contextmanager
def proxy(folder: Path, to: str, drops: Callable[[bytes], bool]) -> Iterator[None]:
    """Pass bytes on to a server's socket; drop the connection once, before an answer is passed."""
    name = ".s.PGSQL.5432"
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / name))
    listening.listen()
    dropped = threading.Event()

    def serve(client: socket.socket) -> None:
        with socket.socket(socket.AF_UNIX) as server, client, suppress(OSError):
            server.connect(f"{to}/{name}")
            doomed = threading.Event()

            def back() -> None:
                with suppress(OSError):
                    while raw := server.recv(65536):
                        if doomed.is_set():
                            break
                        client.sendall(raw)
                    client.shutdown(socket.SHUT_RDWR)

            threading.Thread(target=back).start()
            while raw := client.recv(65536):
                if drops(raw) and not dropped.is_set():
                    dropped.set()
                    doomed.set()
                server.sendall(raw)
            server.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                threading.Thread(target=serve, args=(client,)).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def test_an_answer_that_does_not_come_leaves_it_unknown(pg: str, tmp_path: Path) -> None:
    """Kept, and the answer lost: it is said to be unknown, and the same again is harmless."""
    host = str(make_url(pg).query["host"])
    with proxy(tmp_path, host, lambda raw: b"INSERT INTO carecontinuum_events" in raw):
        store = SqlStore(make_url(pg).set(query={"host": str(tmp_path)}))
        error, shown = told(append(store))
        assert isinstance(error, OutcomeUnknown)
        assert CANARY not in shown
        direct = SqlStore(pg)
        wait_for(lambda: direct.version(KEY) == 3)
        assert append(store)() == 3
        store.close()
    assert list(direct.verify()) == []


def test_sqlite_through_sqlalchemy_says_the_same(tmp_path: Path) -> None:
    """A lock held for too long, and a damaged file, are told as `SqliteStore` tells them."""
    store = SqlStore(f"sqlite:///{tmp_path / 'care.db'}?timeout=0")
    store.migrate()
    with store.engine.connect() as held:
        store.within(held).append(KEY, canaries(1), expected_version=0)
        error, shown = told(append(store, begin=1, expected=0))
    assert isinstance(error, StoreUnavailable)
    assert CANARY not in shown
    path = tmp_path / "other.db"
    path.write_bytes(b"no database" * 100)
    assert isinstance(told(lambda: SqlStore(f"sqlite:///{path}").version(KEY))[0], NotAStore)


def test_a_logger_of_another_name_is_found(tmp_path: Path) -> None:
    """An engine that logs under a name of its own shows no rows either."""
    url = f"sqlite:///{tmp_path / 'care.db'}"
    engine = create_engine(url, hide_parameters=True, logging_name="mine")
    log = logging.getLogger("sqlalchemy.engine.Engine.mine")
    log.setLevel(logging.DEBUG)
    try:
        with pytest.raises(EngineShowsParameters):
            SqlStore(create_engine(url, hide_parameters=True, logging_name="mine"))
    finally:
        log.setLevel(logging.NOTSET)
    SqlStore(engine).migrate()


@pytest.mark.parametrize("change", ["DELETE FROM", "INSERT INTO"])
def test_a_store_without_its_one_row_is_none(tmp_path: Path, change: str) -> None:
    """That the row of the format is gone, or there twice, is not taken for a lost connection."""
    store = SqlStore(f"sqlite:///{tmp_path / 'care.db'}")
    store.migrate()
    more = " VALUES (2, 0)" if "INSERT" in change else ""
    with store.engine.begin() as connection:
        connection.execute(text(f"{change} carecontinuum_store{more}"))
    with pytest.raises(NotAStore, match="rows where it was given one"):
        SqlStore(store.engine).version(StreamKey("", "p-1"))


def test_a_migration_rolled_back_is_asked_for_again(tmp_path: Path) -> None:
    """Tables that an application rolled back are missing, and nothing is damaged."""
    store = SqlStore(f"sqlite:///{tmp_path / 'care.db'}")
    with store.engine.connect() as connection:
        inside = store.within(connection)
        inside.migrate()
        assert inside.version(StreamKey("", "p-1")) == 0
        connection.rollback()
    with pytest.raises(StoreNotMigrated, match="no tables of this library any more"):
        store.version(StreamKey("", "p-1"))
    with pytest.raises(StoreNotMigrated, match="no tables of this library yet"):
        SqlStore(store.engine).version(StreamKey("", "p-1"))
    store.migrate()
    assert store.version(StreamKey("", "p-1")) == 0
