"""The kinds of declared facts: numbers, amounts, days, flags and choices."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeGuard, final

import attrs

from carecontinuum.rules.comparisons import GREATEST, Term, number
from carecontinuum.rules.errors import FactInvalid, FactValueInvalid
from carecontinuum.rules.expressions import Leaf
from carecontinuum.rules.fact import Fact, Found
from carecontinuum.rules.truth import Truth
from carecontinuum.rules.values import Known, Span

__all__ = ["Age", "Choice", "Count", "Date", "Flag", "NumberFact", "OneOf", "Ordinal", "Quantity"]

OLDEST = 150


def _one_span(found: Found, lo: Any, hi: Any) -> Span:
    if isinstance(found, Known):
        return Span(found.value, found.value)
    return Span(lo, hi).within(found.lo, found.hi)


def _is_whole(value: object) -> bool:
    return type(value) is int


@attrs.frozen(order=False, cache_hash=True)
class NumberFact(Fact[int], Term[int]):
    """A fact that is a whole number.

    Attributes:
        lo: The least value it can have.
        hi: The greatest; `None` is without limit.
        unit: What is counted; empty for a bare number.
    """

    TYPE: ClassVar[str] = "number"
    lo: int = attrs.field(default=0, kw_only=True)
    hi: int | None = attrs.field(default=None, kw_only=True)
    unit: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        _check_range(self, _is_whole, "a whole number")

    @property
    def name(self) -> str:
        """Its text in a rule: its id."""
        return self.id

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """Itself."""
        return (self,)

    def span(self, found: Sequence[Found]) -> Span:
        """Give all it can be: the value, or what is left of its range."""
        return _one_span(found[0], self.lo, self.hi)

    def takes(self, bound: object) -> bool:
        """Tell whether a bound is a whole number that a rule can name."""
        return isinstance(bound, int) and _is_whole(bound) and abs(bound) <= GREATEST

    @property
    def bounds(self) -> str:
        """Say in words what it can be compared with."""
        return "a whole number of at most 12 digits"

    def accepted(self) -> str:
        """Say in words which values fit."""
        return f"a whole number, {Span(self.lo, self.hi)}"

    def fits(self, value: object) -> bool:
        """Tell whether a value is a whole number within the range; a bool is none."""
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return self.lo <= value and (self.hi is None or value <= self.hi)


def _check_range(fact: "NumberFact | Quantity", fits: Any, kind: str) -> None:
    if not fits(fact.lo) or not (fact.hi is None or fits(fact.hi)):
        raise FactInvalid(fact=fact.id, says=f"`lo` and `hi` are each {kind}")
    if fact.hi is not None and fact.hi < fact.lo:
        raise FactInvalid(fact=fact.id, says=f"`hi` {fact.hi} is less than `lo` {fact.lo}")


@final
@attrs.frozen(order=False, cache_hash=True)
class Count(NumberFact):
    """How many of something: days, sessions, check-ins."""

    TYPE: ClassVar[str] = "count"


@final
@attrs.frozen(order=False, cache_hash=True)
class Age(NumberFact):
    """An age in completed years, 0 to 150 unless a smaller range is given."""

    TYPE: ClassVar[str] = "age"
    hi: int | None = attrs.field(default=OLDEST, kw_only=True)
    unit: str = attrs.field(default="years", kw_only=True)


@final
@attrs.frozen(order=False, cache_hash=True)
class Ordinal(NumberFact):
    """A rating on a scale of which the steps have an order but no size.

    Attributes:
        anchors: The words of each step from `lo` upwards; empty if not given.
    """

    TYPE: ClassVar[str] = "ordinal"
    anchors: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.hi is None:
            raise FactInvalid(fact=self.id, says="a rating needs a greatest value, `hi`")
        if self.anchors and len(self.anchors) != self.hi - self.lo + 1:
            raise FactInvalid(fact=self.id, says="give an anchor for each step, or none")


def _is_amount(value: object) -> TypeGuard[int | Decimal]:
    return _is_whole(value) or (isinstance(value, Decimal) and value.is_finite())


@final
@attrs.frozen(order=False, cache_hash=True)
class Quantity(Fact[int | Decimal], Term[int | Decimal]):
    """An amount of a unit; exact, so a whole number or a `Decimal`, never a float.

    Attributes:
        unit: The unit of every value and bound, a UCUM code as `h`, `mg` or `kg`.
        lo: The least value it can have.
        hi: The greatest; `None` is without limit.

    Examples:
        >>> from decimal import Decimal
        >>> from carecontinuum.rules import Facts, truth
        >>> hours = Quantity("weekly_hours", unit="h", hi=168)
        >>> truth(hours >= 9, Facts.of({hours: Decimal("9.5")}))
        <Truth.YES: 'yes'>
        >>> hours.amount(540, unit="min")
        Traceback (most recent call last):
        ...
        carecontinuum.rules.errors.FactValueInvalid: CC121: the value given for `weekly_hours` \
does not fit; accepted is a number of h, 0 to 168
    """

    TYPE: ClassVar[str] = "quantity"
    unit: str = attrs.field(kw_only=True)
    lo: int | Decimal = attrs.field(default=0, kw_only=True, converter=number)
    hi: int | Decimal | None = attrs.field(default=None, kw_only=True, converter=number)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.unit or not self.unit.isprintable() or " " in self.unit:
            raise FactInvalid(fact=self.id, says="a quantity needs a `unit`, as in `h` or `mg`")
        _check_range(self, _is_amount, "a whole number or a Decimal")

    @property
    def name(self) -> str:
        """Its text in a rule: its id."""
        return self.id

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """Itself."""
        return (self,)

    def span(self, found: Sequence[Found]) -> Span:
        """Give all it can be: the value, or what is left of its range."""
        return _one_span(found[0], self.lo, self.hi)

    def takes(self, bound: object) -> bool:
        """Tell whether a bound is an exact number that a rule can name."""
        if not _is_amount(bound):
            return False
        return -GREATEST <= bound <= GREATEST and _places(bound) <= PLACES

    @property
    def bounds(self) -> str:
        """Say in words what it can be compared with."""
        return f"a whole number or a Decimal, of at most 12 digits and {PLACES} places,"

    def accepted(self) -> str:
        """Say in words which values fit."""
        return f"a number of {self.unit}, {Span(self.lo, self.hi)}"

    def fits(self, value: object) -> bool:
        """Tell whether a value is an exact number within the range."""
        if not _is_amount(value):
            return False
        return self.lo <= value and (self.hi is None or value <= self.hi)

    def amount(self, value: int | Decimal, *, unit: str) -> int | Decimal:
        """Give a value back that is told with its unit, if that is the fact's.

        Raises:
            FactValueInvalid: It is of another unit, or does not fit.
        """
        if unit != self.unit:
            raise FactValueInvalid(fact=self.id, accepted=self.accepted())
        self.check(value)
        return value


PLACES = 9


def _places(value: int | Decimal) -> int:
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return -exponent if isinstance(exponent, int) else 0


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


@final
@attrs.frozen(order=False, cache_hash=True)
class Date(Fact[date], Term[date]):
    """A fact that is a calendar day, local to the place of care."""

    TYPE: ClassVar[str] = "date"

    @property
    def name(self) -> str:
        """Its text in a rule: its id."""
        return self.id

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """Itself."""
        return (self,)

    def span(self, found: Sequence[Found]) -> Span:
        """Give all it can be: the day, or any of the calendar between what bounds it."""
        return _one_span(found[0], date.min, date.max)

    def takes(self, bound: object) -> bool:
        """Tell whether a bound is a day."""
        return _is_day(bound)

    @property
    def bounds(self) -> str:
        """Say in words what it can be compared with."""
        return "a day (`datetime.date`)"

    def accepted(self) -> str:
        """Say in words which values fit."""
        return "a day (`datetime.date`, without a time)"

    def fits(self, value: object) -> bool:
        """Tell whether a value is a day without a time."""
        return _is_day(value)


@final
@attrs.frozen(order=False, cache_hash=True)
class Flag(Fact[bool], Leaf):
    """A fact that is so or is not so; it is itself a condition."""

    TYPE: ClassVar[str] = "flag"

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """Itself."""
        return (self,)

    @property
    def text(self) -> str:
        """Its text in a rule."""
        return self.id

    def holds(self, value: object) -> bool:
        """Tell whether it holds for a value."""
        return value is True

    def judge(self, found: Sequence[Found]) -> Truth:
        """Tell whether it holds, given what is found of it."""
        return _known_truth(self, found[0])

    def accepted(self) -> str:
        """Say in words which values fit."""
        return "true or false"

    def fits(self, value: object) -> bool:
        """Tell whether a value is a bool."""
        return isinstance(value, bool)


@final
@attrs.frozen(order=False, cache_hash=True)
class Choice(Fact[str]):
    """A fact that is one code out of several.

    Attributes:
        codes: The codes it can have; empty accepts any text.
    """

    TYPE: ClassVar[str] = "choice"
    codes: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    def accepted(self) -> str:
        """Say in words which values fit."""
        return f"one of {', '.join(f'`{code}`' for code in self.codes)}" if self.codes else "a code"

    def fits(self, value: object) -> bool:
        """Tell whether a value is a code it can have."""
        return isinstance(value, str) and (not self.codes or value in self.codes)

    def one_of(self, *codes: str) -> "OneOf":
        """Hold when the value is among the codes.

        Raises:
            FactValueInvalid: A code is not one the fact can have.
        """
        return OneOf(self, codes)


@final
@attrs.frozen(order=False)
class OneOf(Leaf):
    """A choice that is among some codes.

    Attributes:
        fact: The choice.
        codes: The codes for which it holds.
    """

    TYPE: ClassVar[str] = "one-of"
    fact: Choice
    codes: tuple[str, ...]

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """The choice."""
        return (self.fact,)

    @property
    def text(self) -> str:
        """Its text in a rule."""
        return f"{self.fact.id} in ({', '.join(map(_quoted, self.codes))})"

    def holds(self, value: object) -> bool:
        """Tell whether it holds for a code."""
        return value in self.codes

    def judge(self, found: Sequence[Found]) -> Truth:
        """Tell whether it holds, given what is found of the choice."""
        return _known_truth(self, found[0])

    def __attrs_post_init__(self) -> None:
        for code in self.codes:
            self.fact.check(code)
            if not code.isprintable() or '"' in code or "\\" in code:
                accepted = "a printable code without quotes and backslashes"
                raise FactValueInvalid(fact=self.fact.id, accepted=accepted)


def _known_truth(leaf: Flag | OneOf, found: Found) -> Truth:
    if isinstance(found, Known):
        return Truth.YES if leaf.holds(found.value) else Truth.NO
    if isinstance(leaf, OneOf) and leaf.fact.codes and set(leaf.fact.codes) <= set(leaf.codes):
        return Truth.YES
    return Truth.UNKNOWN


def _quoted(code: str) -> str:
    return f'"{code}"'
