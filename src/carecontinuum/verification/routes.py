"""Each move on the map under its policies: closed, ungoverned, or a way there and straight back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import combinations

import attrs

from carecontinuum.continuum import TransitionKind
from carecontinuum.policies import TransitionPolicy
from carecontinuum.programs import Program
from carecontinuum.rules import Criterion, Facts, Value, facts_read, leaves, truth
from carecontinuum.verification.report import Finding, Method, Proof, found
from carecontinuum.verification.rulings import Ruling, conditions, joint, ruling
from carecontinuum.verification.space import Space
from carecontinuum.verification.trying import Tried, tried
from carecontinuum.verification.values import Limits
from carecontinuum.verification.ways import fixed, ways_of
from carecontinuum.verification.witness import CasesWitness, FactsWitness, Way

__all__ = ["route_findings"]


@attrs.frozen(order=False, kw_only=True, eq=False)
class _Part:
    """Policies that share facts, and what each rules in each case of a move."""

    policies: tuple[TransitionPolicy, ...]
    cases: Tried
    rulings: tuple[tuple[Ruling, ...], ...]

    @classmethod
    def of(
        cls, policies: Sequence[TransitionPolicy], way: Way, limits: Limits, limit: int
    ) -> "_Part":
        asked = [condition for policy in policies for condition in conditions(policy)]
        cases = tried(asked, limits, limit=limit)
        rulings = tuple(
            tuple(ruling(policy, way.kind, space) for policy in policies) for space in cases.spaces
        )
        return cls(policies=tuple(policies), cases=cases, rulings=rulings)

    def _nowhere(self, region: Callable[[Space, Sequence[Ruling]], int]) -> bool:
        """Tell whether it is proved that no case is in a region."""
        pairs = zip(self.cases.spaces, self.rulings, strict=True)
        return self.cases.whole and not any(region(space, rulings) for space, rulings in pairs)

    def governing(self) -> tuple[int, ...]:
        """Give the policies that have something to say in some case, by their place."""
        return tuple(
            index
            for index in range(len(self.policies))
            if not self._nowhere(partial(_speaks, index))
        )

    def closing(self) -> tuple[str, ...]:
        """Give the fewest policies that close the move; none where some facts open it."""
        governing = self.governing()
        if not self._nowhere(partial(_opens, governing)):
            return ()
        fewest = [*combinations(governing, 1), *combinations(governing, 2), governing]
        closing = next(some for some in fewest if self._nowhere(partial(_opens, some)))
        return tuple(self.policies[index].ref.id for index in closing)


def _speaks(index: int, space: Space, rulings: Sequence[Ruling]) -> int:
    return space.whole ^ rulings[index].silent.certain


def _opens(indexes: Sequence[int], space: Space, rulings: Sequence[Ruling]) -> int:
    """Give the cases in which each of some policies may permit or be silent."""
    return space.all_of(rulings[i].permits | rulings[i].silent for i in indexes).possible


@attrs.frozen(order=False, kw_only=True, eq=False)
class _Judged:
    """A move and the policies that judge its kind, those apart that share no fact.

    Facts that are not shared can be chosen for each part by itself, so that the move is open in
    some case where each of the parts is.
    """

    way: Way
    parts: tuple[_Part, ...]
    free: Mapping[str, tuple[Value, ...]]

    @classmethod
    def of(cls, program: Program, way: Way, limit: int, known: "_Known") -> "_Judged":
        limits = fixed(program, way)
        parts: list[_Part] = []
        for group in _groups(program.policies_on(way.kind), frozenset(limits)):
            key = way.kind, tuple(policy.ref.id for policy in group), _told(group, limits)
            if key not in known:
                known[key] = _Part.of(group, way, limits, limit)
            parts.append(known[key])
        values = {id: some for part in parts for id, some in part.cases.cases.values.items()}
        free = {id: some for id, some in values.items() if id not in limits}
        return cls(way=way, parts=tuple(parts), free=free)

    @cached_property
    def governing(self) -> tuple[str, ...]:
        """The ids of the policies that have something to say in some case."""
        return tuple(part.policies[i].ref.id for part in self.parts for i in part.governing())

    @property
    def policies(self) -> tuple[TransitionPolicy, ...]:
        """The policies that judge its kind."""
        return tuple(policy for part in self.parts for policy in part.policies)

    def closing(self) -> tuple[str, ...]:
        """Give the fewest policies that close the move; none where some facts open it."""
        return next((found for part in self.parts if (found := part.closing())), ())


_Known = dict[tuple[TransitionKind, tuple[str, ...], tuple[object, ...]], _Part]
"""Parts that were tried, by the kind of move, their policies and what the move tells of them."""


def _told(policies: Iterable[TransitionPolicy], limits: Limits) -> tuple[object, ...]:
    """Give the truth of each comparison of a fact that a move tells, and what cannot be known."""
    asked = [condition for policy in policies for condition in conditions(policy)]
    hidden = tuple(id for id, values in limits.items() if not values)
    facts = {fact for condition in asked for fact in facts_read(condition) if fact.id in limits}
    given = {fact: value for fact in facts for value in limits[fact.id]}
    known = Facts.of(given)
    single = (leaf for condition in asked for leaf in leaves(condition) if len(leaf.facts) == 1)
    told = (leaf for leaf in single if leaf.facts[0] in facts and not isinstance(leaf, Criterion))
    return (*hidden, *(truth(leaf, known) for leaf in told))


def _groups(
    policies: Iterable[TransitionPolicy], told: frozenset[str]
) -> list[list[TransitionPolicy]]:
    """Put policies together that share a fact, other than one that the move tells."""
    groups: list[tuple[set[str], list[TransitionPolicy]]] = []
    for policy in policies:
        ids = {f.id for condition in conditions(policy) for f in facts_read(condition)} - told
        joined = [group for group in groups if group[0] & ids]
        groups = [group for group in groups if not group[0] & ids]
        together = [one for _, some in joined for one in some]
        groups.append((ids.union(*(some for some, _ in joined)), [*together, policy]))
    return [group for _, group in groups]


def route_findings(program: Program, *, limit: int) -> Iterator[Finding | Proof]:
    """Judge every move on the map in every case."""
    known: _Known = {}
    judged = [_Judged.of(program, way, limit, known) for way in ways_of(program.continuum)]
    yield from _proofs(judged)
    yield from _closed(judged)
    yield from _never_firing(program, judged)
    yield from _ungoverned(program, judged)
    yield from _ping_pong(program, judged, limit)


def _proofs(judged: Sequence[_Judged]) -> Iterator[Proof]:
    for whole in (True, False):
        some = [
            one for one in judged if one.parts and whole is all(p.cases.whole for p in one.parts)
        ]
        if some:
            cases = list({part: part.cases for one in some for part in one.parts}.values())
            count = sum(space.size for tried in cases for space in tried.spaces)
            subject = f"cases of {len(some)} moves under their policies"
            telling = next(tried for tried in cases if tried.whole is whole)
            yield attrs.evolve(telling.proof(subject), cases=count)
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
        firing.update(one.governing)
        for policy in one.policies:
            asked[policy.ref.id].append(one)
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
    seen: set[object] = set()
    for (origin, target), there in moves.items():
        back = moves.get((target, origin))
        if back is None or there.way.kind is not TransitionKind.STEP_UP:
            continue
        key, alike = (there.governing, back.governing), (there.parts, back.parts)
        if not all(key) or seen & {key, alike}:
            continue
        seen.add(alike)
        facts = _both_permit(program, there, back, limit)
        if facts is not None and origin is not None and target is not None:
            seen.add(key)
            says = f"the same facts permit {there.way} and {back.way}"
            rules = tuple(dict.fromkeys((*there.governing, *back.governing)))
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
