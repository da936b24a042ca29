"""JSON of everything: the same value comes back, the same value is the same text."""

import json
import traceback
from collections.abc import Callable
from datetime import UTC, date, time
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, cast, get_args
from zoneinfo import TZPATH, ZoneInfo

import attrs
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import carecontinuum as cc
from carecontinuum.canonical import Json
from carecontinuum.codec import (
    DOCUMENTS,
    SCHEMA,
    CodecInvalid,
    Kept,
    converting,
    documents,
    dumps,
    from_json,
    json_schema,
    loads,
    scalars,
    to_json,
)
from carecontinuum.codec.errors import Misfit
from carecontinuum.codec.upcasting import upcast
from carecontinuum.decisions import Decision, Stated, Verdict
from carecontinuum.facts import DaysAtLevel
from carecontinuum.history import Basis, Body, Event, EventSource, Moved, PatientRecord
from carecontinuum.policies import PlacementCriteria, PlacementRule
from carecontinuum.programs import Program
from carecontinuum.rules import Criterion, Facts, Truth, criterion
from codec.generated import BODIES, decided, events
from invented import DAYS, RISK, STABLE, START, event, level, program, record
from strategies import histories, programs


def _zone_file(name: str) -> bytes:
    """Give the bytes of a zone's file."""
    for folder in TZPATH:
        if (path := Path(folder) / name).is_file():
            return path.read_bytes()
    return files("tzdata.zoneinfo").joinpath(name).read_bytes()


CANARY = "CANARY-5521"
NAMELESS = _zone_file("Asia/Kolkata")
VALIDATORS = {kind: jsonschema.Draft202012Validator(json_schema(kind)) for kind in DOCUMENTS}
many = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=15)


def comes_back(value: object) -> None:
    """Check that a value is written, fits its schema, is read equal and written the same."""
    text = dumps(value)
    kind = type(value)
    VALIDATORS[kind].validate(json.loads(text))
    again = loads(kind, text)
    assert again == value
    assert dumps(again) == text


@pytest.mark.parametrize("kind", BODIES, ids=lambda kind: kind.__name__)
def test_an_event_of_every_kind_comes_back(kind: type) -> None:
    """Each body of the closed union is written and read without any loss."""

    @many
    @given(events([kind]))
    def law(value: Event) -> None:
        comes_back(value)

    law()


@many
@given(decided)
def test_a_decision_comes_back(value: Decision) -> None:
    """A decision, with every reason and value in it, is written and read without any loss."""
    comes_back(value)


@many
@given(histories())
def test_a_record_comes_back(history: list[Event]) -> None:
    """A patient's record, and a view of it, are written and read without any loss."""
    whole = PatientRecord.of("p-1", history)
    comes_back(whole)
    comes_back(whole.as_of(occurred=START))


@many
@given(programs())
def test_a_program_comes_back(value: Program) -> None:
    """A program of data comes back with the digest it had."""
    comes_back(value)
    assert loads(Program, dumps(value)).ref == value.ref


@pytest.mark.parametrize("name", cc.shipped_programs())
def test_shipped_programs_come_back(name: str) -> None:
    """Every shipped program comes back with the digest it had."""
    shipped = cc.shipped_program(name)
    comes_back(shipped)
    assert loads(Program, dumps(shipped)).ref == shipped.ref


def test_the_zone_that_a_moment_was_told_in_comes_back() -> None:
    """The zone counts for no equality, and is kept all the same."""

    @many
    @given(events([Moved]))
    def law(value: Event) -> None:
        again = loads(Event, dumps(value))
        assert str(again.occurred_at) == str(value.occurred_at)
        assert again.occurred_at.next_day() == value.occurred_at.next_day()

    law()


# ---------------------------------------------------------------------------------- what is refused


def problems(kind: type, data: object, **more: Any) -> dict[str, str]:
    """Give the code of each problem of JSON data by its path."""
    with pytest.raises(CodecInvalid) as caught:
        from_json(kind, data, **more)
    return {problem.path: problem.code for problem in caught.value.problems}


def changed(path: str, value: object) -> dict[str, Json]:
    """Give the JSON of an event with another value, or a further key, somewhere."""
    data: Any = to_json(event("f-0", Moved(level="op")))
    *steps, last = path.split(".")
    place = data
    for step in steps:
        place = place[step]
    place[last] = value
    return data  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("id", 7, "wrong-type"),
        ("id", None, "wrong-type"),
        ("id", "", "empty"),
        ("by", "dr", "wrong-type"),
        ("by.name", "x", "unknown-key"),
        ("body", {"type": "flew"}, "unknown-kind"),
        ("body", {"type": ["moved"]}, "unknown-kind"),
        ("body", "moved", "unknown-kind"),
        ("body.kind", "flight", "unknown-value"),
        ("body.kind", 3, "unknown-value"),
        ("basis", "guessed", "unknown-value"),
        ("occurred_at", "yesterday", "unreadable"),
        ("occurred_at", "2026-03-02T15:00:00", "unreadable"),
        ("occurred_at", "0001-01-01T00:00:00+00:00", "CC112"),
        ("occurred_at", {"instant": "2026-03-02T15:00:00Z"}, "wrong-type"),
        ("recorded_at", "0001-01-01T00:00:00+00:00", "CC112"),
        ("identifiers", {}, "wrong-type"),
        ("", {"id": 3}, "unknown-key"),
    ],
)
def test_what_does_not_fit_is_told_with_its_path(path: str, value: object, code: str) -> None:
    """Each misfit has the path to where it stands, and a code."""
    if not path:
        assert problems(Event, changed("else", value)) == {"else": code}
    else:
        assert problems(Event, changed(path, value)) == {path: code}


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ({"instant": "2026-03-02T15:00:00Z", "precision": "day", "zone": "Mars"}, "unknown-zone"),
        ({"instant": "2026-03-02T15:00:00Z", "precision": "day", "zone": "+99"}, "unknown-zone"),
        ({"instant": "2026-03-02T15:00:00Z", "precision": "hour", "zone": "UTC"}, "unknown-value"),
    ],
)
def test_a_moment_in_parts_is_checked(when: Json, code: str) -> None:
    """Precision and zone are among those that are."""
    assert problems(Event, changed("occurred_at", when)) == {"occurred_at": code}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"type": "program-adopted", "program": {}},
            {
                "body.program.id": "missing",
                "body.program.version": "missing",
                "body.program.digest": "missing",
            },
        ),
        (
            {
                "type": "program-adopted",
                "program": {"id": "a", "version": "1", "digest": "x"},
                "level_map": [["a", "b"], ["a"], ["a", 1]],
            },
            {"body.level_map[1]": "wrong-type", "body.level_map[2][1]": "wrong-type"},
        ),
        (
            {"type": "patient-recorded", "patient": {"id": "x", "birth_date": "20260302"}},
            {"body.patient.birth_date": "unreadable"},
        ),
        (
            {"type": "patient-recorded", "patient": {"id": "x", "birth_date": "2026-02-30"}},
            {"body.patient.birth_date": "unreadable"},
        ),
        ({"type": "patient-recorded", "patient": {"id": " "}}, {"body.patient.id": "empty"}),
        (
            {
                "type": "intake-recorded",
                "intake": {
                    "id": "i",
                    "at": "2026-03-02T15:00:00Z",
                    "daily_roles": [
                        {
                            "role": "work",
                            "slots": [{"weekday": True, "start": "17:00+01:00", "end": "five"}],
                        }
                    ],
                },
            },
            {
                "body.intake.daily_roles[0].slots[0].weekday": "wrong-type",
                "body.intake.daily_roles[0].slots[0].start": "unreadable",
                "body.intake.daily_roles[0].slots[0].end": "unreadable",
            },
        ),
    ],
)
def test_every_problem_is_told_at_once(body: Json, expected: dict[str, str]) -> None:
    """Problems are collected, each with its whole path."""
    assert problems(Event, changed("body", body)) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"type": "decimal", "value": "NaN"}, "unreadable"),
        ({"type": "decimal", "value": "many"}, "unreadable"),
        ({"type": "decimal"}, "wrong-type"),
        ({"type": "date", "value": 3}, "wrong-type"),
        (1.5, "unknown-kind"),
        ({"lo": 1}, "unknown-kind"),
        (None, "unknown-kind"),
    ],
)
def test_a_stated_value_is_of_one_of_the_known_kinds(value: Json, code: str) -> None:
    """A fact's value is a text, a whole number, true or false, an exact number or a day."""
    asked = _decision()
    data: Any = to_json(asked)
    data["request"]["stated"] = [{"fact": "x", "value": value}]
    assert problems(Decision, data) == {"request.stated[0].value": code}


def _decision(**stated: Any) -> Decision:
    return cc.decide(
        record(Moved(level="iop")),
        cc.step_down(to="op"),
        program=program(cc.requires(RISK <= 1, id="calm", citation="ours")),
        episode_id="e-1",
        at=START,
        by="dr-example",
        stated={RISK: 1},
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("{", "unreadable"),
        ("[" * 100_000, "unreadable"),
        (b"\xff", "unreadable"),
        ('{"a": 1, "a": 2}', "repeated"),
        ('{"a": NaN}', "not-finite"),
        ("[]", "wrong-type"),
        ("{}", "unknown-kind"),
        ('{"type": "event"}', "no-schema"),
        ('{"type": "event", "schema": true}', "no-schema"),
        ('{"type": "event", "schema": 0}', "no-schema"),
        ('{"type": "event", "schema": 99}', "newer-schema"),
        ('{"type": "record", "schema": 1}', "unknown-kind"),
    ],
)
def test_text_that_is_no_event_is_refused(text: str | bytes, code: str) -> None:
    """Broken text, keys said twice, other kinds and later schemas are told apart."""
    with pytest.raises(CodecInvalid) as caught:
        loads(Event, text)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize("data", [[1], "x", {"type": "moved", "schema": 1}])
def test_only_documents_stand_by_themselves(data: object) -> None:
    """A body or a number is no document, to be written or to be read."""
    assert problems(Moved, data) == {"": "unknown-kind"}
    with pytest.raises(CodecInvalid, match="none of `Event`"):
        dumps(Moved(level="op"))


def test_a_record_is_checked_as_a_history() -> None:
    """Events that cannot stand where they stand make no record."""
    data: Any = to_json(record(Moved(level="iop"), Moved(level="op")))
    data["patient_id"] = "somebody-else"
    assert set(problems(PatientRecord, data).values()) == {"CC302"}


@pytest.mark.parametrize(
    "changes",
    [
        {"note": "\ud800"},
        {"note": CANARY.encode()},
        {"identifiers": (cc.Coding(code=CANARY),)},
        {"identifiers": CANARY},
        {"basis": CANARY},
        {"source": EventSource(system=CANARY.encode())},  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_read_again_is_not_written(changes: dict[str, Any]) -> None:
    """A value of another type than declared, or no Unicode, is refused when it is written."""
    broken = attrs.evolve(event("f-0", Moved(level="op")), basis=Basis.REPORTED)
    for name, value in changes.items():
        object.__setattr__(broken, name, value)
    with pytest.raises(CodecInvalid) as caught:
        dumps(broken)
    assert CANARY not in str(caught.value)
    assert caught.value.__context__ is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.floats(),
        lambda part: (
            st.lists(part, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "schema", "id", "body", "event", "value", "moved"]),
                part,
                max_size=4,
            )
        ),
    )
)
@settings(max_examples=300, deadline=None)
def test_whatever_is_read_only_one_error_comes_of_it(data: object) -> None:
    """No JSON raises anything else than the error of this package."""
    given_ = {"type": "event", "schema": SCHEMA, **data} if isinstance(data, dict) else data
    for kind in DOCUMENTS:
        with pytest.raises(CodecInvalid):
            from_json(kind, given_)


def test_no_problem_repeats_a_value() -> None:
    """Whatever stands where it does not fit is not in the message, nor behind the error."""
    whole: Any = to_json(attrs.evolve(event("f-0", Moved(level="op")), note=CANARY))
    for key in [*whole, "else"]:
        for value in (CANARY, {CANARY: CANARY}, [CANARY], {"type": CANARY}):
            data = {**whole, key: value}
            try:
                from_json(Event, data)
            except CodecInvalid as error:
                assert CANARY not in str(error)
                assert error.__context__ is None
                assert error.__cause__ is None


@pytest.mark.parametrize(
    ("give", "value"),
    [
        (scalars.give_whole, True),
        (scalars.give_bool, 1),
        (scalars.give_number, float("nan")),
        (scalars.give_day, START),
        (scalars.give_time, time(9, tzinfo=UTC)),
        (scalars.give_decimal, Decimal("inf")),
        (scalars.give_zone, ZoneInfo.from_file(BytesIO(NAMELESS))),
        (scalars.take_number, float("inf")),
        (scalars.take_number, True),
    ],
)
def test_what_has_no_one_form_is_not_written(give: Callable[[Any], Any], value: object) -> None:
    """A number that is not finite, a zone without a name and the like have no JSON."""
    with pytest.raises(Misfit):
        give(value)


def test_a_zone_without_a_name_is_kept_as_the_offset_there_and_then() -> None:
    """What is no IANA zone and no fixed offset keeps its clock, though not its rules."""
    zone = ZoneInfo.from_file(BytesIO(NAMELESS))
    told = cc.When.on(date(2026, 3, 2), zone=zone)
    again = loads(Event, dumps(event("f-0", Moved(level="op"), occurred_at=told)))
    assert str(again.occurred_at) == "2026-03-02"
    assert again.occurred_at == told


class _Code(StrEnum):
    """A text that is a member of an enumeration too."""

    HOME = "home"


def test_a_member_that_is_a_text_is_written_as_that() -> None:
    """A stated value that is a text by inheritance comes back as the equal text."""
    asked = _decision()
    stated = (Stated(fact="living", value=_Code.HOME),)
    told = attrs.evolve(asked, request=attrs.evolve(asked.request, stated=stated))
    again = loads(Decision, dumps(told))
    assert again == told
    assert type(again.request.stated[0].value) is str
    strange = (Stated(fact="living", value=1.5),)  # type: ignore[arg-type]
    broken = attrs.evolve(asked, request=attrs.evolve(asked.request, stated=strange))
    with pytest.raises(CodecInvalid, match="a `float` has no JSON here"):
        dumps(broken)


def test_a_class_that_refuses_anything_else_is_told() -> None:
    """What a class raises becomes a problem with its place too."""
    data: Any = to_json(program())
    data["calendar"]["zone"] = "+01:00"
    assert problems(Program, data) == {"calendar": "CC113"}
    data = to_json(program())
    data["when_ungoverned"] = "permit"
    assert problems(Program, data) == {"when_ungoverned": "wrong-type"}
    rule = PlacementRule(id="r", level="iop", rule=RISK >= 1)
    data = to_json(program(placement=PlacementCriteria(id="c", version="1", rules=(rule,))))
    data["placement"]["rules"][0]["type"] = "rule"
    assert problems(Program, data) == {"placement.rules[0]": "unknown-kind"}


# ---------------------------------------------------------------------------------- what is kept


def test_unknown_keys_are_kept_and_written_again() -> None:
    """Keys that no class has, at any depth, come back out where they stood."""
    data: Any = to_json(record(Moved(level="iop"), Moved(level="op")))
    data["since"] = {"deep": [1, 2]}
    data["events"][1]["body"]["speed"] = None
    data["events"][0]["by"]["name"] = "x"
    assert set(problems(PatientRecord, data)) == {
        "since",
        "events[1].body.speed",
        "events[0].by.name",
    }
    kept = from_json(PatientRecord, data, unknown="keep")
    assert kept.value == record(Moved(level="iop"), Moved(level="op"))
    assert to_json(kept) == data
    assert loads(PatientRecord, dumps(kept), unknown="keep") == kept
    assert "deep" not in repr(kept)


def test_nothing_unknown_is_kept_as_nothing() -> None:
    """What has no unknown keys is kept with none, and other problems are still told."""
    whole = event("f-0", Moved(level="op"))
    assert loads(Event, dumps(whole), unknown="keep") == Kept(whole)
    assert problems(Event, changed("id", 3), unknown="keep") == {"id": "wrong-type"}
    both = {**changed("id", 3), "else": 1}
    assert problems(Event, both, unknown="keep") == {"id": "wrong-type"}


# ---------------------------------------------------------------------------------- programs


@criterion(id="comes_often", version="2", reads=[DAYS])
def comes_often(facts: Facts) -> Truth:
    """Tell nothing."""
    return Truth.UNKNOWN


@cc.policy(id="acme.family", version="3", citation="ours", reads=[DAYS])
def family(request: cc.TransitionRequest, facts: cc.Facts) -> None:
    """Say nothing."""


@attrs.frozen
class Elsewhere:
    """A source of a user's own."""

    def read(self, view: object) -> object:
        """Read nothing."""
        return None

    would_supply: str = "somebody"


def test_a_policy_that_is_code_is_given_again_or_refused() -> None:
    """Code stands by its id and version; whoever reads a program gives it, or is told its name."""
    whole = program(
        family,
        cc.requires(STABLE & comes_often, id="often", citation="ours"),
        cc.all_of(family, id="both", citation="ours"),
    )
    text = dumps(whole)
    VALIDATORS[Program].validate(json.loads(text))
    again = loads(Program, text, code=[family, comes_often])
    assert again == whole
    assert again.policies[0] is family
    with pytest.raises(CodecInvalid, match=r"`acme\.family` v3 is code, not data"):
        loads(Program, text, code=[comes_often])
    with pytest.raises(CodecInvalid, match="`comes_often` v2 is code, not data"):
        loads(Program, text, code=[family])
    kept = loads(Program, text, code=[family, comes_often], unknown="keep")
    assert kept.value == whole


def test_a_source_of_one_s_own_has_no_json() -> None:
    """A reading that this library does not know is refused by the name of its class."""
    whole = program(readings=(cc.Reading(DAYS, Elsewhere()),))  # type: ignore[arg-type]
    with pytest.raises(CodecInvalid, match="`Elsewhere` has no JSON"):
        dumps(whole)
    assert dumps(program(readings=(cc.Reading(DAYS, DaysAtLevel()),)))


# ---------------------------------------------------------------------------------- versions


def test_an_earlier_schema_becomes_the_latest() -> None:
    """Each version is brought to the next by what that version changed, and no further."""
    old: dict[str, Json] = {"type": "event", "schema": 1, "who": "x"}

    def renamed(data: dict[str, Json]) -> dict[str, Json]:
        return {"id": data["who"]}

    latest = upcast(old, "event", upcasters={("event", 2): renamed}, latest=4)
    assert latest == {"id": "x"}
    assert old["who"] == "x"
    with pytest.raises(Misfit, match="up to 3"):
        upcast({**old, "schema": 4}, "event", latest=3)


GOLDEN = Path(__file__).parents[1] / "fixtures" / "histories"


@pytest.mark.parametrize("line", (GOLDEN / "schema-1.jsonl").read_text("utf-8").splitlines())
def test_what_the_first_schema_wrote_is_read_for_ever(line: str) -> None:
    """Each kind of event that was ever written is read; what it means did not change."""
    found = loads(Event, line)
    comes_back(found)
    assert SCHEMA > 1 or dumps(found) == line


def test_every_body_has_a_name_of_its_own() -> None:
    """No two bodies share the name they are told by."""
    names = [body.TYPE for body in get_args(Body)]
    assert len(names) == len(set(names))
    assert isinstance(comes_often, Criterion)
    assert _decision().verdict is Verdict.PERMIT


def test_what_cannot_be_written_is_named_with_its_place() -> None:
    """What has no JSON is told by its path, all of it at once; nothing of it is repeated."""
    wrong: dict[str, Any] = {
        "note": 5,
        "site": CANARY,
        "basis": CANARY,
        "reason_code": b"x",
        "identifiers": (cc.Identifier(value=CANARY), cc.Identifier(value="\ud800")),
    }
    with pytest.raises(CodecInvalid) as caught:
        dumps(event("x", Moved(level=7), **wrong))  # type: ignore[arg-type]
    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("body.level", "wrong-type"),
        ("basis", "wrong-type"),
        ("site", "wrong-type"),
        ("identifiers[1].value", "no-unicode"),
        ("reason_code", "wrong-type"),
        ("note", "wrong-type"),
    ]
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_text_that_is_no_unicode_is_named_with_its_place() -> None:
    """A text that has JSON and no bytes is told by its path, in what was kept too."""
    told = event("x", Moved(level="op"), note="\ud800")
    for value in (told, Kept(told)):
        with pytest.raises(CodecInvalid, match=r"note: a text in it is no Unicode"):
            dumps(value)


def test_moments_numbers_and_mappings_have_places() -> None:
    """A moment, a number and what stands in a mapping are told by their paths too."""
    told = event("x", Moved(level="op"))
    object.__setattr__(told, "occurred_at", CANARY)
    with pytest.raises(CodecInvalid, match="occurred_at: needed is a moment"):
        dumps(told)
    hours = cc.ServiceHours(at_least=9)
    object.__setattr__(hours, "at_least", CANARY)
    levels = (level("op", 1, hours=(hours,)),)
    whole = program()
    object.__setattr__(whole.continuum, "levels", levels)
    object.__setattr__(whole, "when_ungoverned", {"step_down": CANARY})
    with pytest.raises(CodecInvalid) as caught:
        dumps(whole)
    assert {one.path for one in caught.value.problems} == {
        "continuum.levels[0].hours[0].at_least",
        "when_ungoverned.step_down",
    }
    assert CANARY not in str(caught.value)


def test_what_is_unknown_is_found_where_the_latest_version_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What an earlier version named or placed otherwise is upcast first, and then kept."""

    def to_next(data: dict[str, Any]) -> dict[str, Any]:
        rest = {key: item for key, item in data.items() if key not in ("author", "wrap")}
        return rest | (
            {"by": data["author"], "body": data["wrap"]["body"]} if "wrap" in data else {}
        )

    def with_next(value: object, kind: str) -> dict[str, Any]:
        return upcast(value, kind, upcasters={("event", 1): to_next}, latest=2)

    for module in (converting, documents):
        monkeypatch.setattr(module, "upcast", with_next)
    whole_event = event("f-0", Moved(level="op"))
    latest = to_json(whole_event)
    old = {key: item for key, item in latest.items() if key not in ("by", "body")}
    old["author"] = {**cast("dict[str, Any]", latest["by"]), "unknown": 1}
    old["wrap"] = {"body": {**cast("dict[str, Any]", latest["body"]), "unknown": 2}}
    record = {"type": "record", "schema": 1, "patient_id": whole_event.patient_id, "events": [old]}
    kept = from_json(Event, old, unknown="keep")
    assert kept == Kept(whole_event, ((("by", "unknown"), 1), (("body", "unknown"), 2)))
    whole = from_json(PatientRecord, record, unknown="keep")
    assert [path for path, _ in whole.unknown] == [
        ("events", 0, "by", "unknown"),
        ("events", 0, "body", "unknown"),
    ]


def test_digits_that_cannot_be_kept_are_refused() -> None:
    """A number that nobody knows is written again as it was, or is refused."""
    whole = dumps(event("f-0", Moved(level="op")))
    for number in ("0.1", "2.50", "1e3", "12345678901234567890123", "-0.0"):
        text = whole.replace("{", '{"unknown":' + number + ",", 1)
        assert Decimal(str(loads(Event, text, unknown="keep").unknown[0][1])) == Decimal(number)
    text = whole.replace("{", '{"unknown":123456789012345678901234567890.123456789,', 1)
    with pytest.raises(CodecInvalid, match="more digits than can be kept"):
        loads(Event, text, unknown="keep")
