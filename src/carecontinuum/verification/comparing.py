"""What another version of a program would answer: every difference, each with the facts for it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import attrs

from carecontinuum.continuum import Track
from carecontinuum.decisions import ProgramRef, Reason, Verdict
from carecontinuum.policies import PlacementTable
from carecontinuum.programs import Program
from carecontinuum.verification.asking import Values, known
from carecontinuum.verification.report import Proof
from carecontinuum.verification.rulings import conditions, joint, ruling
from carecontinuum.verification.space import Space
from carecontinuum.verification.trying import Tried, tried
from carecontinuum.verification.verifying import LIMIT
from carecontinuum.verification.ways import fixed, request_on, unfixed, ways_of
from carecontinuum.verification.witness import FactsWitness, Way

__all__ = ["Comparison", "MoveChange", "PlacementChange", "what_if"]

A = TypeVar("A")


@attrs.frozen(order=False, kw_only=True)
class MoveChange:
    """A move that the two versions answer differently for some facts.

    Attributes:
        way: The move.
        before: The verdict of the one.
        after: The verdict of the other.
        witness: Facts for which it is so.
        cases: For how many of the cases that the rules can tell apart it is so.
        why: What each policy says of the witness that does not say the same in both.
    """

    way: Way
    before: Verdict
    after: Verdict
    witness: FactsWitness
    cases: int
    why: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.way}: {self.before.value} becomes {self.after.value} where {self.witness}"


@attrs.frozen(order=False, kw_only=True)
class PlacementChange:
    """A recommendation that differs between the two versions for some facts.

    Attributes:
        track: The track.
        before: The level of the one; `None` is no level.
        after: The level of the other; `None` is no level.
        witness: Facts for which it is so.
        cases: For how many of the cases that the rules can tell apart it is so.
    """

    track: Track
    before: str | None
    after: str | None
    witness: FactsWitness
    cases: int

    def __str__(self) -> str:
        before, after = (f"`{code}`" if code else "no level" for code in (self.before, self.after))
        return f"{self.track.value}: {before} becomes {after} where {self.witness}"


@attrs.frozen(order=False, kw_only=True)
class Comparison:
    """How two versions of a program differ in what they answer.

    Attributes:
        before: The one.
        after: The other.
        moves: Moves that are answered differently.
        placements: Recommendations that differ.
        gone: Moves that only the one has.
        new: Moves that only the other has.
        not_compared: What could not be compared, and why.
        methods: In which cases they were compared, and how far that goes.
    """

    before: ProgramRef
    after: ProgramRef
    moves: tuple[MoveChange, ...] = ()
    placements: tuple[PlacementChange, ...] = ()
    gone: tuple[Way, ...] = ()
    new: tuple[Way, ...] = ()
    not_compared: tuple[str, ...] = ()
    methods: tuple[Proof, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether no difference was found, and nothing could not be compared."""
        return not (self.moves or self.placements or self.gone or self.new or self.not_compared)

    def text(self) -> str:
        """Say it in lines."""
        return "\n".join(_lines(self))


def _lines(found: Comparison) -> Iterator[str]:
    yield f"{_named(found.before)} beside {_named(found.after)}"
    for way in found.gone:
        yield f"  - {way}: no longer on the map"
    for way in found.new:
        yield f"  + {way}: new on the map"
    for change in (*found.moves, *found.placements):
        yield f"  ~ {change}"
        if isinstance(change, MoveChange):
            yield from (f"      {why}" for why in change.why)
    for says in found.not_compared:
        yield f"  ? {says}"
    for proof in found.methods:
        yield f"  {proof.subject}: {proof.method.value}, {proof.cases} cases; {proof.says}"
    if found.is_same:
        yield "  no difference"


def _named(ref: ProgramRef) -> str:
    return f"{ref.id} v{ref.version}"


def what_if(before: Program, after: Program, *, limit: int = LIMIT) -> Comparison:
    """Compare what two versions of a program answer, over all facts and without any patient.

    `replay` compares them over the decisions that were made.

    Args:
        before: The one.
        after: The other.
        limit: How many cases of one set of rules are compared one and all; where there are more,
            some are, and the methods say so.

    Examples:
        >>> import attrs
        >>> import carecontinuum as cc
        >>> from carecontinuum.rules import Count
        >>> shipped = cc.shipped_program("community")
        >>> longer = cc.requires(
        ...     Count("days_at_level", unit="days", title="Days at the present level") >= 21,
        ...     id="example.longer",
        ...     citation="illustrative, not medical advice",
        ...     on=["lateral"],
        ... )
        >>> changed = attrs.evolve(shipped, policies=(*shipped.policies, longer), version="2")
        >>> found = what_if(shipped, changed)
        >>> sorted({(change.before.value, change.after.value) for change in found.moves})
        [('permit', 'forbid')]
        >>> what_if(shipped, shipped).is_same
        True
    """
    ours, theirs = ways_of(before.continuum), ways_of(after.continuum)
    odd = _declared_otherwise(before, after)
    items = tuple(_items(before, after, odd, [way for way in ours if way in theirs], limit))
    return Comparison(
        before=before.ref,
        after=after.ref,
        moves=tuple(item for item in items if isinstance(item, MoveChange)),
        placements=tuple(item for item in items if isinstance(item, PlacementChange)),
        gone=tuple(way for way in ours if way not in theirs),
        new=tuple(way for way in theirs if way not in ours),
        not_compared=tuple(dict.fromkeys(item for item in items if isinstance(item, str))),
        methods=tuple(item for item in items if isinstance(item, Proof)),
    )


Item = MoveChange | PlacementChange | Proof | str


def _declared_otherwise(before: Program, after: Program) -> frozenset[str]:
    """Give the facts that mean one thing in the one and another in the other."""
    return frozenset(
        id
        for id, fact in before.facts.items()
        if id in after.facts
        and (after.facts[id] != fact or after.sources[id] != before.sources[id])
    )


def _items(
    before: Program, after: Program, odd: frozenset[str], ways: Iterable[Way], limit: int
) -> Iterator[Item]:
    for id in sorted(odd):
        yield f"fact `{id}` is declared or read in another way; compared as the latter has it"
    for way in ways:
        cases = _cases_on(before, after, way, limit)
        answers = [
            (_verdicts(before, way, space), _verdicts(after, way, space)) for space in cases.spaces
        ]
        yield from _moves(before, after, way, _pairs(cases, answers))
        if _any_untold(cases, answers):
            yield f"code decides some cases of {way.kind.value}; nothing can be told of them"
        if not cases.whole:
            yield cases.proof(str(way))
    yield from _placements(before, after, limit)


def _cases_on(before: Program, after: Program, way: Way, limit: int) -> Tried:
    asked = [
        condition
        for program in (before, after)
        for policy in program.policies_on(way.kind)
        for condition in conditions(policy)
    ]
    return tried(asked, {**fixed(before, way), **fixed(after, way)}, limit=limit)


def _moves(
    before: Program,
    after: Program,
    way: Way,
    pairs: Iterable[tuple[Verdict, Verdict, int, Values]],
) -> Iterator[MoveChange]:
    for then, now, count, values in pairs:
        yield MoveChange(
            way=way,
            before=then,
            after=now,
            witness=FactsWitness(facts=values),
            cases=count,
            why=tuple(_why(before, after, way, values)),
        )


def _verdicts(program: Program, way: Way, space: Space) -> Mapping[Verdict, int]:
    """Give the cases of each verdict, as far as it can be told."""
    said = joint(
        [ruling(policy, way.kind, space) for policy in program.policies_on(way.kind)], space
    )
    found = {Verdict.FORBID: said.forbids.certain, Verdict.PERMIT: said.permits.certain}
    said_at_all = said.forbids.possible | said.permits.possible | said.silent.possible
    found[Verdict.UNDETERMINED] = space.whole & ~said_at_all
    ungoverned = program.when_ungoverned[way.kind]
    found[ungoverned] = found.get(ungoverned, 0) | said.silent.certain
    return found


def _any_untold(cases: Tried, answers: Iterable[tuple[Mapping[A, int], Mapping[A, int]]]) -> bool:
    """Tell whether of some case it cannot be told what the answer is, since code decides."""
    pairs = zip(cases.spaces, answers, strict=True)
    return any(_untold(one, space) for space, both in pairs for one in both)


def _untold(answers: Mapping[A, int], space: Space) -> int:
    left = space.whole
    for cases in answers.values():
        left &= ~cases
    return left


def _pairs(
    cases: Tried, answers: Iterable[tuple[Mapping[A, int], Mapping[A, int]]]
) -> Iterator[tuple[A, A, int, Values]]:
    """Give each pair of different answers with the number of its cases and the first of them."""
    counts: dict[tuple[A, A], int] = {}
    firsts: dict[tuple[A, A], Values] = {}
    for space, (before, after) in zip(cases.spaces, answers, strict=True):
        for then, ours in before.items():
            for now, theirs in after.items():
                if then != now and (both := ours & theirs):
                    counts[then, now] = counts.get((then, now), 0) + both.bit_count()
                    firsts.setdefault((then, now), space.case(both))
    for (then, now), count in counts.items():
        yield then, now, count, firsts[then, now]


def _why(before: Program, after: Program, way: Way, values: Values) -> Iterator[str]:
    said = {reason.policy.id: reason for reason in _reasons(before, way, values)}
    for reason in _reasons(after, way, values):
        then = said.pop(reason.policy.id, None)
        if then is None:
            yield f"`{reason.policy.id}` now says {_says(reason)}"
        elif then.verdict is not reason.verdict:
            yield f"`{reason.policy.id}` said {then.verdict.value}, now {_says(reason)}"
    for id, reason in said.items():
        yield f"`{id}` said {reason.verdict.value} and is no longer asked"


def _reasons(program: Program, way: Way, values: Values) -> tuple[Reason, ...]:
    """Give what each policy says of a move that has something to say."""
    given = {id: tried[0] for id, tried in fixed(program, way).items() if tried}
    request, facts = request_on(way), known(program, {**given, **values})
    said = (policy(request, facts) for policy in program.policies_on(way.kind))
    return tuple(reason for reason in said if reason is not None)


def _says(reason: Reason) -> str:
    return f"{reason.verdict.value}: {reason.says}"


def _placements(before: Program, after: Program, limit: int) -> Iterator[Item]:
    ours = {table.track: table for table in before.placement_tables}
    theirs = {table.track: table for table in after.placement_tables}
    limits = {**unfixed(before), **unfixed(after)}
    for track in Track:
        tables = [found for found in (ours.get(track), theirs.get(track)) if found is not None]
        if not tables:
            continue
        cases = tried([rule.rule for table in tables for rule in table.rules], limits, limit=limit)
        yield cases.proof(f"placement, {track.value}")
        answers = [
            (_levels(ours.get(track), space), _levels(theirs.get(track), space))
            for space in cases.spaces
        ]
        if _any_untold(cases, answers):
            yield f"code decides some placements, {track.value}; nothing can be told of them"
        for then, now, count, values in _pairs(cases, answers):
            witness = FactsWitness(facts=values)
            yield PlacementChange(track=track, before=then, after=now, witness=witness, cases=count)


def _levels(table: PlacementTable | None, space: Space) -> Mapping[str | None, int]:
    """Give the cases of each level, as far as they can be told."""
    if table is None:
        return {None: space.whole}
    found: dict[str | None, int] = {}
    left = space.whole
    for rule in table.rules:
        region = space.region(rule.rule)
        found[rule.level] = found.get(rule.level, 0) | (left & region.certain)
        left &= region.denied
    found[table.default] = found.get(table.default, 0) | left
    return found
