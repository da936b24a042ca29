"""Attendance: what came of each session."""

from datetime import datetime, timedelta

import pytest

import carecontinuum as cc
from carecontinuum.records import Attendance, AttendanceStatus, RecordInvalid, Session
from recorded import MONDAY, problems, session

HOUR = timedelta(hours=1)


def test_who_was_there_from_when_to_when() -> None:
    """A session counts from coming to going, or whole; only where it was attended."""
    late = session(arrived=MONDAY + HOUR)
    early = session(left=MONDAY + HOUR)
    assert late.present == (MONDAY + HOUR, MONDAY + 3 * HOUR)
    assert early.present == (MONDAY, MONDAY + HOUR)
    for status in AttendanceStatus:
        there = session(status=status).present
        assert (there is not None) is (status is AttendanceStatus.ATTENDED)


def test_a_session_that_began_and_has_no_outcome_is_unsettled() -> None:
    """What came of a session is open from its beginning until somebody says so."""
    planned = session(status=AttendanceStatus.PLANNED)
    assert not planned.is_unsettled(MONDAY)
    assert planned.is_unsettled(MONDAY + timedelta(microseconds=1))
    assert not session(status=AttendanceStatus.MISSED).is_unsettled(MONDAY + HOUR)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"id": "", "kind": "group", "status": "attended"},
            [("id", "empty"), ("kind", "unknown-value"), ("status", "unknown-value")],
        ),
        ({"end": MONDAY, "left": MONDAY + HOUR}, [("end", "backwards")]),
        (
            {"status": AttendanceStatus.MISSED, "arrived": MONDAY, "left": MONDAY},
            [("arrived", "not-attended"), ("left", "not-attended")],
        ),
        ({"arrived": MONDAY + HOUR, "left": MONDAY + HOUR}, [("left", "backwards")]),
        ({"arrived": MONDAY + 3 * HOUR}, [("left", "backwards")]),
    ],
)
def test_a_session_that_cannot_be(changes: dict[str, object], told: object) -> None:
    """A session runs forwards, and somebody came to it only where it was attended."""
    with pytest.raises(RecordInvalid) as caught:
        session(**changes)  # type: ignore[arg-type]
    assert list(problems(caught.value)) == told


@pytest.mark.parametrize("field", ["start", "end", "arrived", "left"])
def test_times_have_zones(field: str) -> None:
    """Each time of a session has a zone, and the error names the one that has none."""
    with pytest.raises(cc.NaiveDatetime) as caught:
        session(**{field: datetime(2031, 3, 3)})  # type: ignore[arg-type]  # noqa: DTZ001
    assert caught.value.field == field


def test_nobody_is_in_two_sessions_at_once() -> None:
    """Two attended sessions that share time are refused; ones that touch, and missed ones, not."""
    sheet = (session("a", 0), session("b", 3 / 24), session("c", 1))
    assert Attendance(sessions=sheet).sessions == sheet
    missed: Session = session("d", 0, status=AttendanceStatus.MISSED)
    inner = session("e", 1 / 24, hours=1)
    last = session("f", 2.5 / 24, hours=0.25)
    with pytest.raises(RecordInvalid) as caught:
        Attendance(sessions=(last, missed, inner, session("a"), session("a", 9)))
    assert list(problems(caught.value)) == [
        ("sessions[4].id", "repeated"),
        ("sessions[2]", "in-two-at-once"),
        ("sessions[0]", "in-two-at-once"),
    ]
