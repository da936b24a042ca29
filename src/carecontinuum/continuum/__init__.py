"""The map of care as data: levels, routes, and how an episode begins and ends."""

from carecontinuum.continuum.continuum import Continuum, ContinuumInvalid, UnknownLevel
from carecontinuum.continuum.discharge import (
    DEATH,
    STANDARD_DISCHARGE_KINDS,
    DischargeKind,
    DischargeReason,
)
from carecontinuum.continuum.level import (
    AgeGroup,
    LevelOfCare,
    Phase,
    ServiceHours,
    Setting,
    Track,
)
from carecontinuum.continuum.transition import Route, TransitionKind

__all__ = [
    "DEATH",
    "STANDARD_DISCHARGE_KINDS",
    "AgeGroup",
    "Continuum",
    "ContinuumInvalid",
    "DischargeKind",
    "DischargeReason",
    "LevelOfCare",
    "Phase",
    "Route",
    "ServiceHours",
    "Setting",
    "Track",
    "TransitionKind",
    "UnknownLevel",
]
