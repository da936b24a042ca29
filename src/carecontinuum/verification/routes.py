"""Each move on the map under its policies: closed, ungoverned, or a way there and straight back."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import attrs

from carecontinuum.continuum import TransitionKind
from carecontinuum.policies import TransitionPolicy
from carecontinuum.programs import Program
from carecontinuum.rules import Value
from carecontinuum.verification.report import Finding, Method, Proof, found
from carecontinuum.verification.rulings import Ruling, conditions, joint, ruling
from carecontinuum.verification.space import Space
from carecontinuum.verification.trying import Tried, tried
from carecontinuum.verification.ways import fixed, ways_of
from carecontinuum.verification.witness import CasesWitness, FactsWitness, Way

__all__ = ["route_findings"]


@attrs.frozen(order=False, kw_only=True, eq=False)
class _Judged:
    """A move, and what each policy that judges its kind rules in each case."""

    way: Way
    policies: tuple[TransitionPolicy, ...]
    cases: Tried
    rulings: tuple[tuple[Ruling, ...], ...]
    free: Mapping[str, tuple[Value, ...]]

    @classmethod
    def of(cls, program: Program, way: Way, limit: int) -> "_Judged":
        policies = program.policies_on(way.kind)
        limits = fixed(program, way)
        asked = [condition for policy in policies for condition in conditions(policy)]
        cases = tried(asked, limits, limit=limit)
        rulings = tuple(
            tuple(ruling(policy, way.kind, space) for policy in policies) for space in cases.spaces
        )
        free = {id: values for id, values in cases.cases.values.items() if id not in limits}
        return cls(way=way, policies=policies, cases=cases, rulings=rulings, free=free)

    def _nowhere(self, regions: Sequence[int]) -> bool:
        return self.cases.whole and not any(regions)

    def is_governed_by(self, index: int) -> bool:
        """Tell whether a policy has something to say in some case, as far as can be told."""
        return not self._nowhere(
            [
                space.whole ^ rulings[index].silent.certain
                for space, rulings in zip(self.cases.spaces, self.rulings, strict=True)
            ]
        )

    @property
    def governing(self) -> tuple[int, ...]:
        """The policies that have something to say in some case, by their place."""
        return tuple(i for i in range(len(self.policies)) if self.is_governed_by(i))

    def is_closed_by(self, indexes: Sequence[int]) -> bool:
        """Tell whether in no case each of some policies permits the move or is silent."""
        return self._nowhere(
            [
                space.all_of(rulings[i].permits | rulings[i].silent for i in indexes).possible
                for space, rulings in zip(self.cases.spaces, self.rulings, strict=True)
            ]
        )

    def closing(self) -> tuple[str, ...]:
        """Give the fewest policies that close the move; none where some facts open it."""
        governing = self.governing
        if not governing or not self.is_closed_by(governing):
            return ()
        fewest = [*combinations(governing, 1), *combinations(governing, 2), governing]
        closing = next(some for some in fewest if self.is_closed_by(some))
        return tuple(self.policies[index].ref.id for index in closing)


def route_findings(program: Program, *, limit: int) -> Iterator[Finding | Proof]:
    """Judge every move on the map in every case."""
    judged = [_Judged.of(program, way, limit) for way in ways_of(program.continuum)]
    yield from _proofs(judged)
    yield from _closed(judged)
    yield from _never_firing(program, judged)
    yield from _ungoverned(program, judged)
    yield from _ping_pong(program, judged, limit)


def _proofs(judged: Sequence[_Judged]) -> Iterator[Proof]:
    for whole in (True, False):
        some = [one.cases for one in judged if one.cases.whole is whole and one.policies]
        if some:
            cases = sum(space.size for tried in some for space in tried.spaces)
            subject = f"cases of {len(some)} moves under their policies"
            yield attrs.evolve(some[0].proof(subject), cases=cases)
    yield Proof(subject="moves on the map", method=Method.GRAPH, cases=len(judged))


def _closed(judged: Sequence[_Judged]) -> Iterator[Finding]:
    groups: dict[tuple[tuple[str, ...], TransitionKind], list[_Judged]] = {}
    for one in judged:
        if closing := one.closing():
            groups.setdefault((closing, one.way.kind), []).append(one)
    for (closing, _), some in groups.items():
        ways = tuple(one.way for one in some)
        names = " and ".join(f"`{id}`" for id in closing)
        never = "never permits" if len(closing) == 1 else "together never permit"
        says = f"{names} {never} {_named(ways)}"
        witness = CasesWitness(values=some[0].free, ways=ways)
        yield found("closed-route", says, witness, levels=_levels(ways), rules=closing)


def _named(ways: Sequence[Way]) -> str:
    more = len(ways) - 1
    return f"{ways[0]} and {more} more" if more else str(ways[0])


def _levels(ways: Sequence[Way]) -> tuple[str, ...]:
    ends = [end for way in ways for end in (way.origin, way.target) if end is not None]
    return tuple(dict.fromkeys(ends))


def _never_firing(program: Program, judged: Sequence[_Judged]) -> Iterator[Finding]:
    """Give the policies that apply to no move on the map."""
    asked: dict[str, list[_Judged]] = {policy.ref.id: [] for policy in program.policies}
    firing: set[str] = set()
    for one in judged:
        for index, policy in enumerate(one.policies):
            asked[policy.ref.id].append(one)
            if one.is_governed_by(index):
                firing.add(policy.ref.id)
    for id, some in asked.items():
        if id not in firing:
            free = {fact: values for one in some for fact, values in one.free.items()}
            witness = CasesWitness(values=free, ways=tuple(one.way for one in some))
            says = f"`{id}` applies to no move on the map"
            yield found("never-fires", says, witness, rules=(id,))


def _ungoverned(program: Program, judged: Sequence[_Judged]) -> Iterator[Finding]:
    kinds: dict[TransitionKind, list[_Judged]] = {}
    for one in judged:
        if not one.governing:
            kinds.setdefault(one.way.kind, []).append(one)
    for kind, some in kinds.items():
        ways = tuple(one.way for one in some)
        answer = program.when_ungoverned[kind].value
        says = f"no policy governs {_named(ways)}; the program answers {answer}"
        witness = CasesWitness(values=some[0].free, ways=ways)
        yield found("ungoverned", says, witness)


def _ping_pong(program: Program, judged: Sequence[_Judged], limit: int) -> Iterator[Finding]:
    """Give the levels between which the same facts permit going up and going down."""
    moves = {(one.way.origin, one.way.target): one for one in judged if one.way.kind in _LADDER}
    seen: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
    for (origin, target), there in moves.items():
        back = moves.get((target, origin))
        if back is None or there.way.kind is not TransitionKind.STEP_UP:
            continue
        key = there.governing, back.governing
        if not all(key) or key in seen:
            continue
        facts = _both_permit(program, there, back, limit)
        if facts is not None and origin is not None and target is not None:
            seen.add(key)
            says = f"the same facts permit {there.way} and {back.way}"
            names = [
                one.policies[i].ref.id
                for one, some in zip((there, back), key, strict=True)
                for i in some
            ]
            rules = tuple(dict.fromkeys(names))
            witness = FactsWitness(facts=facts)
            yield found("ping-pong", says, witness, levels=(origin, target), rules=rules)


_LADDER = frozenset({TransitionKind.STEP_UP, TransitionKind.STEP_DOWN, TransitionKind.AFTERCARE})


def _both_permit(
    program: Program, there: _Judged, back: _Judged, limit: int
) -> dict[str, Value] | None:
    """Give facts under which two moves are permitted; each of them fixes facts of its own."""
    asked = [c for one in (there, back) for policy in one.policies for c in conditions(policy)]
    limits = [fixed(program, one.way) for one in (there, back)]
    both = [tried(asked, some, limit=limit) for some in limits]
    for one, other in zip(both[0].spaces, both[1].spaces, strict=True):
        if cases := _permitted(there, one) & _permitted(back, other):
            case = one.case(cases)
            return {id: value for id, value in case.items() if id not in limits[0]}
    return None


def _permitted(judged: _Judged, space: Space) -> int:
    rulings = [ruling(policy, judged.way.kind, space) for policy in judged.policies]
    return joint(rulings, space).permits.certain
