"""The small values everything else is made of, named as FHIR names them."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo

import attrs

from carecontinuum.arguments import (
    AWARE,
    MomentOutOfRange,
    NaiveDatetime,
    UnreadableDate,
    WrongArgument,
    a_text,
    an_instance,
    optional_texts,
    unicode_text,
)

__all__ = [
    "Actor",
    "Calendar",
    "Coding",
    "Identifier",
    "MomentOutOfRange",
    "NaiveDatetime",
    "Period",
    "Precision",
    "Site",
    "UnreadableDate",
    "When",
    "a_calendar",
    "actor",
    "moment",
    "optional_moment",
    "utc",
]


def utc(value: datetime, field: str = "at", *, takes_day: bool = False) -> datetime:
    """Give the same instant in UTC.

    Instants are kept in UTC because Python compares two times of one daylight-saving zone by
    their wall clocks, which is wrong in the hour that is repeated.

    Args:
        value: An aware datetime.
        field: The name of the argument.
        takes_day: Whether the argument takes a day as a `When` as well.

    Raises:
        NaiveDatetime: The time has no zone, or is a date.
        MomentOutOfRange: It is not in the years 2 to 9998.
        WrongArgument: It is no time.
    """
    if type(value) is not datetime:
        _check_kind(value, field, takes_day=takes_day)
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise MomentOutOfRange(field=field)
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise NaiveDatetime(field=field, takes_day=takes_day)
    return value.astimezone(UTC)


def _check_kind(value: object, field: str, *, takes_day: bool) -> None:
    if isinstance(value, date) and not isinstance(value, datetime):
        raise NaiveDatetime(field=field, takes_day=takes_day)
    an_instance(field, value, datetime, f"{AWARE}, or a `When`" if takes_day else AWARE)


_FIRST_YEAR, _LAST_YEAR = 2, 9998


class Precision(Enum):
    """How exactly a moment is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    INSTANT = "instant"


# Named once: before Python 3.12, finding a member through its enum costs as much as a call.
_INSTANT = Precision.INSTANT

_FHIR = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?P<time>T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?",
    re.ASCII,
)


def _instant(value: datetime) -> datetime:
    return value if value.tzinfo is UTC else utc(value, "instant")


@attrs.frozen(order=False, repr=False, weakref_slot=False)
class When:
    """A moment as it was told: an instant, or only a day, a month or a year.

    Attributes:
        instant: The moment in UTC; for a day, month or year the local midnight it begins with.
        precision: How much of it is known.
        zone: The zone it was told in. It counts neither for equality nor for order.
    """

    instant: datetime = attrs.field(converter=_instant)
    precision: Precision = Precision.INSTANT
    zone: tzinfo = attrs.field(default=UTC, eq=False)

    @classmethod
    def of(cls, value: "datetime | When", field: str = "when") -> "When":
        """Take an aware datetime, or a `When` as it is.

        Args:
            value: The moment.
            field: The name of the argument that it was given as.

        Raises:
            NaiveDatetime: The datetime has no zone.
            MomentOutOfRange: It is not in the years 2 to 9998.
            WrongArgument: It is no time.
        """
        if isinstance(value, When):
            return value
        return cls(utc(value, field, takes_day=True), Precision.INSTANT, value.tzinfo or UTC)

    @classmethod
    def on(cls, day: date, *, zone: tzinfo, precision: Precision = Precision.DAY) -> "When":
        """Take a day of which the time is not known, in the zone of the place it happened.

        Raises:
            MomentOutOfRange: It is not in the years 2 to 9998.
            WrongArgument: The day is no date, or the zone no zone.
        """
        an_instance("day", day, date, "a `date`")
        an_instance("zone", zone, tzinfo, "a time zone, as `ZoneInfo('America/New_York')`")
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise MomentOutOfRange(field="day")
        return cls(_midnight(day, zone), precision, zone)

    @classmethod
    def parse(cls, text: str, *, zone: tzinfo) -> "When":
        """Read a FHIR date or dateTime; `zone` is where a date without a time happened.

        Examples:
            >>> str(When.parse("2014-09", zone=ZoneInfo("Europe/Berlin")))
            '2014-09'

        Raises:
            UnreadableDate: The text is neither, or names a day that does not exist.
            WrongArgument: It is no text.
        """
        found = _FHIR.fullmatch(an_instance("text", text, str, "a text"))
        if found is None:
            raise UnreadableDate
        try:
            if found["time"]:
                return cls.of(datetime.fromisoformat(text))
            day = date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
            return cls.on(day, zone=zone, precision=_precision(found))
        except (ValueError, MomentOutOfRange):
            broken = UnreadableDate()
        raise broken

    @property
    def tells_the_day(self) -> bool:
        """Whether the day is known, and not only a month or a year."""
        return self.precision is _INSTANT or self.precision is Precision.DAY

    def day(self, zone: tzinfo | None = None) -> date:
        """Give the local date; a day told as a day stays that day in every zone."""
        asked = self.zone if zone is None or self.precision is not _INSTANT else zone
        return self.instant.astimezone(asked).date()

    def last_day(self, zone: tzinfo | None = None) -> date:
        """Give the last local date it can mean: a month's last day for a month."""
        first = self.day(zone)
        match self.precision:
            case Precision.YEAR:
                return date(first.year, 12, 31)
            case Precision.MONTH:
                return date(first.year, first.month, monthrange(first.year, first.month)[1])
            case _:
                return first

    def next_day(self) -> "When":
        """Give the day after the last day it can mean, as a day in the same zone."""
        following = self.last_day() + timedelta(days=1)
        return When(_midnight(following, self.zone), Precision.DAY, self.zone)

    def __str__(self) -> str:
        day = self.day()
        match self.precision:
            case Precision.YEAR:
                return f"{day.year:04}"
            case Precision.MONTH:
                return f"{day.year:04}-{day.month:02}"
            case Precision.DAY:
                return day.isoformat()
            case _:
                return self.instant.astimezone(self.zone).isoformat()

    def __repr__(self) -> str:
        return f"When('{self}')"

    def to_plain(self) -> str:
        """Give its FHIR text."""
        return str(self)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def moment(value: datetime | When, field: str = "when") -> When:
    """Take an aware datetime, or a `When` as it is; the converter of every field of that type.

    Args:
        value: The moment.
        field: The name of the argument that it was given as.

    Raises:
        NaiveDatetime: The datetime has no zone.
        WrongArgument: It is no time.
    """
    return value if type(value) is When else When.of(value, field)


def optional_moment(value: datetime | When | None, field: str = "when") -> When | None:
    """Take what `moment` takes, or `None`."""
    return None if value is None else moment(value, field)


def _precision(found: re.Match[str]) -> Precision:
    if found["day"]:
        return Precision.DAY
    return Precision.MONTH if found["month"] else Precision.YEAR


@attrs.frozen(order=False, kw_only=True)
class Period:
    """A span of time, `[start, end)`; `None` is open on that side.

    Attributes:
        start: The first moment that belongs to it.
        end: The first moment that no longer does.
    """

    start: When | None = attrs.field(default=None, converter=optional_moment)
    end: When | None = attrs.field(default=None, converter=optional_moment)

    def contains(self, at: datetime) -> bool:
        """Tell whether an aware moment lies in the period."""
        moment = utc(at)
        begun = self.start is None or self.start.instant <= moment
        return begun and (self.end is None or moment < self.end.instant)


@attrs.frozen(order=False, kw_only=True)
class Coding:
    """A code from a code system, as FHIR's `Coding`.

    Attributes:
        code: The code itself.
        system: The code system's URI; `None` for a local code.
        display: Its words, if given.
    """

    code: str
    system: str | None = None
    display: str | None = None


@attrs.frozen(order=False, kw_only=True)
class Identifier:
    """A business identifier given by some system; its value never shows in a repr.

    Attributes:
        system: The namespace, a URI.
        value: The identifier, unique within it.
    """

    system: str | None = None
    value: str = attrs.field(repr=False)


@attrs.frozen(order=False)
class Actor:
    """Who did or said something.

    Attributes:
        id: An opaque identifier of the person or system; a text that says something.
        role: Their role there and then, as in `physician`; `None` if not stated.

    Raises:
        WrongArgument: The id or the role is no text, or the id says nothing.
    """

    id: str = attrs.field(repr=False)
    role: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        a_text("id", self.id)
        if self.role is not None:
            unicode_text("role", self.role)


def actor(value: str | Actor, field: str = "by") -> Actor:
    """Take an actor as it is, or an identifier without a role.

    Raises:
        WrongArgument: It is neither, or the identifier says nothing.
    """
    if isinstance(value, Actor):
        return value
    return Actor(a_text(field, value, "an `Actor`, or an identifier that says something"))


@attrs.frozen(order=False, kw_only=True)
class Site:
    """Where care is given; each part is a code of the application's own.

    Attributes:
        organisation: Who runs the place.
        facility: The house.
        unit: The ward or group.

    Raises:
        WrongArgument: One is no text.
    """

    organisation: str | None = None
    facility: str | None = None
    unit: str | None = None

    def __attrs_post_init__(self) -> None:
        optional_texts(self, "organisation", "facility", "unit")


def _zone(value: "str | ZoneInfo") -> ZoneInfo:
    needed = "the name of an IANA time zone, as `America/New_York`"
    if not isinstance(value, str):
        return an_instance("zone", value, ZoneInfo, needed)
    try:
        return ZoneInfo(value)
    except (ValueError, KeyError, OSError):
        found = "a text that names none"
    raise WrongArgument(field="zone", found=found, needed=needed)


@attrs.frozen(order=False, kw_only=True)
class Calendar:
    """How a program counts days and weeks.

    Attributes:
        zone: The IANA time zone of the place of care; a local date is a date there.
        week_starts: The first day of the week, Monday 0 to Sunday 6.
        leave_counts: Whether days on leave count as days at the level.
    """

    zone: ZoneInfo = attrs.field(converter=_zone)
    week_starts: int = 0
    leave_counts: bool = True

    def day(self, at: datetime) -> date:
        """Give the local date of an aware moment."""
        return utc(at).astimezone(self.zone).date()


def a_calendar(value: Calendar) -> Calendar:
    """Take a calendar.

    Raises:
        WrongArgument: It is none, as the name of a zone alone.
    """
    return an_instance("calendar", value, Calendar, "a `Calendar`, as `Calendar(zone=...)`")
