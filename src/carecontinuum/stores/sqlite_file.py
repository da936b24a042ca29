"""The file of a SQLite store: opened when it is asked for, used by one thread at a time."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from carecontinuum.stores.driver import as_it_is, at_commit, translated
from carecontinuum.stores.errors import OutcomeUnknown, StoreUnavailable
from carecontinuum.stores.forks import Closable, everything
from carecontinuum.stores.migrations import prepare

__all__ = ["StoreFile"]

T = TypeVar("T")
_FORKED = "another process opened the store, and forked by other means than Python's"
_MOVED = (
    "the file of the store was moved, replaced, removed, or opened by other means, while it was"
    " open here; it is opened anew"
)
_OLD_LOG = (
    "beside the file is the log of the file that was there before, which would be played into it;"
    " stop all processes, and move that log (`-wal`, `-shm`) away"
)
_Inode: TypeAlias = tuple[int, int] | None


class StoreFile(Closable):
    """One connection to one file.

    Attributes:
        path: The file, wherever the process goes to.
    """

    def __init__(self, path: str, *, wait: float) -> None:
        """Name a file, and for how many seconds to wait while another writes."""
        self.path: str = str(Path(path).absolute())
        self._log, self._index = f"{self.path}-wal", f"{self.path}-shm"
        self._wait = wait
        self._process = os.getpid()
        self._connection: sqlite3.Connection | None = None
        self._inodes: tuple[_Inode, _Inode] = (None, None)
        self._standing: tuple[object, ...] = ()
        self._makes = True
        super().__init__()

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do work on the file; what the driver raises becomes an error of ours, and is let go."""
        with self.lock:
            try:
                return work(self.open())
            except (sqlite3.Error, UnicodeDecodeError) as error:
                problem = translated(error)
        raise problem

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do work in a transaction, and see that it was written to where others read.

        Raises:
            OutcomeUnknown: It was not, or perhaps not.
        """
        with self.lock:
            found = self.run(partial(_transaction, work))
            if self._stands() == self._standing:
                return found
            file, _ = self._inodes
        for each in everything():
            if isinstance(each, StoreFile) and each._inodes[0] == file:  # noqa: SLF001  its own kind
                each.close()  # until all are, SQLite takes the locks to be held
        raise OutcomeUnknown(says=_MOVED)

    def open(self) -> sqlite3.Connection:
        """Give the connection; the lock is held.

        Raises:
            StoreUnavailable: Another process opened it.
        """
        if self._connection is None:
            self._connection = self._opened()
            self._process = os.getpid()
            self._inodes, self._makes = self._found(), False
            self._standing = self._stands()
        elif self._process != os.getpid():
            raise StoreUnavailable(says=f"{_FORKED}; close it before the fork")
        return self._connection

    def close(self) -> None:
        """Close the file, if this process opened it."""
        with self.lock:
            if self._connection is None or self._process != os.getpid():
                return
            if self._found()[1] != self._inodes[1]:
                # Or SQLite would write its log, which nobody else sees, over what others wrote.
                self._connection.interrupt()
            self._connection.close()
            self._connection = None

    def _found(self) -> tuple[_Inode, _Inode]:
        """Tell which file and which log are there now."""
        return _inode(self.path), _inode(self._log)

    def _stands(self) -> tuple[object, ...]:
        """Tell what stands under the names of the file, its log and the log's index.

        Who takes the log away takes its index away, which stands for it: Linux writes more slowly
        to a file whose times were asked for, and an append would take a quarter longer.
        """
        return _inode(self.path), _inode(self._index), os.access(self._log, os.F_OK)

    def _opened(self) -> sqlite3.Connection:
        """Open the file; it is made the first time only."""
        file, log = self._found()
        if file and log and file != self._inodes[0] and log == self._inodes[1]:
            raise StoreUnavailable(says=_OLD_LOG)
        connection = sqlite3.connect(
            self.path if self._makes else f"{Path(self.path).as_uri()}?mode=rw",
            uri=not self._makes,
            timeout=self._wait,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.text_factory = as_it_is
        try:
            prepare(connection, wait=self._wait, makes=self._makes)
        except BaseException:
            connection.close()
            raise
        return connection


def _transaction(work: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
    """Do all of some work, or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = work(connection)
        _commit(connection)
    except BaseException:
        with suppress(sqlite3.Error):
            connection.rollback()
        raise
    return found


def _commit(connection: sqlite3.Connection) -> None:
    """Keep what was written.

    Raises:
        OutcomeUnknown: The disk failed meanwhile.
    """
    try:
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        problem = at_commit(error)
        if problem is None:
            raise
    else:
        return
    raise problem


def _inode(path: str) -> _Inode:
    try:
        found = os.stat(path)  # noqa: PTH116  two microseconds, after each append
    except OSError:
        return None
    return found.st_dev, found.st_ino
