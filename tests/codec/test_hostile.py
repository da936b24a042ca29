"""JSON that nobody means well with: it is refused with one error, and nothing of it gets stuck."""

import json
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from cattrs.errors import ForbiddenExtraKeysError
from hypothesis import given, settings, strategies as st

import carecontinuum as cc
from carecontinuum.canonical import Json
from carecontinuum.codec import CodecInvalid, Kept, documents, dumps, from_json, loads, to_json
from carecontinuum.codec.converting import Conversion
from carecontinuum.history import AssessmentRecorded, Event, Moved, PatientRecord
from carecontinuum.programs import Program
from carecontinuum.records import Assessment
from codec.generated import events
from invented import DAYS, RISK, STABLE, START, event, program, record

HOURS = cc.Quantity("hours", unit="h")
TEXT = dumps(event("f-0", Moved(level="op")))


def holding(part: str) -> str:
    """Give the text of an event that holds something further."""
    return f'{TEXT[:-1]},"later":{part}}}'


def codes(error: CodecInvalid) -> list[str]:
    """Give the code of each problem."""
    return [problem.code for problem in error.problems]


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("1e999", "not-finite"),
        ("[-1e999]", "not-finite"),
        ("-Infinity", "not-finite"),
        ('"\\ud800"', "no-json"),
        ('{"a":1,"a":1}', "repeated"),
        ("9" * 5000, "unreadable"),
        ("[" * 200_000 + "]" * 200_000, "unreadable"),
    ],
)
def test_what_could_not_be_written_again_is_not_kept(part: str, code: str) -> None:
    """A further key is kept only if what stands there is JSON that can be written."""
    with pytest.raises(CodecInvalid) as caught:
        loads(Event, holding(part), unknown="keep")
    assert codes(caught.value) == [code]


@pytest.mark.parametrize("depth", [1, 400, 700, 960])
def test_what_is_deep_is_kept_or_refused(depth: int) -> None:
    """A further key of any depth is written again as it was, or told to be too deep."""
    text = holding("[" * depth + "]" * depth)
    try:
        kept = loads(Event, text, unknown="keep")
        again = json.loads(dumps(kept))
    except CodecInvalid as error:
        assert depth > 500
        assert set(codes(error)) <= {"no-json", "no-unicode", "unreadable"}
    else:
        assert json.dumps(again["later"]) == json.dumps(json.loads(text)["later"])


@pytest.mark.parametrize(
    "more",
    [
        {"later": object()},
        {"later": float("nan")},
        {"later": (1, 2)},
        {3: 4, "later": 5},
        {"later": {3: 4, "3": 5}},
    ],
)
def test_data_that_is_no_json_is_refused(more: dict[Any, Any]) -> None:
    """What no JSON text gives is neither kept nor does it raise anything else."""
    data = {**json.loads(TEXT), **more}
    for unknown in ("refuse", "keep"):
        with pytest.raises(CodecInvalid):
            from_json(Event, data, unknown=unknown)


@pytest.mark.parametrize(
    "unknown",
    [
        (("later",), object()),
        (("later",), float("inf")),
        (("no", "such"), 1),
        (("id", "x"), 1),
        ((), 1),
    ],
)
def test_what_was_kept_by_hand_is_checked_when_it_is_written(unknown: Any) -> None:
    """A `Kept` of somebody's own must hold JSON, at places that exist."""
    with pytest.raises(CodecInvalid):
        dumps(Kept(event("f-0", Moved(level="op")), (unknown,)))


def test_data_used_twice_is_kept_twice() -> None:
    """Data of which one object stands in two places is read like its text."""
    data: Any = to_json(record(Moved(level="iop"), Moved(level="op")))
    by = {"id": "dr-example", "later": 1}
    for told in data["events"]:
        told["by"] = by
    kept = from_json(PatientRecord, data, unknown="keep")
    assert [path for path, _ in kept.unknown] == [("events", n, "by", "later") for n in (0, 1)]
    assert to_json(kept) == data


def test_text_that_is_no_unicode_is_not_read() -> None:
    """Half of a character is refused where it stands, as a value or as a key."""
    with pytest.raises(CodecInvalid) as caught:
        loads(Event, TEXT.replace('"f-0"', '"\\udc00"'))
    assert [(p.path, p.code) for p in caught.value.problems] == [("id", "no-unicode")]
    rated = Assessment(
        id="a", instrument="invented", edition="1", at=START, by="dr-example", ratings={"rest": 1}
    )
    text = dumps(event("f-1", AssessmentRecorded(assessment=rated)))
    with pytest.raises(CodecInvalid) as caught:
        loads(Event, text.replace('"rest"', '"\\ud800"'))
    assert codes(caught.value) == ["no-unicode"]
    assert loads(Event, TEXT.replace('"f-0"', '"\\ud83d\\ude00é"')).id == "😀é"


@pytest.mark.parametrize(
    "number",
    ["1E+999999999", "-1E+999999999", "1E-999999999", "1" * 4000, "1e3", "1_000", "１", " 17"],
)
def test_an_exact_number_out_of_all_bounds_is_refused_at_once(number: str) -> None:
    """A number that would fill the memory as a whole number is refused like any other."""
    data: Any = to_json(program(cc.requires(HOURS >= 9, id="a", citation="ours")))
    data["policies"][0]["rule"]["bound"] = {"type": "decimal", "value": number}
    with pytest.raises(CodecInvalid) as caught:
        from_json(Program, data)
    assert number not in str(caught.value)


def test_a_rule_of_any_depth_is_refused_with_one_error() -> None:
    """Rules in rules, deeper than Python goes, raise nothing else."""
    data: Any = to_json(program(cc.requires(STABLE & (HOURS >= 9), id="a", citation="ours")))
    rule = data["policies"][0]["rule"]
    for _ in range(2000):
        rule = {"type": "not", "part": rule}
    data["policies"][0]["rule"] = rule
    with pytest.raises(CodecInvalid):
        from_json(Program, data)
    with pytest.raises(CodecInvalid):
        from_json(Program, data, unknown="keep")


def places(data: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path of everything in JSON data."""
    items: Any = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    for step, part in items:
        yield (*path, step)
        yield from places(part, (*path, step))


WHOLE = cc.shipped_program("community")
odd: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 10**400, 1.5, "", "x", [], ["x"], {}, {"type": "x"}, "1E+999999999", [[]]]
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_program_with_anything_anywhere_raises_one_error(data: st.DataObject) -> None:
    """Whatever stands instead of a part of a program, it is read, or refused with one error."""
    whole: Any = to_json(WHOLE)
    *steps, last = data.draw(st.sampled_from(list(places(whole))))
    place = whole
    for step in steps:
        place = place[step]
    if data.draw(st.booleans()):
        del place[last]
    else:
        place[last] = data.draw(odd)
    try:
        found = from_json(Program, whole)
    except CodecInvalid:
        return
    assert loads(Program, dumps(found)) == found


@settings(deadline=None)
@given(events(), st.data())
def test_both_ways_of_reading_agree(whole: Event, data: st.DataObject) -> None:
    """What is read at once is what is read with every problem collected, and refused alike."""
    changed: Any = to_json(whole)
    *steps, last = data.draw(st.sampled_from(list(places(changed))))
    place = changed
    for step in steps:
        place = place[step]
    match data.draw(st.sampled_from(["leave", "remove", "add", "replace"])):
        case "remove":
            del place[last]
        case "add" if isinstance(place, dict):
            place["what nobody knows"] = 3
        case "replace":
            place[last] = data.draw(odd)
        case _:
            pass

    def read(conversion: Conversion) -> object:
        try:
            return conversion.taker(Event)(changed, Event)
        except (*documents.REFUSALS, ForbiddenExtraKeysError):
            return None

    assert read(documents._prompt_conversion()) == read(documents._conversion())


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(TEXT) - 1))
def test_text_that_is_cut_off_is_refused(end: int) -> None:
    """A text that ends too early is no event."""
    with pytest.raises(CodecInvalid):
        loads(Event, TEXT[:end])
    with pytest.raises(CodecInvalid):
        loads(Event, TEXT.encode()[:end])


@attrs.frozen(kw_only=True)
class Badge(cc.Identifier):
    """An identifier of somebody's own."""

    colour: str = ""


def test_a_class_made_from_one_of_the_librarys_is_not_written_as_that() -> None:
    """What it has besides would be lost without a word."""
    badge = Badge(system="urn:x", value="1", colour="red")
    with pytest.raises(CodecInvalid, match="needed is a `Identifier`"):
        dumps(event("f-0", Moved(level="op"), identifiers=(badge,)))


def test_numbers_that_are_added_keep_their_kinds() -> None:
    """A total of a count, a rating, an age and an amount comes back with each as it was."""
    whole = program(
        cc.requires(cc.total(DAYS, cc.Count("more", unit="days")) <= 9, id="a", citation="ours"),
        cc.requires(cc.total(RISK, cc.Ordinal("mood", hi=4)) <= 3, id="b", citation="ours"),
        cc.requires(cc.total(HOURS, cc.Quantity("rest", unit="h")) >= 9, id="c", citation="ours"),
    )
    assert loads(Program, dumps(whole)) == whole
