"""Program files, and the programs that come with the library."""

from carecontinuum.library.errors import (
    ProgramFileInvalid,
    ProgramFileUnreadable,
    UnknownProgram,
)
from carecontinuum.library.reading import MAX_BYTES, parse_program, read_program
from carecontinuum.library.shipping import shipped_program, shipped_programs

__all__ = [
    "MAX_BYTES",
    "ProgramFileInvalid",
    "ProgramFileUnreadable",
    "UnknownProgram",
    "parse_program",
    "read_program",
    "shipped_program",
    "shipped_programs",
]
