"""Authorisations: what they cover, and for how long."""

from datetime import date

import pytest

from carecontinuum.records import AuthorizationStatus, RecordInvalid
from recorded import MONDAY, authorization, problems

FIRST, LAST = date(2031, 3, 3), date(2031, 4, 1)


@pytest.mark.parametrize(
    ("day", "left", "covered"),
    [
        (date(2031, 3, 2), 30, False),
        (FIRST, 30, True),
        (date(2031, 3, 31), 2, True),
        (LAST, 1, True),
        (date(2031, 4, 2), 0, False),
        (date(2032, 1, 1), 0, False),
    ],
)
def test_days_left(day: date, left: int, *, covered: bool) -> None:
    """Its last day is a day that it covers; from the day after it covers none."""
    found = authorization()
    assert found.days_left(day) == left
    assert found.covers(day) is covered
    assert found.has_expired(day) is (day > LAST)


def test_without_a_last_day() -> None:
    """What has no last day does not expire, and its days are not counted."""
    found = authorization(last_day=None)
    assert found.days_left(FIRST) is None
    assert found.covers(date(2099, 1, 1))
    assert not found.has_expired(date(2099, 1, 1))
    assert found.review_due is None


def test_what_was_not_agreed_to_covers_nothing() -> None:
    """Only what was approved, in all or in part, covers a day."""
    for status in AuthorizationStatus:
        found = authorization(status=status, approved=0)
        agreed = status in (AuthorizationStatus.APPROVED, AuthorizationStatus.PARTIAL)
        assert found.covers(FIRST) is agreed
        assert bool(found.days_left(FIRST)) is agreed


def test_the_next_request_is_due_before_the_last_day() -> None:
    """A review is due the lead days before the last day."""
    assert authorization().review_due == date(2031, 3, 25)


def test_two_of_one_level_that_share_a_day_overlap() -> None:
    """Two agreed for one level overlap from one shared day on."""
    found = authorization()
    after = authorization(first_day=date(2031, 4, 2), last_day=None)
    shared = authorization(first_day=LAST, last_day=None)
    assert not found.overlaps(after)
    assert not after.overlaps(found)
    assert found.overlaps(shared)
    assert shared.overlaps(found)
    assert not found.overlaps(authorization(level="op"))
    denied = authorization(status=AuthorizationStatus.DENIED, approved=None)
    assert not found.overlaps(denied)


def test_all_problems_are_told_at_once() -> None:
    """A span backwards, units of nothing and an answer that contradicts itself are told."""
    with pytest.raises(RecordInvalid) as caught:
        authorization(
            id="",
            payer="",
            status=AuthorizationStatus.DENIED,
            last_day=date(2031, 3, 2),
            unit=None,
            requested=-1,
            review_lead_days=-1,
        )
    assert list(problems(caught.value)) == [
        ("id", "empty"),
        ("payer", "empty"),
        ("last_day", "backwards"),
        ("review_lead_days", "out-of-range"),
        ("requested", "out-of-range"),
        ("requested", "no-unit"),
        ("approved", "no-unit"),
        ("approved", "contradiction"),
    ]


@pytest.mark.parametrize("day", [date(1, 12, 31), date(9999, 1, 1)])
def test_a_day_that_stands_for_none_is_told(day: date) -> None:
    """A day at the end of the calendar, which systems write for none, is told."""
    with pytest.raises(RecordInvalid) as caught:
        authorization(first_day=date(2, 1, 1), last_day=day)
    assert ("last_day", "out-of-range") in list(problems(caught.value))
    assert authorization(first_day=date(2, 1, 1), last_day=date(9998, 12, 31)).covers(FIRST)


def test_values_of_another_kind_are_told() -> None:
    """A status, a unit and a day that are none are told."""
    with pytest.raises(RecordInvalid) as caught:
        authorization(status="approved", unit="days", first_day=MONDAY, approved=None)
    assert list(problems(caught.value)) == [
        ("status", "unknown-value"),
        ("first_day", "not-a-day"),
        ("unit", "unknown-value"),
    ]
