"""Moments, periods and the other small values."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.arguments import WrongArgument
from carecontinuum.datatypes import (
    MomentOutOfRange,
    Precision,
    UnreadableDate,
    actor,
    optional_moment,
    utc,
)

NEW_YORK = ZoneInfo("America/New_York")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


class NoOffset(tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Give nothing."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """Give nothing."""
        return None

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Give nothing."""
        return None


def test_naive_times_are_refused() -> None:
    """A time without a zone is refused, and so is one whose zone knows no offset."""
    for value in (datetime(2026, 3, 2), datetime(2026, 3, 2, tzinfo=NoOffset())):  # noqa: DTZ001
        with pytest.raises(cc.NaiveDatetime):
            utc(value)
        with pytest.raises(cc.NaiveDatetime):
            cc.When.of(value)
        with pytest.raises(cc.NaiveDatetime):
            cc.When(value)


def test_only_times_are_times() -> None:
    """A date is not a time, a text is neither, and what is more than a datetime is one."""

    class Stamp(datetime):
        """A datetime of another library."""

    for value in (date(2026, 3, 2), cc.When):
        with pytest.raises((cc.NaiveDatetime, TypeError), match="`when`"):
            cc.When.of(value)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="`at` is of the kind `str`; needed is an aware datetime"):
        utc("2026-03-02")  # type: ignore[arg-type]
    assert cc.When.of(Stamp(2026, 3, 2, tzinfo=UTC)) == cc.When.of(datetime(2026, 3, 2, tzinfo=UTC))


def test_repeated_hour_is_told_apart() -> None:
    """The two half past ones of the night the clocks go back are an hour apart."""
    first = cc.When.of(datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK))
    second = cc.When.of(datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1))
    assert second.instant - first.instant == timedelta(hours=1)
    assert first != second


def test_missing_midnight_is_that_day() -> None:
    """A day whose midnight does not exist is still that day."""
    day = date(2018, 11, 4)
    assert cc.When.on(day, zone=SAO_PAULO).day() == day


@pytest.mark.parametrize(
    "text",
    ["2026", "2026-03", "2026-03-02", "2024-02-29", "2026-03-02T09:30:00-05:00", "9998-12-31"],
)
def test_fhir_dates_come_back(text: str) -> None:
    """A FHIR date or dateTime is printed as it was read."""
    assert str(cc.When.parse(text, zone=UTC)) == text
    assert cc.When.parse(text, zone=UTC).to_plain() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13",
        "2026-02-30",
        "26",
        "2026-3-2",
        "2026-03-02T09:30:00",
        "2026-03-02 09:30",
        "next week",
        "2026-03-02T25:00:00Z",
        "0000",
        "0001-01-01",
        "9999",
        "9999-12-31T23:59:59-14:00",
        "٢٠٢٦",
        "2026-03-02T09:30:00+99:99",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    """Anything else is no FHIR date: a time needs a zone, a day must exist."""
    with pytest.raises(UnreadableDate):
        cc.When.parse(text, zone=UTC)


@pytest.mark.parametrize("year", [1, 9999])
def test_times_at_the_end_of_the_calendar_are_refused(year: int) -> None:
    """The years that systems write for dates they do not know are refused as they come in."""
    for value in (datetime(year, 7, 1, tzinfo=UTC), datetime(year, 7, 1, tzinfo=NEW_YORK)):
        with pytest.raises(MomentOutOfRange, match="years 0002 to 9998"):
            cc.When.of(value)
    with pytest.raises(MomentOutOfRange):
        cc.When.on(date(year, 1, 1), zone=UTC)
    with pytest.raises(MomentOutOfRange):
        cc.Calendar(zone="UTC").day(datetime(year, 7, 1, tzinfo=UTC))


@pytest.mark.parametrize("hours", [-24, 14])
def test_whatever_is_taken_can_be_shown_everywhere(hours: int) -> None:
    """The first and last moments that are taken have a date in every zone, and a next day."""
    zone = timezone(timedelta(hours=hours, minutes=1))
    for text in (
        "0002-01-01",
        "9998-12-31",
        "9998-12-31T23:59:59Z",
        "9998",
        "0002-01-01T00:00:00Z",
    ):
        when = cc.When.parse(text, zone=UTC)
        assert abs(when.day(zone).year - when.day().year) <= 1
        assert when.next_day().day(zone) >= when.day(zone)


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.timezones())  # noqa: DTZ001
)
def test_instants_are_kept(value: datetime) -> None:
    """An aware time keeps its instant, and survives pickling and copying."""
    when = cc.When.of(value)
    assert when.instant == value.astimezone(UTC)
    assert pickle.loads(pickle.dumps(when)) == copy.deepcopy(when) == when
    assert cc.When(value, zone=value.tzinfo or UTC) == when


def test_equality_ignores_the_zone_told_in() -> None:
    """One instant told in two zones is the same moment."""
    told = datetime(2026, 3, 2, 10, tzinfo=NEW_YORK)
    assert cc.When.of(told) == cc.When.of(told.astimezone(UTC))
    assert hash(cc.When.of(told)) == hash(cc.When.of(told.astimezone(UTC)))


def test_days_stay_days_in_every_zone() -> None:
    """A day told as a day does not move; an instant's day depends on the zone asked for."""
    day = cc.When.on(date(2026, 3, 2), zone=NEW_YORK)
    assert day.day(ZoneInfo("Asia/Tokyo")) == date(2026, 3, 2)
    late = cc.When.of(datetime(2026, 3, 2, 22, tzinfo=NEW_YORK))
    assert late.day(ZoneInfo("Asia/Tokyo")) == date(2026, 3, 3)
    assert late.day() == date(2026, 3, 2)
    assert repr(day) == "When('2026-03-02')"


@pytest.mark.parametrize(
    ("text", "last", "following"),
    [
        ("2026", "2026-12-31", "2027-01-01"),
        ("2024-02", "2024-02-29", "2024-03-01"),
        ("2026-03-02", "2026-03-02", "2026-03-03"),
        ("2026-03-02T23:00:00Z", "2026-03-02", "2026-03-03"),
    ],
)
def test_last_and_next_day(text: str, last: str, following: str) -> None:
    """A month ends on its last day, and the day after it follows."""
    when = cc.When.parse(text, zone=UTC)
    assert when.last_day().isoformat() == last
    assert str(when.next_day()) == following


def test_periods_leave_out_their_end() -> None:
    """A period holds its start and not its end; an open side holds everything."""
    start, end = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    period = cc.Period(start=start, end=end)
    assert period.contains(start)
    assert not period.contains(end)
    assert cc.Period().contains(start)
    assert not cc.Period(start=end).contains(start)
    assert period.start is not None
    assert optional_moment(None) is None
    assert period.start.precision is Precision.INSTANT


def test_actors_and_zones_are_taken_as_text() -> None:
    """An id stands for an actor without a role, and a name for a zone."""
    assert actor("dr-a") == cc.Actor("dr-a")
    assert actor(cc.Actor("dr-a", role="nurse")).role == "nurse"
    assert cc.Calendar(zone=NEW_YORK) == cc.Calendar(zone="America/New_York")
    with pytest.raises(
        TypeError, match="`zone` is of the kind `timezone`; needed is the name of an IANA time zone"
    ):
        cc.Calendar(zone=UTC)  # type: ignore[arg-type]
    assert "dr-a" not in repr(cc.Actor("dr-a"))


@pytest.mark.parametrize("wrong", ["", "  ", None, 5, b"dr-a", "\ud800"])
def test_nobody_is_no_actor(wrong: Any) -> None:
    """Whoever does something has an id that says something; it is told by the name it came with."""
    with pytest.raises(WrongArgument, match="`id` is "):
        cc.Actor(wrong)
    with pytest.raises(WrongArgument, match=r"`by` is .* needed is an `Actor`, or an identifier"):
        actor(wrong)
    with pytest.raises(WrongArgument, match="`role`"):
        cc.Actor("dr-a", role=5)  # type: ignore[arg-type]


def test_a_day_is_advised_where_a_day_is_taken() -> None:
    """A naive time is told how to be given; a day only where the argument takes one."""
    naive = datetime(2026, 3, 2)  # noqa: DTZ001
    for wrong in (naive, naive.date()):
        with pytest.raises(cc.NaiveDatetime, match="`at` has no time zone") as caught:
            utc(wrong)  # type: ignore[arg-type]
        assert "When.on" not in str(caught.value)
        with pytest.raises(cc.NaiveDatetime, match=r"`until` .*When\.on"):
            optional_moment(wrong, "until")  # type: ignore[arg-type]
    when = cc.When.of(naive.replace(tzinfo=UTC))
    assert cc.When.of(when) is when
    with pytest.raises(WrongArgument, match="`at` is of the kind `When`; needed is an aware"):
        utc(when)  # type: ignore[arg-type]
    with pytest.raises(WrongArgument, match=r"`when` .* or a `When`"):
        cc.When.of("2026-03-02")  # type: ignore[arg-type]
    for day, zone in (("2026-03-02", UTC), (naive.date(), "UTC"), (None, UTC)):
        with pytest.raises(WrongArgument, match=r"`day` is|`zone` is"):
            cc.When.on(day, zone=zone)  # type: ignore[arg-type]
    with pytest.raises(WrongArgument, match="`text` is `None`"):
        cc.When.parse(None, zone=UTC)  # type: ignore[arg-type]


def test_parts_of_places_and_moves_are_texts() -> None:
    """What is no text is refused where it enters, by its name."""
    for field in ("organisation", "facility", "unit"):
        with pytest.raises(WrongArgument, match=f"`{field}` is of the kind `int`"):
            cc.Site(**{field: 5})  # type: ignore[arg-type]
    for field in ("kind", "to", "reason_code", "note", "site", "proposal_id", "readmission_of"):
        with pytest.raises(WrongArgument, match=f"`{field}` is of the kind `bytes`"):
            cc.Move(**{field: b"x"})  # type: ignore[arg-type]


def test_identifiers_are_not_shown() -> None:
    """The value of an identifier is in no repr."""
    assert "123" not in repr(cc.Identifier(value="123"))


@pytest.mark.parametrize("zone", ["Mars/Base", "", "Europe", "../etc", "UTC ", "\0", 5, None, UTC])
def test_a_calendar_has_an_iana_zone(zone: Any) -> None:
    """Whatever names none is refused alike."""
    with pytest.raises(
        WrongArgument, match=r"`zone` is .*; needed is the name of an IANA"
    ) as caught:
        cc.Calendar(zone=zone)
    assert caught.value.__context__ is None
