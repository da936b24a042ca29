"""Whether a plan fits: hours against bands, and times against work, school and care for others."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.care import (
    age_group_on,
    plan_conflicts,
    planned_hours,
    session_conflicts,
)
from carecontinuum.care.fitting import in_band
from carecontinuum.continuum import AgeGroup, ServiceHours
from carecontinuum.records import (
    AttendanceStatus,
    DailyRole,
    IntakeAssessment,
    Patient,
    Role,
    ServiceKind,
    Session,
    WeeklySlot,
)
from invented import level
from recorded import CANARY, plan, service

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADULT = ServiceHours(at_least=9, less_than=20, age_group=AgeGroup.ADULT)
YOUNG = ServiceHours(at_least=6, less_than=20, age_group=AgeGroup.ADOLESCENT)
PLACES = [
    ("America/New_York", datetime(2026, 3, 8, 6, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 5, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 9, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 5, 3, 18, tzinfo=UTC)),
]
"""Places, and moments within hours of which their clocks change, if they do."""


def slot(weekday: int, start: time, end: time) -> WeeklySlot:
    """Make some hours of the week."""
    return WeeklySlot(weekday=weekday, start=start, end=end)


def taken_hours(weekday: int, first: int, length: int) -> WeeklySlot:
    """Make some hours of the week from a minute of the day on, to its last at most."""
    last = min(first + length, 1439)
    return slot(weekday, time(first // 60, first % 60), time(last // 60, last % 60))


def intake(*slots: WeeklySlot, role: Role = Role.WORK) -> IntakeAssessment:
    """Make an intake with one daily role that takes these hours."""
    return IntakeAssessment(id="i", at=NOON, daily_roles=(DailyRole(role=role, slots=slots),))


def session(
    start: datetime, minutes: int, status: AttendanceStatus = AttendanceStatus.PLANNED
) -> Session:
    """Make a session that begins at a moment in UTC."""
    end = start + minutes * MINUTE
    return Session(id="s", kind=ServiceKind.GROUP_THERAPY, start=start, end=end, status=status)


@pytest.mark.parametrize(
    ("hours", "fits"),
    [
        (Fraction(9) - Fraction(1, 60), False),
        (Fraction(9), True),
        (Fraction(20) - Fraction(1, 60), True),
        (Fraction(20), False),
    ],
)
def test_a_band_holds_its_lower_end_and_not_its_upper(hours: Fraction, fits: bool) -> None:
    """A minute below the lower end does not fit, nor does the upper end itself."""
    assert in_band(hours, ADULT) is fits


def test_a_band_that_is_open_on_a_side_holds_all_of_it() -> None:
    """Where no end is set, none is missed."""
    assert in_band(Fraction(0), ServiceHours(less_than=9))
    assert in_band(Fraction(168), ServiceHours(at_least=9))


def test_hours_are_compared_for_each_age_group_that_may_be_meant() -> None:
    """Seven hours fit an adolescent and no adult; where no age is known both are told."""
    seven = plan(services=(service("s", sessions=2, minutes=210),), interventions=())
    mixed = level("2.1", 2, hours=(ADULT, YOUNG))
    told = {found.age_group: found.fits for found in planned_hours(seven, mixed)}
    assert told == {AgeGroup.ADULT: False, AgeGroup.ADOLESCENT: True}
    (adult,) = planned_hours(seven, mixed, age_group=AgeGroup.ADULT)
    assert (adult.seen, adult.needed, adult.fits) == (Fraction(7), ADULT, False)
    assert planned_hours(seven, level("x", 1), age_group=AgeGroup.ADULT) == ()
    assert planned_hours(seven, level("x", 1)) == ()


def test_an_age_group_is_that_of_the_day() -> None:
    """Somebody is an adolescent to the day before turning eighteen; no birth date tells nothing."""
    patient = Patient(id="p-1", birth_date=date(2008, 5, 4))
    assert age_group_on(patient, date(2026, 5, 3)) is AgeGroup.ADOLESCENT
    assert age_group_on(patient, date(2026, 5, 4)) is AgeGroup.ADULT
    assert age_group_on(Patient(id="p-1"), date(2026, 5, 4)) is None
    assert age_group_on(None, date(2026, 5, 4)) is None


def test_planned_times_that_a_role_takes_are_reported() -> None:
    """A service planned into a working day is told of with the role; one that follows it is not."""
    day, evening = slot(0, time(9), time(17)), slot(0, time(17), time(20))
    early = slot(0, time(16, 30), time(18))
    planned = plan(
        services=(service("s", slots=(evening,)), service("t", slots=(early,))), interventions=()
    )
    (found,) = plan_conflicts(planned, intake(day))
    assert (found.care, found.planned, found.taken) == (planned.services[1], early, day)
    assert (found.role.role, found.on) == (Role.WORK, None)
    assert plan_conflicts(planned, IntakeAssessment(id="i", at=NOON)) == ()
    assert CANARY not in repr(found)


def test_a_session_conflicts_on_the_clocks_of_the_place_in_summer_and_in_winter() -> None:
    """At 22:00 UTC it is five in the winter, after work, and six in the summer, in school."""
    evening_school = intake(slot(2, time(18), time(20)), role=Role.SCHOOL)
    winter = session(datetime(2026, 3, 4, 22, tzinfo=UTC), 60)
    summer = session(datetime(2026, 3, 11, 22, tzinfo=UTC), 60)
    calendar = cc.Calendar(zone=NEW_YORK)
    (found,) = session_conflicts([winter, summer], evening_school, calendar=calendar)
    assert (found.care, found.on, found.planned) == (summer, date(2026, 3, 11), None)


def test_only_sessions_still_planned_conflict() -> None:
    """What was attended, missed, excused or cancelled needs no other time."""
    start = datetime(2026, 3, 4, 15, tzinfo=UTC)
    calendar = cc.Calendar(zone=NEW_YORK)
    work = intake(slot(2, time(9), time(17)))
    told = [
        status
        for status in AttendanceStatus
        if session_conflicts([session(start, 60, status)], work, calendar=calendar)
    ]
    assert told == [AttendanceStatus.PLANNED]


def test_an_hour_leapt_over_is_taken_by_nobody_and_one_repeated_twice() -> None:
    """The half hour from two is not there in spring; that from one is there twice in autumn."""
    calendar = cc.Calendar(zone=NEW_YORK)
    over = session(datetime(2026, 3, 8, 6, 30, tzinfo=UTC), 60)
    assert not session_conflicts([over], intake(slot(6, time(2), time(3))), calendar=calendar)
    second = session(datetime(2026, 11, 1, 6, 5, tzinfo=UTC), 20)
    assert session_conflicts([second], intake(slot(6, time(1), time(1, 30))), calendar=calendar)


@given(
    st.sampled_from(PLACES),
    st.integers(-300, 300),
    st.integers(1, 400),
    st.builds(taken_hours, st.integers(0, 6), st.integers(0, 1438), st.integers(1, 400)),
)
def test_a_session_conflicts_if_the_clocks_show_a_minute_of_the_role(
    place: tuple[str, datetime], offset: int, minutes: int, taken: WeeklySlot
) -> None:
    """Minute by minute on the local clocks, across their changes, the same days are found."""
    key, near = place
    zone = ZoneInfo(key)
    start = near + offset * MINUTE
    days: set[date] = set()
    for n in range(minutes):
        local = (start + n * MINUTE).astimezone(zone)
        inside = taken.start <= local.time() < taken.end
        if local.weekday() == taken.weekday and inside:
            days.add(local.date())
    found = session_conflicts(
        [session(start, minutes)], intake(taken), calendar=cc.Calendar(zone=zone)
    )
    assert [one.on for one in found] == sorted(days)
