"""Which of some events are new to a stream: the part of appending that every store shares."""

from collections.abc import Callable, Iterable
from datetime import datetime

from carecontinuum.canonical import Json
from carecontinuum.codec import loads, to_json
from carecontinuum.history import AnotherPatientsEvent, Event, EventConflict, RecordedBackwards
from carecontinuum.stores.chain import StreamKey
from carecontinuum.stores.errors import StreamChanged
from carecontinuum.stores.reading import moment_of

__all__ = ["to_append"]


def to_append(
    given: Iterable[tuple[Event, str]],
    stored: Callable[[str], str | None],
    *,
    key: StreamKey,
    expected_version: int,
    found_version: int,
    recorded: datetime | None,
) -> list[tuple[Event, str]]:
    """Give the events, each with its text, that are not in a stream yet.

    Args:
        given: The events to be appended, each with the text it is stored as.
        stored: Gives the text stored under an event's id; `None` if there is none.
        key: The stream.
        expected_version: The version that whoever appends has seen.
        found_version: The version that the stream is at.
        recorded: When its last event was recorded; `None` for none, or where that cannot be told.

    Raises:
        AnotherPatientsEvent: An event is not about the patient whose stream it is.
        EventConflict: An id is there with other content, or twice among those given.
        StreamChanged: There is something new, and the stream is at another version.
        RecordedBackwards: Something new was recorded before what it would follow: of such a stream
            no record could ever be made.
    """
    new: dict[str, tuple[Event, str]] = {}
    for event, text in given:
        if event.patient_id != key.patient_id:
            raise AnotherPatientsEvent(event_id=event.id)
        there = stored(event.id) or new.get(event.id, (event, None))[1]
        if there is None:
            new[event.id] = (event, text)
        elif there != text and not _is_same(event, there):
            raise EventConflict(event_id=event.id)
    if new and expected_version != found_version:
        raise StreamChanged(expected=expected_version, found=found_version)
    for event, _ in new.values():
        if recorded is not None and event.recorded_at < recorded:
            raise RecordedBackwards(event_id=event.id)
        recorded = event.recorded_at
    return list(new.values())


def _is_same(event: Event, text: str) -> bool:
    """Tell whether a text is that of an event, save for the zones in which moments are told.

    Equal is not enough: in Python 0, 0.0 and `False` are equal, and in a record they are not.
    """
    there = loads(Event, text)
    return there == event and _alike(to_json(there), to_json(event))


def _alike(one: Json, other: Json) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        moment = moment_of(one)
        return moment is not None and moment == moment_of(other)
    return type(one) is type(other) and one == other
