"""Assessments: what was rated, and why the rest was not."""

from datetime import datetime

import pytest

import carecontinuum as cc
from carecontinuum.records import Assessment, NotRated, Rating, RecordInvalid
from recorded import MONDAY, problems


def assessed(**changes: object) -> Assessment:
    """Make an assessment."""
    given = {"id": "a", "instrument": "i", "edition": "1", "at": MONDAY, "ratings": ()}
    return Assessment(**{**given, **changes})  # type: ignore[arg-type]


def test_not_rated_is_not_zero() -> None:
    """A rating of 0, an item that was refused and one that was left out are three things."""
    found = assessed(ratings={"a": 0, "b": NotRated.REFUSED})
    assert dict(found.rated) == {"a": 0}
    assert dict(found.not_rated) == {"b": NotRated.REFUSED}
    assert found.ratings == (
        Rating(item="a", value=0),
        Rating(item="b", not_rated=NotRated.REFUSED),
    )


def test_ratings_may_be_given_one_by_one() -> None:
    """A list of ratings says the same as a mapping."""
    ratings = [Rating(item="a", value=0), Rating(item="b", not_rated=NotRated.REFUSED)]
    mapping = {"a": 0, "b": NotRated.REFUSED}
    assert assessed(ratings=ratings) == assessed(ratings=mapping)


def test_all_problems_are_told_at_once() -> None:
    """Every rating that is none is told with where it stands."""
    ratings = (
        Rating(item="a"),
        Rating(item="a", value=1, not_rated=NotRated.LOST),
        Rating(item="", value=-1),
        Rating(item="c", value=True),
        Rating(item="d", not_rated="lost"),  # type: ignore[arg-type]
    )
    with pytest.raises(RecordInvalid) as caught:
        assessed(id="", instrument="", edition=" ", ratings=ratings)
    assert list(problems(caught.value)) == [
        ("id", "empty"),
        ("instrument", "empty"),
        ("edition", "empty"),
        ("ratings[1].item", "repeated"),
        ("ratings[0]", "rated-or-not"),
        ("ratings[1]", "rated-or-not"),
        ("ratings[2].item", "empty"),
        ("ratings[2].value", "out-of-range"),
        ("ratings[3].value", "out-of-range"),
        ("ratings[4].not_rated", "unknown-value"),
    ]


def test_a_time_has_a_zone() -> None:
    """An assessment at a naive time is refused."""
    with pytest.raises(cc.NaiveDatetime):
        assessed(at=datetime(2031, 3, 3))  # noqa: DTZ001
