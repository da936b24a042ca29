"""Transition policies: what each may say of a move, and how several answer as one."""

from carecontinuum.policies.combinators import (
    CombinedPolicy,
    all_of,
    any_of,
    combined_verdict,
)
from carecontinuum.policies.errors import PolicyInvalid
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
    "policy",
    "requires",
    "undetermined",
]
