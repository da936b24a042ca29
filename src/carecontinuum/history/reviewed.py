"""A placement review: which level was recommended, which was selected, and why not the same."""

from typing import ClassVar

import attrs

from carecontinuum.continuum import Track

__all__ = ["DISCREPANCY_REASONS", "PlacementReviewed"]

DISCREPANCY_REASONS = (
    "level-not-available",
    "clinical-judgement",
    "patient-preference",
    "payer",
    "legal-mandate",
    "waiting-for-a-place",
    "other",
)
"""Why the level selected is not the one recommended; our own codes, after the discrepancy reasons
that placement forms in the field ask for."""


@attrs.frozen(order=False, kw_only=True)
class PlacementReviewed:
    """A placement was reviewed; nobody is moved by that.

    Attributes:
        levels: The levels that the criteria left possible, the least intensive first; `None` among
            them is no level of the track.
        settled: Whether one was left, and all that must be assessed was known.
        track: The track.
        selected: The level a clinician selected; `None` if none was.
        discrepancy_reason: Why that is none of the levels recommended, one of
            `DISCREPANCY_REASONS`.
        criteria: The placement criteria, id and version in words; empty if not told.
    """

    TYPE: ClassVar[str] = "placement-reviewed"
    levels: tuple[str | None, ...]
    settled: bool = False
    track: Track = Track.TREATMENT
    selected: str | None = None
    discrepancy_reason: str | None = None
    criteria: str = ""

    @property
    def differs(self) -> bool:
        """Whether the level selected is none of those recommended."""
        return self.selected is not None and self.selected not in self.levels
