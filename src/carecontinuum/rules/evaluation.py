"""The truth of a condition on what is known, and the evidence for it."""

from collections.abc import Callable
from typing import Any, TypeAlias

from carecontinuum.rules.expressions import (
    All,
    AnyOf,
    Compare,
    Expression,
    Fact,
    Flag,
    Not,
    OneOf,
)
from carecontinuum.rules.truth import Truth
from carecontinuum.rules.values import Facts, Need, Seen, Unknown

__all__ = ["Assessed", "Assessor", "assess", "assessor", "truth"]

Assessed: TypeAlias = tuple[Truth, tuple[Seen, ...], tuple[Need, ...]]
"""A truth, the values that decided it, and the missing facts that would."""
Assessor: TypeAlias = Callable[[Facts], Assessed]
"""A condition, ready to be assessed on facts."""


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
    return assessor(expression)(facts)


def assessor(expression: Expression, *, denied: bool = False) -> Assessor:
    """Give the function that assesses a condition: what can be settled once is settled here.

    Args:
        expression: The condition.
        denied: Whether to assess that it does not hold.
    """
    match expression:
        case Compare() | OneOf() | Flag():
            return _leaf(expression, denied=denied)
        case Not(part=part):
            return assessor(part, denied=not denied)
        case All(parts=parts):
            return _joined(parts, Truth.any if denied else Truth.all, denied=denied)
        case AnyOf(parts=parts):
            return _joined(parts, Truth.all if denied else Truth.any, denied=denied)
        case _:
            raise TypeError(f"{type(expression).__name__} is not a condition of the algebra")


def _leaf(leaf: Compare | OneOf | Flag, *, denied: bool) -> Assessor:
    fact: Fact[Any] = leaf.fact
    id, holds = fact.id, leaf.holds
    required = f"not {leaf.text}" if denied else leaf.text
    yes, no = (Truth.NO, Truth.YES) if denied else (Truth.YES, Truth.NO)
    unknown = Truth.UNKNOWN

    def assess_leaf(facts: Facts) -> Assessed:
        found = facts[fact]
        if isinstance(found, Unknown):
            need = Need(fact=id, would_supply=found.would_supply, required=required)
            return unknown, (), (need,)
        value = found.value
        seen = Seen(fact=id, value=value, required=required, source=found.source)
        return (yes if holds(value) else no), (seen,), ()

    return assess_leaf


def _joined(
    parts: tuple[Expression, ...], join: Callable[[list[Truth]], Truth], *, denied: bool
) -> Assessor:
    assessors = [assessor(part, denied=denied) for part in parts]

    def assess_parts(facts: Facts) -> Assessed:
        found = [assess_part(facts) for assess_part in assessors]
        whole = join([part[0] for part in found])
        deciding = [part for part in found if part[0] is whole]
        seen = tuple([item for part in deciding for item in part[1]])
        needs = tuple([item for part in deciding for item in part[2]])
        return whole, seen, needs

    return assess_parts
