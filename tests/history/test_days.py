"""Days at a level are local dates, through every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.history import Admitted, LeaveStarted, Moved, Returned
from invented import event

ZONES = [
    ZoneInfo(key)
    for key in (
        "UTC",
        "America/New_York",
        "America/Sao_Paulo",  # midnight itself was skipped
        "Africa/Cairo",
        "Asia/Beirut",
        "Australia/Lord_Howe",  # half an hour
        "Pacific/Kiritimati",
    )
]
days = st.integers(0, 400)
times = st.times()


def told(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Give a time by the clock of a place; one that its clocks leap over is as much later."""
    moment = datetime.combine(day, at, tzinfo=zone)
    there = moment.astimezone(UTC).astimezone(zone)
    return moment if there.date() == day else moment.replace(fold=0)


def stay(*moments: tuple[object, datetime]) -> cc.EpisodeOfCare:
    """Give the episode that some facts make, each told at a moment."""
    stream = [
        event(f"d-{n}", body, occurred_at=at, recorded_at=moments[-1][1])  # type: ignore[arg-type]
        for n, (body, at) in enumerate(moments)
    ]
    return cc.PatientRecord.of("p-1", stream).episode("e-1")


@given(st.dates(date(1990, 1, 1), date(2035, 12, 31)), days, times, times, st.sampled_from(ZONES))
def test_a_day_is_a_local_date(
    first: date, passed: int, began: time, asked: time, zone: ZoneInfo
) -> None:
    """From one date to another there are as many days as the calendar has, whatever the clocks."""
    episode = stay((Admitted(level="iop"), told(first, began, zone)))
    at = told(first + timedelta(days=passed), asked, zone)
    assert episode.days_at_level(at, cc.Calendar(zone=zone)) == passed


@given(
    st.dates(date(1990, 1, 1), date(2035, 12, 31)),
    st.lists(st.integers(0, 60), min_size=4, max_size=4).map(sorted),
    times,
    st.sampled_from(ZONES),
)
def test_days_on_leave_are_left_out_where_the_program_says_so(
    first: date, passed: list[int], at: time, zone: ZoneInfo
) -> None:
    """Without its days on leave a stay is shorter by the dates from leaving to return."""
    moved, left, back, now = passed
    moments = [told(first + timedelta(days=count), at, zone) for count in passed]
    episode = stay(
        (Admitted(level="res"), told(first, time(0), zone) - timedelta(days=1)),
        (Moved(level="iop"), moments[0]),
        (LeaveStarted(), moments[1]),
        (Returned(), moments[2]),
    )
    whole = episode.days_at_level(moments[3], cc.Calendar(zone=zone))
    without = episode.days_at_level(moments[3], cc.Calendar(zone=zone, leave_counts=False))
    assert (whole, without) == (now - moved, now - moved - (back - left))


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2024-02-28", "2024-03-01", 2),
        ("2026-02-28", "2026-03-01", 1),
        ("2025-12-31", "2026-01-01", 1),
        ("0002-01-01", "9998-12-31", 3_651_328),
    ],
)
def test_leap_days_and_long_stays(first: str, last: str, count: int) -> None:
    """A leap day counts, and so does every day of a stay of ten thousand years."""
    zone = ZoneInfo("America/New_York")
    start, end = cc.When.parse(first, zone=zone), cc.When.parse(last, zone=zone)
    episode = stay((Admitted(level="iop"), start.instant))
    assert episode.days_at_level(end.instant, cc.Calendar(zone=zone)) == count


def test_the_zone_of_the_program_counts() -> None:
    """A move late in the evening is on the next date further east, and counted from there."""
    evening = datetime(2026, 3, 2, 22, tzinfo=ZoneInfo("America/New_York"))
    episode = stay((Admitted(level="iop"), evening))
    at = evening + timedelta(hours=3)
    assert episode.days_at_level(at, cc.Calendar(zone="America/New_York")) == 1
    assert episode.days_at_level(at, cc.Calendar(zone="Europe/Berlin")) == 0
