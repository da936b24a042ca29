"""What can be said of a move that is wished for: it is proposed, and then answered or dropped."""

from typing import ClassVar

import attrs

from carecontinuum.continuum import TransitionKind
from carecontinuum.datatypes import When, optional_moment

__all__ = ["PRIORITIES", "MoveAccepted", "MoveDeclined", "MoveProposed", "MoveWithdrawn"]

PRIORITIES = ("routine", "urgent", "asap", "stat")
"""FHIR's request priorities (value set `request-priority`, R4), the least urgent first."""


@attrs.frozen(order=False, kw_only=True)
class MoveProposed:
    """A move is wished for and waits, for a bed or for an answer.

    Attributes:
        proposal_id: Its id within the episode.
        kind: The kind of move.
        level: The level to reach; `None` where the kind needs none.
        target_date: When it should happen.
        priority: One of `PRIORITIES`.
    """

    TYPE: ClassVar[str] = "move-proposed"
    proposal_id: str
    kind: TransitionKind
    level: str | None = None
    target_date: When | None = attrs.field(default=None, converter=optional_moment)
    priority: str = "routine"


@attrs.frozen(order=False, kw_only=True)
class MoveAccepted:
    """The receiving side takes a proposed move; it has not happened yet.

    Attributes:
        proposal_id: The proposal.
    """

    TYPE: ClassVar[str] = "move-accepted"
    proposal_id: str


@attrs.frozen(order=False, kw_only=True)
class MoveDeclined:
    """The receiving side refuses a proposed move.

    Attributes:
        proposal_id: The proposal.
    """

    TYPE: ClassVar[str] = "move-declined"
    proposal_id: str


@attrs.frozen(order=False, kw_only=True)
class MoveWithdrawn:
    """Whoever proposed a move no longer does.

    Attributes:
        proposal_id: The proposal.
    """

    TYPE: ClassVar[str] = "move-withdrawn"
    proposal_id: str
