"""Who the patient is."""

from datetime import date, datetime

import pytest
from hypothesis import given, strategies as st

from carecontinuum.records import Contact, Patient, RecordInvalid
from recorded import MONDAY, problems


def test_an_id_is_enough() -> None:
    """A patient of whom nothing but an id is known is a patient."""
    assert Patient(id="p-1").age_on(date(2031, 3, 3)) is None


def test_all_problems_are_told_at_once() -> None:
    """An empty id, a birth date with a time and a gender that is none are told together."""
    with pytest.raises(RecordInvalid) as caught:
        Patient(id=" ", birth_date=MONDAY, gender="x")  # type: ignore[arg-type]
    assert list(problems(caught.value)) == [
        ("id", "empty"),
        ("birth_date", "not-a-day"),
        ("gender", "unknown-value"),
    ]


def test_a_contact_has_a_name() -> None:
    """A contact without a name is nobody who could be asked."""
    with pytest.raises(RecordInvalid, match="name: a text"):
        Contact(name="")


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 2, 28), 21),
        (date(2026, 3, 1), 22),
        (date(2028, 2, 28), 23),
        (date(2028, 2, 29), 24),
    ],
)
def test_a_birthday_on_a_leap_day(day: date, age: int) -> None:
    """Born on 29 February, somebody is a year older on it, or on 1 March where there is none."""
    assert Patient(id="p", birth_date=date(2004, 2, 29)).age_on(day) == age


@given(born=st.dates(date(1930, 1, 1), date(2020, 1, 1)), day=st.dates(date(2020, 1, 1)))
def test_an_age_grows_by_one_on_the_birthday(born: date, day: date) -> None:
    """The age on a day is the number of birthdays up to it."""
    birthdays = sum(_birthday(born, year) <= day for year in range(born.year + 1, day.year + 1))
    assert Patient(id="p", birth_date=born).age_on(day) == birthdays


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def test_a_birth_date_may_not_be_a_moment() -> None:
    """A datetime is a date in Python and none here."""
    with pytest.raises(RecordInvalid):
        Patient(id="p", birth_date=datetime(2004, 2, 29))  # noqa: DTZ001
