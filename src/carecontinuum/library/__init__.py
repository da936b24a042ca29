"""Files of programs and instruments, and those that come with the library."""

from carecontinuum.library.discovery import discover_policies
from carecontinuum.library.errors import (
    FileUnreadable,
    InstalledPoliciesInvalid,
    InstrumentFileInvalid,
    InstrumentFileUnreadable,
    ProgramFileInvalid,
    ProgramFileUnreadable,
    UnknownInstrument,
    UnknownProgram,
)
from carecontinuum.library.instruments import (
    parse_instrument,
    read_instrument,
    shipped_instrument,
    shipped_instruments,
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
    "FileUnreadable",
    "InstalledPoliciesInvalid",
    "InstrumentFileInvalid",
    "InstrumentFileUnreadable",
    "ProgramFileInvalid",
    "ProgramFileUnreadable",
    "UnknownInstrument",
    "UnknownProgram",
    "discover_policies",
    "parse_decision_table",
    "parse_instrument",
    "parse_program",
    "read_decision_table",
    "read_instrument",
    "read_program",
    "shipped_instrument",
    "shipped_instruments",
    "shipped_program",
    "shipped_programs",
    "shipped_template",
    "shipped_templates",
]
