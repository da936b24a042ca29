"""What the SQLite driver gives and raises, in words of ours: its own may hold values."""

import sqlite3

from carecontinuum.stores.errors import NotAStore, StoreError, StoreUnavailable

__all__ = ["DAMAGED", "as_it_is", "translated"]

DAMAGED = "the file is damaged, or was changed by other means"

_SAYS = (
    ("SQLITE_BUSY", "another process is writing to the store, and did not end in time"),
    ("SQLITE_LOCKED", "another process is writing to the store, and did not end in time"),
    ("SQLITE_FULL", "the disk is full"),
    ("SQLITE_READONLY", "the store, or its folder, is read-only"),
    ("SQLITE_CANTOPEN", "the store cannot be opened: no such folder, or no right to it"),
    ("SQLITE_PERM", "the store cannot be opened: no right to it"),
    ("SQLITE_IOERR", "reading or writing the disk failed"),
)


def as_it_is(raw: bytes) -> str:
    """Give a stored text, damaged or not: what is no Unicode in it becomes surrogates."""
    return raw.decode(errors="surrogateescape")


def translated(error: sqlite3.Error | UnicodeDecodeError) -> StoreError:
    """Give an error of ours for one of the driver's, without anything of its text.

    Where a damaged name stands in that text, the driver fails to make one.
    """
    name = getattr(error, "sqlite_errorname", "") or ""
    for begins, says in _SAYS:
        if name.startswith(begins):
            return StoreUnavailable(says=says)
    if not name and str(error).startswith("Could not decode"):  # only the driver says this
        return NotAStore(says=DAMAGED)
    if isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError) and not name:
        return StoreUnavailable(says="the store cannot be used now")
    if name.startswith("SQLITE_NOTADB"):
        return NotAStore(says="the file is no SQLite file")
    return NotAStore(says=DAMAGED)
