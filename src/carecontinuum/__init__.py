"""The behavioral-health care continuum as typed, explainable, provable rules.

The names here are the everyday ones; each is explained where it is defined. What reads files or
draws is loaded when it is first used.
"""

from typing import TYPE_CHECKING, Any

from carecontinuum.canonical import Invalid, Problem, digest
from carecontinuum.continuum import (
    Continuum,
    ContinuumInvalid,
    LevelOfCare,
    Route,
    ServiceHours,
    Setting,
    Track,
    TransitionKind,
)
from carecontinuum.datatypes import (
    Actor,
    Calendar,
    Coding,
    Identifier,
    NaiveDatetime,
    Period,
    Site,
    When,
)
from carecontinuum.decisions import (
    Decision,
    Move,
    NotOnTheMap,
    PolicyRef,
    Reason,
    TransitionForbidden,
    TransitionRefused,
    TransitionRequest,
    TransitionUndetermined,
    Verdict,
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
from carecontinuum.engine import (
    Outcome,
    Reported,
    decide,
    options,
    override,
    replay,
    report,
    request,
)
from carecontinuum.errors import CareContinuumError
from carecontinuum.facts import Reading
from carecontinuum.history import (
    Basis,
    EpisodeOfCare,
    EpisodeStatus,
    Event,
    PatientRecord,
    consequences,
    discrepancies,
)
from carecontinuum.policies import (
    Finding,
    TransitionPolicy,
    all_of,
    any_of,
    forbid,
    forbids,
    permit,
    policy,
    requires,
    undetermined,
)
from carecontinuum.programs import Program, ProgramInvalid
from carecontinuum.rules import (
    Choice,
    Count,
    Facts,
    Flag,
    Known,
    Ordinal,
    Truth,
    Unknown,
    parse_rule,
)

if TYPE_CHECKING:
    from carecontinuum.engine.machine import EpisodeMachine
    from carecontinuum.library import (
        parse_program,
        read_program,
        shipped_program,
        shipped_programs,
    )

__all__ = [
    "Actor",
    "Basis",
    "Calendar",
    "CareContinuumError",
    "Choice",
    "Coding",
    "Continuum",
    "ContinuumInvalid",
    "Count",
    "Decision",
    "EpisodeMachine",
    "EpisodeOfCare",
    "EpisodeStatus",
    "Event",
    "Facts",
    "Finding",
    "Flag",
    "Identifier",
    "Invalid",
    "Known",
    "LevelOfCare",
    "Move",
    "NaiveDatetime",
    "NotOnTheMap",
    "Ordinal",
    "Outcome",
    "PatientRecord",
    "Period",
    "PolicyRef",
    "Problem",
    "Program",
    "ProgramInvalid",
    "Reading",
    "Reason",
    "Reported",
    "Route",
    "ServiceHours",
    "Setting",
    "Site",
    "Track",
    "TransitionForbidden",
    "TransitionKind",
    "TransitionPolicy",
    "TransitionRefused",
    "TransitionRequest",
    "TransitionUndetermined",
    "Truth",
    "Unknown",
    "Verdict",
    "When",
    "__version__",
    "admit",
    "aftercare",
    "all_of",
    "any_of",
    "cancel",
    "consequences",
    "decide",
    "digest",
    "discharge",
    "discrepancies",
    "forbid",
    "forbids",
    "lateral",
    "leave",
    "move",
    "options",
    "override",
    "parse_program",
    "parse_rule",
    "permit",
    "place",
    "policy",
    "read_program",
    "refer",
    "replay",
    "report",
    "request",
    "requires",
    "return_from_leave",
    "shipped_program",
    "shipped_programs",
    "step_down",
    "step_up",
    "undetermined",
    "waitlist",
]

__version__ = "0.1.0"

_ELSEWHERE = {
    "EpisodeMachine": "carecontinuum.engine.machine",
    "parse_program": "carecontinuum.library",
    "read_program": "carecontinuum.library",
    "shipped_program": "carecontinuum.library",
    "shipped_programs": "carecontinuum.library",
}


def __getattr__(name: str) -> Any:
    """Load what reads files or runs machines when it is first asked for."""
    if name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_ELSEWHERE[name]), name)
