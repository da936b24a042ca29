"""What the SQLite driver raises, in words of ours: its own may hold values."""

import sqlite3

from carecontinuum.stores.errors import NotAStore, StoreError, StoreUnavailable

__all__ = ["translated"]

_SAYS = (
    ("SQLITE_BUSY", "another process is writing to the store, and did not end in time"),
    ("SQLITE_LOCKED", "another process is writing to the store, and did not end in time"),
    ("SQLITE_FULL", "the disk is full"),
    ("SQLITE_READONLY", "the store, or its folder, is read-only"),
    ("SQLITE_CANTOPEN", "the store cannot be opened: no such folder, or no right to it"),
    ("SQLITE_PERM", "the store cannot be opened: no right to it"),
    ("SQLITE_IOERR", "reading or writing the disk failed"),
)


def translated(error: sqlite3.Error) -> StoreError:
    """Give an error of ours for one of the driver's, without anything of its text."""
    name = getattr(error, "sqlite_errorname", "") or ""
    for begins, says in _SAYS:
        if name.startswith(begins):
            return StoreUnavailable(says=says)
    if isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError) and not name:
        return StoreUnavailable(says="the store cannot be used now")
    if name.startswith("SQLITE_NOTADB"):
        return NotAStore(says="the file is no SQLite file")
    return NotAStore(says="the file is damaged, or was changed by other means")
