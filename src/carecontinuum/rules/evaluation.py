"""The truth of a condition on what is known, and the evidence for it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

from carecontinuum.rules.comparisons import Compare
from carecontinuum.rules.expressions import All, AnyOf, AtLeast, Expression, Leaf, Not
from carecontinuum.rules.fact import Fact, Found
from carecontinuum.rules.facts import Facts
from carecontinuum.rules.kinds import Flag, NumberFact, OneOf, Quantity
from carecontinuum.rules.truth import Truth
from carecontinuum.rules.values import Need, Seen, Span, Unknown

__all__ = ["Assessed", "Assessor", "assess", "assessor", "truth"]

Assessed: TypeAlias = tuple[Truth, tuple[Seen, ...], tuple[Need, ...]]
"""A truth, the values that decided it, and the missing facts that would."""
Assessor: TypeAlias = Callable[[Facts], Assessed]
"""A condition, ready to be assessed on facts."""

# Named once: before Python 3.12, finding a member through its enum costs as much as a call.
_YES, _NO, _UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


def truth(expression: Expression, facts: Facts) -> Truth:
    """Evaluate a condition in strong Kleene logic; what is not known stays unknown.

    A number that is not known still lies in the range of its fact, and a total of such numbers
    between the totals of their limits: where that is enough, the truth is known all the same.

    Examples:
        >>> from carecontinuum.rules import Count, Flag
        >>> days, stable = Count("days_at_level"), Flag("medically_stable")
        >>> truth((days >= 14) & stable, Facts.of({days: 3}))
        <Truth.NO: 'no'>
        >>> truth((days >= 14) & stable, Facts.of({days: 20}))
        <Truth.UNKNOWN: 'unknown'>
    """
    match expression:
        case All(parts=parts):
            return Truth.all(truth(part, facts) for part in parts)
        case AnyOf(parts=parts):
            return Truth.any(truth(part, facts) for part in parts)
        case AtLeast(count=count, parts=parts):
            return Truth.at_least(count, [truth(part, facts) for part in parts])
        case Not(part=part):
            return truth(part, facts).negated()
        case Leaf():
            return expression.judge([facts[fact] for fact in expression.facts])
        case _:
            raise TypeError(f"{type(expression).__name__} is not a condition of the algebra")


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
        case Not(part=part):
            return assessor(part, denied=not denied)
        case All(parts=parts):
            return _joined(parts, Truth.any if denied else Truth.all, denied=denied)
        case AnyOf(parts=parts):
            return _joined(parts, Truth.all if denied else Truth.any, denied=denied)
        case AtLeast(count=count, parts=parts):
            so_many = len(parts) - count + 1 if denied else count
            return _joined(parts, partial(Truth.at_least, so_many), denied=denied)
        case Flag() | OneOf():
            return _of_one(expression, expression.facts[0], denied=denied)
        case Compare(term=NumberFact() | Quantity()):
            return _of_one(expression, expression.facts[0], denied=denied)
        case Leaf():
            return partial(_of_several, expression, _required(expression, denied=denied), denied)
        case _:
            raise TypeError(f"{type(expression).__name__} is not a condition of the algebra")


def _required(leaf: Leaf, *, denied: bool) -> str:
    return f"not {leaf.text}" if denied else leaf.text


def _of_one(leaf: Compare | Flag | OneOf, fact: Fact[Any], *, denied: bool) -> Assessor:
    id, holds = fact.id, leaf.holds
    required = _required(leaf, denied=denied)
    yes, no = (_NO, _YES) if denied else (_YES, _NO)

    def assess_leaf(facts: Facts) -> Assessed:
        found = facts[fact]
        if isinstance(found, Unknown):
            return _of_several(leaf, required, denied, facts)
        value = found.value
        seen = Seen(fact=id, value=value, required=required, source=found.source)
        return (yes if holds(value) else no), (seen,), ()

    return assess_leaf


def _of_several(leaf: Leaf, required: str, denied: bool, facts: Facts) -> Assessed:  # noqa: FBT001
    found = [facts[fact] for fact in leaf.facts]
    holds = leaf.judge(found)
    seen = tuple(_seen(leaf, required, found, decided=holds is not _UNKNOWN))
    needs = tuple(_needs(leaf, required, found)) if holds is _UNKNOWN else ()
    return holds.negated() if denied else holds, seen, needs


def _seen(leaf: Leaf, required: str, found: Sequence[Found], *, decided: bool) -> Iterator[Seen]:
    """Show what is known, and the bounds of what is not where they were enough."""
    for fact, item in zip(leaf.facts, found, strict=True):
        if not isinstance(item, Unknown):
            yield Seen(fact=fact.id, value=item.value, required=required, source=item.source)
        elif (item.lo, item.hi) != (None, None) or (decided and _adds(leaf, fact)):
            value = _span(fact, item)
            yield Seen(fact=fact.id, value=value, required=required, source=item.source)


def _adds(leaf: Leaf, fact: Fact[Any]) -> bool:
    """Tell whether the fact's own range had a part in the truth."""
    return isinstance(fact, NumberFact | Quantity) and isinstance(leaf, Compare)


def _span(fact: Fact[Any], found: Unknown) -> Span:
    if isinstance(fact, NumberFact | Quantity):
        return fact.span((found,))
    return Span(found.lo, found.hi)


def _needs(leaf: Leaf, required: str, found: Sequence[Found]) -> Iterator[Need]:
    for fact, item in zip(leaf.facts, found, strict=True):
        if isinstance(item, Unknown):
            yield Need(fact=fact.id, would_supply=item.would_supply, required=required)


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
