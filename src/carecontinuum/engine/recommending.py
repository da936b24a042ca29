"""Recommending a level of care: within which bounds, why, and what would narrow them."""

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import attrs

from carecontinuum.continuum import Track
from carecontinuum.decisions import PolicyRef, ProgramRef
from carecontinuum.policies import Licence, PlacementCriteria, PlacementRule, PlacementTable
from carecontinuum.programs import Program
from carecontinuum.rules import (
    Fact,
    Facts,
    Known,
    Need,
    Seen,
    Span,
    Truth,
    Unknown,
    Value,
    truth,
)
from carecontinuum.rules.cells import representatives
from carecontinuum.rules.compiling import Values

__all__ = ["Narrowing", "Recommendation", "RuleAssessed", "assess_rules", "recommend"]


@attrs.frozen(order=False, kw_only=True)
class RuleAssessed:
    """A placement rule, and what was found of it.

    Attributes:
        rule: The rule's id.
        level: The level it speaks for.
        truth: Whether it holds.
        says: Its words.
        seen: The values that decided it.
        needs: The missing facts that would.
        citation: Where it comes from.
    """

    rule: str
    level: str
    truth: Truth
    says: str
    seen: tuple[Seen, ...]
    needs: tuple[Need, ...]
    citation: str = ""


@attrs.frozen(order=False, kw_only=True)
class Narrowing:
    """A missing fact that would bring floor and ceiling closer.

    Attributes:
        fact: The fact's id.
        would_supply: What, or who, would supply it.
        levels_left: How many levels would be possible on average over what the fact can be, each
            value that the rules can tell apart counting alike; the fewer, the more it narrows.
    """

    fact: str
    would_supply: str
    levels_left: float


@attrs.frozen(order=False, kw_only=True)
class Recommendation:
    """What placement criteria say of one track on what is known: advice, which a clinician weighs.

    Attributes:
        program: The program, version and digest that answered.
        criteria: The placement criteria and their version.
        licence: The licence under which they are used; `None` where they are open.
        track: The track.
        floor: The least intensive level that is possible; `None` is no level.
        ceiling: The most intensive level that is possible; `None` is no level.
        levels: The levels that are possible, the least intensive first; `None` is no level.
        settled: Whether one answer is left, and all that must be assessed is known.
        drivers: The rules that make the floor what it is; empty where no rule holds.
        open: The rules for another level than the floor of which it is not known whether they hold.
        narrowing: The missing facts that would narrow it, those that narrow most first.
        unassessed: The facts that must be assessed and are missing, whatever logic says.
    """

    program: ProgramRef
    criteria: PolicyRef
    licence: Licence | None
    track: Track
    floor: str | None
    ceiling: str | None
    levels: tuple[str | None, ...]
    settled: bool
    drivers: tuple[RuleAssessed, ...] = ()
    open: tuple[RuleAssessed, ...] = ()
    narrowing: tuple[Narrowing, ...] = ()
    unassessed: tuple[Need, ...] = ()

    @property
    def level(self) -> str | None:
        """The level recommended; `None` where it is not settled, or is settled on no level."""
        return self.floor if self.settled else None

    def __bool__(self) -> NoReturn:
        raise TypeError("a recommendation has no bool; read `.settled`, `.floor`, `.ceiling`")

    def headline(self) -> str:
        """Say the answer, without anything about the patient."""
        return f"{self.track.value}: {self._answer()}"

    def _answer(self) -> str:
        if self.settled:
            return _named(self.floor)
        if self.floor == self.ceiling:
            return f"{_named(self.floor)}, once all that must be assessed is"
        return f"from {_named(self.floor)} to {_named(self.ceiling)}"

    def explain(self) -> str:
        """Say why, in lines: the rules that hold, those still open, and what would narrow it.

        The text holds values from the patient's record; it is for whoever may see them.
        """
        return "\n".join(_lines(self))


def _named(level: str | None) -> str:
    return "no level" if level is None else f"`{level}`"


def _lines(found: Recommendation) -> Iterator[str]:
    yield found.headline()
    yield f"  by {found.criteria}{_licensed(found.licence)}"
    for mark, rules in (("+", found.drivers), ("?", found.open)):
        for rule in rules:
            cited = f" ({rule.citation})" if rule.citation else ""
            yield f"  {mark} {rule.rule} for `{rule.level}`: {rule.says}{cited}"
            for seen in rule.seen:
                source = f", from {seen.source}" if seen.source else ""
                yield f"      {seen.fact}: {seen.value}, needed {seen.required}{source}"
            for need in rule.needs:
                yield f"      {need.fact}: not known, needed {need.required}"
    for need in found.unassessed:
        yield f"  ! {need.fact} must be assessed; {need.would_supply or 'nothing supplies it'}"
    for fact in found.narrowing:
        by = f"; {fact.would_supply}" if fact.would_supply else ""
        yield f"  > {fact.fact} would leave {fact.levels_left:.1f} levels on average{by}"


def _licensed(licence: Licence | None) -> str:
    if licence is None:
        return ""
    edition = f", edition {licence.edition}" if licence.edition else ""
    return f", under licence of {licence.holder}{edition}"


def recommend(program: Program, facts: Facts) -> tuple[Recommendation, ...]:
    """Recommend a level of care for each track that the program has placement rules for.

    What is not known widens the bounds; it is never taken for the absence of a need.

    Args:
        program: The program; one without placement criteria recommends nothing.
        facts: What is known, as of `Facts.of` or `facts_at`.

    Raises:
        FactValueInvalid: A value does not fit its fact.
    """
    criteria = program.placement
    if criteria is None:
        return ()
    return tuple(
        _of_track(program.ref, criteria, table, facts) for table in program.placement_tables
    )


def assess_rules(table: PlacementTable, facts: Facts) -> tuple[RuleAssessed, ...]:
    """Assess every rule of a track, the most intensive level first."""
    return tuple(_assessed(rule, facts) for rule in table.rules)


def _assessed(rule: PlacementRule, facts: Facts) -> RuleAssessed:
    truth, seen, needs = rule.assess(facts)
    return RuleAssessed(
        rule=rule.id,
        level=rule.level,
        truth=truth,
        says=rule.words,
        seen=seen,
        needs=needs,
        citation=rule.citation,
    )


def _of_track(
    program: ProgramRef, criteria: PlacementCriteria, table: PlacementTable, facts: Facts
) -> Recommendation:
    values = {fact.id: _value(fact, facts) for fact in table.facts}
    certain, possible = _bounds(table, values)
    floor, ceiling = table.levels[certain], table.levels[possible]
    least = table.rank(floor)
    asked = [rule for rule in table.rules if table.rank(rule.level) >= least]
    found = [_assessed(rule, facts) for rule in asked[possible:]]
    drivers = tuple(rule for rule in found if rule.truth is Truth.YES)
    open_ = tuple(r for r in found if r.truth is Truth.UNKNOWN and r.level != floor)
    levels = _in_order(table, [floor, *(rule.level for rule in (*drivers, *open_))])
    unassessed = tuple(_unassessed(table, facts))
    return Recommendation(
        program=program,
        criteria=PolicyRef(id=criteria.id, version=criteria.version),
        licence=criteria.licence,
        track=table.track,
        floor=floor,
        ceiling=ceiling,
        levels=levels,
        settled=len(levels) == 1 and not unassessed,
        drivers=drivers,
        open=open_,
        narrowing=_narrowing(table, values, facts) if len(levels) > 1 else (),
        unassessed=unassessed,
    )


def _value(fact: Fact[Any], facts: Facts) -> Value | Span | None:
    found = facts[fact]
    if isinstance(found, Known):
        return found.value  # type: ignore[no-any-return]
    return None if found.lo is None and found.hi is None else Span(found.lo, found.hi)


def _bounds(table: PlacementTable, values: Values) -> tuple[int, int]:
    """Give the first rule that certainly holds and the first that possibly does."""
    if not table.opaque:
        return table.compiled.bounds(values)
    facts = Facts(lambda fact: _found(values.get(fact.id)))
    truths = [truth(rule.rule, facts) for rule in table.rules]
    last = len(truths)
    certain = next((i for i, found in enumerate(truths) if found is Truth.YES), last)
    return certain, next((i for i, found in enumerate(truths) if found is not Truth.NO), last)


def _found(value: Value | Span | None) -> Known[Value] | Unknown:
    if value is None:
        return Unknown()
    return Unknown(lo=value.lo, hi=value.hi) if isinstance(value, Span) else Known(value)


def _in_order(table: PlacementTable, levels: Iterable[str | None]) -> tuple[str | None, ...]:
    return tuple(sorted(dict.fromkeys(levels), key=table.rank))


def _unassessed(table: PlacementTable, facts: Facts) -> Iterator[Need]:
    for fact in table.facts:
        found = facts[fact]
        if fact.must_assess and isinstance(found, Unknown):
            yield Need(fact=fact.id, would_supply=found.would_supply)


def _narrowing(table: PlacementTable, values: Values, facts: Facts) -> tuple[Narrowing, ...]:
    """Give the missing facts, those that would leave the fewest levels first."""
    found = [
        Narrowing(fact=fact.id, would_supply=item.would_supply, levels_left=left)
        for fact in table.facts
        if isinstance(item := facts[fact], Unknown)
        and (left := _levels_left(table, values, fact, item)) is not None
    ]
    return tuple(sorted(found, key=lambda narrowing: (narrowing.levels_left, narrowing.fact)))


def _levels_left(
    table: PlacementTable, values: Values, fact: Fact[Any], found: Unknown
) -> float | None:
    """Count the levels left on average; `None` where no value makes a difference."""
    span = Span(found.lo, found.hi)
    tried = representatives(fact, [rule.rule for rule in table.rules])
    counts = [_count(table, {**values, fact.id: value}) for value in tried if span.has(value)]
    if not counts or min(counts) == max(counts) == _count(table, values):
        return None
    return sum(counts) / len(counts)


def _count(table: PlacementTable, values: Values) -> int:
    certain, possible = _bounds(table, values)
    return len(set(table.levels[possible : certain + 1]))
