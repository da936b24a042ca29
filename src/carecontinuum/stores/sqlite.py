"""A store in one SQLite file: what is acknowledged survives a crash and a loss of power."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from carecontinuum.codec import dumps
from carecontinuum.history import Event
from carecontinuum.stores.appending import to_append
from carecontinuum.stores.asking import a_file, a_page, a_stream, a_version, seconds
from carecontinuum.stores.chain import GENESIS, Fault, Head, StreamKey, chained
from carecontinuum.stores.checking import (
    Row,
    StoredKey,
    against_heads,
    is_unicode,
    key_faults,
    row_faults,
    whole_key,
)
from carecontinuum.stores.migrations import FORMAT
from carecontinuum.stores.port import FeedItem
from carecontinuum.stores.reading import feed_items, recorded_in, stream_events
from carecontinuum.stores.sqlite_copy import copy_to
from carecontinuum.stores.sqlite_file import StoreFile

__all__ = ["SqliteStore"]

T = TypeVar("T")
_PAGE = 500
"""How many streams, or ids, are read at a time."""


class SqliteStore:
    """An event store in one SQLite file.

    Several threads may use it, and several processes may each open the same file: one writes at a
    time, and waits for its turn. Before the process forks, the file is closed as soon as no thread
    uses it; parent and child each open it anew. Every commit is on the disk before it is
    acknowledged (`synchronous=FULL`).

    The file is the store's alone while it is open: nothing else in the process may open it, not
    even to read it, and nobody may move, replace or remove it.

    Attributes:
        path: The file, with the folder that the process was in.
    """

    def __init__(self, path: str | PathLike[str], *, wait: float = 5.0) -> None:
        """Open a store, and make the file if there is none.

        Args:
            path: The file.
            wait: For how many seconds to wait while another writes.

        Raises:
            WrongArgument: It names no file, as an empty text or `:memory:` does.
            StoreUnavailable: It cannot be opened, or is locked for longer.
            StoreNewer: A later version of the library wrote it.
            NotAStore: The file is something else, or damaged.
        """
        self._file = StoreFile(a_file(path), wait=seconds("wait", wait))
        self._file.close_with(self)
        self.path: str = self._file.path
        self._run(lambda _: None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; whatever is asked next opens it again, and never makes it anew."""
        self._file.close()

    def _open(self) -> sqlite3.Connection:
        return self._file.open()

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._file.run(work)

    # ------------------------------------------------------------------------------------ writing

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Append events, all of them or none, and give the stream's version after.

        Raises:
            StreamChanged: The stream is at another version.
            EventConflict: An event's id is there with other content.
            StoreUnavailable: It cannot be written now; nothing was.
            OutcomeUnknown: The disk failed at the commit, or the file was moved, replaced or
                removed under the open store; append the same again, which is harmless.
        """
        a_stream(key)
        a_version(expected_version)
        given = [(event, dumps(event)) for event in events]

        def work(connection: sqlite3.Connection) -> int:
            return _append(connection, key, given, expected_version)

        return self._file.write(work) if given else self.version(key)

    # ------------------------------------------------------------------------------------ reading

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Give a stream's events in the order of their versions.

        Raises:
            StoreUnavailable: It cannot be read now.
            CodecInvalid: A row is not as it was written. A decision is read when it is first asked
                for, and raises this then.
        """
        a_stream(key)
        rows = self._run(
            lambda connection: connection.execute(
                "SELECT CAST(body AS BLOB) FROM events"
                " WHERE tenant = ? AND stream = ? ORDER BY version",
                (key.tenant, key.patient_id),
            ).fetchall()
        )
        return stream_events(key, [body for (body,) in rows])

    def version(self, key: StreamKey) -> int:
        """Give how many events a stream has."""
        a_stream(key)
        return self._run(lambda connection: _last(key, connection)[0])

    def streams(self) -> Iterator[StreamKey]:
        """Give every stream, ordered, some at a time."""
        yield from map(whole_key, self._stored_keys())

    def _stored_keys(self) -> Iterator[StoredKey]:
        last = None
        while page := self._run(partial(_keys_after, last)):
            yield from page
            last = page[-1]

    def feed(self, *, after: int = 0, limit: int = 1000) -> tuple[FeedItem, ...]:
        """Give the events of all streams in the order they were kept, after a cursor."""
        after, limit = a_page(after, limit)
        rows = self._run(
            lambda connection: connection.execute(
                "SELECT position, tenant, stream, version, CAST(body AS BLOB) FROM events"
                " WHERE position > ? ORDER BY position LIMIT ?",
                (after, limit),
            ).fetchall()
        )
        return feed_items(rows)

    # ----------------------------------------------------------------------------------- checking

    def heads(self) -> Iterator[Head]:
        """Give where each stream ends, to be kept elsewhere."""
        for key in self.streams():
            version, hash = self._run(partial(_last, key))
            yield Head(key=key, version=version, hash=hash)

    def verify(self, heads: Iterable[Head] = ()) -> Iterator[Fault]:
        """Check every stream against its chain, and against heads that were kept elsewhere.

        Raises:
            NotAStore: The file is damaged so that it cannot be read.
        """
        self._run(_check_integrity)
        for stored in self._stored_keys():
            wrong = list(key_faults(stored))
            yield from wrong or self._row_faults(whole_key(stored))
        yield from against_heads(heads, self._hash)

    def _row_faults(self, key: StreamKey) -> Iterator[Fault]:
        rows, last_place = self._run(partial(_rows, key))
        return row_faults(key, rows, last_place=last_place)

    def _hash(self, key: StreamKey, version: int) -> str | None:
        row = self._run(
            lambda connection: connection.execute(
                "SELECT hash FROM events WHERE tenant = ? AND stream = ? AND version = ?",
                (key.tenant, key.patient_id, version),
            ).fetchone()
        )
        return None if row is None else str(row[0])

    def backup(self, path: str | PathLike[str]) -> None:
        """Copy the store as it is at one moment into a new file, while others write.

        The file is there once it is whole and on the disk; until then it has the ending `.part`.

        Raises:
            StoreUnavailable: The file is there already, or cannot be written.
            WrongArgument: It names no file.
        """
        to = Path(a_file(path))
        self._run(lambda connection: copy_to(connection, to))

    @property
    def format(self) -> int:
        """The format of the file; `FORMAT` is the latest."""
        return FORMAT


def _end(key: StreamKey, connection: sqlite3.Connection) -> tuple[int, str, str]:
    """Give the version, the hash and the text of a stream's last event; 0 and no texts for none."""
    row = connection.execute(
        "SELECT version, hash, body FROM events WHERE tenant = ? AND stream = ?"
        " ORDER BY version DESC LIMIT 1",
        (key.tenant, key.patient_id),
    ).fetchone()
    return row or (0, GENESIS, "")


def _last(key: StreamKey, connection: sqlite3.Connection) -> tuple[int, str]:
    return _end(key, connection)[:2]


def _rows(key: StreamKey, connection: sqlite3.Connection) -> tuple[list[Row], int]:
    """Give all of a stream's rows, in order, and the last place that was given on the feed."""
    rows = connection.execute(
        "SELECT version, body, hash, event_id, position, previous FROM events"
        " WHERE tenant = ? AND stream = ? ORDER BY version",
        (key.tenant, key.patient_id),
    ).fetchall()
    (last,) = connection.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'"
    ).fetchone()
    return rows, last


def _append(
    connection: sqlite3.Connection,
    key: StreamKey,
    given: list[tuple[Event, str]],
    expected_version: int,
) -> int:
    version, before, last = _end(key, connection)
    known = _texts(connection, key, [event.id for event, _ in given])
    new = to_append(
        given,
        known.get,
        key=key,
        expected_version=expected_version,
        found_version=version,
        recorded=recorded_in(last),
    )
    rows: list[tuple[str, str, int, int | None, str, str, str]] = []
    for event, text in new:
        previous, version = version or None, version + 1
        before = chained(key, version, text, before)
        rows.append((key.tenant, key.patient_id, version, previous, event.id, text, before))
    connection.executemany(
        "INSERT INTO events (tenant, stream, version, previous, event_id, body, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    return version


def _texts(connection: sqlite3.Connection, key: StreamKey, ids: list[str]) -> dict[str, str]:
    """Give the texts that a stream has under some ids, by id."""
    found: dict[str, str] = {}
    for begin in range(0, len(ids), _PAGE):
        page = ids[begin : begin + _PAGE]
        marks = ", ".join("?" * len(page))
        asked = f"tenant = ? AND stream = ? AND event_id IN ({marks})"
        found |= connection.execute(
            f"SELECT event_id, body FROM events WHERE {asked}",  # noqa: S608  question marks
            (key.tenant, key.patient_id, *page),
        )
    return found


def _keys_after(last: StoredKey | None, connection: sqlite3.Connection) -> list[StoredKey]:
    """Give some keys behind one, as they are stored, whatever version each begins with."""
    given: list[object] = []
    behind = ""
    if last is not None:
        marks = [_mark(part, given) for part in last]
        behind = f"WHERE (tenant, stream) > ({', '.join(marks)})"
    return connection.execute(
        f"SELECT DISTINCT tenant, stream FROM events {behind}"  # noqa: S608  question marks
        " ORDER BY tenant, stream LIMIT ?",
        (*given, _PAGE),
    ).fetchall()


def _mark(part: object, given: list[object]) -> str:
    """Give the mark for a part of a key: of a text that is no Unicode the bytes are given."""
    if isinstance(part, str) and not is_unicode(part):
        given.append(part.encode(errors="surrogateescape"))
        return "CAST(? AS TEXT)"
    given.append(part)
    return "?"


def _check_integrity(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError
