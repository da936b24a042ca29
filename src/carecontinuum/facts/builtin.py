"""The built-in sources, each under the name a program file gives it."""

from collections.abc import Callable, Mapping

from carecontinuum.facts.attendance_sources import (
    DaysSinceContact,
    HoursFitLevel,
    HoursReceived,
    MissedInARow,
)
from carecontinuum.facts.elsewhere import LevelElsewhere, OtherOpenEpisodes
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
    RequestedDischarge,
    RequestedLevel,
    ReturnsToUse,
    Source,
    StatedWithRequest,
)
from carecontinuum.rules import Value

__all__ = ["SOURCES"]

SOURCES: Mapping[str, Callable[..., Source[Value]]] = {
    source.TYPE: source
    for source in (
        StatedWithRequest,
        DaysAtLevel,
        DaysSinceAdmission,
        DaysOnLeave,
        DaysSinceReturnToUse,
        ReturnsToUse,
        DaysSinceDischarge,
        OtherOpenEpisodes,
        LevelElsewhere,
        LegalStatusNow,
        ConsecutiveLowerReviews,
        PlacementSupportsTarget,
        LevelNow,
        RequestedLevel,
        RequestedDischarge,
        InstrumentScore,
        InstrumentChange,
        InstrumentBand,
        HoursReceived,
        HoursFitLevel,
        MissedInARow,
        DaysSinceContact,
        DaysSincePlanReview,
        PlannedWeeklyHours,
        GoalsMet,
        GoalsOpen,
        RelapsePreventionPlanReady,
        AftercarePlanReady,
        CheckInsOverdue,
        AuthorizedDaysLeft,
        AgeNow,
    )
}
"""Each built-in source under the name a program file gives it."""
