"""What is made of several facts is judged alike however a rule is evaluated."""

from datetime import date
from typing import Any

import pytest

from carecontinuum.rules import Date, Expression, Fact, Facts, Truth, Value, days_between, truth
from carecontinuum.rules.compiling import compiled

start, end = Date("start"), Date("end")
TRUTHS = {(0, 0): Truth.YES, (1, 0): Truth.UNKNOWN, (1, 1): Truth.NO}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (days_between(start, end) <= 30, Truth.UNKNOWN),
        (days_between(start, end) <= 3_000_000, Truth.YES),
        (days_between(start, end) > 4_000_000, Truth.NO),
        (end >= date.min, Truth.YES),
        (end > date.max, Truth.NO),
        (end >= date(2026, 3, 2), Truth.UNKNOWN),
    ],
)
def test_an_unknown_day_is_one_of_the_calendar(rule: Expression, expected: Truth) -> None:
    """A day that is not known lies within the calendar, which is enough for extreme bounds."""
    known: dict[Fact[Any], Value] = {start: date(2026, 3, 2)}
    assert truth(rule, Facts.of(known)) is expected
    values = {fact.id: value for fact, value in known.items()}
    assert TRUTHS[compiled([rule]).bounds(values)] is expected
