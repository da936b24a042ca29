"""Facts from records: where each is read, and what it says at a moment."""

from carecontinuum.facts.readings import Reading, facts_at
from carecontinuum.facts.sources import (
    SOURCES,
    DaysAtLevel,
    DaysOnLeave,
    DaysSinceAdmission,
    DaysSinceDischarge,
    DaysSinceReturnToUse,
    LegalStatusNow,
    LevelNow,
    OtherOpenEpisodes,
    RecordView,
    RequestedDischarge,
    RequestedLevel,
    ReturnsToUse,
    Source,
    StatedWithRequest,
)

__all__ = [
    "SOURCES",
    "DaysAtLevel",
    "DaysOnLeave",
    "DaysSinceAdmission",
    "DaysSinceDischarge",
    "DaysSinceReturnToUse",
    "LegalStatusNow",
    "LevelNow",
    "OtherOpenEpisodes",
    "Reading",
    "RecordView",
    "RequestedDischarge",
    "RequestedLevel",
    "ReturnsToUse",
    "Source",
    "StatedWithRequest",
    "facts_at",
]
