"""The tables of a SQLite store, and how a file of an earlier format becomes one of the latest."""

import sqlite3
from contextlib import closing
from time import monotonic, sleep
from urllib.parse import quote

from carecontinuum.stores.driver import is_busy
from carecontinuum.stores.errors import NotAStore, StoreNewer

__all__ = ["APPLICATION", "FORMAT", "MIGRATIONS", "is_store", "log_ahead", "prepare"]

APPLICATION = 0x63637374
"""How a file says that it is a store of this library (`PRAGMA application_id`)."""

MIGRATIONS: tuple[str, ...] = (
    """
CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  previous INTEGER
    CHECK ((previous IS NULL) = (version = 1) AND coalesce(previous = version - 1, 1)),
  event_id TEXT NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (tenant, stream, version),
  UNIQUE (tenant, stream, event_id),
  FOREIGN KEY (tenant, stream, previous) REFERENCES events (tenant, stream, version)
);
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT raise(ABORT, 'events stay'); END;
CREATE TRIGGER events_last BEFORE DELETE ON events BEGIN SELECT raise(ABORT, 'events stay'); END;
""",
)
"""What each format adds to the one before."""
FORMAT = len(MIGRATIONS)
_ANOTHER = (
    "the file holds another application's tables, or half of a store; that of a `SqlStore` is named"
    " by its URL, `sqlite:///...`"
)


def prepare(connection: sqlite3.Connection, *, wait: float, makes: bool) -> None:
    """Make a new file a store, or bring one of an earlier format to the latest.

    Each connection is prepared anew, since it is asked there for what keeps the file safe. A file
    that is refused is left as it is. A new file has its tables before it has a write-ahead log, so
    that even without its log it is seen to be a store.

    Args:
        connection: To the file.
        wait: For how many seconds to wait while others use it.
        makes: Whether to make a store of an empty file.

    Raises:
        StoreNewer: A later version of the library wrote it.
        NotAStore: It holds something else, or does not keep what is asked of it.
    """
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # what FULL means on macOS
    connection.execute("PRAGMA foreign_keys = ON")
    if _asked(connection, "synchronous") != _FULL or _asked(connection, "foreign_keys") != 1:
        raise NotAStore(says="the SQLite library does not keep what is asked of it")
    is_empty = not _asked(connection, "page_count")
    if is_empty and not makes:
        raise NotAStore(says="the file is empty now")
    if not is_empty and _asked(connection, "application_id") != APPLICATION:
        raise NotAStore(says=_ANOTHER)
    if _missing(connection):
        connection.execute("BEGIN IMMEDIATE")
        try:
            _migrate(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
    log_ahead(connection, wait=wait)
    _asked(connection, "user_version")  # now the log is there


def log_ahead(connection: sqlite3.Connection, *, wait: float) -> None:
    """Give a file a write-ahead log, which stays with it.

    SQLite does not always wait for its turn here.
    """
    until = monotonic() + wait
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not (is_busy(error) and monotonic() < until):
                raise
        else:
            break  # also where there can be none, as in memory
        sleep(0.01)


def is_store(name: str) -> bool:
    """Tell whether a file says that it is a store of this library; it is only looked at."""
    try:
        where = f"file:{quote(name)}?mode=ro&immutable=1"  # and makes nothing beside it
        with closing(sqlite3.connect(where, uri=True)) as connection:
            return _asked(connection, "application_id") == APPLICATION
    except (sqlite3.Error, UnicodeDecodeError):
        return False


_FULL = 2


def _asked(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _missing(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Give the scripts that a file lacks."""
    found = _asked(connection, "user_version")
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if _asked(connection, "application_id") != APPLICATION and (tables or found):
        raise NotAStore(says=_ANOTHER)
    if found > FORMAT:
        raise StoreNewer(found=found, known=FORMAT)
    return MIGRATIONS[found:]


def _migrate(connection: sqlite3.Connection) -> None:
    for script in _missing(connection):  # another process may have been faster
        for statement in _statements(script):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def _statements(script: str) -> list[str]:
    """Take a script apart; the driver's own `executescript` would commit first."""
    found: list[str] = []
    whole = ""
    for line in script.splitlines(keepends=True):
        whole += line
        if sqlite3.complete_statement(whole):
            found.append(whole)
            whole = ""
    return found
