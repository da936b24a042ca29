"""Values that stand for all: one for each stretch of a fact's values that rules cannot tell apart.

A comparison tells values apart at its bound only, so that trying a value of each stretch is trying
them all. A total of whole numbers is exact too: beyond a bound all sums are alike. Days between two
dates are compared with so many days, so that days that many apart, and one more or less, stand for
all. Only totals of amounts, which are not whole, are tried at edges without being exhausted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import floor
from typing import Any

import attrs

from carecontinuum.rules import (
    Choice,
    Compare,
    Criterion,
    Date,
    Expression,
    Fact,
    Flag,
    Leaf,
    NumberFact,
    Op,
    Quantity,
    Term,
    Total,
    Value,
    leaves,
)
from carecontinuum.rules.comparisons import number
from carecontinuum.verification.days import ANCHOR, days

__all__ = ["Cases", "Limits", "cases_of"]

Limits = Mapping[str, tuple[Value, ...]]
"""The values that facts are limited to, by id; an empty tuple for what cannot be known."""

OTHER = "(another code)"
"""Stands for every code that no rule names, where a choice accepts any text."""
_MANY = 1000
"""So many whole numbers of one fact are tried one by one; of more, the edges."""


@attrs.frozen(order=False, kw_only=True)
class Cases:
    """The values to be tried of each fact that some conditions read.

    Attributes:
        facts: The facts, by id.
        values: The values of each, in their order; empty for what cannot be known.
        exact: Whether they stand for all cases.
    """

    facts: Mapping[str, Fact[Any]]
    values: Mapping[str, tuple[Value, ...]]
    exact: bool = True


def cases_of(conditions: Iterable[Expression], limits: Limits) -> Cases:
    """Give the values to be tried for conditions.

    Args:
        conditions: The conditions.
        limits: The values that some facts are limited to, as the route in question fixes them.
    """
    found = tuple(dict.fromkeys(leaf for part in conditions for leaf in leaves(part)))
    facts = {fact.id: fact for leaf in found for fact in leaf.facts}
    dated, exact = days([leaf for leaf in found if isinstance(leaf, Compare)])
    values: dict[str, tuple[Value, ...]] = {}
    for id, fact in facts.items():
        about = [leaf for leaf in found if _reads(leaf, id) and not isinstance(leaf, Criterion)]
        tried: Sequence[Value] = dated.get(id, ())
        if not tried:
            tried, whole = _candidates(fact, about)
            exact = exact and whole
        if id in limits:
            tried = [value for value in limits[id] if fact.fits(value)]
        values[id] = _told_apart(fact, about, tried)
    return Cases(facts=facts, values=values, exact=exact)


def _reads(leaf: Leaf, id: str) -> bool:
    """Tell whether a condition reads a fact, however two versions of a program declare it."""
    return any(fact.id == id for fact in leaf.facts)


def _candidates(fact: Fact[Any], about: Sequence[Leaf]) -> tuple[Sequence[Value], bool]:
    match fact:
        case NumberFact():
            return _numbers(fact, about)
        case Quantity():
            return _amounts(fact, about)
        case Flag():
            return (False, True), True
        case Choice():
            named = [code for leaf in about for code in getattr(leaf, "codes", ())]
            return (fact.codes or (*dict.fromkeys(named), OTHER)), True
        case Date():
            return (ANCHOR,), True
        case _:
            return (), True


def _told_apart(
    fact: Fact[Any], about: Sequence[Leaf], tried: Sequence[Value]
) -> tuple[Value, ...]:
    """Keep one value for each stretch, unless the fact stands in a condition beside others."""
    if any([read.id for read in leaf.facts] != [fact.id] for leaf in about):
        return tuple(tried)
    tests: list[Callable[[object], bool]] = [getattr(leaf, "holds") for leaf in about]  # noqa: B009
    kept: list[Value] = []
    seen: list[tuple[bool, ...]] = []
    for value in tried:
        told = tuple([test(value) for test in tests])
        if told not in (seen if isinstance(fact, Choice) else seen[-1:]):
            kept.append(value)
            seen.append(told)
    return tuple(kept)


_FIRST: Mapping[Op, tuple[int, ...]] = {
    Op.GE: (0,),
    Op.LT: (0,),
    Op.GT: (1,),
    Op.LE: (1,),
    Op.EQ: (0, 1),
    Op.NE: (0, 1),
}
"""How far after its bound a comparison of whole numbers changes."""


def _bounds(about: Iterable[Leaf]) -> list[tuple[Term[Any], Op, int | Decimal]]:
    return [
        (leaf.term, leaf.op, leaf.bound)
        for leaf in about
        if isinstance(leaf, Compare) and isinstance(leaf.bound, int | Decimal)
    ]


def _numbers(fact: NumberFact, about: Sequence[Leaf]) -> tuple[Sequence[Value], bool]:
    """Give the first number of each stretch; in a total every number up to where all are alike."""
    firsts = {fact.lo}
    limit = None
    for term, op, bound in _bounds(about):
        if isinstance(term, Total):
            alike = floor(bound - _rest(term, fact)) + 1
            limit = alike if limit is None else max(limit, alike)
            firsts |= {alike - 1, alike}
        else:
            firsts |= {int(bound) + more for more in _FIRST[op]}
    edges = sorted(first for first in firsts if fact.fits(first))
    if limit is None:
        return edges, True
    last = max(edges[-1], limit if fact.hi is None else min(limit, fact.hi))
    return (range(fact.lo, last + 1), True) if last - fact.lo <= _MANY else (edges, False)


def _rest(whole: Total, fact: Fact[Any]) -> int | Decimal:
    """Give the least that the other parts of a total come to."""
    return sum(part.lo for part in whole.parts if part.id != fact.id)


def _amounts(fact: Quantity, about: Sequence[Leaf]) -> tuple[Sequence[Value], bool]:
    """Give each bound and an amount between each two, and beyond the last."""
    points: set[int | Decimal] = {fact.lo}
    exact = True
    for term, _, bound in _bounds(about):
        if isinstance(term, Total):
            points.add(number(bound - _rest(term, fact)))
            exact = False
        else:
            points.add(bound)
    points.add(max(points) + 1 if fact.hi is None else fact.hi)
    edges = sorted(point for point in points if fact.fits(point))
    between = [number((Decimal(low) + Decimal(high)) / 2) for low, high in pairwise(edges)]
    return sorted([*edges, *between]), exact
