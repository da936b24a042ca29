"""The one object an application holds: programs, a store, a clock, and who wants to be told."""

from carecontinuum.caseload.census import Census, census_of
from carecontinuum.caseload.commands import Caseload
from carecontinuum.caseload.desk import Listener
from carecontinuum.caseload.errors import (
    CalendarNotNamed,
    CannotBeMerged,
    CannotBeProposed,
    EpisodeNotNamed,
    NoProgram,
    NoSuchProposal,
    NothingRecorded,
)
from carecontinuum.caseload.proposals import Proposal
from carecontinuum.caseload.worklist import PatientDue, worklist

__all__ = [
    "CalendarNotNamed",
    "CannotBeMerged",
    "CannotBeProposed",
    "Caseload",
    "Census",
    "EpisodeNotNamed",
    "Listener",
    "NoProgram",
    "NoSuchProposal",
    "NothingRecorded",
    "PatientDue",
    "Proposal",
    "census_of",
    "worklist",
]
