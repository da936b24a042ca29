"""The last contact, and whether contact is lost: derived from what was told."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.care import last_contact, lost_to_contact
from carecontinuum.history import (
    Admitted,
    AftercarePlanRecorded,
    AttendanceRecorded,
    Body,
    Moved,
    Returned,
)
from carecontinuum.records import Attendance, AttendanceStatus, CheckIn, CheckInOutcome
from carecontinuum.rules import Truth
from invented import DAY, START, event
from recorded import aftercare_plan, session
from strategies import histories

CALENDAR = cc.Calendar(zone="America/New_York")
TODAY = date(2026, 3, 2)


def record(*told: tuple[Body, float]) -> cc.PatientRecord:
    """Make a record of things told so many days after the start."""
    return cc.PatientRecord.of("p-1", [event(f"t-{n}", *one) for n, one in enumerate(told)])


def sheet(days: float, status: AttendanceStatus) -> AttendanceRecorded:
    """Record a session of an hour so many days after the start."""
    start = START + days * DAY
    return AttendanceRecorded(
        attendance=Attendance(
            sessions=(session(f"s-{days}", start=start, end=start + DAY / 24, status=status),)
        )
    )


def checked(outcome: CheckInOutcome, days: int) -> AftercarePlanRecorded:
    """Record what came of a check-in so many days after the start."""
    day = TODAY + timedelta(days=days)
    return AftercarePlanRecorded(
        plan=aftercare_plan(check_ins=(CheckIn(id="a", due=day, done=day, outcome=outcome),))
    )


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (Returned(), "a return from leave"),
        (sheet(5, AttendanceStatus.ATTENDED), "a session"),
        (checked(CheckInOutcome.REACHED, 5), "a check-in"),
    ],
)
def test_what_cannot_happen_without_the_patient_is_contact(body: Body, how: str) -> None:
    """Being there is contact, on the day it was."""
    found = last_contact(record((Admitted(), 0), (body, 5)), START + 9 * DAY, calendar=CALENDAR)
    assert (found.day, found.how, found.maybe) == (date(2026, 3, 7), how, None)


@pytest.mark.parametrize(
    "body",
    [
        Moved(level="op"),
        sheet(5, AttendanceStatus.MISSED),
        sheet(5, AttendanceStatus.EXCUSED),
        sheet(8.99, AttendanceStatus.PLANNED),
        checked(CheckInOutcome.NOT_REACHED, 5),
        checked(CheckInOutcome.REACHED, 10),
    ],
)
def test_what_can_happen_without_the_patient_is_none(body: Body) -> None:
    """A move on paper, a session missed and an attempt say nothing; nor does what is to come."""
    found = last_contact(record((Admitted(), 0), (body, 5)), START + 8.5 * DAY, calendar=CALENDAR)
    assert (found.day, found.how) == (TODAY, "an admission")
    assert "2026" not in repr(found)


def test_a_session_that_begins_at_the_moment_is_contact_on_that_day() -> None:
    """One that begins a minute later is none yet."""
    told = record((Admitted(), 0), (sheet(5, AttendanceStatus.ATTENDED), 1))
    days = [
        last_contact(told, START + 5 * DAY - timedelta(minutes=n), calendar=CALENDAR).day
        for n in (0, 1)
    ]
    assert days == [date(2026, 3, 7), TODAY]


def test_a_session_nobody_has_told_of_is_named_only_where_it_was_later() -> None:
    """On the day of a contact, or before one, it could not have been the last."""
    found = [
        last_contact(
            record(
                (Admitted(), 0),
                (sheet(days, AttendanceStatus.PLANNED), 0.5),
                (sheet(5, AttendanceStatus.ATTENDED), 5),
            ),
            START + 9 * DAY,
            calendar=CALENDAR,
        ).maybe
        for days in (4, 5.1, 6)
    ]
    assert found == [None, None, date(2026, 3, 8)]


def test_contact_is_lost_after_the_days_set_and_not_on_the_last() -> None:
    """Ten days without contact are none lost where ten are allowed; eleven are."""
    told = record((Admitted(), 0))
    lost = [
        lost_to_contact(told, START + days * DAY, calendar=CALENDAR, after_days=10)
        for days in (10, 11)
    ]
    assert lost == [Truth.NO, Truth.YES]


def test_a_session_nobody_has_told_of_leaves_it_unknown() -> None:
    """Unless even that one was too long ago; and with no contact recorded nothing is known."""
    told = record((Admitted(), 0), (sheet(9, AttendanceStatus.PLANNED), 1))
    lost = [
        lost_to_contact(told, START + days * DAY, calendar=CALENDAR, after_days=10)
        for days in (10, 11, 19, 20)
    ]
    assert lost == [Truth.NO, Truth.UNKNOWN, Truth.UNKNOWN, Truth.YES]
    nothing = record((Moved(level="op"), 0))
    assert lost_to_contact(nothing, START + DAY, calendar=CALENDAR, after_days=10) is Truth.UNKNOWN


@given(histories(), st.integers(0, 40), st.integers(0, 20))
def test_contact_once_lost_stays_lost_while_nothing_is_told(
    events: list[cc.Event], days: int, later: int
) -> None:
    """Of any history as it is at a moment: lost then is lost on every later day."""
    at = START + days * DAY
    told = cc.PatientRecord.of("p-1", events).as_of(occurred=at)
    if lost_to_contact(told, at, calendar=CALENDAR, after_days=5) is Truth.YES:
        then = at + later * DAY
        assert lost_to_contact(told, then, calendar=CALENDAR, after_days=5) is Truth.YES
