"""Deciding, listing options, recording what follows, and judging again."""

from carecontinuum.engine.deciding import decide, options
from carecontinuum.engine.errors import (
    CannotBeOverridden,
    CannotBeStated,
    DecisionStale,
    ListenerFailedWarning,
    NotADecision,
)
from carecontinuum.engine.operations import (
    Outcome,
    Reported,
    change_for,
    enact,
    override,
    report,
    request,
)
from carecontinuum.engine.recommending import (
    Narrowing,
    Recommendation,
    RuleAssessed,
    assess_rules,
    recommend,
)
from carecontinuum.engine.replaying import Judged, Rejudged, replay

__all__ = [
    "CannotBeOverridden",
    "CannotBeStated",
    "DecisionStale",
    "Judged",
    "ListenerFailedWarning",
    "Narrowing",
    "NotADecision",
    "Outcome",
    "Recommendation",
    "Rejudged",
    "Reported",
    "RuleAssessed",
    "assess_rules",
    "change_for",
    "decide",
    "enact",
    "options",
    "override",
    "recommend",
    "replay",
    "report",
    "request",
]
