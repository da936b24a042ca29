"""Programs: a map, its calendar, facts and policies, under one version and digest."""

from carecontinuum.programs.program import Program, ProgramInvalid, Purpose

__all__ = ["Program", "ProgramInvalid", "Purpose"]
