"""Checking the rows of a store, and comparing a store with heads that were kept elsewhere."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from carecontinuum.stores.chain import Fault, Head, StreamKey, faults

__all__ = ["Row", "against_heads", "row_faults"]

Row: TypeAlias = tuple[int, str, str, str, int]
"""A version, its text and hash, the event's id and its place on the feed."""


def row_faults(key: StreamKey, rows: Sequence[Row]) -> Iterator[Fault]:
    """Check the chain, and then what stands in the columns beside each text."""
    found = list(faults(key, ((version, text, hash) for version, text, hash, _, _ in rows)))
    yield from found
    told = {fault.version for fault in found}
    last = 0
    for version, text, _, event_id, position in rows:
        if version not in told and (position <= last or json.loads(text)["id"] != event_id):
            says = "the event's id, or its place on the feed, is not as it was written"
            yield Fault(key=key, version=version, code="changed", says=says)
        last = position


def against_heads(
    heads: Iterable[Head], stored: Callable[[StreamKey, int], str | None]
) -> Iterator[Fault]:
    """Give what a store has lost, or has written anew, since heads were taken.

    Args:
        heads: What was kept.
        stored: Gives the hash stored at a version of a stream; `None` if it has no such version.
    """
    for head in heads:
        found = stored(head.key, head.version)
        if found is None:
            says = f"version {head.version} was there and is not any more"
            yield Fault(key=head.key, version=head.version, code="cut", says=says)
        elif found != head.hash:
            says = f"version {head.version} is not the one that was there"
            yield Fault(key=head.key, version=head.version, code="changed", says=says)
