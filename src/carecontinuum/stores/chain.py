"""The chain over a stream: each event's hash covers its text and all that stands before it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import attrs

__all__ = ["GENESIS", "Fault", "Head", "StreamKey", "chained", "faults"]

GENESIS = ""
"""The hash before the first event."""


@attrs.frozen(order=True)
class StreamKey:
    """Whose stream.

    Attributes:
        tenant: The organisation, an id; empty where there is only one.
        patient_id: An opaque id of the patient; never shown in a repr.
    """

    tenant: str
    patient_id: str = attrs.field(repr=False)


@attrs.frozen(order=False, kw_only=True)
class Head:
    """Where a stream ends: kept elsewhere, it proves later that nothing was cut off.

    Attributes:
        key: The stream.
        version: How many events it has.
        hash: The hash of the last; empty for none.
    """

    key: StreamKey
    version: int
    hash: str


@attrs.frozen(order=False, kw_only=True)
class Fault:
    """Something in a stored history that cannot be as it was written.

    Attributes:
        key: The stream.
        version: The event's place in it, from 1.
        code: `changed`, what was written is another; `missing`, an event before it was taken out;
            `cut`, a head tells of an event that is not there; `unreadable`, no event can be read.
        says: What was seen.
    """

    key: StreamKey
    version: int
    code: str
    says: str


def chained(key: StreamKey, version: int, text: str, before: str) -> str:
    """Give the hash of an event: 64 hexadecimal digits over its place, its text and what precedes.

    Args:
        key: The stream.
        version: The event's place in it, from 1.
        text: The event as it is stored.
        before: The hash of the event before; `GENESIS` for the first.
    """
    hasher = hashlib.sha256()
    for part in (before, key.tenant, key.patient_id, str(version), text):
        raw = part.encode("utf-8", "surrogatepass")
        hasher.update(len(raw).to_bytes(8, "big"))
        hasher.update(raw)
    return hasher.hexdigest()


def faults(key: StreamKey, rows: Iterable[Sequence[object]]) -> Iterator[Fault]:
    """Check the chain over a stream's rows of version, text and hash, in the order of versions.

    Nothing is taken for granted: a damaged file may give bytes where a text or a number was.
    """
    expected, before = 1, GENESIS
    for version, text, hash, *_ in rows:
        if type(version) is not int:
            yield Fault(key=key, version=expected, code="unreadable", says="a version is no number")
            continue
        whole = type(text) is str and type(hash) is str
        if version != expected:
            yield Fault(key=key, version=expected, code="missing", says=_gap(expected, version))
        elif not whole:
            says = "the event or its hash is not stored as a text"
            yield Fault(key=key, version=version, code="unreadable", says=says)
        elif chained(key, version, cast("str", text), before) != hash:
            says = "the event, or one before it, is not as it was written"
            yield Fault(key=key, version=version, code="changed", says=says)
        expected, before = version + 1, str(hash)


def _gap(expected: int, found: int) -> str:
    if expected == 1:
        return f"the first event is missing: the stream begins with version {found}"
    return f"after version {expected - 1} stands {found}"
