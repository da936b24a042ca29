"""A store that keeps events while it lives: for tests, and for trying things out."""

from collections.abc import Iterable, Iterator
from threading import Lock

from carecontinuum.codec import dumps
from carecontinuum.history import Event
from carecontinuum.stores.appending import to_append
from carecontinuum.stores.asking import a_page, a_stream, a_version
from carecontinuum.stores.chain import GENESIS, Fault, Head, StreamKey, chained, faults
from carecontinuum.stores.checking import against_heads
from carecontinuum.stores.port import FeedItem

__all__ = ["MemoryStore"]


class MemoryStore:
    """An event store in memory; several threads may use it."""

    def __init__(self) -> None:
        """Begin without streams."""
        self._streams: dict[StreamKey, list[tuple[Event, str, str]]] = {}
        self._feed: list[FeedItem] = []
        self._lock = Lock()

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Append events, all of them or none, and give the stream's version after."""
        a_stream(key)
        a_version(expected_version)
        given = [(event, dumps(event)) for event in events]
        with self._lock:
            rows = self._streams.get(key, [])
            known = {event.id: text for event, text, _ in rows}
            new = to_append(
                given,
                known.get,
                key=key,
                expected_version=expected_version,
                found_version=len(rows),
                recorded=rows[-1][0].recorded_at if rows else None,
            )
            if new:
                self._streams[key] = [*rows, *self._chained(key, rows, new)]
            return len(rows) + len(new)

    def _chained(
        self, key: StreamKey, rows: list[tuple[Event, str, str]], new: list[tuple[Event, str]]
    ) -> Iterator[tuple[Event, str, str]]:
        before = rows[-1][2] if rows else GENESIS
        for version, (event, text) in enumerate(new, len(rows) + 1):
            before = chained(key, version, text, before)
            cursor = len(self._feed) + 1
            self._feed.append(FeedItem(cursor=cursor, key=key, version=version, event=event))
            yield event, text, before

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Give a stream's events in the order of their versions."""
        return tuple(event for event, _, _ in self._streams.get(a_stream(key), ()))

    def version(self, key: StreamKey) -> int:
        """Give how many events a stream has."""
        return len(self._streams.get(a_stream(key), ()))

    def streams(self) -> Iterator[StreamKey]:
        """Give every stream, ordered."""
        yield from sorted(self._streams)

    def feed(self, *, after: int = 0, limit: int = 1000) -> tuple[FeedItem, ...]:
        """Give the events of all streams in the order they were kept, after a cursor."""
        after, limit = a_page(after, limit)
        return tuple(self._feed[after : after + limit])

    def heads(self) -> Iterator[Head]:
        """Give where each stream ends."""
        for key in self.streams():
            rows = self._streams[key]
            yield Head(key=key, version=len(rows), hash=rows[-1][2])

    def verify(self, heads: Iterable[Head] = ()) -> Iterator[Fault]:
        """Check every stream against its chain, and against heads that were kept elsewhere."""
        for key in self.streams():
            rows = self._streams[key]
            yield from faults(key, ((n, text, hash) for n, (_, text, hash) in enumerate(rows, 1)))
        yield from against_heads(heads, self._hash)

    def _hash(self, key: StreamKey, version: int) -> str | None:
        rows = self._streams.get(key, ())
        return rows[version - 1][2] if version <= len(rows) else None
