"""Transition policies: what each may say of a move, and how several answer as one."""

from carecontinuum.policies.combinators import (
    CombinedPolicy,
    all_of,
    any_of,
    combined_verdict,
)
from carecontinuum.policies.errors import PolicyInvalid
from carecontinuum.policies.placement import (
    Licence,
    PlacementCriteria,
    PlacementInvalid,
    PlacementRule,
    PlacementTable,
    placement_problems,
    placement_tables,
)
from carecontinuum.policies.policies import (
    FunctionPolicy,
    RulePolicy,
    forbids,
    policy,
    requires,
)
from carecontinuum.policies.protocol import (
    Finding,
    TransitionPolicy,
    facts_of,
    forbid,
    permit,
    undetermined,
)

__all__ = [
    "CombinedPolicy",
    "Finding",
    "FunctionPolicy",
    "Licence",
    "PlacementCriteria",
    "PlacementInvalid",
    "PlacementRule",
    "PlacementTable",
    "PolicyInvalid",
    "RulePolicy",
    "TransitionPolicy",
    "all_of",
    "any_of",
    "combined_verdict",
    "facts_of",
    "forbid",
    "forbids",
    "permit",
    "placement_problems",
    "placement_tables",
    "policy",
    "requires",
    "undetermined",
]
