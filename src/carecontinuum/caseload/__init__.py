"""The one object an application holds: programs, a store, a clock, and who wants to be told."""

from carecontinuum.caseload.census import Census, census_of
from carecontinuum.caseload.commands import Caseload
from carecontinuum.caseload.desk import Listener
from carecontinuum.caseload.errors import EpisodeNotNamed, NoProgram

__all__ = ["Caseload", "Census", "EpisodeNotNamed", "Listener", "NoProgram", "census_of"]
