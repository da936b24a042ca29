"""Engines of SQLAlchemy that keep to themselves what is stored, and their errors in our words."""

import logging
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.pool import SingletonThreadPool

from carecontinuum.stores.driver import as_it_is, at_commit, translated
from carecontinuum.stores.errors import (
    DatabaseUnsupported,
    EngineShowsParameters,
    NotAStore,
    OutcomeUnknown,
    StoreError,
    StoreNotMigrated,
    StoreUnavailable,
    TransactionOvertaken,
)
from carecontinuum.stores.forks import Closable
from carecontinuum.stores.migrations import log_ahead

__all__ = [
    "Answer",
    "EngineOfFile",
    "asked",
    "asked_of_driver",
    "begin",
    "checked",
    "engine_for",
    "explained",
    "lenient",
]

_DRIVERS = {"postgresql": "psycopg", "sqlite": "pysqlite"}
_WAIT = 5.0
"""For how many seconds SQLite waits while another writes, which is the driver's own choice."""
_NO_CONNECTION = (
    "no connection to the database could be had: see that it runs, and the URL's host, database,"
    " user, password and options"
)
_LOST = "the connection to the database was lost"
_OVERTAKEN = ("23505", "40001", "40P01")
"""A key that is there already, a transaction that cannot be put in order, a deadlock."""
_SAYS = (
    ("57014", "the database ended the statement: it took too long"),
    ("55P03", "another transaction holds a lock on the store, and did not end in time"),
    ("25006", "the database is read-only"),
    ("42501", "the database's user has no right to the store's tables"),
    ("28", "the database does not let this user in"),
    ("3D", "there is no such database"),
    ("53", "the database has no more room, or takes no more connections"),
    ("54", "an id is longer than the database keeps"),
    ("25P01", "the application's connection commits each statement by itself; begin a transaction"),
    ("25", "the application's transaction is over or has failed; begin another"),
)


def engine_for(url: str | URL) -> Engine:
    """Make an engine that hides parameters, and in SQLite waits for the disk.

    Args:
        url: As SQLAlchemy writes it; a `postgresql` without a driver is reached through psycopg.

    Raises:
        DatabaseUnsupported: It is of another kind, or no URL.
    """
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number
        found = None
    if found is None:
        raise DatabaseUnsupported(found="no URL of a database")
    if found.drivername in ("postgres", "postgresql"):
        found = found.set(drivername="postgresql+psycopg")
    if found.drivername not in ("postgresql+psycopg", "sqlite", "sqlite+pysqlite"):
        raise DatabaseUnsupported(found=found.drivername)
    engine = create_engine(found, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _ask)
    return engine


def _ask(connection: Any, _: object) -> None:
    """Ask a new connection to SQLite for what `SqliteStore` asks for."""
    for pragma in ("synchronous = FULL", "fullfsync = ON", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    log_ahead(connection, wait=_WAIT)
    connection.text_factory = as_it_is


class EngineOfFile(Closable):
    """An engine of a store's own on a SQLite file; its connections go through no fork."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine, whose connections are used under the lock."""
        self._engine = engine
        super().__init__()

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def checked(engine: Engine) -> Engine:
    """Give an application's engine back, if it can keep a store and hides what is stored.

    Raises:
        DatabaseUnsupported: It is of another kind, or in memory: another database in each thread.
        EngineShowsParameters: It shows parameters, or rows.
    """
    dialect = engine.dialect
    if _DRIVERS.get(dialect.name) != dialect.driver:
        raise DatabaseUnsupported(found=f"{dialect.name}+{dialect.driver}")
    if isinstance(engine.pool, SingletonThreadPool):
        raise DatabaseUnsupported(found=f"{dialect.name} in memory")
    logs = (engine.logger, engine.pool.logger)  # they may have names of their own
    if not engine.hide_parameters or any(log.isEnabledFor(logging.DEBUG) for log in logs):
        raise EngineShowsParameters
    return engine


class Answer(Protocol):
    """What came of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows it added."""
        ...

    def fetchall(self) -> Sequence[Sequence[Any]]:
        """Give the rows that it asked for; PostgreSQL's driver has them all by then."""
        ...


def asked(connection: Connection, statement: str, given: Mapping[str, object]) -> Answer:
    """Run a statement of PostgreSQL."""
    return cast("Answer", connection.exec_driver_sql(statement, dict(given)))


def asked_of_driver(connection: Connection, statement: str, given: Mapping[str, object]) -> Answer:
    """Do the same without SQLAlchemy, whose share takes longer than that of the driver.

    Nothing that listens to the engine is told: it is for an engine of our own. Errors are still
    those of SQLAlchemy, and a lost connection takes the others that wait in the engine with it.
    """
    driver, pooled = connection.dialect.loaded_dbapi, connection.connection
    try:
        cursor = pooled.cursor()
        cursor.execute(statement, given)
    except driver.Error as error:
        if lost := connection.dialect.is_disconnect(error, pooled.dbapi_connection, None):
            connection.invalidate(error)
            connection.engine.dispose()
        kind = IntegrityError if isinstance(error, driver.IntegrityError) else DBAPIError
        problem = kind(statement, None, error, hide_parameters=True, connection_invalidated=lost)
    else:
        return cast("Answer", cursor)
    raise problem


def begin(connection: Connection) -> None:
    """Begin a transaction of SQLite, whose driver would not before a table or a savepoint."""
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def lenient(connection: Connection) -> Generator[None]:
    """Let SQLite's driver give damaged texts as they are, where it would refuse to read on."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    usual, driver.text_factory = driver.text_factory, as_it_is
    try:
        yield
    finally:
        driver.text_factory = usual


def explained(
    error: SQLAlchemyError | UnicodeDecodeError, *, joined: bool, writes: bool = False
) -> StoreError:
    """Give an error of ours for one of SQLAlchemy's, without anything of its text.

    Args:
        error: What was raised.
        joined: Whether it was in an application's own transaction.
        writes: Whether events were to be kept.
    """
    if isinstance(error, UnicodeDecodeError):
        return translated(error)
    if not isinstance(error, DBAPIError):
        return StoreUnavailable(says="no connection to the database could be had")
    state = getattr(error.orig, "sqlstate", None) or ""
    if str(error.orig).startswith("no such table: carecontinuum"):
        state = "42P01"
    elif isinstance(error.orig, sqlite3.Error):
        commits = writes and not joined and error.statement is None
        return (commits and at_commit(error.orig)) or translated(error.orig)
    if state in _OVERTAKEN and joined:
        return TransactionOvertaken()
    if state == "42P01":
        return StoreNotMigrated(says="the database has no tables of this library any more")
    lost = error.connection_invalidated or state.startswith(("08", "57P"))
    if lost and not joined and (error.statement or "").startswith("INSERT"):
        return OutcomeUnknown(says=_LOST)
    if isinstance(error, OperationalError) and not (state or error.statement or lost):
        return StoreUnavailable(says=_NO_CONNECTION)
    for begins, says in _SAYS:
        if state.startswith(begins):
            return StoreUnavailable(says=says)
    if state.startswith(("22", "23")):
        return NotAStore(says="the tables do not take what the library writes: they were changed")
    return StoreUnavailable(says=_LOST if lost else "the database cannot be used now")
