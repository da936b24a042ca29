"""No SQLite file of ours is open when the process forks, and no connection is used by two.

SQLite remembers once for a whole process which locks it holds on a file. A child made by `fork`
would remember locks that it does not hold: whoever closed the file last would take away what the
child writes to, and what it acknowledged would be lost. On a connection to a server, parent and
child would read each other's answers.
"""

import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import RLock
from typing import Protocol
from weakref import WeakSet, finalize

__all__ = ["Closable", "Pooled", "begin", "close_all", "everything", "forget_in_child", "go_on"]


class Pooled(Protocol):
    """What has a pool of connections, as an engine of SQLAlchemy."""

    def dispose(self, close: bool = True) -> None:  # noqa: FBT001, FBT002  SQLAlchemy's own
        """Begin with another pool."""
        ...


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

    def close_with(self, owner: object) -> None:
        """Be closed when nobody has the owner any more, be it while others fork."""
        finalize(owner, _let_go, self)


def _let_go(file: Closable) -> None:
    """Close a file that nobody uses; where its lock is held, it is being closed for a fork."""
    if file.lock.acquire(blocking=False):
        try:
            file.close()
        finally:
            file.lock.release()


_all: WeakSet[Closable] = WeakSet()
_pools: WeakSet[Pooled] = WeakSet()
_held: list[Closable] = []
_making = RLock()
"""Held by whoever makes another, and during a fork, so that none is opened then."""
_TRIES = 100
_FIRST = logging
"""What is asked before us to wait for a fork waits after us: SQLAlchemy logs under our locks."""


def everything() -> list[Closable]:
    """Give whatever may have a file open."""
    with _making:
        return list(_all)


def forget_in_child(pool: Pooled) -> None:
    """Let a child begin with connections of its own; its parent keeps those that there are."""
    with _making:
        _pools.add(pool)


def close_all() -> None:
    """Before a fork: wait until nobody uses a file, and close them all.

    What is raised meanwhile, as by a signal's handler, is raised when all are closed: Python tells
    it, and forks all the same.
    """
    raised = _surely(_making.acquire)
    for each in everything():
        raised += _surely(each.lock.acquire)
        _held.append(each)
        raised += _surely(each.close)
    if raised:
        raise raised[0]


def _surely(step: Callable[[], object]) -> list[BaseException]:
    """Do something, again where it was interrupted, and give what was raised."""
    raised: list[BaseException] = []
    while len(raised) < _TRIES:
        try:
            step()
        except BaseException as error:  # noqa: BLE001  it is raised later
            raised.append(error)
        else:
            break
    return raised


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
    for pool in _pools:
        pool.dispose(close=False)
    _held.clear()
    _making = RLock()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(before=close_all, after_in_parent=go_on, after_in_child=begin)
