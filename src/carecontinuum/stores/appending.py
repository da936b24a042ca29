"""Which of some events are new to a stream: the part of appending that every store shares."""

from collections.abc import Callable, Iterable

from carecontinuum.codec import loads
from carecontinuum.history import AnotherPatientsEvent, Event, EventConflict
from carecontinuum.stores.chain import StreamKey
from carecontinuum.stores.errors import StreamChanged

__all__ = ["to_append"]


def to_append(
    given: Iterable[tuple[Event, str]],
    stored: Callable[[str], str | None],
    *,
    key: StreamKey,
    expected_version: int,
    found_version: int,
) -> list[tuple[Event, str]]:
    """Give the events, each with its text, that are not in a stream yet.

    Args:
        given: The events to be appended, each with the text it is stored as.
        stored: Gives the text stored under an event's id; `None` if there is none.
        key: The stream.
        expected_version: The version that whoever appends has seen.
        found_version: The version that the stream is at.

    Raises:
        AnotherPatientsEvent: An event is not about the patient whose stream it is.
        EventConflict: An id is there with other content, or twice among those given.
        StreamChanged: There is something new, and the stream is at another version.
    """
    new: dict[str, tuple[Event, str]] = {}
    for event, text in given:
        if event.patient_id != key.patient_id:
            raise AnotherPatientsEvent(event_id=event.id)
        there = stored(event.id) or new.get(event.id, (event, None))[1]
        if there is None:
            new[event.id] = (event, text)
        elif there != text and loads(Event, there) != event:
            raise EventConflict(event_id=event.id)
    if new and expected_version != found_version:
        raise StreamChanged(expected=expected_version, found=found_version)
    return list(new.values())
