"""No SQLite file of ours is open when the process forks.

SQLite remembers once for a whole process which locks it holds on a file. A child made by `fork`
would remember locks that it does not hold: whoever closed the file last would take away what the
child writes to, and what it acknowledged would be lost.
"""

import os
from abc import ABC, abstractmethod
from threading import RLock
from weakref import WeakSet

__all__ = ["Closable", "begin", "close_all", "everything", "go_on"]


class Closable(ABC):
    """What has a file open, under a lock; it is closed, and the lock held, during a fork.

    Attributes:
        lock: To be held by whoever has the file open or uses it.
    """

    def __init__(self) -> None:
        """Be closed at each fork from now on."""
        self.lock: RLock = RLock()
        with _making:
            _all.add(self)

    @abstractmethod
    def close(self) -> None:
        """Close the file."""


_all: WeakSet[Closable] = WeakSet()
_held: list[Closable] = []
_making = RLock()
"""Held by whoever makes another, and during a fork, so that none is opened then."""


def everything() -> list[Closable]:
    """Give whatever may have a file open."""
    with _making:
        return list(_all)


def close_all() -> None:
    """Before a fork: wait until nobody uses a file, and close them all."""
    _making.acquire()
    for each in everything():
        each.lock.acquire()
        _held.append(each)
        each.close()


def go_on() -> None:
    """Open in the parent what was closed, whenever it is asked for next."""
    while _held:
        _held.pop().lock.release()
    _making.release()


def begin() -> None:
    """Give a child locks of its own: threads that wait for the others are its parent's."""
    global _making  # noqa: PLW0603
    for each in _all:
        each.lock = RLock()
    _held.clear()
    _making = RLock()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(before=close_all, after_in_parent=go_on, after_in_child=begin)
