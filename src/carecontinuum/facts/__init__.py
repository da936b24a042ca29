"""Facts from records: where each is read, and what it says at a moment."""

from carecontinuum.facts.attendance_sources import (
    DaysSinceContact,
    HoursFitLevel,
    HoursReceived,
    MissedInARow,
)
from carecontinuum.facts.builtin import SOURCES
from carecontinuum.facts.elsewhere import LevelElsewhere, OtherOpenEpisodes
from carecontinuum.facts.errors import SourceInvalid
from carecontinuum.facts.readings import Reading, facts_at
from carecontinuum.facts.record_sources import (
    AftercarePlanReady,
    AgeNow,
    AuthorizedDaysLeft,
    CheckInsOverdue,
    DaysSincePlanReview,
    GoalsMet,
    GoalsOpen,
    PlannedWeeklyHours,
    RelapsePreventionPlanReady,
)
from carecontinuum.facts.reviews import ConsecutiveLowerReviews, PlacementSupportsTarget
from carecontinuum.facts.score_sources import (
    InstrumentBand,
    InstrumentChange,
    InstrumentScore,
)
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
    "AftercarePlanReady",
    "AgeNow",
    "AuthorizedDaysLeft",
    "CheckInsOverdue",
    "ConsecutiveLowerReviews",
    "DaysAtLevel",
    "DaysOnLeave",
    "DaysSinceAdmission",
    "DaysSinceContact",
    "DaysSinceDischarge",
    "DaysSincePlanReview",
    "DaysSinceReturnToUse",
    "GoalsMet",
    "GoalsOpen",
    "HoursFitLevel",
    "HoursReceived",
    "InstrumentBand",
    "InstrumentChange",
    "InstrumentScore",
    "LegalStatusNow",
    "LevelElsewhere",
    "LevelNow",
    "MissedInARow",
    "OtherOpenEpisodes",
    "PlacementSupportsTarget",
    "PlannedWeeklyHours",
    "Reading",
    "RecordView",
    "RelapsePreventionPlanReady",
    "RequestedDischarge",
    "RequestedLevel",
    "ReturnsToUse",
    "Source",
    "SourceInvalid",
    "StatedWithRequest",
    "facts_at",
]
