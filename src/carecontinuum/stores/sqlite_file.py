"""The file of a SQLite store: opened when it is asked for, used by one thread at a time."""

import os
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from carecontinuum.stores.driver import translated
from carecontinuum.stores.errors import StoreUnavailable
from carecontinuum.stores.forks import Closable
from carecontinuum.stores.migrations import prepare

__all__ = ["StoreFile"]

T = TypeVar("T")
_FORKED = "another process opened the store, and forked by other means than Python's"


class StoreFile(Closable):
    """One connection to one file.

    Attributes:
        path: The file.
    """

    def __init__(self, path: str, *, wait: float) -> None:
        """Name a file, and for how many seconds to wait while another writes."""
        self.path = path
        self._wait = wait
        self._process = os.getpid()
        self._connection: sqlite3.Connection | None = None
        super().__init__()

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do work on the file; what the driver raises becomes an error of ours, and is let go."""
        with self.lock:
            try:
                return work(self.open())
            except sqlite3.Error as error:
                problem = translated(error)
        raise problem

    def open(self) -> sqlite3.Connection:
        """Give the connection; the lock is held.

        Raises:
            StoreUnavailable: Another process opened it.
        """
        if self._connection is None:
            self._connection = self._opened()
            self._process = os.getpid()
        elif self._process != os.getpid():
            raise StoreUnavailable(says=f"{_FORKED}; close it before the fork")
        return self._connection

    def close(self) -> None:
        """Close the file, if this process opened it."""
        with self.lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
                self._connection = None

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=self._wait, isolation_level=None, check_same_thread=False
        )
        # A text may have been damaged: it is read all the same, so that the chain can tell.
        connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        try:
            prepare(connection, wait=self._wait)
        except BaseException:
            connection.close()
            raise
        return connection
