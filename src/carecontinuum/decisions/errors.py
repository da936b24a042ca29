"""The three ways a request is refused, under one."""

from typing import TYPE_CHECKING

from carecontinuum.decisions.verdict import Verdict
from carecontinuum.errors import CareContinuumError, listed

if TYPE_CHECKING:
    from carecontinuum.decisions.decision import Decision

__all__ = ["NotOnTheMap", "TransitionForbidden", "TransitionRefused", "TransitionUndetermined"]


class TransitionRefused(CareContinuumError):
    """A move was asked for and not permitted; the decision says why.

    The message holds nothing about the patient; `decision.explain()` does.
    """

    code = "CC400"
    decision: "Decision"

    def __init__(self, *, decision: "Decision") -> None:
        """Keep the decision."""
        self.decision = decision
        super().__init__(decision=decision)

    def message(self) -> str:
        """Name the move and what each policy that stood against it said."""
        against = [
            f"{reason.policy}: {reason.says}" if reason.says else str(reason.policy)
            for reason in self.decision.reasons
            if reason.verdict is not Verdict.PERMIT
        ]
        return "; ".join([self.decision.headline(), *against])


class NotOnTheMap(TransitionRefused):
    """The continuum has no such move from where the episode stands."""

    code = "CC401"


class TransitionForbidden(TransitionRefused):
    """At least one policy forbids the move."""

    code = "CC402"


class TransitionUndetermined(TransitionRefused):
    """No policy forbids the move, but something that must be known is not."""

    code = "CC403"

    def message(self) -> str:
        """Name the move and the facts that are missing."""
        missing = tuple(need.fact for need in self.decision.needs)
        if not missing:
            return super().message()
        return f"{self.decision.headline()}; it would take {listed(missing)}"
