"""Terms made of several facts: a total, and the distance between two days."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, ClassVar, final

import attrs

from carecontinuum.rules.comparisons import GREATEST, Term
from carecontinuum.rules.errors import RuleInvalid
from carecontinuum.rules.fact import Fact, Found
from carecontinuum.rules.kinds import Date, NumberFact, Quantity
from carecontinuum.rules.values import Known, Span

__all__ = ["DaysBetween", "Total", "days_between", "total"]


def _whole(bound: object) -> bool:
    return isinstance(bound, int) and not isinstance(bound, bool) and abs(bound) <= GREATEST


def _checked(_: object, __: object, parts: tuple[object, ...]) -> None:
    if not parts:
        raise RuleInvalid(says="a total needs at least one number to add")
    for part in parts:
        if not isinstance(part, NumberFact | Quantity):
            raise RuleInvalid(says=f"a `{type(part).__name__}` cannot be added; give numbers")
    units = sorted({part.unit for part in parts if isinstance(part, NumberFact | Quantity)})
    if len(units) > 1:
        named = ", ".join(f"`{unit}`" if unit else "no unit" for unit in units)
        raise RuleInvalid(says=f"a total of different units: {named}")
    if len(set(parts)) != len(parts):
        raise RuleInvalid(says="a total adds each fact once")


@final
@attrs.frozen(order=False)
class Total(Term[int | Decimal]):
    """The sum of several numbers of one unit; of spans it is a span.

    Attributes:
        parts: What is added, each once.
    """

    TYPE: ClassVar[str] = "total"
    parts: tuple[NumberFact | Quantity, ...] = attrs.field(validator=_checked)

    @property
    def name(self) -> str:
        """Its text in a rule."""
        return f"total({', '.join(part.id for part in self.parts)})"

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """What is added."""
        return self.parts

    def span(self, found: Sequence[Found]) -> Span:
        """Give the sum of the least and of the greatest that each part can be."""
        known = [item.value for item in found if isinstance(item, Known)]
        if len(known) == len(self.parts):
            whole = sum(known)
            return Span(whole, whole)
        spans = [part.span((item,)) for part, item in zip(self.parts, found, strict=True)]
        return Span(_sum(span.lo for span in spans), _sum(span.hi for span in spans))

    def takes(self, bound: object) -> bool:
        """Tell whether a bound is a number that the parts can be compared with."""
        return all(part.takes(bound) for part in self.parts)

    @property
    def bounds(self) -> str:
        """Say in words what it can be compared with."""
        return next(
            (p.bounds for p in self.parts if isinstance(p, NumberFact)), self.parts[0].bounds
        )


def _sum(limits: Iterable[Any]) -> Any:
    whole = 0
    for limit in limits:
        if limit is None:
            return None
        whole += limit
    return whole


def total(*parts: NumberFact | Quantity) -> Total:
    """Add numbers of one unit.

    Raises:
        RuleInvalid: There are none, one is no number or there twice, or the units differ.

    Examples:
        >>> from carecontinuum.rules import Facts, Ordinal, truth
        >>> stress, support = Ordinal("stress", hi=4), Ordinal("support", hi=4)
        >>> truth(total(stress, support) < 6, Facts.of({stress: 1}))
        <Truth.YES: 'yes'>
    """
    return Total(parts)


def _are_dates(_: object, __: object, part: Date) -> None:
    given: object = part
    if not isinstance(given, Date):
        raise RuleInvalid(says=f"a `{type(given).__name__}` is no day; give two `Date` facts")


@final
@attrs.frozen(order=False)
class DaysBetween(Term[int]):
    """How many days one day is after another; negative when it is before.

    Attributes:
        start: The day counted from.
        end: The day counted to.
    """

    TYPE: ClassVar[str] = "days-between"
    start: Date = attrs.field(validator=_are_dates)
    end: Date = attrs.field(validator=_are_dates)

    @property
    def name(self) -> str:
        """Its text in a rule."""
        return f"days_between({self.start.id}, {self.end.id})"

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """The two days."""
        return (self.start, self.end)

    def span(self, found: Sequence[Found]) -> Span:
        """Give the least and the greatest distance of what each day can be."""
        start, end = self.start.span(found[:1]), self.end.span(found[1:])
        return Span((end.lo - start.hi).days, (end.hi - start.lo).days)

    def takes(self, bound: object) -> bool:
        """Tell whether a bound is a whole number of days."""
        return _whole(bound)

    @property
    def bounds(self) -> str:
        """Say in words what it can be compared with."""
        return "a whole number of days, of at most 12 digits,"


def days_between(start: Date, end: Date) -> DaysBetween:
    """Count the days from one day to another.

    Raises:
        RuleInvalid: One of them is no `Date`.

    Examples:
        >>> from datetime import date
        >>> from carecontinuum.rules import Date, Facts, truth
        >>> assessed_on, today = Date("assessed_on"), Date("today")
        >>> recent = days_between(assessed_on, today) <= 30
        >>> truth(recent, Facts.of({assessed_on: date(2026, 3, 2), today: date(2026, 3, 20)}))
        <Truth.YES: 'yes'>
    """
    return DaysBetween(start, end)
