"""Hours received: against a plain slow count, minute by minute, on calendars of many places."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.records import (
    AttendanceStatus,
    ReceivedWeek,
    ServiceKind,
    Session,
    hours_between,
    week_start,
    weekly_hours,
)
from recorded import MONDAY, session

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Havana", date(2026, 3, 8)),  # the day begins at 01:00
    ("America/Havana", date(2026, 11, 1)),
    ("Asia/Beirut", date(2026, 10, 25)),  # the day before has 25 hours
    ("Pacific/Apia", date(2011, 12, 31)),  # there was no 30 December
    ("Asia/Kathmandu", date(2026, 5, 3)),
    ("UTC", date(2026, 5, 3)),
]
"""Places, and days on or near which their clocks change, if they do."""


def span(session: Session, at: datetime) -> tuple[datetime, datetime, bool] | None:
    """Tell from when to when somebody was or may have been there, and whether it is known."""
    if session.status is AttendanceStatus.ATTENDED:
        return (session.arrived or session.start, session.left or session.end, True)
    if session.status is AttendanceStatus.PLANNED and session.start < at:
        return (session.start, session.end, False)
    return None


def slowly(
    sessions: list[Session], calendar: cc.Calendar, first: date, last: date, at: datetime
) -> dict[date, tuple[int, int]]:
    """Count minutes one by one: known, and known or possible, by the first day of their week."""
    known: set[datetime] = set()
    possible: set[datetime] = set()
    for one in sessions:
        found = span(one, at)
        if found is None or not one.counts:
            continue
        start, end, sure = found
        minutes = {start + n * MINUTE for n in range((end - start) // MINUTE)}
        possible |= minutes
        known |= minutes if sure else set()
    weeks: dict[date, tuple[int, int]] = {}
    day = first
    while day <= last:
        week = day
        while week.weekday() != calendar.week_starts:
            week -= DAY
        weeks.setdefault(week, (0, 0))
        day += DAY
    for minute in possible:
        day = minute.astimezone(calendar.zone).date()
        if first <= day <= last:
            while day.weekday() != calendar.week_starts:
                day -= DAY
            before = weeks[day]
            weeks[day] = (before[0] + (minute in known), before[1] + 1)
    return weeks


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Session], cc.Calendar, date, date, datetime]:
    """Draw sessions about a change of the clocks, a calendar, some days, and a moment to look."""
    zone, day = draw(st.sampled_from(CHANGES))
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    minutes = st.integers(-3 * 1440, 3 * 1440)
    sessions = [
        Session(
            id=str(n),
            kind=ServiceKind.FAMILY,
            start=midnight + start * MINUTE,
            end=midnight + (start + length) * MINUTE,
            status=status,
            counts=draw(st.booleans()) or draw(st.booleans()),
            arrived=midnight + (start + length // 3) * MINUTE
            if status is AttendanceStatus.ATTENDED and length > 2 and draw(st.booleans())
            else None,
        )
        for n, (start, length, status) in enumerate(
            draw(
                st.lists(
                    st.tuples(minutes, st.integers(1, 600), st.sampled_from(AttendanceStatus)),
                    max_size=6,
                )
            )
        )
    ]
    calendar = cc.Calendar(zone=zone, week_starts=draw(st.integers(0, 6)))
    first = day + draw(st.integers(-10, 3)) * DAY
    last = first + draw(st.integers(-1, 20)) * DAY
    return sessions, calendar, first, last, midnight + draw(minutes) * MINUTE


@given(cases())
def test_weeks_are_counted_right(
    case: tuple[list[Session], cc.Calendar, date, date, datetime],
) -> None:
    """Hours by week are those of a count minute by minute, whatever the clocks do."""
    sessions, calendar, first, last, at = case
    weeks = weekly_hours(sessions, calendar=calendar, first_day=first, last_day=last, at=at)
    counted = slowly(sessions, calendar, first, last, at)
    assert {
        week_start(week.first_day, calendar): (week.hours.least, week.hours.most) for week in weeks
    } == {
        start: (Fraction(sure, 60), Fraction(maybe, 60)) for start, (sure, maybe) in counted.items()
    }


@given(cases())
def test_weeks_share_out_the_days(
    case: tuple[list[Session], cc.Calendar, date, date, datetime],
) -> None:
    """Weeks follow each other without a gap from the first day to the last."""
    _, calendar, first, last, at = case
    weeks = weekly_hours([], calendar=calendar, first_day=first, last_day=last, at=at)
    days = [
        week.first_day + n * DAY
        for week in weeks
        for n in range((week.last_day - week.first_day).days + 1)
    ]
    assert days == [first + n * DAY for n in range((last - first).days + 1)]
    assert all(week.is_whole for week in weeks[1:-1])


def weeks(*sessions: Session, zone: str = "America/New_York") -> tuple[ReceivedWeek, ...]:
    """Count two weeks of New York, from Monday 24 February 2031."""
    return weekly_hours(
        sessions,
        calendar=cc.Calendar(zone=zone),
        first_day=date(2031, 2, 24),
        last_day=date(2031, 3, 9),
        at=MONDAY + 30 * DAY,
    )


def test_a_session_over_the_boundary_is_shared() -> None:
    """What lies before the local midnight of Monday is of the old week, the rest of the new."""
    midnight = datetime(2031, 3, 3, tzinfo=ZoneInfo("America/New_York"))
    late = session(start=midnight - timedelta(hours=2), end=midnight + timedelta(hours=1))
    assert [week.hours.least for week in weeks(late)] == [2, 1]
    assert [week.hours.least for week in weeks(late, zone="UTC")] == [0, 3]


def test_an_hour_that_is_repeated_is_two() -> None:
    """A night session through the end of summer time is an hour longer than its clocks say."""
    zone = ZoneInfo("America/New_York")
    night = session(
        start=datetime(2026, 11, 1, 0, tzinfo=zone), end=datetime(2026, 11, 1, 4, tzinfo=zone)
    )
    (week,) = weekly_hours(
        [night],
        calendar=cc.Calendar(zone="America/New_York"),
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 1),
        at=MONDAY,
    )
    assert week.hours.least == 5
    assert not week.is_whole


def test_time_in_two_sessions_counts_once() -> None:
    """Nobody receives two hours in one."""
    twice = (session("a"), session("b", 1 / 24), session("c", 4 / 24, hours=1))
    assert weeks(*twice)[1].hours.least == 5


@pytest.mark.parametrize(
    "status", [AttendanceStatus.MISSED, AttendanceStatus.EXCUSED, AttendanceStatus.CANCELLED]
)
def test_what_did_not_take_place_does_not_count(status: AttendanceStatus) -> None:
    """A session that was missed, excused or cancelled adds nothing, and leaves no doubt."""
    found = weeks(session(status=status))[1].hours
    assert [found.least, found.most] == [0, 0]


def test_what_does_not_count_does_not_count() -> None:
    """A session that is not of the level's hours adds nothing."""
    assert weeks(session(counts=False))[1].hours.most == 0


def test_what_nobody_settled_may_count() -> None:
    """A session that has begun and has no outcome leaves a span, one to come does not."""
    planned = session(status=AttendanceStatus.PLANNED)
    bounds = {"start": MONDAY, "end": MONDAY + DAY}
    before = hours_between([planned], **bounds, at=MONDAY)
    after = hours_between([session(hours=1), planned], **bounds, at=MONDAY + DAY)
    assert [before.least, before.most] == [0, 0]
    assert [after.least, after.most] == [1, 3]


def test_moments_have_zones() -> None:
    """Each moment given has a zone."""
    naive = datetime(2031, 3, 3)  # noqa: DTZ001
    for key in ("start", "end"):
        with pytest.raises(cc.NaiveDatetime):
            hours_between([], **{"start": MONDAY, "end": MONDAY, key: naive}, at=MONDAY)
    with pytest.raises(cc.NaiveDatetime):
        hours_between(
            [session(status=AttendanceStatus.PLANNED)], start=MONDAY, end=MONDAY, at=naive
        )


@pytest.mark.parametrize("starts", range(7))
def test_a_week_starts_where_the_calendar_says(starts: int) -> None:
    """The first day of a week is the latest day with that name."""
    calendar = cc.Calendar(zone="UTC", week_starts=starts)
    for n in range(14):
        day = date(2031, 3, 3) + n * DAY
        first = week_start(day, calendar)
        assert first.weekday() == starts
        assert 0 <= (day - first).days < 7
