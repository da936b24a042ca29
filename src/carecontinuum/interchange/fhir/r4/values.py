"""Reading the elements of a resource; what is wrong goes to the account.

What has an unreadable shape is passed over here: `shapes` lists it.
"""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import cast

import attrs

from carecontinuum.datatypes import Coding, Identifier, Precision, UnreadableDate, When
from carecontinuum.interchange.fhir.r4.account import Account
from carecontinuum.interchange.fhir.r4.reading import Resource

__all__ = [
    "Span",
    "after",
    "bounds",
    "codings",
    "dicts",
    "finish",
    "identifiers",
    "is_over",
    "last_day",
    "no_earlier",
    "read_when",
    "span",
    "text",
]


@attrs.frozen(order=False, kw_only=True)
class Span:
    """A FHIR period: its end is the last moment that belongs to it.

    Attributes:
        start: When it began.
        end: When it ended; `None` while it lasts.
    """

    start: When
    end: When | None = None


def text(value: object) -> str | None:
    """Give a text that is not empty; what cannot be printed in it is replaced."""
    if not isinstance(value, str) or not value:
        return None
    if value.isprintable():
        return value
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in value)


def dicts(value: object) -> Iterator[tuple[int, Resource]]:
    """Give the objects of a list with their places."""
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            if isinstance(item, dict):
                yield index, cast("Resource", item)


def codings(concepts: object) -> tuple[Coding, ...]:
    """Give the codings of a list of CodeableConcepts."""
    return tuple(
        Coding(code=code, system=text(item.get("system")), display=text(item.get("display")))
        for _, concept in dicts(concepts)
        for _, item in dicts(concept.get("coding"))
        if (code := text(item.get("code"))) is not None
    )


def identifiers(value: object) -> tuple[Identifier, ...]:
    """Give the identifiers that have a value."""
    return tuple(
        Identifier(system=text(item.get("system")), value=found)
        for _, item in dicts(value)
        if (found := text(item.get("value"))) is not None
    )


def read_when(value: object, path: str, account: Account, zone: tzinfo) -> When | None:
    """Read a date or dateTime; one that cannot be read is a problem, a missing one is not."""
    if value is None:
        return None
    try:
        return When.parse(value if isinstance(value, str) else "", zone=zone)
    except UnreadableDate as error:
        account.problem(path, "unreadable-date", error.message())
        return None


def bounds(
    value: object, path: str, account: Account, zone: tzinfo
) -> tuple[When | None, When | None]:
    """Read the ends of a period; one with an end that is wrong is a problem, and has neither."""
    if not isinstance(value, dict):
        account.problem(path, "no-period", "a period with a start is needed")
        return None, None
    period = cast("Resource", value)
    told = period.get("start"), _told_end(period.get("end"), f"{path}.end", account)
    start = read_when(told[0], f"{path}.start", account, zone)
    end = read_when(told[1], f"{path}.end", account, zone)
    if told[0] is None:
        account.problem(f"{path}.start", "no-start", "a period with a start is needed")
    if (start is None and told[0] is not None) or (end is None and told[1] is not None):
        return None, None
    if start is not None and end is not None and is_over(end, start):
        account.problem(path, "ends-before-start", "the period ends before it begins")
        return None, None
    return start, end


def _told_end(value: object, path: str, account: Account) -> object:
    """Give the end that is told; many systems write the year 9999 for none."""
    if not isinstance(value, str) or not value.startswith("9999"):
        return value
    account.problem(path, "no-end", "the year 9999 stands for what has no end, and is read so")
    return None


def is_over(end: When, start: When) -> bool:
    """Tell whether a period's last moment comes before a start; a day lasts until midnight."""
    last = finish(end)
    return last < start.instant or end.instant < last == start.instant


def span(value: object, path: str, account: Account, zone: tzinfo) -> Span | None:
    """Read a period that must have a start."""
    start, end = bounds(value, path, account, zone)
    return None if start is None else Span(start=start, end=end)


def finish(end: When) -> datetime:
    """Give the first instant after a FHIR period: the next midnight for a day."""
    return after(end).instant


def after(end: When) -> When:
    """Give the first moment after a FHIR period: the next day for a day, the instant itself."""
    return end if end.precision is Precision.INSTANT else end.next_day()


def last_day(end: When, zone: tzinfo) -> date:
    """Give the last local date of a FHIR period; a time counts by the date in that zone."""
    return end.day(zone) if end.precision is Precision.INSTANT else end.last_day()


def no_earlier(end: When, than: When, *, known_at: datetime) -> When:
    """Give an end that does not come before what precedes it.

    An end told as a day, a month or a year begins before things that are told more exactly; then
    its last day counts, and where that comes before them too, or is not reached yet, the moment of
    what precedes it.
    """
    if end.instant >= than.instant:
        return end
    last = When.on(end.last_day(), zone=end.zone)
    return last if than.instant <= last.instant <= known_at else than
