"""The truth of a condition on what is known, and the evidence for it."""

from collections.abc import Callable
from typing import Any, TypeAlias

from carecontinuum.rules.expressions import (
    All,
    AnyOf,
    Compare,
    Expression,
    Flag,
    Not,
    OneOf,
)
from carecontinuum.rules.truth import Truth
from carecontinuum.rules.values import Facts, Known, Need, Seen, Unknown

__all__ = ["Assessed", "assess", "truth"]

# Named once: before Python 3.12, finding a member through its enum costs as much as a call.
_YES, _NO, _UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN

Assessed: TypeAlias = tuple[Truth, tuple[Seen, ...], tuple[Need, ...]]
"""A truth, the values that decided it, and the missing facts that would."""


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
    return assess(expression, facts)[0]


def assess(expression: Expression, facts: Facts) -> Assessed:
    """Evaluate a condition and give the evidence of the parts that decided it.

    Of a conjunction that fails these are the parts that fail; of one that is unknown, those that
    are; of one that holds, all. The other way round for a disjunction.
    """
    return _assess(expression, facts, denied=False)


def _assess(expression: Expression, facts: Facts, *, denied: bool) -> Assessed:
    match expression:
        case Compare() | OneOf() | Flag():
            return _leaf(expression, facts, denied)
        case Not(part=part):
            return _assess(part, facts, denied=not denied)
        case All(parts=parts):
            return _joined(parts, facts, Truth.any if denied else Truth.all, denied=denied)
        case AnyOf(parts=parts):
            return _joined(parts, facts, Truth.all if denied else Truth.any, denied=denied)
        case _:
            raise TypeError(f"{type(expression).__name__} is not a condition of the algebra")


def _leaf(leaf: Compare | OneOf | Flag, facts: Facts, denied: bool) -> Assessed:  # noqa: FBT001
    fact = leaf.fact
    required = f"not {leaf.text}" if denied else leaf.text
    found: Known[Any] | Unknown = facts[fact]
    if isinstance(found, Unknown):
        need = Need(fact=fact.id, would_supply=found.would_supply, required=required)
        return _UNKNOWN, (), (need,)
    seen = Seen(fact=fact.id, value=found.value, required=required, source=found.source)
    holds = leaf.holds(found.value) is not denied
    return (_YES if holds else _NO), (seen,), ()


def _joined(
    parts: tuple[Expression, ...],
    facts: Facts,
    join: Callable[[list[Truth]], Truth],
    *,
    denied: bool,
) -> Assessed:
    found = [_assess(part, facts, denied=denied) for part in parts]
    whole = join([part[0] for part in found])
    deciding = [part for part in found if part[0] is whole]
    seen = tuple(item for part in deciding for item in part[1])
    needs = tuple(item for part in deciding for item in part[2])
    return whole, seen, needs
