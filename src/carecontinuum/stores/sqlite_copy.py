"""A copy of a SQLite store: it has its name once it is whole and on the disk, and never before."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from carecontinuum.stores.errors import StoreUnavailable

__all__ = ["copy_to"]

_THERE = (
    "the file to be written is there already; name a new one, or move it away with the `-wal` and"
    " `-shm` beside it"
)
_PART = (
    "a `.part` of the file to be written is there: it is being written, or whoever wrote it was"
    " killed; if so, remove it"
)
_OLD_LOG = (
    "beside the file to be written is the log of another (`-wal`, `-shm` or `-journal`), which"
    " would be played into it; move that away with the file it belongs to"
)
_FAILED = "the file cannot be written: no such folder, no right to it, or no room"


def copy_to(connection: sqlite3.Connection, path: Path) -> None:
    """Copy all of a store to a new file, written as `.part` beside it until it is whole.

    Raises:
        StoreUnavailable: A file is in the way, or it cannot be written.
    """
    part = Path(f"{path}.part")
    logs = [(Path(f"{path}{ending}"), _OLD_LOG) for ending in ("-wal", "-shm", "-journal")]
    for there, says in ((path, _THERE), (part, _PART), *logs):
        if os.path.lexists(there):
            raise StoreUnavailable(says=says)
    try:
        return _copy(connection, part, path)
    except FileExistsError:
        says = _THERE
    except OSError:
        says = _FAILED
    raise StoreUnavailable(says=says)


def _copy(connection: sqlite3.Connection, part: Path, path: Path) -> None:
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as target:
            target.execute("PRAGMA journal_mode = OFF")  # of a part that fails nothing is kept
            connection.backup(target)
        _sync(part, os.O_RDWR)
        _name(part, path)
    finally:
        part.unlink(missing_ok=True)
    with suppress(PermissionError):  # Windows opens no folder
        _sync(path.parent, os.O_RDONLY)


def _name(part: Path, path: Path) -> None:
    """Give a file its name, if nothing has it yet."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # some file systems have no links
        part.rename(path)


def _sync(path: Path, flags: int) -> None:
    """Have on the disk what a file or a folder holds."""
    opened = os.open(path, flags)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
