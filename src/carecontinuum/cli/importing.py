"""`carecontinuum import fhir`: what a bundle says, what was inferred, and what was not understood."""

from pathlib import Path

from carecontinuum.library import read_program, shipped_program, shipped_programs
from carecontinuum.programs import Program

__all__ = ["import_fhir"]

SHOWN = 20
"""How many rows of what was not understood are shown; the rest is counted, and `--json` has all."""


def _program(name: str) -> Program:
    return shipped_program(name) if name in shipped_programs() else read_program(Path(name))
