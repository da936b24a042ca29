"""Conditions and how they are joined: data, never code.

`&`, `|` and `~` join conditions. `and`, `or`, `not` and chained comparison raise at once, since
Python would silently drop a part of the condition.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NoReturn, final

import attrs

from carecontinuum.rules.errors import RuleInvalid
from carecontinuum.rules.fact import Fact, Found
from carecontinuum.rules.truth import Truth

__all__ = [
    "MAX_DEPTH",
    "All",
    "AnyOf",
    "AtLeast",
    "Expression",
    "Leaf",
    "Not",
    "at_least",
    "check_condition",
    "facts_read",
    "leaves",
]

MAX_DEPTH = 50
"""How deep conditions may nest."""


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


class Leaf(Expression):
    """A condition that joins no others: it looks at facts by itself."""

    __slots__ = ()

    @property
    @abstractmethod
    def facts(self) -> tuple[Fact[Any], ...]:
        """The facts it reads, each once."""

    @property
    @abstractmethod
    def text(self) -> str:
        """Its text in a rule."""

    @abstractmethod
    def judge(self, found: Sequence[Found]) -> Truth:
        """Tell whether it holds, given what is found of each of its facts."""


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
        _is_condition(None, None, part)


def _is_condition(_: object, __: object, part: Expression) -> None:
    check_condition(part)
    if _depth(part) >= MAX_DEPTH:
        raise RuleInvalid(says=f"conditions nest deeper than {MAX_DEPTH}; join more of them in one")


def _conditions(parts: Iterable[Expression]) -> tuple[Expression, ...]:
    return tuple(parts)


def _depth(condition: Expression) -> int:
    match condition:
        case All(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            return 1 + max(map(_depth, parts))
        case Not(part=part):
            return 1 + _depth(part)
        case _:
            return 0


@final
@attrs.frozen(order=False)
class All(Expression):
    """Every part holds.

    Attributes:
        parts: The conditions joined.
    """

    TYPE: ClassVar[str] = "all"
    parts: tuple[Expression, ...] = attrs.field(converter=_conditions, validator=_are_conditions)


@final
@attrs.frozen(order=False)
class AnyOf(Expression):
    """At least one part holds.

    Attributes:
        parts: The conditions joined.
    """

    TYPE: ClassVar[str] = "any"
    parts: tuple[Expression, ...] = attrs.field(converter=_conditions, validator=_are_conditions)


@final
@attrs.frozen(order=False)
class AtLeast(Expression):
    """So many of the parts hold.

    Attributes:
        count: How many must, from 1 to as many as there are.
        parts: The conditions counted.
    """

    TYPE: ClassVar[str] = "at-least"
    count: int
    parts: tuple[Expression, ...] = attrs.field(converter=_conditions, validator=_are_conditions)

    def __attrs_post_init__(self) -> None:
        count: object = self.count
        if type(count) is not int or not 1 <= count <= len(self.parts):
            raise RuleInvalid(
                says=f"at least how many of {len(self.parts)}: a whole number from 1 to that"
            )


@final
@attrs.frozen(order=False)
class Not(Expression):
    """The part does not hold.

    Attributes:
        part: The condition denied.
    """

    TYPE: ClassVar[str] = "not"
    part: Expression = attrs.field(validator=_is_condition)


def at_least(count: int, *, of: Iterable[Expression]) -> AtLeast:
    """Hold when at least so many conditions do.

    Args:
        count: How many, from 1 to as many as there are.
        of: The conditions.

    Raises:
        RuleInvalid: There are no conditions, or not so many.

    Examples:
        >>> from carecontinuum.rules import Facts, Flag, truth
        >>> housed, working, supported = Flag("housed"), Flag("working"), Flag("supported")
        >>> steady = at_least(2, of=(housed, working, supported))
        >>> truth(steady, Facts.of({housed: True, working: True}))
        <Truth.YES: 'yes'>
    """
    return AtLeast(count, tuple(of))


def leaves(expression: Expression) -> Iterator[Leaf]:
    """Give each condition that joins no others, in the order of writing, repeats included."""
    match expression:
        case All(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from leaves(part)
        case Not(part=part):
            yield from leaves(part)
        case Leaf():
            yield expression
        case _:
            raise TypeError(f"{type(expression).__name__} is not a condition of the algebra")


def facts_read(expression: Expression) -> Iterator[Fact[Any]]:
    """Give each fact the condition reads, in the order of writing, repeats included."""
    for leaf in leaves(expression):
        yield from leaf.facts
