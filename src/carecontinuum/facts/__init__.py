"""Facts from records: where each is read, and what it says at a moment."""

from carecontinuum.facts.builtin import SOURCES
from carecontinuum.facts.elsewhere import LevelElsewhere, OtherOpenEpisodes
from carecontinuum.facts.readings import Reading, facts_at
from carecontinuum.facts.reviews import ConsecutiveLowerReviews, PlacementSupportsTarget
from carecontinuum.facts.sources import (
    DaysAtLevel,
    DaysOnLeave,
    DaysSinceAdmission,
    DaysSinceDischarge,
    DaysSinceReturnToUse,
    LegalStatusNow,
    LevelNow,
    RecordView,
    RequestedDischarge,
    RequestedLevel,
    ReturnsToUse,
    Source,
    StatedWithRequest,
)

__all__ = [
    "SOURCES",
    "ConsecutiveLowerReviews",
    "DaysAtLevel",
    "DaysOnLeave",
    "DaysSinceAdmission",
    "DaysSinceDischarge",
    "DaysSinceReturnToUse",
    "LegalStatusNow",
    "LevelElsewhere",
    "LevelNow",
    "OtherOpenEpisodes",
    "PlacementSupportsTarget",
    "Reading",
    "RecordView",
    "RequestedDischarge",
    "RequestedLevel",
    "ReturnsToUse",
    "Source",
    "StatedWithRequest",
    "facts_at",
]
