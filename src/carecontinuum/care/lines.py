"""A line of a draft: what is proposed, or what is missing, and why."""

from typing import TypeAlias

import attrs

from carecontinuum.datatypes import Coding
from carecontinuum.records import Goal, PlannedService

__all__ = ["ILLUSTRATIVE", "Line", "Proposal"]

ILLUSTRATIVE = "illustrative, not medical advice"
"""The citation of what rests on nothing but this library's own choice."""

Proposal: TypeAlias = PlannedService | Goal | Coding
"""A part of a treatment plan that a line can propose: a service, a goal or a focus area."""


@attrs.frozen(order=False, kw_only=True)
class Line:
    """One line of a draft.

    Attributes:
        proposes: The part of the plan; `None` where something is missing, or is left out. Never
            shown in a repr.
        because: Why it is proposed, or what is missing; never shown in a repr.
        citation: What that rests on.
    """

    proposes: Proposal | None = attrs.field(default=None, repr=False)
    because: str = attrs.field(repr=False)
    citation: str = ILLUSTRATIVE
