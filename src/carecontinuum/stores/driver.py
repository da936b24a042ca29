"""What the SQLite driver gives and raises, in words of ours: its own may hold values."""

import sqlite3

from carecontinuum.stores.errors import NotAStore, OutcomeUnknown, StoreError, StoreUnavailable

__all__ = ["DAMAGED", "as_it_is", "at_commit", "is_busy", "translated"]

DAMAGED = "the file is damaged, or was changed by other means"

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
_SAYS = (
    *((name, "another process is writing to the store, and did not end in time") for name in _BUSY),
    ("SQLITE_FULL", "the disk is full"),
    ("SQLITE_READONLY", "the store, or its folder, is read-only"),
    ("SQLITE_CANTOPEN", "the store cannot be opened: no such folder or file, or no right to it"),
    ("SQLITE_PERM", "the store cannot be opened: no right to it"),
    ("SQLITE_IOERR", "reading or writing the disk failed"),
)


def as_it_is(raw: bytes) -> str:
    """Give a stored text, damaged or not: what is no Unicode in it becomes surrogates."""
    return raw.decode(errors="surrogateescape")


def translated(error: sqlite3.Error | UnicodeDecodeError) -> StoreError:
    """Give an error of ours for one of the driver's, without anything of its text.

    The driver cannot read what SQLite says of a damaged file where that holds a piece of it.
    """
    name = _name(error)
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


def at_commit(error: sqlite3.Error) -> OutcomeUnknown | None:
    """Give an error of ours for one of the driver's at a commit; `None` if nothing was written.

    What was written when the disk failed may be there after a crash.
    """
    if not _name(error).startswith("SQLITE_IOERR"):
        return None
    return OutcomeUnknown(says="writing the disk failed when the events were to be kept")


def is_busy(error: sqlite3.Error) -> bool:
    """Tell whether another process uses the file, so that the same may succeed later."""
    return _name(error).startswith(_BUSY)


def _name(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", "") or ""
