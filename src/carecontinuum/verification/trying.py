"""Trying conditions in all cases or, where there are too many, in some."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod

import attrs

from carecontinuum.rules import Expression, Value, facts_read
from carecontinuum.verification.report import Method, Proof
from carecontinuum.verification.space import Space
from carecontinuum.verification.values import Cases, Limits, cases_of

__all__ = ["Tried", "tried"]


@attrs.frozen(order=False, kw_only=True, eq=False)
class Tried:
    """The cases in which some conditions are tried.

    Attributes:
        cases: The values of each fact.
        spaces: One space of all of them, or several of some.
        whole: Whether they stand for all cases there can be.
    """

    cases: Cases
    spaces: tuple[Space, ...]
    whole: bool

    def never(self, region: Callable[[Space], int]) -> bool:
        """Tell whether it is proved that no case is in a region."""
        return self.whole and not any(region(space) for space in self.spaces)

    def first(self, region: Callable[[Space], int]) -> dict[str, Value] | None:
        """Give the values of the first case in a region; `None` if no case that was tried is."""
        for space in self.spaces:
            if cases := region(space):
                return space.case(cases)
        return None

    def proof(self, subject: str) -> Proof:
        """Say what was tried and how far that goes."""
        count = sum(space.size for space in self.spaces)
        if self.whole:
            return Proof(subject=subject, method=Method.EXHAUSTIVE, cases=count, says=_ALL)
        return Proof(subject=subject, method=Method.SAMPLED, cases=count, says=_SOME)


_ALL = "one case for each that the rules can tell apart"
_SOME = (
    "some cases only, the edges of every threshold among them: "
    "what was not found is not proved to be absent"
)


def tried(conditions: Sequence[Expression], limits: Limits, *, limit: int) -> Tried:
    """Give the cases in which to try conditions: all of them, or some where they are too many.

    Args:
        conditions: The conditions.
        limits: The values that some facts are limited to.
        limit: How many cases are tried at most.
    """
    cases = cases_of(conditions, limits)
    if prod(len(values) for values in cases.values.values() if values) <= limit:
        return Tried(cases=cases, spaces=(Space(cases.values),), whole=cases.exact)
    groups = [[fact.id for fact in facts_read(condition)] for condition in conditions]
    samples = tuple(_samples(cases.values, limit, groups))
    return Tried(cases=cases, spaces=samples, whole=False)


_BASES = 3
"""The facts that are not varied are held at their least, middle and greatest values."""


def _samples(
    values: Mapping[str, tuple[Value, ...]], limit: int, groups: Sequence[Sequence[str]]
) -> Iterator[Space]:
    """Vary the facts of each rule together, and as many others as there is room for."""
    room = max(limit // (_BASES * max(len(groups), 1)), 1)
    for base in range(_BASES):
        for group in groups:
            yield Space(_sample(values, group, base, room))


def _sample(
    values: Mapping[str, tuple[Value, ...]], group: Sequence[str], base: int, room: int
) -> dict[str, tuple[Value, ...]]:
    varied: dict[str, tuple[Value, ...]] = {}
    size = 1
    for id in (*group, *values):
        count = len(values[id])
        if count and id not in varied and size * count <= room:
            varied[id] = values[id]
            size *= count
    held = {
        id: (some[base * (len(some) - 1) // (_BASES - 1)],) for id, some in values.items() if some
    }
    return {**held, **varied}
