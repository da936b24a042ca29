"""Program files, and the programs that come with the library."""

from carecontinuum.library.discovery import discover_policies
from carecontinuum.library.errors import (
    InstalledPoliciesInvalid,
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
    "InstalledPoliciesInvalid",
    "ProgramFileInvalid",
    "ProgramFileUnreadable",
    "UnknownProgram",
    "discover_policies",
    "parse_decision_table",
    "parse_program",
    "read_decision_table",
    "read_program",
    "shipped_program",
    "shipped_programs",
    "shipped_template",
    "shipped_templates",
]
