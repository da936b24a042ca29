"""What goes with records that are told: the statement of 42 CFR 2.32, and security labels."""

from carecontinuum.datatypes import Coding

__all__ = ["NOTICE", "PART_2_LABELS", "STANDARD_LABELS"]

NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The shorter of the two statements that 42 CFR 2.32(a) accepts."""

_ACT_CODES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

PART_2_LABELS = (
    Coding(code="42CFRPart2", system=_ACT_CODES),
    Coding(code="SUD", system=_ACT_CODES),
    Coding(code="ETHUD", system=_ACT_CODES),
)
"""Labels of records of an episode under Part 2."""

STANDARD_LABELS = (Coding(code="BH", system=_ACT_CODES),)
"""Labels of records of an episode that is not under Part 2."""
