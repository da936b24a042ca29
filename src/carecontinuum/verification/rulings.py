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
    """What a policy, or several together, rule in each case in which all facts are known.

    Attributes:
        permits: The cases in which a move is permitted.
        forbids: The cases in which it is forbidden.
    """

    permits: Region
    forbids: Region

    @property
    def governs(self) -> Region:
        """The cases in which there is anything to say."""
        return self.permits | self.forbids


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
        return Ruling(permits=applies & holds, forbids=applies & ~holds)
    either = Region(0, applies.possible, applies.whole)
    return Ruling(permits=either, forbids=either)


def joint(parts: Sequence[Ruling], space: Space) -> Ruling:
    """Give what several rule together: one that forbids is enough."""
    forbids = space.joined([part.forbids for part in parts], every=False)
    permits = space.joined([part.permits for part in parts], every=False)
    return Ruling(permits=permits & ~forbids, forbids=forbids)


def _either(parts: Sequence[Ruling], space: Space) -> Ruling:
    forbids = space.joined([part.forbids for part in parts], every=False)
    permits = space.joined([part.permits for part in parts], every=False)
    return Ruling(permits=permits, forbids=forbids & ~permits)
