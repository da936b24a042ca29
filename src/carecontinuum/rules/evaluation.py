"""The truth of a condition on what is known, and the evidence for it."""

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from carecontinuum.rules.expressions import (
    All,
    AnyOf,
    Choice,
    Compare,
    Expression,
    Fact,
    Flag,
    Not,
    OneOf,
    Op,
)
from carecontinuum.rules.text import rule_text
from carecontinuum.rules.truth import Truth
from carecontinuum.rules.values import Facts, Need, Seen, Unknown

__all__ = ["deciding_parts", "evidence", "truth"]

_COMPARE: dict[Op, Callable[[int, int], bool]] = {
    Op.LE: operator.le,
    Op.LT: operator.lt,
    Op.GE: operator.ge,
    Op.GT: operator.gt,
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
}


def truth(expression: Expression, facts: Facts) -> Truth:
    """Evaluate a condition in strong Kleene logic; what is not known stays unknown.

    Examples:
        >>> from carecontinuum.rules import Count, Flag
        >>> days, stable = Count("days_at_level"), Flag("medically_stable")
        >>> truth((days >= 14) & stable, Facts.of({days: 3}))
        <Truth.NO: 'no'>
        >>> truth((days >= 14) & stable, Facts.of({days: 20}))
        <Truth.UNKNOWN: 'unknown'>
    """
    match expression:
        case Compare(fact=fact, op=op, bound=bound):
            found = facts[fact]
            if isinstance(found, Unknown):
                return Truth.UNKNOWN
            return Truth.of(_COMPARE[op](found.value, bound))
        case All(parts=parts):
            return Truth.all(truth(part, facts) for part in parts)
        case AnyOf(parts=parts):
            return Truth.any(truth(part, facts) for part in parts)
        case Not(part=part):
            return truth(part, facts).negated()
        case Flag():
            flag = facts[expression]
            return Truth.UNKNOWN if isinstance(flag, Unknown) else Truth.of(flag.value)
        case OneOf(fact=choice, codes=codes):
            return _one_of(choice, codes, facts)
        case _:
            raise TypeError(f"{type(expression).__name__} is not a condition of the algebra")


def _one_of(choice: Choice, codes: tuple[str, ...], facts: Facts) -> Truth:
    found = facts[choice]
    return Truth.UNKNOWN if isinstance(found, Unknown) else Truth.of(found.value in codes)


def deciding_parts(expression: Expression, facts: Facts) -> Iterator[Expression]:
    """Give the smallest conditions that made the truth what it is, in the order of writing.

    Of a conjunction that fails, those that fail; of one that is unknown, those that are; of one
    that holds, all. A denied condition is given with its denial.
    """
    match expression:
        case All(parts=parts) | AnyOf(parts=parts):
            whole = truth(expression, facts)
            for part in parts:
                if truth(part, facts) is whole:
                    yield from deciding_parts(part, facts)
        case Not(part=All(parts=parts)):
            yield from deciding_parts(AnyOf(tuple(map(Not, parts))), facts)
        case Not(part=AnyOf(parts=parts)):
            yield from deciding_parts(All(tuple(map(Not, parts))), facts)
        case Not(part=Not(part=part)):
            yield from deciding_parts(part, facts)
        case _:
            yield expression


def _fact_of(leaf: Expression) -> Fact[Any]:
    match leaf:
        case Compare(fact=fact) | OneOf(fact=fact):
            return fact
        case Flag():
            return leaf
        case Not(part=part):
            return _fact_of(part)
        case _:
            raise TypeError(f"{type(leaf).__name__} is not a single condition")


def evidence(expression: Expression, facts: Facts) -> tuple[tuple[Seen, ...], tuple[Need, ...]]:
    """Give what was seen and what is still needed, for the parts that decided the truth."""
    leaves = tuple(deciding_parts(expression, facts))
    return tuple(_seen(leaves, facts)), tuple(_needs(leaves, facts))


def _seen(leaves: Iterable[Expression], facts: Facts) -> Iterator[Seen]:
    for leaf in leaves:
        fact = _fact_of(leaf)
        found = facts[fact]
        if isinstance(found, Unknown):
            yield Seen(fact=fact.id, value=None, required=rule_text(leaf))
        else:
            required = rule_text(leaf)
            yield Seen(fact=fact.id, value=found.value, required=required, source=found.source)


def _needs(leaves: Iterable[Expression], facts: Facts) -> Iterator[Need]:
    told: set[str] = set()
    for leaf in leaves:
        fact = _fact_of(leaf)
        found = facts[fact]
        if isinstance(found, Unknown) and fact.id not in told:
            told.add(fact.id)
            yield Need(fact=fact.id, would_supply=found.would_supply)
