"""The built-in sources, each under the name a program file gives it."""

from collections.abc import Callable, Mapping

from carecontinuum.facts.elsewhere import LevelElsewhere, OtherOpenEpisodes
from carecontinuum.facts.reviews import ConsecutiveLowerReviews, PlacementSupportsTarget
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
    )
}
"""Each built-in source under the name a program file gives it."""
