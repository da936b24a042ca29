"""Days that stand for all: those that comparisons with days and between days can tell apart."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from carecontinuum.rules import Compare, Date, DaysBetween

__all__ = ["ANCHOR", "days"]

ANCHOR = date(2024, 1, 1)
"""The day that others are counted from where no rule names one."""
_MANY = 500
"""So many days of one fact are tried at most."""


def days(comparisons: Iterable[Compare]) -> tuple[Mapping[str, tuple[date, ...]], bool]:
    """Give the days to be tried of each date, and whether they stand for all.

    From each day that a rule names, or from one day where it names none, all days are reached by
    going as many days on as a rule counts between two dates, one more and one less.
    """
    found = list(comparisons)
    named = _named(found)
    steps = list(_steps(found))
    fixed = _roots(steps, named)
    tried = {id: set(values) for id, values in named.items()} | {id: {ANCHOR} for id in fixed}
    for _ in {id for start, end, _ in steps for id in (start, end)}:
        if any(len(values) > _MANY for values in tried.values()):
            break
        for id, day in [reached for step in steps for reached in _reached(step, tried)]:
            if id not in fixed:
                tried.setdefault(id, set()).add(day)
    exact = all(len(values) <= _MANY for values in tried.values())
    return {id: tuple(sorted(values)[:_MANY]) for id, values in tried.items()}, exact


_Step = tuple[str, str, int]
"""A date, another, and how many days are counted from the one to the other."""


def _steps(found: Iterable[Compare]) -> Iterator[_Step]:
    for leaf in found:
        if isinstance(leaf.term, DaysBetween) and isinstance(leaf.bound, int):
            yield leaf.term.start.id, leaf.term.end.id, leaf.bound


def _named(found: Iterable[Compare]) -> dict[str, set[date]]:
    named: dict[str, set[date]] = {}
    for leaf in found:
        if isinstance(leaf.term, Date) and isinstance(leaf.bound, date):
            near = (_moved(leaf.bound, more) for more in (-1, 0, 1))
            named.setdefault(leaf.term.id, set()).update(day for day in near if day is not None)
    return named


def _roots(steps: Iterable[_Step], named: Mapping[str, set[date]]) -> frozenset[str]:
    """Give a date of each group that is counted from each other and not compared with a day."""
    counted: Counter[str] = Counter()
    groups: list[set[str]] = []
    for start, end, _ in steps:
        ids = {start, end}
        counted.update(ids)
        joined = [group for group in groups if group & ids]
        groups = [group for group in groups if not group & ids]
        groups.append(ids.union(*joined))
    free = [group for group in groups if not group & set(named)]
    return frozenset(max(sorted(group), key=counted.__getitem__) for group in free)


def _reached(step: _Step, tried: Mapping[str, set[date]]) -> Iterator[tuple[str, date]]:
    start, end, bound = step
    for count in (bound - 1, bound, bound + 1):
        for origin, target, way in ((start, end, count), (end, start, -count)):
            for day in tried.get(origin, ()):
                if (there := _moved(day, way)) is not None:
                    yield target, there


def _moved(day: date, count: int) -> date | None:
    """Give the day so many days on; `None` beyond the calendar."""
    ordinal = day.toordinal() + count
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None
