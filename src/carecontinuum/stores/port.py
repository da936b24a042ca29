"""What a store of events does, whatever it is made of."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import attrs

from carecontinuum.history import Event
from carecontinuum.stores.chain import Fault, Head, StreamKey

__all__ = ["EventStore", "FeedItem"]


@attrs.frozen(order=False, kw_only=True)
class FeedItem:
    """An event on the feed of all streams.

    Attributes:
        cursor: Its place on the feed; give it to `feed(after=)` to go on behind it.
        key: The stream.
        version: Its place in the stream, from 1.
        event: The event.
    """

    cursor: int
    key: StreamKey
    version: int
    event: Event = attrs.field(repr=False)


class EventStore(Protocol):
    """Streams of events, one for each patient; nothing stored is ever changed.

    An application's own store has these methods; `carecontinuum.testing.store_checks` tells whether
    it keeps the promises.
    """

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Append events, all of them or none, and give the stream's version after.

        When it returns, the events are kept. Events that are there already, with the same content,
        are passed over; if all are, nothing is expected of the version.

        Raises:
            StreamChanged: The stream is at another version.
            EventConflict: An event's id is there with other content, or twice among those given.
            AnotherPatientsEvent: An event is not about the patient whose stream it is.
            RecordedBackwards: An event was recorded before the one it would follow.
            StoreUnavailable: It cannot be written now; nothing was.
        """
        ...

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Give a stream's events in the order of their versions; nothing for one that is not."""
        ...

    def version(self, key: StreamKey) -> int:
        """Give how many events a stream has."""
        ...

    def streams(self) -> Iterator[StreamKey]:
        """Give every stream, ordered, without holding all of them."""
        ...

    def feed(self, *, after: int = 0, limit: int = 1000) -> tuple[FeedItem, ...]:
        """Give the events of all streams in the order they were kept, after a cursor.

        An event that is kept later comes later: who reads to the end and goes on from the last
        cursor misses none.
        """
        ...

    def heads(self) -> Iterator[Head]:
        """Give where each stream ends, to be kept elsewhere."""
        ...

    def verify(self, heads: Iterable[Head] = ()) -> Iterator[Fault]:
        """Check every stream against its chain, and against heads that were kept elsewhere.

        The chain shows an event that was changed or taken out, the first too. That the end was cut
        off, or that all of a stream was written anew or is gone, shows only against a head. The
        order of the feed, which events of different streams came first, is no part of the chain.

        Every event and decision is read: of one without a fault a record can be made.
        """
        ...
