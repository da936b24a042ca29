"""Hours received: what attendance adds up to, week by week, on the calendar of the place of care.

Time is counted as it passes, so that an hour in which the clocks change is an hour. A local day
begins at its first midnight, or with the first moment it has where the clocks leap over that.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from fractions import Fraction
from typing import TypeAlias

import attrs

from carecontinuum.datatypes import Calendar, When, utc
from carecontinuum.records.attendance import Session

__all__ = ["ReceivedHours", "ReceivedWeek", "hours_between", "week_start", "weekly_hours"]

_Interval: TypeAlias = tuple[datetime, datetime]

_HOUR = timedelta(hours=1)
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_NOTHING = timedelta()


@attrs.frozen(order=False, kw_only=True)
class ReceivedHours:
    """How long the patient was in sessions that count.

    Attributes:
        received: The time they are known to have been there; never shown in a repr.
        unsettled: The time they may have been there besides, in sessions that have begun and of
            which nobody has said what came. Never shown in a repr.
    """

    received: timedelta = attrs.field(repr=False)
    unsettled: timedelta = attrs.field(default=_NOTHING, repr=False)

    @property
    def least(self) -> Fraction:
        """The hours received, exactly; those that are unsettled are left out."""
        return Fraction(self.received // _TICK, _HOUR // _TICK)

    @property
    def most(self) -> Fraction:
        """The hours received, exactly, if all that are unsettled were."""
        return Fraction((self.received + self.unsettled) // _TICK, _HOUR // _TICK)


@attrs.frozen(order=False, kw_only=True)
class ReceivedWeek:
    """The hours received in a week, or in the part of it that was asked for.

    Attributes:
        first_day: Its first local day.
        last_day: Its last local day.
        hours: The hours received from its first moment to its last.
    """

    first_day: date = attrs.field(repr=False)
    last_day: date = attrs.field(repr=False)
    hours: ReceivedHours

    @property
    def is_whole(self) -> bool:
        """Whether it is all seven days of a week."""
        return (self.last_day - self.first_day).days == _WEEK - 1


_WEEK = 7


def hours_between(
    sessions: Iterable[Session], *, start: datetime, end: datetime, at: datetime
) -> ReceivedHours:
    """Add up the time in sessions within `[start, end)`; time in two of them counts once.

    Args:
        sessions: The sessions, each as it is believed at `at`; those that do not count are passed
            over.
        start: The first moment that belongs to it, aware.
        end: The first moment that no longer does, aware.
        at: The moment of looking, aware: a session that has not begun by then is not unsettled.

    Raises:
        NaiveDatetime: A moment has no zone.

    Examples:
        >>> from datetime import UTC
        >>> from carecontinuum.records import AttendanceStatus, ServiceKind
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
        >>> group = Session(
        ...     id="s-1",
        ...     kind=ServiceKind.GROUP_THERAPY,
        ...     status=AttendanceStatus.ATTENDED,
        ...     start=nine,
        ...     end=nine + timedelta(hours=3),
        ... )
        >>> tomorrow = nine + timedelta(days=1)
        >>> print(hours_between([group], start=nine, end=tomorrow, at=tomorrow).least)
        3
    """
    begins, ends = utc(start, "start"), utc(end, "end")
    return _Times.of(_near(sessions, begins, ends), at).within(begins, ends)


def week_start(day: date, calendar: Calendar) -> date:
    """Give the first day of the week that a local day lies in."""
    return day - timedelta(days=(day.weekday() - calendar.week_starts) % _WEEK)


def weekly_hours(
    sessions: Iterable[Session],
    *,
    calendar: Calendar,
    first_day: date,
    last_day: date,
    at: datetime,
) -> tuple[ReceivedWeek, ...]:
    """Add up the time in sessions in each week of some local days, both ends included.

    The first week and the last are parts of one where the days begin or end within it.

    Args:
        sessions: The sessions, each as it is believed at `at`; those that do not count are passed
            over.
        calendar: Whose zone and first day of the week count.
        first_day: The first local day.
        last_day: The last local day; before the first there are no weeks.
        at: The moment of looking, aware.

    Raises:
        NaiveDatetime: The moment has no zone.
    """
    whole = _begins(first_day, calendar.zone), _begins(last_day + _DAY, calendar.zone)
    times = _Times.of(_near(sessions, *whole), at)
    found: list[ReceivedWeek] = []
    day = first_day
    while day <= last_day:
        last = min(week_start(day, calendar) + timedelta(days=_WEEK - 1), last_day)
        following = last + _DAY
        hours = times.within(_begins(day, calendar.zone), _begins(following, calendar.zone))
        found.append(ReceivedWeek(first_day=day, last_day=last, hours=hours))
        day = following
    return tuple(found)


def _near(sessions: Iterable[Session], start: datetime, end: datetime) -> Iterator[Session]:
    """Give the sessions that count and of which some part lies between two moments."""
    for session in sessions:
        begins, ends = session.arrived or session.start, session.left or session.end
        if session.counts and start < ends and begins < end:
            yield session


def _begins(day: date, zone: tzinfo) -> datetime:
    return When.on(day, zone=zone).instant


@attrs.frozen(order=False)
class _Times:
    """Time in sessions, without overlap and in order: known, and known or unsettled."""

    known: Sequence[_Interval]
    possible: Sequence[_Interval]

    @classmethod
    def of(cls, sessions: Iterable[Session], at: datetime) -> "_Times":
        near, now = tuple(sessions), utc(at, "at")
        known = [there for session in near if (there := session.present) is not None]
        open_ = [(s.start, s.end) for s in near if s.is_unsettled(now)]
        return cls(_merged(known), _merged([*known, *open_]))

    def within(self, start: datetime, end: datetime) -> ReceivedHours:
        received = _length(self.known, start, end)
        unsettled = _length(self.possible, start, end) - received
        return ReceivedHours(received=received, unsettled=unsettled)


def _merged(intervals: Iterable[_Interval]) -> Sequence[_Interval]:
    merged: list[_Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _length(intervals: Sequence[_Interval], start: datetime, end: datetime) -> timedelta:
    """Add up what of intervals without overlap, in order, lies between two moments."""
    length = _NOTHING
    for n in range(bisect_right(intervals, start, key=_ends), len(intervals)):
        begins, ends = intervals[n]
        if begins >= end:
            break
        length += min(ends, end) - max(begins, start)
    return length


def _ends(interval: _Interval) -> datetime:
    return interval[1]
