"""What the placement reviews of an episode say."""

from collections.abc import Iterator
from typing import ClassVar

import attrs

from carecontinuum.continuum import LevelOfCare
from carecontinuum.facts.sources import RecordView
from carecontinuum.history import PlacementReview
from carecontinuum.rules import Known, Unknown

__all__ = ["ConsecutiveLowerReviews", "PlacementSupportsTarget"]


def _outcomes(review: PlacementReview) -> tuple[str | None, ...]:
    """Give the levels that a review speaks for: the one selected, or those left possible."""
    return review.levels if review.selected is None else (review.selected,)


@attrs.frozen(order=False)
class ConsecutiveLowerReviews:
    """How many of the latest placement reviews in a row found less than the present level.

    Reviews since the present level began count. A review that left several levels possible, or
    that must-assess facts were missing from, found less only where a clinician selected less.
    """

    TYPE: ClassVar[str] = "consecutive-lower-reviews"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        level, since, continuum = view.episode.level, view.episode.level_since, view.continuum
        if level is None or since is None or continuum is None or level not in continuum:
            return Unknown(would_supply="a level of care in force, on the map")
        present = continuum.level(level)
        count = 0
        for review in reversed(view.episode.reviews):
            if review.track is not present.track:
                continue
            if review.at.instant < since.instant or not _is_lower(review, present, view):
                break
            count += 1
        return Known(count, source=f"placement reviews at `{level}`")


def _is_lower(review: PlacementReview, present: LevelOfCare, view: RecordView) -> bool:
    if review.selected is None and not review.settled:
        return False
    return all(rank is None or rank < present.intensity for rank in _ranks(review, view))


def _ranks(review: PlacementReview, view: RecordView) -> Iterator[int | None]:
    """Give the rank of each outcome; a level that is off the map now ranks above all."""
    for code in _outcomes(review):
        if code is None or view.continuum is None:
            yield None
        else:
            yield view.continuum.level(code).intensity if code in view.continuum else OFF_THE_MAP


OFF_THE_MAP = 1_000_000


@attrs.frozen(order=False)
class PlacementSupportsTarget:
    """Whether the latest placement review left the requested level possible.

    Unknown where there is no review, or where it left several levels possible, this one among them.
    What a clinician selected is not asked: the selection is what the criteria are compared with.
    """

    TYPE: ClassVar[str] = "placement-supports-target"

    def read(self, view: RecordView, /) -> Known[bool] | Unknown:
        """Look at the latest review of the track that the requested level is on."""
        if view.request is None or view.request.target is None:
            return Unknown(would_supply="a request that names a level")
        target, continuum = view.request.target, view.continuum
        if continuum is None or target not in continuum:
            return Unknown(would_supply="a level on the map")
        track = continuum.level(target).track
        mine = [review for review in view.episode.reviews if review.track is track]
        if not mine:
            return Unknown(would_supply="a placement review")
        if target not in mine[-1].levels:
            return Known(value=False, source="the latest placement review")
        if not mine[-1].settled:
            return Unknown(would_supply="a placement review that settles on one level")
        return Known(value=True, source="the latest placement review")
