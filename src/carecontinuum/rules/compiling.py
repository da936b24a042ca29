"""Conditions made into Python functions, for one patient in a microsecond and for millions.

The source is made of the objects of the algebra alone: names in it are numbered, and bounds and
codes are passed in as values, so no text that anybody wrote is ever run.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import inf
from typing import Any, TypeAlias, cast

import attrs

from carecontinuum.rules.comparisons import Compare, Op
from carecontinuum.rules.errors import RuleInvalid
from carecontinuum.rules.expressions import All, AnyOf, AtLeast, Expression, Leaf, Not, facts_read
from carecontinuum.rules.fact import Fact
from carecontinuum.rules.kinds import Choice, Flag, NumberFact, OneOf, Quantity
from carecontinuum.rules.terms import DaysBetween, Total
from carecontinuum.rules.values import Span, Value

__all__ = ["Compiled", "Values", "compiled"]

Values: TypeAlias = Mapping[str, Value | Span | None]
"""Values by the id of their fact; `None`, or no entry, where one is not known."""


@attrs.frozen(order=False, kw_only=True, eq=False)
class Compiled:
    """Which of several conditions is the first to hold.

    Attributes:
        facts: Every fact the conditions read.
        first: The index of the first that holds, the number of conditions where none does, and -1
            where a fact is not known.
        bounds: The index of the first that certainly holds and of the first that possibly does; the
            number of conditions where there is none.
    """

    facts: tuple[Fact[Any], ...]
    first: Callable[[Values], int]
    bounds: Callable[[Values], tuple[int, int]]


def compiled(conditions: Sequence[Expression]) -> Compiled:
    """Make conditions into functions, which agree with `truth` on all values that fit their facts.

    Values are not checked; check them with their facts where they enter.

    Raises:
        RuleInvalid: A condition is a named criterion, which is code already.

    Examples:
        >>> from carecontinuum.rules import Ordinal
        >>> risk, relapse = Ordinal("risk", hi=4), Ordinal("relapse", hi=4)
        >>> table = compiled([risk >= 3, (risk >= 1) & (relapse >= 2)])
        >>> table.first({"risk": 1, "relapse": 2})
        1
        >>> table.bounds({"relapse": 2})
        (2, 0)
    """
    facts = tuple(dict.fromkeys(fact for part in conditions for fact in facts_read(part)))
    writer = _Writer(facts)
    first = _function(_first_lines(conditions, writer), writer, "first")
    bounds = _function(_bounds_lines(conditions, writer), writer, "bounds")
    return Compiled(facts=facts, first=first, bounds=bounds)


class _Writer:
    """The names that source has for facts and constants."""

    def __init__(self, facts: Sequence[Fact[Any]]) -> None:
        self.names = {fact: f"v{number}" for number, fact in enumerate(facts)}
        self.constants: dict[str, object] = {"Span": Span}

    def constant(self, value: object) -> str:
        """Give a value a name; a small whole number is written as it is."""
        if type(value) is int:
            return str(value)
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name


def _function(lines: Iterable[str], writer: _Writer, name: str) -> Callable[[Values], Any]:
    source = "\n    ".join((f"def {name}(values):", "get = values.get", *lines))
    space = dict(writer.constants)
    exec(source, space)  # noqa: S102  the source is made above, of numbers and operators alone
    made: Callable[[Values], Any] = space[name]  # type: ignore[assignment]
    return made


def _first_lines(conditions: Sequence[Expression], writer: _Writer) -> list[str]:
    lines = [f"{name} = get({writer.constant(fact.id)})" for fact, name in writer.names.items()]
    missing = " or ".join(f"{name} is None" for name in writer.names.values())
    lines.append(f"if {missing}: return -1")
    known = _Known(writer)
    lines += [f"if {known.source(part)}: return {index}" for index, part in enumerate(conditions)]
    return [*lines, f"return {len(conditions)}"]


def _bounds_lines(conditions: Sequence[Expression], writer: _Writer) -> list[str]:
    lines: list[str] = []
    for fact, name in writer.names.items():
        lines.append(f"{name} = get({writer.constant(fact.id)})")
        lines += _span_lines(fact, name, writer)
    for result, side in (("certain", _Side(writer, certain=True)), ("possible", _Side(writer))):
        lines.append(f"{result} = {len(conditions)}")
        for index, part in enumerate(conditions):
            word = "elif" if index else "if"
            lines.append(f"{word} {side.source(part)}: {result} = {index}")
    return [*lines, "return certain, possible"]


def _span_lines(fact: Fact[Any], name: str, writer: _Writer) -> list[str]:
    if isinstance(fact, Flag | Choice):
        return []
    lo, hi = (writer.constant(limit) for limit in _limits(fact))
    return [
        f"if {name} is None: {name}l = {lo}; {name}h = {hi}",
        f"elif type({name}) is Span: {name}l, {name}h = {name}.lo, {name}.hi",
        f"else: {name}l = {name}h = {name}",
        f"if {name}l is None: {name}l = {lo}",
        f"if {name}h is None: {name}h = {hi}",
    ]


_WITHOUT_END = Decimal("Infinity")


def _limits(fact: Fact[Any]) -> tuple[Value | float, Value | float]:
    if isinstance(fact, Quantity):
        return fact.lo, _WITHOUT_END if fact.hi is None else fact.hi
    if isinstance(fact, NumberFact):
        return fact.lo, inf if fact.hi is None else fact.hi
    return date.min, date.max


class _Known:
    """The source of conditions on values that are all known."""

    def __init__(self, writer: _Writer) -> None:
        self.writer = writer

    def source(self, condition: Expression) -> str:
        """Write a condition."""
        match condition:
            case All(parts=parts):
                return f"({' and '.join(map(self.source, parts))})"
            case AnyOf(parts=parts):
                return f"({' or '.join(map(self.source, parts))})"
            case AtLeast(count=count, parts=parts):
                return f"({' + '.join(map(self.source, parts))} >= {count})"
            case Not(part=part):
                return f"(not {self.source(part)})"
            case _:  # a leaf: whatever else was refused when its facts were asked for
                return f"({self.leaf(cast('Leaf', condition))})"

    def leaf(self, leaf: Leaf) -> str:
        """Write a condition that joins no others."""
        names = [self.writer.names[fact] for fact in leaf.facts]
        match leaf:
            case Flag():
                return f"{names[0]} is True"
            case OneOf(codes=codes):
                return f"{names[0]} in {self.writer.constant(frozenset(codes))}"
            case Compare(term=term, op=op, bound=bound):
                return f"{self.term(term, names)} {op.value} {self.writer.constant(bound)}"
            case _:
                raise _not_compiled(leaf)

    def term(self, term: object, names: Sequence[str]) -> str:
        """Write what is compared."""
        if isinstance(term, DaysBetween):
            return f"({names[1]} - {names[0]}).days"
        return " + ".join(names)


def _not_compiled(leaf: Leaf) -> RuleInvalid:
    return RuleInvalid(says=f"`{leaf.text}` is code of its own, and cannot be made into other code")


class _Side(_Known):
    """The source of conditions that certainly, or possibly, hold on what is known."""

    def __init__(self, writer: _Writer, *, certain: bool = False) -> None:
        super().__init__(writer)
        self.certain = certain

    def source(self, condition: Expression) -> str:
        """Write a condition; what it denies must hold on the other side."""
        if isinstance(condition, Not):
            other = _Side(self.writer, certain=not self.certain)
            return f"(not {other.source(condition.part)})"
        return super().source(condition)

    def leaf(self, leaf: Leaf) -> str:
        """Write a condition that joins no others."""
        match leaf:
            case Flag():
                name = self.writer.names[leaf]
                return f"{name} is True" if self.certain else f"{name} is not False"
            case OneOf(fact=fact, codes=codes):
                covered = bool(fact.codes) and set(fact.codes) <= set(codes)
                among = super().leaf(leaf)
                unknown = f"{self.writer.names[fact]} is None"
                return among if self.certain and not covered else f"{unknown} or {among}"
            case _:  # a comparison: code was refused before
                return self.compared(cast("Compare", leaf))

    def compared(self, leaf: Compare) -> str:
        """Write a comparison of the end of the span that is against it, or for it."""
        lo, hi = self.ends(leaf)
        bound = self.writer.constant(leaf.bound)
        least, greatest = (lo, hi) if self.certain else (hi, lo)
        match leaf.op:
            case Op.GE | Op.GT:
                return f"{least} {leaf.op.value} {bound}"
            case Op.LE | Op.LT:
                return f"{greatest} {leaf.op.value} {bound}"
            case Op.EQ if self.certain:
                return f"{lo} == {bound} == {hi}"
            case Op.EQ:
                return f"{lo} <= {bound} <= {hi}"
            case Op.NE if self.certain:
                return f"{hi} < {bound} or {lo} > {bound}"
            case _:  # Op.NE, possibly
                return f"{lo} != {bound} or {hi} != {bound}"

    def ends(self, leaf: Compare) -> tuple[str, str]:
        """Write the least and the greatest that a term can be."""
        names = [self.writer.names[fact] for fact in leaf.facts]
        lows, highs = [f"{name}l" for name in names], [f"{name}h" for name in names]
        if isinstance(leaf.term, DaysBetween):
            return f"({lows[1]} - {highs[0]}).days", f"({highs[1]} - {lows[0]}).days"
        if isinstance(leaf.term, Total):
            return f"({' + '.join(lows)})", f"({' + '.join(highs)})"
        return lows[0], highs[0]
