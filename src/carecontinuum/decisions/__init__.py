"""Requests, verdicts, reasons and decisions."""

from carecontinuum.decisions.decision import (
    Decision,
    PolicyRef,
    ProgramRef,
    Reason,
    Stated,
    TransitionRequest,
)
from carecontinuum.decisions.errors import (
    NotOnTheMap,
    TransitionForbidden,
    TransitionRefused,
    TransitionUndetermined,
)
from carecontinuum.decisions.move import (
    Move,
    admit,
    aftercare,
    cancel,
    discharge,
    lateral,
    leave,
    move,
    place,
    refer,
    return_from_leave,
    step_down,
    step_up,
    waitlist,
)
from carecontinuum.decisions.verdict import Verdict

__all__ = [
    "Decision",
    "Move",
    "NotOnTheMap",
    "PolicyRef",
    "ProgramRef",
    "Reason",
    "Stated",
    "TransitionForbidden",
    "TransitionRefused",
    "TransitionRequest",
    "TransitionUndetermined",
    "Verdict",
    "admit",
    "aftercare",
    "cancel",
    "discharge",
    "lateral",
    "leave",
    "move",
    "place",
    "refer",
    "return_from_leave",
    "step_down",
    "step_up",
    "waitlist",
]
