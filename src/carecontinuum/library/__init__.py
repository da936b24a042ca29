"""Program files, and the programs that come with the library."""

from carecontinuum.library.errors import (
    ProgramFileInvalid,
    ProgramFileUnreadable,
    UnknownProgram,
)
from carecontinuum.library.reading import MAX_BYTES, parse_program, read_program
from carecontinuum.library.shipping import (
    shipped_program,
    shipped_programs,
    shipped_template,
    shipped_templates,
)
from carecontinuum.library.tables import (
    DecisionTableInvalid,
    parse_decision_table,
    read_decision_table,
)

__all__ = [
    "MAX_BYTES",
    "DecisionTableInvalid",
    "ProgramFileInvalid",
    "ProgramFileUnreadable",
    "UnknownProgram",
    "parse_decision_table",
    "parse_program",
    "read_decision_table",
    "read_program",
    "shipped_program",
    "shipped_programs",
    "shipped_template",
    "shipped_templates",
]
