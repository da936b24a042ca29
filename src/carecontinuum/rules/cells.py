"""The values of a fact that conditions can tell apart."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from carecontinuum.rules.comparisons import Compare
from carecontinuum.rules.expressions import Expression, Leaf, leaves
from carecontinuum.rules.fact import Fact
from carecontinuum.rules.kinds import Choice, Date, Flag, NumberFact, OneOf, Quantity
from carecontinuum.rules.values import Value

__all__ = ["MANY", "representatives"]

MANY = 64
"""The most values of a number that are all given; of more, the ends and those about each bound."""
ANOTHER_CODE = "another"


def representatives(fact: Fact[Any], conditions: Iterable[Expression]) -> tuple[Value, ...]:
    """Give values of a fact such that conditions that compare it alone tell no others apart.

    A number of at most `MANY` values gives all of them, which is enough for totals as well. A day
    that only its distance to another is asked of gives none.

    Examples:
        >>> from carecontinuum.rules import Count
        >>> days = Count("days_at_level")
        >>> representatives(days, [days >= 14])
        (0, 13, 14, 15)
    """
    read = [leaf for part in conditions for leaf in leaves(part) if fact in leaf.facts]
    match fact:
        case Flag():
            return (True, False)
        case Choice():
            return tuple(_codes(fact, read))
        case NumberFact(lo=lo, hi=int(hi)) if hi - lo < MANY:
            return tuple(range(lo, hi + 1))
        case NumberFact() | Quantity():
            return _numbers(fact, _bounds(fact, read))
        case Date():
            return tuple(sorted(_days(_bounds(fact, read))))
        case _:
            return ()


def _bounds(fact: Fact[Any], read: Iterable[Leaf]) -> list[Any]:
    """Give what the fact by itself is compared with, in order."""
    alone = (leaf for leaf in read if isinstance(leaf, Compare) and leaf.facts == (fact,))
    found: set[Any] = {leaf.bound for leaf in alone}
    return sorted(found)


def _numbers(fact: NumberFact | Quantity, bounds: list[Any]) -> tuple[Value, ...]:
    """Give the ends of the range, each bound, and a number on either side of each."""
    near: list[Any] = [bound + step for bound in bounds for step in (-1, 0, 1)]
    if isinstance(fact, Quantity):
        near += [(a + b) / Decimal(2) for a, b in pairwise(bounds)]
    found: set[Any] = {value for value in (fact.lo, fact.hi, *near) if fact.fits(value)}
    return tuple(sorted(found))


def _days(bounds: Iterable[date]) -> Iterator[date]:
    found = {bound + timedelta(days=step) for bound in bounds for step in (-1, 0, 1)}
    yield from found


def _codes(fact: Choice, read: Iterable[Leaf]) -> Iterator[str]:
    """Give the codes declared; of any text, those that are named and one that is not."""
    if fact.codes:
        yield from fact.codes
        return
    named = sorted({code for leaf in read if isinstance(leaf, OneOf) for code in leaf.codes})
    yield from named
    yield next(code for code in _others() if code not in named)


def _others() -> Iterator[str]:
    code = ANOTHER_CODE
    while True:
        yield code
        code += "-code"
