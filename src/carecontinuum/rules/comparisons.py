"""Comparing what has an order, a number or a day, with a bound."""

import operator
from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, final

import attrs

from carecontinuum.rules.errors import FactValueInvalid
from carecontinuum.rules.expressions import Leaf
from carecontinuum.rules.fact import Fact, Found
from carecontinuum.rules.truth import Truth
from carecontinuum.rules.values import Span

__all__ = ["GREATEST", "Bound", "Compare", "Op", "Term", "number"]

Bound: TypeAlias = int | Decimal | date
"""What a term can be compared with."""
B_contra = TypeVar("B_contra", bound=Bound, contravariant=True)
GREATEST = 999_999_999_999
"""The greatest number that a rule can name: twelve digits."""
_DIGITS = 100


class Op(Enum):
    """How a term is compared with a bound."""

    LE = "<="
    LT = "<"
    GE = ">="
    GT = ">"
    EQ = "=="
    NE = "!="


_COMPARE: dict[Op, Callable[[Any, Any], bool]] = {
    Op.LE: operator.le,
    Op.LT: operator.lt,
    Op.GE: operator.ge,
    Op.GT: operator.gt,
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
}


class Term(Generic[B_contra]):
    """What can be compared with a bound: a fact that has an order, or something made of facts."""

    __slots__ = ()

    @property
    @abstractmethod
    def name(self) -> str:
        """Its text in a rule."""

    @property
    @abstractmethod
    def facts(self) -> tuple[Fact[Any], ...]:
        """The facts it is made of, each once."""

    @abstractmethod
    def span(self, found: Sequence[Found]) -> Span:
        """Give all it can be, given what is found of each of its facts."""

    @abstractmethod
    def takes(self, bound: object) -> bool:
        """Tell whether it can be compared with a bound."""

    @property
    @abstractmethod
    def bounds(self) -> str:
        """Say in words what it can be compared with."""

    def __le__(self, bound: B_contra) -> "Compare":
        return Compare(self, Op.LE, bound)

    def __lt__(self, bound: B_contra) -> "Compare":
        return Compare(self, Op.LT, bound)

    def __ge__(self, bound: B_contra) -> "Compare":
        return Compare(self, Op.GE, bound)

    def __gt__(self, bound: B_contra) -> "Compare":
        return Compare(self, Op.GT, bound)

    def equals(self, bound: B_contra) -> "Compare":
        """Compare for equality; `==` compares the declarations themselves."""
        return Compare(self, Op.EQ, bound)

    def differs(self, bound: B_contra) -> "Compare":
        """Compare for difference."""
        return Compare(self, Op.NE, bound)


def number(value: Any) -> Any:
    """Give a decimal the one form that its value has: 9 for 9.0, 9.5 for 9.50.

    One stays as it is that would be rounded, or that as a whole number could fill the memory.
    """
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() > _DIGITS:
        return value
    if value == value.to_integral_value():
        return int(value)
    short = value.normalize()
    return short if short == value else value


def _exact(bound: Bound) -> Bound:
    exact: Bound = number(bound)
    return exact


@final
@attrs.frozen(order=False)
class Compare(Leaf):
    """A term compared with a bound.

    Attributes:
        term: What is compared.
        op: The comparison.
        bound: What it is compared with: a number or a day.
    """

    TYPE: ClassVar[str] = "compare"
    term: Term[Any]
    op: Op
    bound: Bound = attrs.field(converter=_exact)

    def __attrs_post_init__(self) -> None:
        if not self.term.takes(self.bound):
            raise FactValueInvalid(fact=self.term.name, accepted=f"{self.term.bounds} as a bound")

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """The facts that the term is made of."""
        return self.term.facts

    @property
    def text(self) -> str:
        """Its text in a rule."""
        return f"{self.term.name} {self.op.value} {self.bound}"

    @cached_property
    def _test(self) -> Callable[[Any, Any], bool]:
        return _COMPARE[self.op]

    def holds(self, value: object) -> bool:
        """Tell whether it holds for a value of the term."""
        return self._test(value, self.bound)

    def judge(self, found: Sequence[Found]) -> Truth:
        """Tell whether it holds, given what is found of each of its facts."""
        return self.on(self.term.span(found))

    def on(self, span: Span) -> Truth:
        """Tell whether it holds for all, or for nothing, that the term can be."""
        lo, hi, bound = span.lo, span.hi, self.bound
        match self.op:
            case Op.LE:
                return _upward(lo, hi, bound, operator.gt).negated()
            case Op.LT:
                return _upward(lo, hi, bound, operator.ge).negated()
            case Op.GE:
                return _upward(lo, hi, bound, operator.ge)
            case Op.GT:
                return _upward(lo, hi, bound, operator.gt)
            case Op.EQ:
                return _equal(lo, hi, bound)
            case _:  # Op.NE
                return _equal(lo, hi, bound).negated()


def _upward(lo: Any, hi: Any, bound: Any, beyond: Callable[[Any, Any], bool]) -> Truth:
    if lo is not None and beyond(lo, bound):
        return Truth.YES
    return Truth.NO if hi is not None and not beyond(hi, bound) else Truth.UNKNOWN


def _equal(lo: Any, hi: Any, bound: Any) -> Truth:
    if (lo is not None and lo > bound) or (hi is not None and hi < bound):
        return Truth.NO
    return Truth.YES if lo == hi == bound else Truth.UNKNOWN
