"""All cases at once: a set of cases is one whole number, a bit for each case.

Seven ratings of five steps make 78,125 cases, so that a rule's cases are a number of 78,125 bits
and joining two rules is one `&`. A case's number counts the values of the first fact fastest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

import attrs

from carecontinuum.rules import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Criterion,
    DaysBetween,
    Expression,
    Leaf,
    Not,
    Total,
    Value,
)

__all__ = ["Region", "Space"]


@attrs.frozen(order=False)
class Region:
    """The cases in which a condition holds and in which it does not, as far as can be told.

    Where code decides it may do either; where a fact cannot be known it does neither.

    Attributes:
        certain: The cases in which it surely holds.
        possible: Those and the cases in which it may hold.
        denied: The cases in which it surely does not hold.
        deniable: Those and the cases in which it may not.
    """

    certain: int
    possible: int
    denied: int
    deniable: int

    def __and__(self, other: "Region") -> "Region":
        return Region(
            self.certain & other.certain,
            self.possible & other.possible,
            self.denied | other.denied,
            self.deniable | other.deniable,
        )

    def __or__(self, other: "Region") -> "Region":
        return ~(~self & ~other)

    def __invert__(self) -> "Region":
        return Region(self.denied, self.deniable, self.certain, self.possible)


class Space:
    """Every combination of some values of some facts.

    Attributes:
        values: The values of each fact, by its id; what cannot be known is not among them.
        size: How many cases there are.
        whole: The number of all of them.
        everything: What holds in all of them.
    """

    def __init__(self, values: Mapping[str, Sequence[Value]]) -> None:
        """Take the values of each fact; a fact without values cannot be known."""
        self.values: dict[str, tuple[Value, ...]] = {
            id: tuple(tried) for id, tried in values.items() if tried
        }
        self.size: int = prod(len(tried) for tried in self.values.values())
        self.whole: int = (1 << self.size) - 1
        self.everything: Region = Region(self.whole, self.whole, 0, 0)
        self._strides: dict[str, int] = {}
        stride = 1
        for id, tried in self.values.items():
            self._strides[id] = stride
            stride *= len(tried)
        self._slices: dict[tuple[str, int], int] = {}
        self._regions: dict[Expression, Region] = {}

    def case(self, cases: int) -> dict[str, Value]:
        """Give the values of the first of at least one case."""
        index = (cases & -cases).bit_length() - 1
        return {
            id: tried[index // self._strides[id] % len(tried)] for id, tried in self.values.items()
        }

    def raised(self, cases: int, id: str) -> int:
        """Give the cases that become one of these when a fact takes its next greater value."""
        last = self._slice(id, len(self.values[id]) - 1)
        return (cases >> self._strides[id]) & ~last

    def next_value(self, id: str, value: Value) -> Value:
        """Give the next greater of the values tried of a fact."""
        tried = self.values[id]
        return tried[tried.index(value) + 1]

    def region(self, condition: Expression) -> Region:
        """Give the cases in which a condition holds."""
        found = self._regions.get(condition)
        if found is None:
            found = self._regions[condition] = self._region(condition)
        return found

    def _region(self, condition: Expression) -> Region:
        match condition:
            case Not(part=part):
                return ~self.region(part)
            case All(parts=parts):
                return self.all_of(self.region(part) for part in parts)
            case AnyOf(parts=parts):
                return self.any_of(self.region(part) for part in parts)
            case AtLeast(count=count, parts=parts):
                return self._so_many(count, [self.region(part) for part in parts])
            case Leaf():
                return self._leaf(condition)
            case _:
                raise TypeError(f"{type(condition).__name__} is not a condition of the algebra")

    def all_of(self, regions: Iterable[Region]) -> Region:
        """Give the cases in which every one of some conditions holds."""
        found = self.everything
        for region in regions:
            found &= region
        return found

    def any_of(self, regions: Iterable[Region]) -> Region:
        """Give the cases in which any of some conditions holds."""
        found = ~self.everything
        for region in regions:
            found |= region
        return found

    def _so_many(self, count: int, regions: Sequence[Region]) -> Region:
        short = len(regions) - count + 1
        return Region(
            self._counted(count, [region.certain for region in regions]),
            self._counted(count, [region.possible for region in regions]),
            self._counted(short, [region.denied for region in regions]),
            self._counted(short, [region.deniable for region in regions]),
        )

    def _counted(self, count: int, masks: Sequence[int]) -> int:
        """Give the cases that so many of the masks have."""
        at_least = [self.whole] + [0] * count
        for mask in masks:
            for have in range(count, 0, -1):
                at_least[have] |= at_least[have - 1] & mask
        return at_least[count]

    def _leaf(self, leaf: Leaf) -> Region:
        if isinstance(leaf, Criterion):
            return Region(0, self.whole, 0, self.whole)
        if any(fact.id not in self.values for fact in leaf.facts):
            return Region(0, 0, 0, 0)
        if isinstance(leaf, Compare):
            return self._holding(self._by_value(leaf), leaf.holds)
        holds: Callable[[object], bool] = getattr(leaf, "holds")  # noqa: B009
        return self._holding(self._of_fact(leaf.facts[0].id), holds)

    def _holding(self, by_value: Mapping[Any, int], holds: Callable[[object], bool]) -> Region:
        mask = 0
        for value, cases in by_value.items():
            if holds(value):
                mask |= cases
        return Region(mask, mask, self.whole ^ mask, self.whole ^ mask)

    def _by_value(self, leaf: Compare) -> Mapping[Any, int]:
        """Give the cases of each value that the term of a comparison can have."""
        match leaf.term:
            case Total(parts=parts):
                sums: Mapping[Any, int] = {0: self.whole}
                for part in parts:
                    sums = _combined(sums, self._of_fact(part.id), lambda a, b: a + b)
                return sums
            case DaysBetween(start=start, end=end):
                starts, ends = self._of_fact(start.id), self._of_fact(end.id)
                return _combined(starts, ends, lambda a, b: (b - a).days)
            case _:
                return self._of_fact(leaf.facts[0].id)

    def _of_fact(self, id: str) -> Mapping[Any, int]:
        return {value: self._slice(id, at) for at, value in enumerate(self.values[id])}

    def _slice(self, id: str, position: int) -> int:
        """Give the cases in which a fact has the value at a position."""
        found = self._slices.get((id, position))
        if found is None:
            stride = self._strides[id]
            block = ((1 << stride) - 1) << (position * stride)
            found = _repeated(block, stride * len(self.values[id]), self.size)
            self._slices[id, position] = found
        return found


def _repeated(block: int, period: int, size: int) -> int:
    while period < size:
        block |= block << period
        period *= 2
    return block & ((1 << size) - 1)


def _combined(
    left: Mapping[Any, int], right: Mapping[Any, int], join: Callable[[Any, Any], Any]
) -> Mapping[Any, int]:
    found: dict[Any, int] = {}
    for one, cases in left.items():
        for other, more in right.items():
            if both := cases & more:
                value = join(one, other)
                found[value] = found.get(value, 0) | both
    return found
