"""Reading what a store keeps: of what cannot be read the place is told, and nothing else."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from carecontinuum.canonical import Problem
from carecontinuum.codec import CodecInvalid
from carecontinuum.codec.stored import read_event
from carecontinuum.history import Event
from carecontinuum.stores.chain import StreamKey
from carecontinuum.stores.errors import NotAStore
from carecontinuum.stores.port import FeedItem

__all__ = ["feed_items", "moment_of", "recorded_in", "stream_events"]

_RECORDED = '"recorded_at":"'


def stream_events(key: StreamKey, texts: Sequence[str | bytes]) -> tuple[Event, ...]:
    """Read a stream's events.

    Raises:
        CodecInvalid: One is not as it was written; it is told which.
        NotAStore: One is about somebody else, as where two processes use one connection.
    """
    events: tuple[Event, ...] = ()
    with suppress(CodecInvalid):
        events = tuple(map(read_event, texts))
    if any(event.patient_id != key.patient_id for event in events):
        raise NotAStore(says="what was read is another patient's")
    if len(events) == len(texts):
        return events
    place, problems = _first_unreadable(texts)
    raise CodecInvalid(subject=f"event {place} of the stream", problems=problems)


def _first_unreadable(texts: Sequence[str | bytes]) -> tuple[int, Sequence[Problem]]:
    place = 0
    problems: Sequence[Problem] = ()
    while not problems:
        try:
            read_event(texts[place])
        except CodecInvalid as error:
            problems = error.problems
        place += 1
    return place, problems


def feed_items(rows: Iterable[tuple[int, str, str, int, str | bytes]]) -> tuple[FeedItem, ...]:
    """Read a page of the feed: position, tenant, stream, version and text of each event.

    Raises:
        CodecInvalid: An event is not as it was written; it is told where on the feed.
    """
    items: list[FeedItem] = []
    where = ""
    problems: Sequence[Problem] = ()
    try:
        for cursor, tenant, stream, version, text in rows:
            where = f"the event at cursor {cursor} of the feed, version {version} of its stream,"
            event, key = read_event(text), StreamKey(tenant, stream)
            items.append(FeedItem(cursor=cursor, key=key, version=version, event=event))
    except CodecInvalid as error:
        problems = error.problems
    if problems:
        raise CodecInvalid(subject=where, problems=problems)
    return tuple(items)


def recorded_in(text: str | None) -> datetime | None:
    """Give when an event was recorded, without reading all of it; `None` where it does not say.

    Keys are written in order and quotes in texts are escaped, so that the last such key is the
    event's own.
    """
    _, _, rest = (text or "").rpartition(_RECORDED)
    return moment_of(rest.partition('"')[0])


def moment_of(text: str) -> datetime | None:
    """Give the moment that a text tells; `None` where it tells none, or no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
