"""The one object an application holds: programs, a store, a clock, and who wants to be told."""

from carecontinuum.caseload.census import Census, census_of
from carecontinuum.caseload.commands import Caseload
from carecontinuum.caseload.desk import Listener
from carecontinuum.caseload.errors import (
    CalendarNotNamed,
    CannotBeProposed,
    EpisodeNotNamed,
    NoProgram,
    NoSuchProposal,
)
from carecontinuum.caseload.proposals import Proposal
from carecontinuum.caseload.worklist import PatientDue, worklist

__all__ = [
    "CalendarNotNamed",
    "CannotBeProposed",
    "Caseload",
    "Census",
    "EpisodeNotNamed",
    "Listener",
    "NoProgram",
    "NoSuchProposal",
    "PatientDue",
    "Proposal",
    "census_of",
    "worklist",
]
