"""No record shows anybody: neither in a repr, nor in an error, nor in what leads to one."""

import copy
import pickle
import traceback
import types
import typing
from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import Enum

import attrs
import pytest

import recorded
from carecontinuum import records
from carecontinuum.canonical import canonical_json
from carecontinuum.errors import CareContinuumError
from recorded import CANARY, CODED, MONDAY

OPEN = {"instrument", "edition", "level", "item"}
"""Texts that are codes of the application's own and may be shown."""
SHOWN: set[type[attrs.AttrsInstance]] = {
    found
    for name in records.__all__
    if isinstance(found := getattr(records, name), type) and attrs.has(found)
}
"""Every class of a record, and of what it is made of."""
DEFINITIONS = {
    records.Instrument,
    records.Item,
    records.ItemTotal,
    records.Band,
    records.Banding,
    records.Indicator,
}
"""Classes that say nothing about a patient."""
SCORES = {records.BandScore, records.IndicatorScore, records.Score, records.TotalScore}
WEEKS = {records.ReceivedHours, records.ReceivedWeek}


def within(value: object) -> Iterator[object]:
    """Give a value and everything inside it."""
    yield value
    if isinstance(value, tuple):
        parts: tuple[object, ...] = value
    elif attrs.has(type(value)):
        parts = tuple(getattr(value, field.name) for field in attrs.fields(type(value)))  # type: ignore[arg-type]
    else:
        parts = ()
    for part in parts:
        yield from within(part)


VALUES = [
    value
    for record in recorded.RECORDS
    for value in within(record)
    if type(value).__module__.startswith("carecontinuum.records") and not isinstance(value, Enum)
]


def test_there_is_an_example_of_each_record() -> None:
    """Every class of a record stands in the examples, with no field left at its default."""
    assert {type(value) for value in VALUES} == SHOWN - DEFINITIONS - SCORES - WEEKS


def test_records_show_nobody() -> None:
    """What identifies somebody is in no repr and no text."""
    texts = [text for value in VALUES for text in (repr(value), str(value))]
    assert [text for text in texts if CANARY in text or CODED in text] == []


def test_records_are_values() -> None:
    """A record that is copied or pickled is equal to itself, and has one canonical form."""
    for value in recorded.RECORDS:
        for again in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
            assert again == value
            assert hash(again) == hash(value)
            assert canonical_json(again) == canonical_json(value)


@pytest.mark.parametrize(
    "kind", sorted(SHOWN - DEFINITIONS, key=str), ids=lambda kind: kind.__name__
)
def test_texts_and_days_are_kept_out_of_reprs(kind: type[attrs.AttrsInstance]) -> None:
    """A field of a record that is a text, a day or a moment says so by `repr=False`."""
    hints = typing.get_type_hints(kind)
    shown = {
        field.name
        for field in attrs.fields(kind)
        if field.repr and _parts(hints[field.name]) & {str, date, datetime}
    }
    assert shown - OPEN - {"id", "total", "missing", "unassessed"} == set()
    assert kind in SCORES or "id" not in shown


def _parts(hint: object) -> set[object]:
    inner = [found for part in typing.get_args(hint) for found in _parts(part)]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is tuple:
        return set(inner)
    return {hint, *inner}


ATTEMPTS: dict[str, Callable[[], object]] = {
    "patient": lambda: records.Patient(id="", name=CANARY, gender=CANARY, birth_date=MONDAY),  # type: ignore[arg-type]
    "assessment": lambda: records.Assessment(
        id="", instrument=CANARY, edition="", at=MONDAY, ratings={CANARY: -7731}
    ),
    "plan": lambda: recorded.plan(
        status=CANARY, goals=(recorded.goal(description="", problems=(CANARY,)),)
    ),
    "service": lambda: recorded.service(kind=CANARY, minutes=CANARY),
    "aftercare": lambda: recorded.aftercare_plan(
        check_ins=(recorded.check_in(outcome=CANARY, due=CANARY), recorded.check_in())
    ),
    "attendance": lambda: records.Attendance(sessions=(recorded.session(), recorded.session())),
    "authorization": lambda: recorded.authorization(unit=CANARY, last_day=date(2001, 1, 1)),
    "consent": lambda: recorded.consent(never_expires=True, purpose=CANARY),
    "intake": lambda: records.DailyRole(role=CANARY),  # type: ignore[arg-type]
    "party": lambda: records.Party(name="", classes=(CANARY,)),
    "request": lambda: records.DisclosureRequest(
        episode_ids=(CANARY, CANARY),
        scope={CANARY},  # type: ignore[arg-type]
        recipient=recorded.PARTY,
        discloser=recorded.PARTY,
        purpose=CANARY,  # type: ignore[arg-type]
    ),
    "claim": lambda: records.ExemptionClaimed(exemption=CANARY, no_consent=CANARY),  # type: ignore[arg-type]
    "relapse": lambda: recorded.relapse_plan(version=0, triggers=("", CANARY)),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=list(ATTEMPTS))
def test_errors_show_nobody(attempt: Callable[[], object]) -> None:
    """What was given is in no message, no problem and no traceback."""
    with pytest.raises(records.RecordInvalid) as caught:
        attempt()
    error: CareContinuumError = caught.value
    texts = [str(error), repr(error), repr(error.parts), repr(error.__context__)]
    assert [text for text in (*texts, *_traceback(error)) if CANARY in text] == []
    assert "7731" not in str(error)
    assert pickle.loads(pickle.dumps(error)) == error


def _traceback(error: BaseException) -> list[str]:
    """Format a traceback without the lines of this file, which name the canary."""
    lines = traceback.format_exception(error)
    return [line for line in lines if "test_privacy" not in line]
