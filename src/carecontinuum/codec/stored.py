"""Reading the events that a store keeps, which `dumps` wrote."""

import json
from functools import cache, partial
from typing import Any, cast

from carecontinuum.codec.converting import Take
from carecontinuum.codec.documents import REFUSALS, loads
from carecontinuum.codec.kinds import DOCUMENTS, SCHEMA, fields_of, key_of
from carecontinuum.codec.prompt import PromptConversion, is_text
from carecontinuum.decisions import Decision
from carecontinuum.history import Decided, Event
from carecontinuum.history.making import unfrozen

__all__ = ["read_event"]

_EVENT = DOCUMENTS[Event]
_decode = json.JSONDecoder().raw_decode


class _StoredConversion(PromptConversion):
    """Reads JSON in which every text is Unicode, and writes what it reads in the JSON's place.

    It takes a body whose decision comes later as it is.
    """

    def class_taker(self, kind: type[Any]) -> Take:
        if kind is Event:
            return _event_taker(self.object_taker(Event, None, make=unfrozen(Event)))
        return _take_decided if kind is Decided else super().class_taker(kind)

    def object_taker(
        self, kind: type[Any], tag: str | None, *, make: type[Any] | None = None
    ) -> Take:
        fields = fields_of(kind)
        if any(field.alias != key_of(field) for field in fields):
            return super().object_taker(kind, tag)
        make = make or kind
        takers = {
            key_of(field): None if is_text(field.type) else self.taker(field.type)
            for field in fields
        }

        def take(value: dict[str, Any], _: object) -> Any:
            if value.pop("type", None) != tag:
                raise ValueError
            for key, item in value.items():
                read = takers[key]
                if read is not None:
                    value[key] = read(item, None)
                elif type(item) is not str:
                    raise ValueError
            return make(**value)

        return take


def _event_taker(take: Take) -> Take:
    """Give the function that reads an event, of one that reads what becomes an event."""

    def take_event(value: dict[str, Any], _: object) -> Event:
        made: Event = take(value, None)
        made.__class__ = Event
        made.__attrs_post_init__()
        return made

    return take_event


def _take_decided(value: dict[str, Any], _: object) -> Decided:
    if value.keys() != {"type", "decision"}:
        raise ValueError
    return cast("Decided", value["decision"])


@cache
def _taker() -> Take:
    return _StoredConversion([Event]).class_taker(Event)


def read_event(text: str | bytes) -> Event:
    """Read an event; the decision in it is read when it is first asked for.

    It reads what `loads` reads, and of a key that stands twice the last, as `dumps` never writes.

    Args:
        text: The JSON text, or its bytes in UTF-8.

    Raises:
        CodecInvalid: The text is no event; of a decision that is none, when it is asked for.
    """
    try:
        whole = text.decode() if isinstance(text, bytes) else text
        data = _object(whole)
        if data.pop("type") == _EVENT and data.pop("schema") == SCHEMA:
            body = data["body"]
            if body["type"] == Decided.TYPE:
                patient_id: str = body["decision"]["patient_id"]
                body["decision"] = Decided.later(patient_id, partial(_decision, whole))
            found: Event = _taker()(data, None)
            return found
    except REFUSALS:
        pass  # Read again below, slowly, to collect every problem with its place.
    return loads(Event, text)


def _object(text: str) -> dict[str, Any]:
    """Decode a JSON text in which every text is sure to be Unicode.

    Raises:
        ValueError: It is none, or has an escape, which may stand for half of a character.
    """
    if not text.isascii():
        text.encode()
    data: dict[str, Any]
    data, end = _decode(text)
    if end != len(text) or ("\\" in text and "\\u" in text):
        raise ValueError
    return data


def _decision(text: str) -> Decision:
    return cast("Decided", loads(Event, text).body).decision
