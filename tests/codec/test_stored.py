"""What a store keeps is read as it was written; decisions when they are asked for."""

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from carecontinuum.codec import CodecInvalid, dumps, loads, stored, to_json
from carecontinuum.codec.stored import read_event
from carecontinuum.decisions import Decision
from carecontinuum.history import Decided, Event, Moved
from codec.generated import events
from invented import event

GOLDEN = Path(__file__).parent / "golden" / "v1-decision.json"
DECISION = loads(Decision, GOLDEN.read_text())
DECIDED = to_json(event("d-1", Decided(decision=DECISION), patient_id=DECISION.patient_id))


@settings(deadline=None)
@given(events())
def test_what_was_written_is_read(whole: Event) -> None:
    """Read promptly or with every problem collected, an event is the same."""
    text = dumps(whole)
    assert read_event(text) == loads(Event, text) == whole
    assert dumps(read_event(text)) == text


def test_a_decision_is_read_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then only whom it is about is known, and then it is read once."""
    text = json.dumps(DECIDED)
    whole = loads(Event, text)
    read: list[str] = []

    def counted(kind: type[Event], text: str) -> Event:
        read.append(text)
        return loads(kind, text)

    monkeypatch.setattr(stored, "loads", counted)
    found = read_event(text)
    assert isinstance(found.body, Decided)
    assert found.body.patient_id == found.patient_id
    assert repr(found) == repr(whole)
    assert not read
    assert found == whole
    assert hash(found) == hash(whole)
    assert found.body.decision is found.body.decision
    assert len(read) == 1
    with pytest.raises(AttributeError):
        getattr(found.body, "verdict")  # noqa: B009


def test_two_threads_may_ask_for_a_decision_at_once() -> None:
    """Who saw that it was missing, and comes when another has read it, gets what that one read."""
    body = read_event(json.dumps(DECIDED)).body
    assert isinstance(body, Decided)
    first = body.decision
    late: Any = getattr(Decided, "__getattr__")  # noqa: B009
    assert late(body, "decision") is first


@pytest.mark.parametrize(
    "changed",
    [
        copy.copy,
        copy.deepcopy,
        lambda body: pickle.loads(pickle.dumps(body)),
        attrs.evolve,
    ],
)
def test_a_decision_that_was_not_read_is_copied_whole(changed: Any) -> None:
    """A copy has the decision, whatever made it."""
    text = json.dumps(DECIDED)
    assert changed(read_event(text).body) == loads(Event, text).body
    assert changed(read_event(text)) == loads(Event, text)


def test_a_decision_that_is_none_is_told_when_it_is_asked_for() -> None:
    """With its place; and again, when it is asked for again."""
    broken: Any = copy.deepcopy(DECIDED)
    del broken["body"]["decision"]["verdict"]
    body = read_event(json.dumps(broken)).body
    assert isinstance(body, Decided)
    for _ in range(2):
        with pytest.raises(CodecInvalid) as caught:
            body.decision  # noqa: B018
        assert [p.path for p in caught.value.problems] == ["body.decision.verdict"]


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        ("body", "more", 1),
        ("body", "decision", None),
        ("decision", "patient_id", "somebody else"),
        ("event", "schema", 99),
        ("event", "type", "record"),
        ("event", "id", 3),
        ("by", "id", 3),
        ("by", "type", "actor"),
    ],
)
def test_an_event_that_is_none_is_refused_at_once(place: str, key: str, value: object) -> None:
    """Only what the decision itself says may wait."""
    broken: Any = copy.deepcopy(DECIDED)
    body = broken["body"]
    places = {"event": broken, "by": broken["by"], "body": body, "decision": body["decision"]}
    places[place][key] = value
    with pytest.raises(CodecInvalid) as caught:
        read_event(json.dumps(broken))
    assert "somebody else" not in str(caught.value)


def test_what_histories_repeat_is_one_value() -> None:
    """Who says it, and a change told in codes, take memory once; what differs stays apart."""
    told = [dumps(event(f"m-{level}-{n}", Moved(level=level))) for n in (1, 2) for level in "ab"]
    first, other, again, _ = map(read_event, told)
    assert first.body is again.body
    assert first.by is again.by is other.by
    assert other.body == Moved(level="b")


def test_bytes_are_read_as_their_text() -> None:
    """A store gives them undecoded; what is no UTF-8, or half a character, is no event."""
    text = dumps(event("m", Moved(level="op"), note="☃ and \x07"))
    assert "\\u0007" in text
    assert read_event(text.encode()) == read_event(text) == loads(Event, text)
    half = text.replace("☃", "\\ud83d")
    for broken in (text.encode()[:-9] + b"\xff", half, half.encode(), text.encode("utf-16")):
        with pytest.raises(CodecInvalid):
            read_event(broken)


@pytest.mark.parametrize("text", ["", "[]", "3", "{}", "null", "{", json.dumps(DECIDED) + " {}"])
def test_what_is_no_event_is_refused(text: str) -> None:
    """Whatever stands there, the error is ours."""
    with pytest.raises(CodecInvalid):
        read_event(text)
