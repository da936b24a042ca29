"""Checked by type checkers only: conditions as a user writes them, and what their types are."""

from datetime import date
from decimal import Decimal
from typing import assert_type

from carecontinuum.rules import (
    All,
    AnyOf,
    Choice,
    Compare,
    Count,
    Criterion,
    Date,
    Expression,
    Facts,
    Flag,
    Known,
    Not,
    OneOf,
    Ordinal,
    Quantity,
    Truth,
    Unknown,
    at_least,
    criterion,
    days_between,
    total,
    truth,
)

sessions = Count("sessions")
stress, support = Ordinal("stress", hi=4), Ordinal("support", hi=4)
hours = Quantity("weekly_hours", unit="h")
stable = Flag("stable")
setting = Choice("setting", codes=("home", "shelter"))
assessed_on, today = Date("assessed_on"), Date("today")


@criterion(id="attends", version="1", reads=[sessions])
def attends(facts: Facts) -> Truth:
    """Read a fact, typed by the fact that asks."""
    match facts[sessions]:
        case Known(value=attended):
            assert_type(attended, int)
            return Truth.YES if attended >= 2 else Truth.NO
        case Unknown():
            return Truth.UNKNOWN


assert_type(attends, Criterion)
assert_type(sessions >= 2, Compare)
assert_type(hours >= Decimal("9.5"), Compare)
assert_type(hours >= 9, Compare)
assert_type(assessed_on >= date(2026, 3, 2), Compare)
assert_type(total(stress, support) < 6, Compare)
assert_type(days_between(assessed_on, today) <= 30, Compare)
assert_type(setting.one_of("home"), OneOf)

rule: Expression = (sessions >= 2) & stable | ~attends & at_least(1, of=[stable, stress <= 1])
parts: tuple[Expression, ...] = (stable & attends, stable | attends, ~stable)
facts = Facts.of({stable: True, hours: Decimal("9.5"), assessed_on: date(2026, 3, 2)})
assert_type(facts[hours], Known[int | Decimal] | Unknown)
assert_type(facts[assessed_on], Known[date] | Unknown)
assert_type(truth(rule, facts), Truth)
kinds: tuple[type[Expression], ...] = (All, AnyOf, Not)
