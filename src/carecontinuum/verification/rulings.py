"""In which cases a policy permits and in which it forbids."""

from collections.abc import Iterator, Sequence

import attrs

from carecontinuum.continuum import TransitionKind
from carecontinuum.policies import CombinedPolicy, RulePolicy, TransitionPolicy
from carecontinuum.rules import Expression
from carecontinuum.verification.space import Region, Space

__all__ = ["Ruling", "conditions", "is_open_to_proof", "joint", "ruling"]


@attrs.frozen(order=False, kw_only=True)
class Ruling:
    """What a policy, or several together, say in each case.

    Each of the three may hold surely (`certain`) or perhaps (`possible`). In a case that is in none
    of them the answer stays undetermined, since a fact cannot be known.

    Attributes:
        permits: The cases in which a move is permitted.
        forbids: The cases in which it is forbidden.
        silent: The cases in which there is nothing to say.
    """

    permits: Region
    forbids: Region
    silent: Region


def is_open_to_proof(policy: TransitionPolicy) -> bool:
    """Tell whether a policy is data that proofs can read, all of it."""
    if isinstance(policy, CombinedPolicy):
        return all(map(is_open_to_proof, policy.policies))
    return isinstance(policy, RulePolicy)


def conditions(policy: TransitionPolicy) -> Iterator[Expression]:
    """Give the conditions that a policy is made of, as far as proofs can read it."""
    if isinstance(policy, CombinedPolicy):
        for part in policy.policies:
            yield from conditions(part)
        return
    if policy.applies is not None:
        yield policy.applies
    if isinstance(policy, RulePolicy):
        yield policy.rule


def ruling(policy: TransitionPolicy, kind: TransitionKind, space: Space) -> Ruling:
    """Give the cases in which a policy permits and forbids a kind of move."""
    if isinstance(policy, CombinedPolicy):
        asked = [part for part in policy.policies if part.on is None or kind.value in part.on]
        parts = [ruling(part, kind, space) for part in asked]
        return joint(parts, space) if policy.how == "all" else _either(parts, space)
    applies = space.everything if policy.applies is None else space.region(policy.applies)
    if isinstance(policy, RulePolicy):
        holds = space.region(policy.rule)
        return Ruling(permits=applies & holds, forbids=applies & ~holds, silent=~applies)
    anything = Region(0, space.whole, 0, space.whole)
    return Ruling(
        permits=applies & anything, forbids=applies & anything, silent=~applies | anything
    )


def joint(parts: Sequence[Ruling], space: Space) -> Ruling:
    """Give what several say together: each that says anything must permit."""
    permits = space.all_of(part.permits | part.silent for part in parts)
    return Ruling(
        permits=permits & space.any_of(part.permits for part in parts),
        forbids=space.any_of(part.forbids for part in parts),
        silent=space.all_of(part.silent for part in parts),
    )


def _either(parts: Sequence[Ruling], space: Space) -> Ruling:
    """Give what several say where one that permits is enough."""
    forbids = space.all_of(part.forbids | part.silent for part in parts)
    return Ruling(
        permits=space.any_of(part.permits for part in parts),
        forbids=forbids & space.any_of(part.forbids for part in parts),
        silent=space.all_of(part.silent for part in parts),
    )
