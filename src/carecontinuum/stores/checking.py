"""Comparing a store with heads that were kept elsewhere."""

from collections.abc import Callable, Iterable, Iterator

from carecontinuum.stores.chain import Fault, Head, StreamKey

__all__ = ["against_heads"]


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
