"""Values without parts as JSON and back: texts, numbers, days, times and moments.

Each `take_` makes a value of JSON and refuses what was not written so; each `give_` is its inverse.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from enum import Enum
from math import isfinite
from typing import cast
from zoneinfo import ZoneInfo

from carecontinuum.canonical import Json
from carecontinuum.codec.errors import Misfit
from carecontinuum.datatypes import Precision, When, utc
from carecontinuum.errors import listed
from carecontinuum.history.making import unfrozen

__all__ = [
    "give_bool",
    "give_day",
    "give_decimal",
    "give_instant",
    "give_number",
    "give_text",
    "give_time",
    "give_value",
    "give_when",
    "give_whole",
    "give_zone",
    "take_bool",
    "take_day",
    "take_decimal",
    "take_instant",
    "take_member",
    "take_number",
    "take_text",
    "take_time",
    "take_when",
    "take_whole",
    "take_zone",
    "wrong",
]

_INSTANT = Precision.INSTANT
_FIXED = type(UTC)
_UnfrozenWhen = unfrozen(When)
_CLOCK = len("2000-01-01T00:00:00")
_SURROGATE = re.compile("[\ud800-\udfff]")


def wrong(needed: str) -> Misfit:
    """Say what is needed where something else stands."""
    return Misfit("wrong-type", f"needed is {needed}")


def take_text(value: object, _: object = None) -> str:
    """Take a text, of Unicode only: another one could not be written again."""
    if type(value) is not str:
        raise wrong("a text")
    if not value.isascii() and _SURROGATE.search(value):
        raise Misfit("no-unicode", "a text in it is no Unicode")
    return value


def take_whole(value: object, _: object = None) -> int:
    """Take a whole number; `true` is none."""
    if type(value) is not int:
        raise wrong("a whole number")
    return value


def take_bool(value: object, _: object = None) -> bool:
    """Take `true` or `false`."""
    if type(value) is not bool:
        raise wrong("`true` or `false`")
    return value


def take_number(value: object, _: object = None) -> int | float:
    """Take a number that is finite."""
    if type(value) is int or (type(value) is float and isfinite(value)):
        return value
    raise wrong("a number")


def give_text(value: object) -> str:
    """Give a text, one that is a member of an enumeration too."""
    if not isinstance(value, str):
        raise wrong("a text")
    return str.__str__(value)


def give_bool(value: object) -> bool:
    """Give `true` or `false`."""
    return take_bool(value)


def give_whole(value: object) -> int:
    """Give a whole number."""
    return take_whole(value)


def give_number(value: float) -> Json:
    """Give a number; a whole one without a fraction."""
    if not isinstance(cast("object", value), int | float) or not isfinite(value):
        raise wrong("a finite number")
    return int(value) if value == int(value) else value


def give_value(member: object) -> str:
    """Give the value of an enumeration's member."""
    if not isinstance(member, Enum):
        raise wrong("a member of an enumeration")
    value: str = member.value
    return value


def take_member(value: object, kind: type[Enum]) -> Enum:
    """Take a member of an enumeration by its value."""
    found = kind._value2member_map_.get(value) if type(value) is str else None
    if found is None:
        says = f"accepted are {listed(str(member.value) for member in kind)}"
        raise Misfit("unknown-value", says)
    return found


def give_day(day: date) -> Json:
    """Give a day as YYYY-MM-DD."""
    if type(day) is not date:
        raise wrong("a day without a time")
    return day.isoformat()


def take_day(value: object, _: object = None) -> date:
    """Take a day as YYYY-MM-DD."""
    text = take_text(value)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise Misfit("unreadable", "needed is a day, as YYYY-MM-DD")
    return day


def give_time(at: time) -> Json:
    """Give a time of day."""
    if at.tzinfo is not None:
        raise wrong("a time of day without a zone")
    return at.isoformat()


def take_time(value: object, _: object = None) -> time:
    """Take a time of day, local to the place of care."""
    try:
        found = time.fromisoformat(take_text(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise Misfit("unreadable", "needed is a time of day, as HH:MM:SS, without a zone")
    return found


def give_decimal(number: Decimal) -> Json:
    """Give an exact number as a text."""
    if not number.is_finite():
        raise wrong("a finite number")
    return str(number)


def take_decimal(value: object, _: object = None) -> Decimal:
    """Take an exact number from its text."""
    text = take_text(value)
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or str(found) != text:
        raise Misfit("unreadable", "needed is a finite decimal number as a text, as in `9.5`")
    return found


def give_instant(at: datetime) -> Json:
    """Give an instant in UTC."""
    return utc(at).isoformat()


def take_instant(value: object, _: object = None) -> datetime:
    """Take an instant with a zone, and give it in UTC."""
    return utc(_read(value))


def _read(value: object) -> datetime:
    text = value if type(value) is str else take_text(value)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        take_text(text)
        found = None
    if found is None or found.tzinfo is None:
        says = "needed is an instant with a zone, as in 2026-03-02T15:00:00+00:00"
        raise Misfit("unreadable", says)
    return found


def give_when(when: When) -> Json:
    """Give a moment: one text for an instant told in UTC or at an offset, else its three parts."""
    if not isinstance(cast("object", when), When):
        raise wrong("a moment")
    zone = when.zone
    if when.precision is _INSTANT and type(zone) is _FIXED:
        return (when.instant if zone is UTC else when.instant.astimezone(zone)).isoformat()
    return {
        "instant": when.instant.isoformat(),
        "precision": when.precision.value,
        "zone": _zone_at(zone, when.instant),
    }


_PARTS = {"instant", "precision", "zone"}


def take_when(value: object, _: object = None) -> When:
    """Take a moment in either form."""
    if type(value) is str:
        told = _read(value)
        made = _UnfrozenWhen(utc(told, "instant"), _INSTANT, told.tzinfo or UTC)
        made.__class__ = When
        return made
    if not isinstance(value, dict) or set(cast("dict[str, Json]", value)) != _PARTS:
        raise wrong("an instant with a zone, or an object of `instant`, `precision` and `zone`")
    parts = cast("dict[str, Json]", value)
    precision = cast("Precision", take_member(parts["precision"], Precision))
    return When(take_instant(parts["instant"]), precision, take_zone(parts["zone"]))


def _zone_at(zone: tzinfo, at: datetime) -> str:
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone.key
    offset = at.astimezone(zone).utcoffset() or timedelta()
    return datetime(2000, 1, 1, tzinfo=timezone(offset)).isoformat()[_CLOCK:]


def give_zone(zone: ZoneInfo) -> Json:
    """Give a zone by its IANA name."""
    if not zone.key:
        raise wrong("a zone that has a name")
    return zone.key


def take_zone(value: object, _: object = None) -> tzinfo:
    """Take a zone: an IANA name, or an offset as `+05:30`."""
    text = take_text(value)
    found: tzinfo | None
    try:
        if text.startswith(("+", "-")):
            found = datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo
        else:
            found = ZoneInfo(text)
    except (ValueError, KeyError, OSError):
        found = None
    if found is None:
        raise Misfit("unknown-zone", "needed is an IANA time zone, or an offset as `+05:30`")
    return found
