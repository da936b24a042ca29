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
    Recommendation,
    Reported,
    decide,
    facts_for,
    options,
    override,
    recommend,
    replay,
    report,
    request,
    review_placement,
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
    Licence,
    PlacementCriteria,
    PlacementRule,
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
    Age,
    Choice,
    Count,
    Date,
    Facts,
    Flag,
    Known,
    Ordinal,
    Quantity,
    Truth,
    Unknown,
    at_least,
    criterion,
    days_between,
    parse_rule,
    total,
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
    "Age",
    "Basis",
    "Calendar",
    "CareContinuumError",
    "Choice",
    "Coding",
    "Continuum",
    "ContinuumInvalid",
    "Count",
    "Date",
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
    "Licence",
    "Move",
    "NaiveDatetime",
    "NotOnTheMap",
    "Ordinal",
    "Outcome",
    "PatientRecord",
    "Period",
    "PlacementCriteria",
    "PlacementRule",
    "PolicyRef",
    "Problem",
    "Program",
    "ProgramInvalid",
    "Quantity",
    "Reading",
    "Reason",
    "Recommendation",
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
    "at_least",
    "cancel",
    "consequences",
    "criterion",
    "days_between",
    "decide",
    "digest",
    "discharge",
    "discrepancies",
    "facts_for",
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
    "recommend",
    "refer",
    "replay",
    "report",
    "request",
    "requires",
    "return_from_leave",
    "review_placement",
    "shipped_program",
    "shipped_programs",
    "step_down",
    "step_up",
    "total",
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
