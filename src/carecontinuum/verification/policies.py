"""Policies against each other: which contradict, which add nothing, and where a proof stops."""

from collections.abc import Iterator
from itertools import combinations

import attrs

from carecontinuum.continuum import TransitionKind
from carecontinuum.policies import CombinedPolicy, RulePolicy, TransitionPolicy, facts_of
from carecontinuum.programs import Program
from carecontinuum.rules import Criterion, leaves
from carecontinuum.verification.report import Finding, found
from carecontinuum.verification.rulings import Ruling, conditions, is_open_to_proof, ruling
from carecontinuum.verification.space import Space
from carecontinuum.verification.thresholds import rules_of
from carecontinuum.verification.trying import Tried, tried
from carecontinuum.verification.ways import unfixed
from carecontinuum.verification.witness import CasesWitness, NameWitness

__all__ = ["opaque_findings", "policy_findings"]


def policy_findings(program: Program, *, limit: int) -> Iterator[Finding]:
    """Compare each two policies that judge the same kind of move and read the same fact."""
    idle = set[str]()
    for policy in program.policies:
        if (witness := _never_forbids(program, policy, limit)) is not None:
            idle.add(policy.ref.id)
            says = f"`{policy.ref.id}` never forbids anything"
            yield found("redundant", says, witness, rules=(policy.ref.id,))
    for one, other in combinations(program.policies, 2):
        pair = _Pair.of(program, one, other, limit)
        if pair is None:
            continue
        ids = (one.ref.id, other.ref.id)
        if pair.contradicts():
            says = f"`{ids[0]}` and `{ids[1]}` never both permit, though each of them can"
            yield found("contradiction", says, pair.witness, rules=ids)
        for weak, strong in ((other, one), (one, other)):
            if not idle & set(ids) and pair.adds_nothing(weak, strong):
                idle.add(weak.ref.id)
                says = f"`{weak.ref.id}` forbids nothing that `{strong.ref.id}` does not forbid"
                rules = (weak.ref.id, strong.ref.id)
                yield found("redundant", says, pair.witness, rules=rules)


def _kinds(policy: TransitionPolicy) -> set[TransitionKind]:
    return {kind for kind in TransitionKind if policy.on is None or kind.value in policy.on}


def _never_forbids(program: Program, policy: TransitionPolicy, limit: int) -> CasesWitness | None:
    """Give what shows that a rule always holds; one that waits for an assessment has its use."""
    if not isinstance(policy, RulePolicy) or any(f.must_assess for f in facts_of(policy)):
        return None
    cases = tried(list(conditions(policy)), unfixed(program), limit=limit)
    kind = min(_kinds(policy), default=TransitionKind.ADMIT)
    rulings = {space: ruling(policy, kind, space) for space in cases.spaces}
    if not any(made.permits.certain for made in rulings.values()):
        return None
    never = cases.never(lambda space: rulings[space].forbids.possible)
    return CasesWitness(values=cases.cases.values) if never else None


@attrs.frozen(order=False, kw_only=True, eq=False)
class _Pair:
    """Two policies, tried in the same cases on each kind of move that both judge."""

    one: TransitionPolicy
    other: TransitionPolicy
    kinds: tuple[TransitionKind, ...]
    cases: Tried

    @classmethod
    def of(
        cls, program: Program, one: TransitionPolicy, other: TransitionPolicy, limit: int
    ) -> "_Pair | None":
        """Take two policies that have a kind of move and a fact in common, else nothing."""
        kinds = sorted(_kinds(one) & _kinds(other))
        facts = {fact.id for fact in facts_of(one)} & {fact.id for fact in facts_of(other)}
        if not kinds or not facts:
            return None
        if not isinstance(one, CombinedPolicy) and not isinstance(other, CombinedPolicy):
            kinds = kinds[:1]  # a policy by itself rules alike on every kind that it judges
        asked = [*conditions(one), *conditions(other)]
        cases = tried(asked, unfixed(program), limit=limit)
        return cls(one=one, other=other, kinds=tuple(kinds), cases=cases)

    @property
    def witness(self) -> CasesWitness:
        return CasesWitness(values=self.cases.cases.values)

    def contradicts(self) -> bool:
        """Tell whether both have something to say of some cases, and never both permit."""
        return any(map(self._contradicts_on, self.kinds))

    def _contradicts_on(self, kind: TransitionKind) -> bool:
        made = {space: self._rulings(kind, space) for space in self.cases.spaces}
        if not self.cases.never(
            lambda space: made[space][0].permits.possible & made[space][1].permits.possible
        ):
            return False
        return (
            any(one.permits.certain for one, _ in made.values())
            and any(other.permits.certain for _, other in made.values())
            and any((one.silent | other.silent).denied for one, other in made.values())
        )

    def _rulings(self, kind: TransitionKind, space: Space) -> tuple[Ruling, Ruling]:
        return ruling(self.one, kind, space), ruling(self.other, kind, space)

    def adds_nothing(self, weak: TransitionPolicy, strong: TransitionPolicy) -> bool:
        """Tell whether leaving one out would change no verdict where all facts are known."""
        if not isinstance(weak, RulePolicy) or not isinstance(strong, RulePolicy):
            return False
        waits = {fact for fact in facts_of(weak) if fact.must_assess}
        if (
            not _kinds(weak) <= _kinds(strong)
            or not strong.overridable_by <= weak.overridable_by
            or not waits <= set(facts_of(strong))
        ):
            return False
        return self.cases.never(lambda space: self._more(weak, strong, space))

    def _more(self, weak: TransitionPolicy, strong: TransitionPolicy, space: Space) -> int:
        """Give the cases in which one policy has something to say that the other does not."""
        mine, other = (ruling(policy, self.kinds[0], space) for policy in (weak, strong))
        return (mine.forbids.possible & ~other.forbids.certain) | (
            mine.permits.possible & ~other.silent.denied
        )


def opaque_findings(program: Program) -> Iterator[Finding]:
    """Give the policies and criteria that are code."""
    for policy in program.policies:
        if not is_open_to_proof(policy):
            id = policy.ref.id
            says = f"policy `{id}` is code: no proof goes beyond what it declares"
            witness = NameWitness(what="policy", id=id)
            yield found("opaque", says, witness, rules=(id,))
    readers: dict[str, list[str]] = {}
    for id, condition in rules_of(program):
        for leaf in leaves(condition):
            if isinstance(leaf, Criterion):
                readers.setdefault(leaf.id, []).append(id)
    for id, rules in readers.items():
        says = f"criterion `{id}` is code: it is taken to hold or not to hold in any case"
        witness = NameWitness(what="criterion", id=id)
        yield found("opaque", says, witness, rules=tuple(dict.fromkeys(rules)))
