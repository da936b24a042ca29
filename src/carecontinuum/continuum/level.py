"""Levels of care, as data."""

from enum import Enum

import attrs

from carecontinuum.datatypes import Coding

__all__ = ["AgeGroup", "LevelOfCare", "Phase", "ServiceHours", "Setting", "Track"]


class Setting(Enum):
    """Where a person lives and is treated while at a level."""

    AMBULATORY = "ambulatory"
    RESIDENTIAL = "residential"
    INPATIENT = "inpatient"
    COMMUNITY = "community"


class Track(Enum):
    """The ladder on which a level's intensity counts; ranks compare within one track only."""

    WITHDRAWAL_MANAGEMENT = "withdrawal-management"
    TREATMENT = "treatment"
    RECOVERY = "recovery"


class Phase(Enum):
    """Whether a level counts as treatment or as recovery, for retention and completion."""

    TREATMENT = "treatment"
    RECOVERY = "recovery"


class AgeGroup(Enum):
    """Whom a number of hours holds for."""

    ADULT = "adult"
    ADOLESCENT = "adolescent"


@attrs.frozen(order=False, kw_only=True)
class ServiceHours:
    """Hours of clinical service a week, `[at_least, less_than)`.

    Attributes:
        at_least: The fewest hours a week that belong to the level; `None` if none is set.
        less_than: The first number of hours that no longer does; `None` if none is set.
        age_group: Whom it holds for; `None` is everybody.
        citation: Where the numbers come from.
    """

    at_least: float | None = None
    less_than: float | None = None
    age_group: AgeGroup | None = None
    citation: str = ""

    def contains(self, hours: float) -> bool:
        """Tell whether a number of hours a week lies in the band."""
        enough = self.at_least is None or hours >= self.at_least
        return enough and (self.less_than is None or hours < self.less_than)

    def __str__(self) -> str:
        if self.at_least is None:
            return (
                "any number of hours" if self.less_than is None else f"under {self.less_than:g} h"
            )
        if self.less_than is None:
            return f"{self.at_least:g} h or more"
        return f"{self.at_least:g} to under {self.less_than:g} h"


@attrs.frozen(order=False, kw_only=True)
class LevelOfCare:
    """One level of care on a continuum.

    Attributes:
        code: Its code, unique on the continuum, as in `iop` or `2.1`.
        display: Its words.
        setting: Where care is given.
        track: The ladder its intensity counts on.
        phase: Treatment or recovery.
        intensity: Its rank on the track; a greater number is more intensive care.
        hours: Hours of service a week, by age group where they differ; empty if none is set.
        codings: The same level in outside code systems.
        description: What care it is, in a sentence or two.
        citations: Where all of this comes from.
    """

    code: str
    display: str
    setting: Setting
    intensity: int
    track: Track = Track.TREATMENT
    phase: Phase = Phase.TREATMENT
    hours: tuple[ServiceHours, ...] = ()
    codings: tuple[Coding, ...] = ()
    description: str = ""
    citations: tuple[str, ...] = ()

    def hours_for(self, age_group: AgeGroup) -> ServiceHours | None:
        """Give the band of hours for an age group, or the one for everybody, or `None`."""
        for wanted in (age_group, None):
            for band in self.hours:
                if band.age_group is wanted:
                    return band
        return None
