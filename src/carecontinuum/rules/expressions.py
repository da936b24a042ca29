"""Declared facts and the conditions built from them: data, never code.

`&`, `|` and `~` join conditions. `and`, `or`, `not` and chained comparison raise at once, since
Python would silently drop a part of the condition.
"""

import operator
import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar, Generic, NoReturn, TypeVar, final

import attrs

from carecontinuum.rules.errors import FactInvalid, FactValueInvalid, RuleInvalid

__all__ = [
    "All",
    "AnyOf",
    "Choice",
    "Compare",
    "Count",
    "Expression",
    "Fact",
    "Flag",
    "Not",
    "NumberFact",
    "OneOf",
    "Op",
    "Ordinal",
    "check_condition",
    "facts_read",
]

V_co = TypeVar("V_co", covariant=True)

_ID = re.compile(r"[a-z][a-z0-9_]*")
_GREATEST = 999_999_999_999
_RESERVED = frozenset({"and", "or", "not", "in", "true", "false"})


class Expression:
    """A condition over facts; its truth is yes, no or unknown."""

    __slots__ = ()

    def __and__(self, other: "Expression") -> "All":
        return All((*_parts(self, All), *_parts(other, All)))

    def __or__(self, other: "Expression") -> "AnyOf":
        return AnyOf((*_parts(self, AnyOf), *_parts(other, AnyOf)))

    def __invert__(self) -> "Not":
        return Not(self)

    def __bool__(self) -> NoReturn:
        raise TypeError("a condition has no bool: use `&`, `|`, `~`, not `and`, `or`, `not`")


def _parts(condition: Expression, join: "type[All | AnyOf]") -> tuple[Expression, ...]:
    """Take a join of the same kind apart, so that a chain is one join however it was written."""
    return condition.parts if isinstance(condition, join) else (condition,)


def check_condition(value: object) -> None:
    """Raise if a value is not a condition.

    Raises:
        RuleInvalid: It is not; `fact == 3` gives a bool, for one.
    """
    if not isinstance(value, Expression):
        kind = type(value).__name__
        raise RuleInvalid(
            says=f"a `{kind}` is no condition; write `fact.equals(3)` for `fact == 3`"
        )


def _are_conditions(_: object, __: object, parts: tuple[Expression, ...]) -> None:
    if not parts:
        raise RuleInvalid(says="a condition that joins others needs at least one of them")
    for part in parts:
        check_condition(part)


def _is_condition(_: object, __: object, part: Expression) -> None:
    check_condition(part)


@final
@attrs.frozen(order=False)
class All(Expression):
    """Every part holds.

    Attributes:
        parts: The conditions joined.
    """

    TYPE: ClassVar[str] = "all"
    parts: tuple[Expression, ...] = attrs.field(validator=_are_conditions)


@final
@attrs.frozen(order=False)
class AnyOf(Expression):
    """At least one part holds.

    Attributes:
        parts: The conditions joined.
    """

    TYPE: ClassVar[str] = "any"
    parts: tuple[Expression, ...] = attrs.field(validator=_are_conditions)


@final
@attrs.frozen(order=False)
class Not(Expression):
    """The part does not hold.

    Attributes:
        part: The condition denied.
    """

    TYPE: ClassVar[str] = "not"
    part: Expression = attrs.field(validator=_is_condition)


class Op(Enum):
    """How a number is compared with a bound."""

    LE = "<="
    LT = "<"
    GE = ">="
    GT = ">"
    EQ = "=="
    NE = "!="


_COMPARE: dict[Op, Callable[[Any, int], bool]] = {
    Op.LE: operator.le,
    Op.LT: operator.lt,
    Op.GE: operator.ge,
    Op.GT: operator.gt,
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
}


@attrs.frozen(order=False, cache_hash=True)
class Fact(Generic[V_co]):
    """A declared fact: a typed key, not a value.

    Attributes:
        id: Its name in rules and files: small letters, digits and underscores.
        title: Its words for a reader; empty means the id will do.
        citation: Where its definition comes from.
        must_assess: Whether a decision waits for it even where logic no longer needs it.
    """

    TYPE: ClassVar[str] = "fact"
    id: str
    title: str = attrs.field(default="", kw_only=True)
    citation: str = attrs.field(default="", kw_only=True)
    must_assess: bool = attrs.field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not _ID.fullmatch(self.id) or self.id in _RESERVED:
            raise FactInvalid(
                fact=self.id,
                says="an id is small letters, digits and underscores, and no word of the rule text",
            )

    def accepted(self) -> str:
        """Say in words which values fit."""
        return "any value"

    def fits(self, value: object) -> bool:
        """Tell whether a value is one of those the fact can have."""
        return value is not None

    def check(self, value: object) -> None:
        """Raise if a value does not fit.

        Raises:
            FactValueInvalid: It does not.
        """
        if not self.fits(value):
            raise FactValueInvalid(fact=self.id, accepted=self.accepted())


@attrs.frozen(order=False, cache_hash=True)
class NumberFact(Fact[int]):
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
        if self.hi is not None and self.hi < self.lo:
            raise FactInvalid(fact=self.id, says=f"`hi` {self.hi} is less than `lo` {self.lo}")

    def accepted(self) -> str:
        """Say in words which values fit."""
        bounds = f"{self.lo} or more" if self.hi is None else f"{self.lo} to {self.hi}"
        return f"a whole number, {bounds}"

    def fits(self, value: object) -> bool:
        """Tell whether a value is a whole number within the range; a bool is none."""
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return self.lo <= value and (self.hi is None or value <= self.hi)

    def __le__(self, bound: int) -> "Compare":
        return Compare(self, Op.LE, bound)

    def __lt__(self, bound: int) -> "Compare":
        return Compare(self, Op.LT, bound)

    def __ge__(self, bound: int) -> "Compare":
        return Compare(self, Op.GE, bound)

    def __gt__(self, bound: int) -> "Compare":
        return Compare(self, Op.GT, bound)

    def equals(self, bound: int) -> "Compare":
        """Compare for equality; `==` compares the declarations themselves."""
        return Compare(self, Op.EQ, bound)

    def differs(self, bound: int) -> "Compare":
        """Compare for difference."""
        return Compare(self, Op.NE, bound)


@final
@attrs.frozen(order=False, cache_hash=True)
class Count(NumberFact):
    """How many of something: days, sessions, check-ins."""

    TYPE: ClassVar[str] = "count"


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


@final
@attrs.frozen(order=False, cache_hash=True)
class Flag(Fact[bool], Expression):
    """A fact that is so or is not so; it is itself a condition."""

    TYPE: ClassVar[str] = "flag"

    @property
    def fact(self) -> "Flag":
        """The fact it reads: itself."""
        return self

    @property
    def text(self) -> str:
        """Its text in a rule."""
        return self.id

    def holds(self, value: object) -> bool:
        """Tell whether it holds for a value."""
        return value is True

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
class Compare(Expression):
    """A number compared with a bound.

    Attributes:
        fact: The number.
        op: The comparison.
        bound: What it is compared with.
    """

    TYPE: ClassVar[str] = "compare"
    fact: NumberFact
    op: Op
    bound: int

    @cached_property
    def text(self) -> str:
        """Its text in a rule."""
        return f"{self.fact.id} {self.op.value} {self.bound}"

    @cached_property
    def _test(self) -> Callable[[Any, int], bool]:
        return _COMPARE[self.op]

    def holds(self, value: object) -> bool:
        """Tell whether it holds for a whole number."""
        return self._test(value, self.bound)

    def __attrs_post_init__(self) -> None:
        bound: object = self.bound
        if not isinstance(bound, int) or isinstance(bound, bool) or abs(bound) > _GREATEST:
            accepted = "a whole number of at most 12 digits as a bound"
            raise FactValueInvalid(fact=self.fact.id, accepted=accepted)


@final
@attrs.frozen(order=False)
class OneOf(Expression):
    """A choice that is among some codes.

    Attributes:
        fact: The choice.
        codes: The codes for which it holds.
    """

    TYPE: ClassVar[str] = "one-of"
    fact: Choice
    codes: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """Its text in a rule."""
        return f"{self.fact.id} in ({', '.join(map(_quoted, self.codes))})"

    def holds(self, value: object) -> bool:
        """Tell whether it holds for a code."""
        return value in self.codes

    def __attrs_post_init__(self) -> None:
        for code in self.codes:
            self.fact.check(code)
            if not code.isprintable() or '"' in code or "\\" in code:
                accepted = "a printable code without quotes and backslashes"
                raise FactValueInvalid(fact=self.fact.id, accepted=accepted)


def _quoted(code: str) -> str:
    return f'"{code}"'


def facts_read(expression: Expression) -> Iterator[Fact[object]]:
    """Give each fact the condition reads, in the order of writing, repeats included."""
    match expression:
        case All(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from facts_read(part)
        case Not(part=part):
            yield from facts_read(part)
        case Compare(fact=fact) | OneOf(fact=fact):
            yield fact
        case Flag():
            yield expression
        case _:
            raise TypeError(f"{type(expression).__name__} is not a condition of the algebra")
