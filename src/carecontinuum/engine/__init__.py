"""Deciding, listing options, recording what follows, and judging again."""

from carecontinuum.engine.deciding import decide, options
from carecontinuum.engine.errors import (
    CannotBeOverridden,
    CannotBeStated,
    DecisionStale,
    ListenerFailedWarning,
    NotADecision,
    NothingRecommended,
    RequestConflict,
)
from carecontinuum.engine.operations import (
    Outcome,
    change_for,
    enact,
    override,
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
from carecontinuum.engine.reporting import Reported, report
from carecontinuum.engine.reviewing import Reviewed, facts_for, review_placement

__all__ = [
    "CannotBeOverridden",
    "CannotBeStated",
    "DecisionStale",
    "Judged",
    "ListenerFailedWarning",
    "Narrowing",
    "NotADecision",
    "NothingRecommended",
    "Outcome",
    "Recommendation",
    "Rejudged",
    "Reported",
    "RequestConflict",
    "Reviewed",
    "RuleAssessed",
    "assess_rules",
    "change_for",
    "decide",
    "enact",
    "facts_for",
    "options",
    "override",
    "recommend",
    "replay",
    "report",
    "request",
    "review_placement",
]
