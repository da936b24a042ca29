"""Whether a plan fits: its hours the band of its level, its times the patient's day.

Times of the week are on the clocks of the place of care, so that a session keeps off a working day
all year round. A session that stands in the calendar is compared exactly, also on a day on which
the clocks change.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import attrs

from carecontinuum.continuum import AgeGroup, LevelOfCare, ServiceHours
from carecontinuum.datatypes import Calendar
from carecontinuum.records import (
    AttendanceStatus,
    DailyRole,
    IntakeAssessment,
    Patient,
    PlannedService,
    Session,
    TreatmentPlan,
    WeeklySlot,
)

__all__ = [
    "PlannedHours",
    "RoleConflict",
    "age_group_on",
    "in_band",
    "plan_conflicts",
    "planned_hours",
    "session_conflicts",
]


def in_band(hours: Fraction, band: ServiceHours) -> bool:
    """Tell whether hours a week lie in a band, exactly: at least its lower, under its upper end."""
    enough = band.at_least is None or hours >= band.at_least
    return enough and (band.less_than is None or hours < band.less_than)


ADULT_FROM = 18
"""The age in completed years from which the hours of adults count."""


def age_group_on(patient: Patient | None, day: date) -> AgeGroup | None:
    """Give whose hours count for a patient on a day; `None` if no birth date is known.

    Examples:
        >>> age_group_on(Patient(id="p-1", birth_date=date(2008, 5, 4)), date(2026, 5, 3)).value
        'adolescent'
    """
    age = None if patient is None else patient.age_on(day)
    if age is None:
        return None
    return AgeGroup.ADULT if age >= ADULT_FROM else AgeGroup.ADOLESCENT


@attrs.frozen(order=False, kw_only=True)
class PlannedHours:
    """The hours a week of a plan, beside those that its level needs for an age group.

    Attributes:
        seen: The hours a week of the services that count.
        needed: The band of the level.
        age_group: Whom the band is for; `None` is everybody.
    """

    seen: Fraction
    needed: ServiceHours
    age_group: AgeGroup | None = None

    @property
    def fits(self) -> bool:
        """Whether the hours lie in the band."""
        return in_band(self.seen, self.needed)


def planned_hours(
    plan: TreatmentPlan, level: LevelOfCare, *, age_group: AgeGroup | None = None
) -> tuple[PlannedHours, ...]:
    """Compare the hours of a plan with those of a level.

    Args:
        plan: The plan.
        level: The level of care.
        age_group: Whose band counts; `None` gives each band that the level has.

    Returns:
        One comparison for each band that may count; empty where the level sets no hours.

    Examples:
        >>> from carecontinuum import Setting
        >>> from carecontinuum.records import ServiceKind
        >>> level = LevelOfCare(
        ...     code="2.1",
        ...     display="Intensive outpatient",
        ...     setting=Setting.AMBULATORY,
        ...     intensity=2,
        ...     hours=(
        ...         ServiceHours(at_least=9, less_than=20, age_group=AgeGroup.ADULT),
        ...         ServiceHours(at_least=6, less_than=20, age_group=AgeGroup.ADOLESCENT),
        ...     ),
        ... )
        >>> group = PlannedService(id="g", kind=ServiceKind.GROUP_THERAPY, sessions=3, minutes=150)
        >>> for found in planned_hours(TreatmentPlan(id="plan", services=(group,)), level):
        ...     print(found.age_group.value, found.seen, found.needed, found.fits)
        adult 15/2 9 to under 20 h False
        adolescent 15/2 6 to under 20 h True
    """
    one = None if age_group is None else level.hours_for(age_group)
    bands = level.hours if age_group is None else (one,)
    return tuple(
        PlannedHours(seen=plan.weekly_hours, needed=band, age_group=band.age_group)
        for band in bands
        if band is not None
    )


@attrs.frozen(order=False, kw_only=True)
class RoleConflict:
    """Care that takes time which work, school or care for others takes already.

    Attributes:
        care: The planned service or the session; never shown in a repr.
        planned: The hours of the week of the service; `None` for a session.
        role: What takes the time; never shown in a repr.
        taken: The hours of the week it takes; never shown in a repr.
        on: The local day of the session; `None` for what is planned every week. Never in a repr.
    """

    care: PlannedService | Session = attrs.field(repr=False)
    planned: WeeklySlot | None = None
    role: DailyRole = attrs.field(repr=False)
    taken: WeeklySlot = attrs.field(repr=False)
    on: date | None = attrs.field(default=None, repr=False)


def plan_conflicts(plan: TreatmentPlan, intake: IntakeAssessment) -> tuple[RoleConflict, ...]:
    """Give where the weekly times of a plan take those of a daily role.

    Both are on the clocks of the place of care, so that this holds in summer and in winter.
    """
    return tuple(
        RoleConflict(care=service, planned=slot, role=role, taken=taken)
        for service in plan.services
        for slot in service.slots
        for role, taken in _taken(intake)
        if slot.overlaps(taken)
    )


def session_conflicts(
    sessions: Iterable[Session], intake: IntakeAssessment, *, calendar: Calendar
) -> tuple[RoleConflict, ...]:
    """Give where planned sessions take the time of a daily role.

    A session conflicts if the clocks of the place of care show, at any moment of it, an hour that
    the role takes: an hour that is repeated is taken twice, one that is leapt over never.

    Args:
        sessions: The sessions; only those that are still planned are looked at.
        intake: The intake assessment with the daily roles.
        calendar: Whose zone counts.
    """
    return tuple(
        RoleConflict(care=session, role=role, taken=taken, on=slot_day)
        for session in sessions
        if session.status is AttendanceStatus.PLANNED
        for role, taken in _taken(intake)
        for slot_day in _shared_days(session, taken, calendar.zone)
    )


def _taken(intake: IntakeAssessment) -> Iterator[tuple[DailyRole, WeeklySlot]]:
    for role in intake.daily_roles or ():
        for slot in role.slots:
            yield role, slot


def _shared_days(session: Session, slot: WeeklySlot, zone: ZoneInfo) -> list[date]:
    """Give the local days on which a session takes time that a slot of the week takes."""
    return sorted(
        {
            day
            for start, end in _wall_times(session.start, session.end, zone)
            for day in _days(start.date(), end.date())
            if day.weekday() == slot.weekday
            and start < datetime.combine(day, slot.end)
            and datetime.combine(day, slot.start) < end
        }
    )


def _wall_times(
    start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Give what the clocks of a zone show from one moment to another, without a leap in between."""
    while start < end:
        until = _next_change(start, end, zone)
        offset = start.astimezone(zone).utcoffset() or timedelta()
        yield start.replace(tzinfo=None) + offset, until.replace(tzinfo=None) + offset
        start = until


def _next_change(start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """Give the first moment after the start at which the clocks change; the end if they do not.

    One change is looked for in an hour: no zone has had two.
    """
    offset = start.astimezone(zone).utcoffset()
    hour = min(start + timedelta(hours=1), end)
    if hour.astimezone(zone).utcoffset() == offset:
        return hour
    before, after = start, hour
    while after - before > timedelta(microseconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)
