"""An assessment by an instrument: what was rated, and why the rest was not."""

from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Actor, When, actor, moment
from carecontinuum.records.checking import a_member, a_text, a_whole, each_once, refuse

__all__ = ["Assessment", "NotRated", "Rating"]


class NotRated(Enum):
    """Why an item has no rating, which is never the same as a rating of 0."""

    NOT_ASKED = "not-asked"
    REFUSED = "refused"
    SKIPPED = "skipped"
    """Passed over as the instrument's own instructions say."""
    UNABLE = "unable"
    LOST = "lost"


@attrs.frozen(order=False, kw_only=True)
class Rating:
    """What was found of one item; either it is rated or it says why it is not.

    Attributes:
        item: The item's id in the instrument.
        value: The rating, never shown in a repr; `None` if it was not rated.
        not_rated: Why it was not, never shown in a repr; `None` if it was.
    """

    item: str
    value: int | None = attrs.field(default=None, repr=False)
    not_rated: NotRated | None = attrs.field(default=None, repr=False)


Ratings: TypeAlias = Mapping[str, int | NotRated]
"""Ratings by the id of their item."""


def _ratings(value: Ratings | tuple[Rating, ...]) -> tuple[Rating, ...]:
    if not isinstance(value, Mapping):
        return tuple(value)
    return tuple(
        Rating(item=item, not_rated=told)
        if isinstance(told, NotRated)
        else Rating(item=item, value=told)
        for item, told in value.items()
    )


@attrs.frozen(order=False, kw_only=True)
class Assessment:
    """One administration of an instrument.

    Attributes:
        id: Its id, unique among the patient's assessments.
        instrument: The instrument's id, as in `phq-9`.
        edition: The edition that was used.
        at: When it was done: an aware datetime or a `When`.
        by: Who rated it: an `Actor`, or an id; `None` if not told.
        ratings: What was found of each item, or a mapping of it by the item's id. An item that is
            not there was not rated, for a reason nobody told.
        note: Free text; never shown in a repr.

    Examples:
        >>> from datetime import UTC, datetime
        >>> monday = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
        >>> found = Assessment(
        ...     id="a-1",
        ...     instrument="gad-7",
        ...     edition="2006",
        ...     at=monday,
        ...     ratings={"item_1": 0, "item_2": NotRated.REFUSED},
        ... )
        >>> found.rated
        mappingproxy({'item_1': 0})

    Raises:
        RecordInvalid: With every problem found.
        NaiveDatetime: The time has no zone.
    """

    id: str = attrs.field(repr=False)
    instrument: str
    edition: str
    at: When = attrs.field(converter=moment, repr=False)
    by: Actor | None = attrs.field(
        default=None, converter=attrs.converters.optional(actor), repr=False
    )
    ratings: tuple[Rating, ...] = attrs.field(converter=_ratings, repr=False)
    note: str = attrs.field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the assessment", _problems(self))

    @property
    def rated(self) -> Mapping[str, int]:
        """The ratings there are, by the id of their item."""
        found = {rating.item: rating.value for rating in self.ratings if rating.value is not None}
        return MappingProxyType(found)

    @property
    def not_rated(self) -> Mapping[str, NotRated]:
        """Why items were not rated, by their id; an item that is in neither was left out."""
        told = {r.item: r.not_rated for r in self.ratings if r.not_rated is not None}
        return MappingProxyType(told)


def _problems(assessment: Assessment) -> Iterator[Problem]:
    yield from a_text("id", assessment.id)
    yield from a_text("instrument", assessment.instrument)
    yield from a_text("edition", assessment.edition)
    yield from each_once("ratings", (rating.item for rating in assessment.ratings), key="item")
    for n, rating in enumerate(assessment.ratings):
        yield from _rating_problems(f"ratings[{n}]", rating)


def _rating_problems(path: str, rating: Rating) -> Iterator[Problem]:
    yield from a_text(f"{path}.item", rating.item)
    if (rating.value is None) is (rating.not_rated is None):
        yield Problem(path, "rated-or-not", "give `value`, or `not_rated` with the reason")
    if rating.value is not None:
        yield from a_whole(f"{path}.value", rating.value, lo=0)
    if rating.not_rated is not None:
        yield from a_member(f"{path}.not_rated", rating.not_rated, NotRated)
