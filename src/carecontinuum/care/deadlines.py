"""What can be due, by when, and how many days are left for what has no day of its own."""

from datetime import date
from enum import Enum

import attrs

from carecontinuum.arguments import an_instance

__all__ = ["Deadlines", "Due", "DueKind", "optional_deadlines"]


class DueKind(Enum):
    """What is to be done."""

    REASSESSMENT = "reassessment"
    """Assess anew after a return to use."""
    CONTACT = "contact"
    """Get in touch: nobody has been in contact with the patient."""
    CHECK_IN = "check-in"
    """Make a check-in of aftercare."""
    TREATMENT_PLAN = "treatment-plan"
    """Write a treatment plan; there is none."""
    PLAN_REVIEW = "plan-review"
    """Review a treatment plan or a relapse-prevention plan."""
    SIGNATURE = "signature"
    """Sign a treatment plan."""
    AUTHORIZATION_REVIEW = "authorization-review"
    """Ask the payer for more, as long before the end as the payer wants."""
    AUTHORIZATION_END = "authorization-end"
    """Have a further authorisation: this one ends."""
    CONSENT_END = "consent-end"
    """Have a new consent signed: this one ends."""
    SESSION_OUTCOME = "session-outcome"
    """Say what came of a session."""
    PENDING_MOVE = "pending-move"
    """Carry out a proposed move, or withdraw it."""


@attrs.frozen(order=False, kw_only=True)
class Deadlines:
    """How many days are left for what has no day of its own: illustrative, not medical advice.

    Attributes:
        ahead: How many days ahead something due is told of; 0 for today and what is overdue.
        reassessment: Days from a return to use to a reassessment.
        contact: Days without contact.
        treatment_plan: Days from admission to a treatment plan.
        plan_review: Days from one review to the next, for a plan that names no day.
        signature: Days from a plan to its first signature.
    """

    ahead: int = 14
    reassessment: int = 3
    contact: int = 14
    treatment_plan: int = 7
    plan_review: int = 30
    signature: int = 7


def optional_deadlines(value: Deadlines | None) -> Deadlines | None:
    """Take deadlines, or `None`.

    Raises:
        WrongArgument: It is neither.
    """
    if value is not None:
        an_instance("deadlines", value, Deadlines, "`Deadlines`, or `None`")
    return value


@attrs.frozen(order=False, kw_only=True)
class Due:
    """Something that is to be done by a day.

    Attributes:
        kind: What.
        by: The last local day on which it is not late; never shown in a repr.
        days_overdue: How many days have passed since; 0 while it is not late.
        because: Why; it names nobody and no day.
        episode_id: The episode; `None` for the patient alone.
        event_id: The event that it follows from; `None` where it follows from several.
    """

    kind: DueKind
    by: date = attrs.field(repr=False)
    days_overdue: int = 0
    because: str
    episode_id: str | None = None
    event_id: str | None = None

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed."""
        return self.days_overdue > 0
