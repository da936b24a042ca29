"""Which values stand for all, fact by fact, and where they stop short of all."""

from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.rules import (
    All,
    Date,
    Expression,
    Fact,
    Quantity,
    Truth,
    criterion,
    days_between,
    total,
)
from carecontinuum.verification.space import Region, Space
from carecontinuum.verification.values import Cases, cases_of

RISK = cc.Ordinal("risk", hi=4)
VISITS = cc.Count("visits")
CALLS = cc.Count("calls")
HOURS = Quantity("hours", unit="h", hi=168)
MORE = Quantity("more_hours", unit="h")
HOME = cc.Choice("home", codes=("x", "y", "z"))
CODE = cc.Choice("code")
FLAG = cc.Flag("flag")
SEEN, DUE, TODAY = Date("seen"), Date("due"), Date("today")
CHAIN = [Date(f"day_{number}") for number in range(5)]
NINE, DAY = Decimal(9), date(2026, 3, 2)


def values(*conditions: Expression) -> dict[str, tuple[Any, ...]]:
    """Give the values to be tried, which must stand for all."""
    cases = cases_of(conditions, {})
    assert cases.exact
    return dict(cases.values)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([RISK >= 3], {"risk": (0, 3)}),
        ([RISK > 3, RISK <= 1], {"risk": (0, 2, 4)}),
        ([RISK.equals(2)], {"risk": (0, 2, 3)}),
        ([RISK.differs(0)], {"risk": (0, 1)}),
        ([RISK >= 9], {"risk": (0,)}),
        ([VISITS < 14], {"visits": (0, 14)}),
        ([HOURS >= NINE], {"hours": (0, 9)}),
        ([HOURS > NINE], {"hours": (0, Decimal("88.5"))}),
        ([MORE > NINE], {"more_hours": (0, Decimal("9.5"))}),
        ([FLAG], {"flag": (False, True)}),
        ([HOME.one_of("y")], {"home": ("x", "y")}),
        ([CODE.one_of("a", "b"), CODE.one_of("b")], {"code": ("a", "b", "(another code)")}),
        ([SEEN >= DAY], {"seen": (date(2026, 3, 1), DAY)}),
        ([total(VISITS, CALLS) >= 2], {"visits": (0, 1, 2, 3), "calls": (0, 1, 2, 3)}),
        ([total(RISK, CALLS) < 2], {"risk": (0, 1, 2, 3), "calls": (0, 1, 2, 3)}),
    ],
)
def test_one_value_stands_for_each_stretch(
    conditions: list[Expression], expected: dict[str, tuple[Any, ...]]
) -> None:
    """Values are tried that the comparisons tell apart, and no others."""
    assert values(*conditions) == expected


def test_days_are_reached_from_each_other() -> None:
    """Days between dates are tried at the bound and a day on either side."""
    found = values(days_between(SEEN, TODAY) <= 30, days_between(DUE, TODAY) >= 7)
    assert found["today"] == (date(2024, 1, 1),)
    assert found["seen"] == (date(2023, 12, 1), date(2023, 12, 2), date(2023, 12, 3))
    assert len(found["due"]) == 3


def test_days_are_reached_from_a_day_that_a_rule_names() -> None:
    """A date that is compared with a day gives its days to those that are counted from it."""
    found = values(SEEN >= DAY, days_between(SEEN, TODAY) <= 2)
    assert DAY in found["seen"]
    assert {date(2026, 3, 4), date(2026, 3, 5)} <= set(found["today"])


def test_days_beyond_the_calendar_are_left_out() -> None:
    """A number of days that no two dates are apart is always, or never, reached."""
    far = days_between(SEEN, TODAY) <= 999_999_999
    found = values(far)
    space = Space(found)
    assert space.region(far) == space.everything
    near = days_between(SEEN, TODAY) <= 2
    both = Space(values(far, near))
    assert both.region(far) == both.everything


def test_a_date_is_no_days_after_itself() -> None:
    """The days between a date and itself are none."""
    same = days_between(SEEN, SEEN) >= 0
    space = Space(values(same, SEEN >= DAY))
    assert space.size > 1
    assert space.region(same) == space.everything


@pytest.mark.parametrize(
    "condition",
    [
        total(VISITS, CALLS) >= 5000,
        total(HOURS, MORE) > NINE,
        All(
            [
                part
                for number, (one, other) in enumerate(combinations(CHAIN, 2))
                for part in (days_between(one, other) <= 7**number, one >= DAY, other <= DAY)
            ]
        ),
    ],
)
def test_what_cannot_be_exhausted_is_not_said_to_be(condition: Expression) -> None:
    """Large totals, totals of amounts and long chains of days are tried at edges only."""
    cases: Cases = cases_of([condition], {})
    assert not cases.exact
    assert all(cases.values.values())


@criterion(id="judged", version="1", reads=[SEEN, HOURS, VISITS, CODE, Fact("any")])
def judged(_facts: cc.Facts) -> Truth:
    """Stand for what only code can say."""
    return Truth.UNKNOWN


def test_what_only_code_reads_has_one_value() -> None:
    """Facts of a criterion alone are given any one value; a fact of no kind has none."""
    found = values(judged)
    assert found == {
        "seen": (date(2024, 1, 1),),
        "hours": (0,),
        "visits": (0,),
        "code": ("(another code)",),
        "any": (),
    }
    space = Space(found)
    assert space.region(judged) == Region(0, 1, 0, 1)


def test_limits_take_the_place_of_a_facts_own_values() -> None:
    """What the move fixes has one value, and what does not fit the fact is not known."""
    cases = cases_of([CODE.one_of("a") & HOME.one_of("x")], {"code": ("b",), "home": ("",)})
    assert cases.values == {"code": ("b",), "home": ()}
    space = Space(cases.values)
    assert space.region(CODE.one_of("a")) == ~space.everything
    assert space.region(HOME.one_of("x")) == Region(0, 0, 0, 0)


class Strange(Expression):
    """Not a condition of the algebra."""


def test_a_strange_condition_is_refused() -> None:
    """A condition of another making cannot be proved anything of."""
    with pytest.raises(TypeError, match="Strange"):
        Space({}).region(Strange())
