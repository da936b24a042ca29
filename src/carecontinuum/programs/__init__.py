"""Programs: a map, its calendar, facts and policies, under one version and digest."""

from carecontinuum.programs.program import Licence, Program, ProgramInvalid, Purpose

__all__ = ["Licence", "Program", "ProgramInvalid", "Purpose"]
