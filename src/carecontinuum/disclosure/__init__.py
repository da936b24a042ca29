"""Telling others of a patient: the consent gate, what it lets through, and the log of both.

These are mechanisms. They do not make an organisation compliant with any law.
"""

from carecontinuum.disclosure.accounting import accounting_of_disclosures, disclosure_log
from carecontinuum.disclosure.clearance import Clearance
from carecontinuum.disclosure.content import KINDS, Note
from carecontinuum.disclosure.disclosing import Disclosure, disclose, log_refusal
from carecontinuum.disclosure.errors import (
    ClearanceForged,
    ClearanceMisfit,
    ClearanceOver,
    DisclosureRefused,
)
from carecontinuum.disclosure.gate import VALID_FOR, Under, clear
from carecontinuum.disclosure.notice import NOTICE, PART_2_LABELS, STANDARD_LABELS

__all__ = [
    "KINDS",
    "NOTICE",
    "PART_2_LABELS",
    "STANDARD_LABELS",
    "VALID_FOR",
    "Clearance",
    "ClearanceForged",
    "ClearanceMisfit",
    "ClearanceOver",
    "Disclosure",
    "DisclosureRefused",
    "Note",
    "Under",
    "accounting_of_disclosures",
    "clear",
    "disclose",
    "disclosure_log",
    "log_refusal",
]
