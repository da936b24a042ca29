"""What the patient's attendance says: hours received, sessions missed, the last contact."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import ClassVar

import attrs

from carecontinuum.continuum import AgeGroup, ServiceHours
from carecontinuum.facts.errors import SourceInvalid
from carecontinuum.facts.sources import RecordView
from carecontinuum.records import (
    AttendanceStatus,
    CheckInOutcome,
    Session,
    week_start,
    weekly_hours,
)
from carecontinuum.rules import Known, Unknown

__all__ = ["DaysSinceContact", "HoursFitLevel", "HoursReceived", "MissedInARow", "hundredths"]

WEEK = timedelta(days=7)
NO_ATTENDANCE = Unknown(would_supply="attendance; none is recorded")
_ATTENDED, _MISSED = AttendanceStatus.ATTENDED, AttendanceStatus.MISSED
_PLANNED = AttendanceStatus.PLANNED
NO_OUTCOME = "what came of the sessions that nobody has told of"


def _some_weeks(source: "HoursReceived | HoursFitLevel", _: object, weeks: int) -> None:
    if weeks < 1:
        raise SourceInvalid(source=source.TYPE, says="`weeks` is 1 or more")


def hundredths(value: Fraction) -> Decimal:
    """Round down to two places, so that a bound of at most two places is judged exactly."""
    return Decimal(floor(value * 100)).scaleb(-2)


def _begun(view: RecordView) -> list[Session]:
    return [session for session in view.care.sessions if session.start < view.at]


def _weeks(view: RecordView, count: int) -> list[date] | Unknown:
    """Give the first days of the last whole weeks at the level, the latest first.

    Where days on leave do not count as days at the level, a week with one is passed over.
    """
    since = view.episode.level_since
    if since is None:
        return Unknown(would_supply="a level of care in force")
    found: list[date] = []
    week = week_start(view.today, view.calendar) - WEEK
    while len(found) < count and week >= since.last_day(view.calendar.zone):
        if view.calendar.leave_counts or not _has_leave(view, week):
            found.append(week)
        week -= WEEK
    if len(found) == count:
        return found
    return Unknown(would_supply=f"{count} whole weeks at the level; there have not been so many")


def _has_leave(view: RecordView, week: date) -> bool:
    zone = view.calendar.zone
    return any(
        leave.start.day(zone) < week + WEEK
        and (leave.end is None or leave.end.last_day(zone) >= week)
        for leave in view.episode.leaves
    )


def _average(view: RecordView, count: int) -> tuple[Fraction, Fraction] | Unknown:
    """Give the fewest and the most hours a week that were received in those weeks on average."""
    weeks = _weeks(view, count)
    if isinstance(weeks, Unknown):
        return weeks
    sessions = view.care.sessions
    if not sessions:
        return NO_ATTENDANCE
    found = [
        week.hours
        for week in weekly_hours(
            sessions,
            calendar=view.calendar,
            first_day=weeks[-1],
            last_day=weeks[0] + WEEK - timedelta(days=1),
            at=view.at,
        )
        if week.first_day in weeks
    ]
    least, most = sum(hours.least for hours in found), sum(hours.most for hours in found)
    return Fraction(least, count), Fraction(most, count)


def _so_many(count: int) -> str:
    return "the last whole week" if count == 1 else f"the last {count} whole weeks"


@attrs.frozen(order=False, kw_only=True)
class HoursReceived:
    """Hours a week received in the last whole weeks at the level, on average.

    A number of two places, rounded down: compared with a bound of at most two places it is exact.
    Unknown between bounds while nobody has said what came of a session of those weeks.

    Attributes:
        weeks: How many weeks, each from its first local day to its last; 1 or more.

    Raises:
        SourceInvalid: There are fewer than 1.
    """

    TYPE: ClassVar[str] = "hours-received"
    weeks: int = attrs.field(default=1, validator=_some_weeks)

    def read(self, view: RecordView, /) -> Known[Decimal] | Unknown:
        """Add them up."""
        found = _average(view, self.weeks)
        if isinstance(found, Unknown):
            return found
        least, most = map(hundredths, found)
        source = f"attendance of {_so_many(self.weeks)}"
        if found[0] == found[1]:
            return Known(least, source=source)
        return Unknown(would_supply=NO_OUTCOME, lo=least, hi=most, source=source)


@attrs.frozen(order=False, kw_only=True)
class HoursFitLevel:
    """Whether the hours received in the last whole weeks lie in the band of the level.

    Attributes:
        weeks: How many weeks, each from its first local day to its last; 1 or more.
        age_group: Whose band, where a level has several.

    Raises:
        SourceInvalid: There are fewer than 1 week.
    """

    TYPE: ClassVar[str] = "hours-fit-level"
    weeks: int = attrs.field(default=1, validator=_some_weeks)
    age_group: AgeGroup = AgeGroup.ADULT

    def read(self, view: RecordView, /) -> Known[bool] | Unknown:
        """Compare them, exactly."""
        band = self._band(view)
        if isinstance(band, Unknown):
            return band
        found = _average(view, self.weeks)
        if isinstance(found, Unknown):
            return found
        sides = {_side(band, hours) for hours in found}
        if len(sides) > 1:
            return Unknown(would_supply=NO_OUTCOME)
        return Known(sides == {0}, source=f"attendance of {_so_many(self.weeks)}, {band}")

    def _band(self, view: RecordView) -> ServiceHours | Unknown:
        levels = () if view.continuum is None else view.continuum.levels
        for level in levels:
            if level.code == view.episode.level and (band := level.hours_for(self.age_group)):
                return band
        return Unknown(would_supply="a level in force for which the map sets hours")


def _side(band: ServiceHours, hours: Fraction) -> int:
    """Tell whether hours lie below a band, in it, or above."""
    if band.at_least is not None and hours < band.at_least:
        return -1
    return int(band.less_than is not None and hours >= band.less_than)


@attrs.frozen(order=False)
class MissedInARow:
    """How many sessions were missed since the last that was attended.

    One that was excused or cancelled neither counts nor ends the row. One that has begun and of
    which nobody has told may do either, so that the number is unknown between bounds.
    """

    TYPE: ClassVar[str] = "missed-in-a-row"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        begun = _begun(view)
        if not begun:
            return NO_ATTENDANCE
        least = _missed(begun, ends=(_ATTENDED, _PLANNED))
        most = _missed(begun, ends=(_ATTENDED,))
        source = "attendance"
        if least == most:
            return Known(least, source=source)
        return Unknown(would_supply=NO_OUTCOME, lo=least, hi=most, source=source)


def _missed(sessions: Sequence[Session], *, ends: tuple[AttendanceStatus, ...]) -> int:
    """Count back what was missed, or may have been, to the last that ends the row."""
    count = 0
    for session in reversed(sessions):
        if session.status in ends:
            break
        count += session.status in (_MISSED, _PLANNED)
    return count


@attrs.frozen(order=False)
class DaysSinceContact:
    """Days since the patient was last in a session, or reached by a check-in of aftercare.

    Unknown where neither is recorded: that nothing was recorded does not say that nobody was seen.
    """

    TYPE: ClassVar[str] = "days-since-contact"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        begun = _begun(view)
        attended = (one.left or one.end for one in begun if one.status is _ATTENDED)
        known = _last_day(view, attended)
        last = max([*known, *_reached(view)], default=None)
        maybe = _last_day(view, (one.end for one in begun if one.status is _PLANNED))
        if maybe and (last is None or maybe[0] > last):
            hi = None if last is None else _since(view, last)
            return Unknown(would_supply=NO_OUTCOME, lo=_since(view, maybe[0]), hi=hi)
        if last is None:
            return Unknown(would_supply="a session or a check-in; none is recorded")
        return Known(_since(view, last), source=f"contact on {last}")


def _last_day(view: RecordView, moments: Iterable[datetime]) -> list[date]:
    """Give the local day of the last moment, or nothing where there is none."""
    last = max(moments, default=None)
    return [] if last is None else [view.calendar.day(last)]


def _since(view: RecordView, day: date) -> int:
    return max((view.today - day).days, 0)


def _reached(view: RecordView) -> list[date]:
    return [
        check_in.done
        for plan in view.care.aftercare_plans
        for check_in in plan.value.check_ins
        if check_in.outcome is CheckInOutcome.REACHED and check_in.done is not None
    ]
