"""Reading the events that a store keeps, which `dumps` wrote."""

import json
from functools import cache, partial
from typing import Any, cast

from carecontinuum.codec.converting import Take
from carecontinuum.codec.documents import REFUSALS, loads
from carecontinuum.codec.kinds import DOCUMENTS, SCHEMA
from carecontinuum.codec.prompt import PromptConversion
from carecontinuum.decisions import Decision
from carecontinuum.history import Decided, Event

__all__ = ["read_event"]

_EVENT = DOCUMENTS[Event]
_decode = json.JSONDecoder().raw_decode


class _StoredConversion(PromptConversion):
    """Takes a body whose decision comes later as it is."""

    def class_taker(self, kind: type[Any]) -> Take:
        return _take_decided if kind is Decided else super().class_taker(kind)


def _take_decided(value: dict[str, Any], _: object) -> Decided:
    if value.keys() != {"type", "decision"}:
        raise ValueError
    return cast("Decided", value["decision"])


@cache
def _taker() -> Take:
    return _StoredConversion([Event]).class_taker(Event)


def read_event(text: str) -> Event:
    """Read an event; the decision in it is read when it is first asked for.

    It reads what `loads` reads, and of a key that stands twice the last, as `dumps` never writes.

    Raises:
        CodecInvalid: The text is no event; of a decision that is none, when it is asked for.
    """
    try:
        data, end = _decode(text)
        if data.pop("type") == _EVENT and data.pop("schema") == SCHEMA and end == len(text):
            body = data["body"]
            if body["type"] == Decided.TYPE:
                patient_id = body["decision"]["patient_id"]
                body["decision"] = Decided.later(patient_id, partial(_decision, text))
            return cast("Event", _taker()(data, None))
    except REFUSALS:
        pass  # Read again below, slowly, to collect every problem with its place.
    return loads(Event, text)


def _decision(text: str) -> Decision:
    return cast("Decided", loads(Event, text).body).decision
