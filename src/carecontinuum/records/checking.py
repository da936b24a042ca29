"""Checks that the constructors of records share; a problem never repeats what was given."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from typing import cast

from carecontinuum.canonical import Problem
from carecontinuum.errors import listed
from carecontinuum.records.errors import RecordInvalid

__all__ = [
    "a_day",
    "a_member",
    "a_text",
    "a_whole",
    "each_once",
    "in_order",
    "refuse",
    "says_something",
    "several",
    "texts",
]


def refuse(subject: str, problems: Iterable[Problem]) -> None:
    """Raise if there is any problem.

    Raises:
        RecordInvalid: With every problem.
    """
    if found := tuple(problems):
        raise RecordInvalid(subject=subject, problems=found)


def says_something(value: object) -> bool:
    """Tell whether a value is given; a text of blanks says nothing, nor do several of them."""
    if isinstance(value, tuple):
        return any(map(says_something, cast("tuple[object, ...]", value)))
    return bool(value.strip() if isinstance(value, str) else value)


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """Take a list of texts as a tuple, which nobody changes later; the rest is for `several`."""
    return tuple(values) if isinstance(values, list) else cast("tuple[str, ...]", values)


def several(path: str, values: object, *, blank: bool = False) -> Iterator[Problem]:
    """Take a tuple of texts; one text alone would be taken for its letters.

    Args:
        path: Where they stand.
        values: What is given.
        blank: Whether a text may say nothing.
    """
    if not isinstance(values, tuple):
        yield Problem(path, "not-a-tuple", 'a tuple of texts is needed, as in `("a name",)`')
        return
    for index, value in enumerate(cast("tuple[object, ...]", values)):
        if not (blank and isinstance(value, str)):
            yield from a_text(f"{path}[{index}]", value)


def a_text(path: str, value: object) -> Iterator[Problem]:
    """Take a text that says something."""
    if not isinstance(value, str) or not value.strip():
        yield Problem(path, "empty", "a text that says something is needed")


def a_whole(path: str, value: object, *, lo: int, hi: int | None = None) -> Iterator[Problem]:
    """Take a whole number within limits; a bool is none."""
    whole = value if isinstance(value, int) and not isinstance(value, bool) else None
    if whole is None or whole < lo or (hi is not None and whole > hi):
        limits = f"{lo} or more" if hi is None else f"{lo} to {hi}"
        yield Problem(path, "out-of-range", f"a whole number, {limits}, is needed")


def a_day(path: str, value: object) -> Iterator[Problem]:
    """Take a day in the years 2 to 9998, or `None`; a day with a time is none."""
    if value is None:
        return
    if not isinstance(value, date) or isinstance(value, datetime):
        yield Problem(path, "not-a-day", "a day (`datetime.date`, without a time) is needed")
    elif not date(2, 1, 1) <= value <= date(9998, 12, 31):
        yield Problem(path, "out-of-range", "a day in the years 2 to 9998 is needed")


def a_member(path: str, value: object, kind: type[Enum]) -> Iterator[Problem]:
    """Take a member of an enumeration."""
    if not isinstance(value, kind):
        names = listed(f"{kind.__name__}.{member.name}" for member in kind)
        yield Problem(path, "unknown-value", f"accepted are {names}")


def in_order(path: str, first: date | None, last: date | None, says: str) -> Iterator[Problem]:
    """Take two days of which the second is not before the first; `None` is open."""
    if type(first) is date and type(last) is date and last < first:
        yield Problem(path, "backwards", says)


def each_once(path: str, values: Iterable[object], *, key: str = "id") -> Iterator[Problem]:
    """Take values of which no two are equal; `key` is where each stands in its own record."""
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield Problem(f"{path}[{index}].{key}", "repeated", f"an earlier `{key}` is the same")
        seen.add(value)
