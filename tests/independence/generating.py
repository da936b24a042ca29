"""Rules and facts made by chance from a seed, each told to us and to the engine.

The two differ where something is missing. To us a missing number lies in the range of its fact, so
that a comparison with a bound outside of the range is certain: a `risk` of 0 to 4 is at least 0,
known or not. To CQL a missing value is `null`, and every comparison with it is `null`. So there are
two kinds of cases:

* `NULLS`: every number may be anything within a million, far beyond every bound and every total of
  bounds. No range decides anything, and what is missing is told to the engine as `null`.
* `SPANS`: numbers have the ranges that they have in care, and the engine is told between what a
  missing one lies. CQL's own arithmetic of uncertainties must then find what ours finds of spans.
  Of some days only the month is told. Bounds of days are in the middle of a month, since CQL
  does not find that a day in March is on or before March 31.

Fractions are quarters, since the engine's decimals are binary. No total takes in every fact, no
criterion is there (it is code), and the codes of the choice are open, so that none is left out.
"""

import calendar
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias

import attrs

from carecontinuum.rules import (
    All,
    AnyOf,
    AtLeast,
    Choice,
    Compare,
    Count,
    Date,
    Expression,
    Fact,
    Flag,
    Not,
    NumberFact,
    Op,
    Ordinal,
    Quantity,
    Total,
    Unknown,
    days_between,
)

__all__ = ["NULLS", "SPANS", "Told", "Vocabulary", "made_rule", "made_values"]

Told: TypeAlias = dict[Fact[Any], tuple[object, Any]]
"""What is told of each fact: to us, and to the engine as JSON."""

FAR = 1_000_000
HOUSED, STABLE = Flag("housed"), Flag("stable")
SETTING = Choice("setting")
CODES = ("home", "shelter", "street", "hospital")
ASSESSED, DECIDED = Date("assessed_on"), Date("decided_on")
DEPTH = 3


@attrs.frozen(kw_only=True)
class Vocabulary:
    """The numbers that rules are made of.

    Attributes:
        numbers: What can be compared, with the least and the greatest value told of each.
        totals: What can be added.
        spans: Whether the engine is told between what a missing number lies.
    """

    numbers: dict[NumberFact | Quantity, tuple[int, int]]
    totals: tuple[Total, ...]
    spans: bool


def _vocabulary(
    risk: Ordinal, stress: Ordinal, days: Count, hours: Quantity, extra: Quantity, *, spans: bool
) -> Vocabulary:
    return Vocabulary(
        numbers={risk: (0, 4), stress: (0, 4), days: (0, 30), hours: (0, 20), extra: (0, 20)},
        totals=(Total((risk, stress)), Total((risk, stress, days)), Total((hours, extra))),
        spans=spans,
    )


NULLS = _vocabulary(
    Ordinal("risk", lo=-FAR, hi=FAR),
    Ordinal("stress", lo=-FAR, hi=FAR),
    Count("days", lo=-FAR),
    Quantity("hours", unit="h", lo=-FAR),
    Quantity("extra_hours", unit="h", lo=-FAR),
    spans=False,
)
SPANS = _vocabulary(
    Ordinal("risk", hi=4),
    Ordinal("stress", hi=4),
    Count("days", hi=30),
    Quantity("hours", unit="h", hi=20),
    Quantity("extra_hours", unit="h", hi=20),
    spans=True,
)


def made_rule(chance: Random, words: Vocabulary, depth: int = DEPTH) -> Expression:
    """Make a rule."""
    if depth == 0 or chance.random() < 1 / 4:
        return _leaf(chance, words)
    match chance.randrange(4):
        case 0:
            return Not(made_rule(chance, words, depth - 1))
        case join:
            parts = tuple(made_rule(chance, words, depth - 1) for _ in range(chance.randint(2, 4)))
    if join == 1:
        return AtLeast(chance.randint(1, len(parts)), parts)
    return All(parts) if join == 2 else AnyOf(parts)


def _leaf(chance: Random, words: Vocabulary) -> Expression:
    op = chance.choice(list(Op))
    match chance.randrange(8):
        case 0:
            return chance.choice((HOUSED, STABLE))
        case 1:
            return SETTING.one_of(*chance.sample(CODES, chance.randint(1, 3)))
        case 2:
            return Compare(chance.choice((ASSESSED, DECIDED)), op, _mid_month(chance))
        case 3:
            return Compare(days_between(ASSESSED, DECIDED), op, chance.randint(-60, 120))
        case 4 | 5:
            added = chance.choice(words.totals)
            limits = [words.numbers[part] for part in added.parts]
            least, greatest = sum(lo for lo, _ in limits), sum(hi for _, hi in limits)
            return Compare(added, op, _number(chance, added.parts[0], least - 1, greatest + 1))
        case _:
            fact, (lo, hi) = chance.choice(list(words.numbers.items()))
            return Compare(fact, op, _number(chance, fact, lo - 1, hi + 1))


def _mid_month(chance: Random) -> date:
    return date(2026, chance.randint(1, 6), 15)


def _number(chance: Random, fact: NumberFact | Quantity, lo: int, hi: int) -> int | Decimal:
    """Make a number between two others, so that the ends come as well."""
    if isinstance(fact, Quantity):
        return Decimal(chance.randint(lo * 4, hi * 4)) / 4
    return chance.randint(lo, hi)


def made_values(chance: Random, words: Vocabulary) -> Told:
    """Make what is known: about a third of the facts are missing."""
    told: Told = {flag: _told(chance, flag, chance.random() < 1 / 2) for flag in (HOUSED, STABLE)}
    told[SETTING] = _told(chance, SETTING, chance.choice(CODES))
    for day in (ASSESSED, DECIDED):
        told[day] = _told_day(chance, spans=words.spans)
    for fact, (lo, hi) in words.numbers.items():
        missing = _told_span(chance, fact, lo, hi) if words.spans else (Unknown(), None)
        value = _number(chance, fact, lo, hi)
        told[fact] = missing if _is_missing(chance) else (value, float(value))
    return told


def _is_missing(chance: Random) -> bool:
    return chance.random() < 1 / 3


def _told(chance: Random, fact: Fact[Any], value: object) -> tuple[object, Any]:
    return (Unknown(), None) if _is_missing(chance) else (value, value)


def _told_day(chance: Random, *, spans: bool) -> tuple[object, Any]:
    """Tell a day, its month, or nothing."""
    if _is_missing(chance):
        return Unknown(), None
    month = chance.randint(1, 6)
    last = calendar.monthrange(2026, month)[1]
    if spans and _is_missing(chance):
        bounds = Unknown(lo=date(2026, month, 1), hi=date(2026, month, last))
        return bounds, {"day": f"2026-{month:02}"}
    day = date(2026, month, chance.randint(1, last))
    return day, {"day": day.isoformat()}


def _told_span(chance: Random, fact: NumberFact | Quantity, lo: int, hi: int) -> tuple[object, Any]:
    """Tell between what a number lies; to us only what its range does not say already."""
    one, other = sorted(_number(chance, fact, lo, hi) for _ in range(2))
    least, greatest = chance.choice(((None, None), (one, None), (None, other), (one, other)))
    span = {
        "lo": float(lo if least is None else least),
        "hi": float(hi if greatest is None else greatest),
    }
    return Unknown(lo=least, hi=greatest), span
