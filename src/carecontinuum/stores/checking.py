"""Checking the rows of a store, and comparing a store with heads that were kept elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias, cast

from carecontinuum.arguments import an_instance
from carecontinuum.codec import CodecInvalid
from carecontinuum.codec.stored import read_event
from carecontinuum.history import Decided, Event
from carecontinuum.stores.chain import GENESIS, Fault, Head, StreamKey, faults
from carecontinuum.stores.driver import DAMAGED
from carecontinuum.stores.errors import NotAStore

__all__ = [
    "Row",
    "StoredKey",
    "against_heads",
    "is_unicode",
    "key_faults",
    "row_faults",
    "whole_key",
]

Row: TypeAlias = tuple[object, object, object, object, object, object]
"""A version, its text and hash, the event's id, its place on the feed and the version before.

What they are is checked here: a damaged file may give anything.
"""
StoredKey: TypeAlias = tuple[object, object]
"""A tenant and a patient's id as they are stored, which may be damaged."""


def whole_key(stored: StoredKey) -> StreamKey:
    """Give the key of a stream.

    Raises:
        NotAStore: It is not as any key was written.
    """
    if not _is_whole(stored):
        raise NotAStore(says=DAMAGED)
    return StreamKey(*cast("tuple[str, str]", stored))


def key_faults(stored: StoredKey) -> Iterator[Fault]:
    """Give what is wrong with the key of a stream: what stands under it belongs elsewhere."""
    if not _is_whole(stored):
        says = "the tenant or the patient's id is not as any is written"
        key = StreamKey(*map(_legible, stored))
        yield Fault(key=key, version=1, code="unreadable", says=says)


def _is_whole(stored: StoredKey) -> bool:
    return all(isinstance(part, str) and is_unicode(part) for part in stored)


def is_unicode(text: str) -> bool:
    """Tell whether a text is as it was written: one read from a damaged file may hold bytes."""
    return text.isascii() or text == _legible(text)


def _legible(part: object) -> str:
    if isinstance(part, str):
        part = part.encode(errors="surrogateescape")
    return part.decode(errors="replace") if isinstance(part, bytes) else str(part)


def row_faults(
    key: StreamKey, rows: Sequence[Row], *, last_place: int | None = None
) -> Iterator[Fault]:
    """Check the chain, then that each text is an event, and what stands in the columns beside it.

    Args:
        key: The stream.
        rows: Its rows, in the order of versions.
        last_place: The last place on the feed that was given to any event, where it is known.
    """
    found = list(faults(key, rows))
    yield from found
    told = {fault.version for fault in found}
    place, recorded = 0, None
    for row in rows:
        version, text, position = row[0], row[1], cast("int", row[4])
        if type(version) is int and version not in told:
            event, says = _read(cast("str", text))
            code = "changed" if event else "unreadable"
            if event is not None:
                is_last = last_place is None or position <= last_place
                says = _beside(key, row, event, in_order=position > place and is_last)
                says = says or _backwards(event, recorded)
                recorded = event.recorded_at
            if says:
                yield Fault(key=key, version=version, code=code, says=says)
        place = position


def _read(text: str) -> tuple[Event | None, str]:
    """Read all of an event; give what is wrong with one that cannot be read."""
    try:
        event = read_event(text)
        if isinstance(event.body, Decided):
            _ = event.body.decision
    except CodecInvalid as error:
        return None, f"it cannot be read: {error.problems[0]}"
    return event, ""


def _beside(key: StreamKey, row: Row, event: Event, *, in_order: bool) -> str:
    version, _, _, event_id, _, previous = row
    if event.patient_id != key.patient_id:
        return "the event is about another patient"
    if event_id != event.id or previous != (cast("int", version) - 1 or None) or not in_order:
        return "the event's id, or its place, is not as it was written"
    return ""


def _backwards(event: Event, recorded: datetime | None) -> str:
    """Tell that no record can be made of a stream whose clock goes backwards."""
    is_backwards = recorded is not None and event.recorded_at < recorded
    return "the event was recorded before the one that it follows" if is_backwards else ""


def against_heads(
    heads: Iterable[Head], stored: Callable[[StreamKey, int], str | None]
) -> Iterator[Fault]:
    """Give what a store has lost, or has written anew, since heads were taken.

    Args:
        heads: What was kept.
        stored: Gives the hash stored at a version of a stream; `None` if it has no such version.
    """
    needed = "heads, as `heads()` gives"
    an_instance("heads", heads, Iterable, needed)
    for head in heads:
        an_instance("heads", head, Head, needed)
        found = stored(head.key, head.version) if head.version else GENESIS
        if found is None:
            says = f"version {head.version} was there and is not any more"
            yield Fault(key=head.key, version=head.version, code="cut", says=says)
        elif found != head.hash:
            says = f"version {head.version} is not the one that was there"
            yield Fault(key=head.key, version=head.version, code="changed", says=says)
