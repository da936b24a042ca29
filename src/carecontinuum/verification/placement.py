"""Placement criteria: cases without a level, rules that disagree, rules that change nothing."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations

from carecontinuum.policies import PlacementRule, PlacementTable
from carecontinuum.programs import Program
from carecontinuum.verification.monotony import monotony_findings
from carecontinuum.verification.report import Finding, Proof, found
from carecontinuum.verification.space import Region, Space
from carecontinuum.verification.trying import Tried, tried
from carecontinuum.verification.values import Limits
from carecontinuum.verification.ways import unfixed
from carecontinuum.verification.witness import CasesWitness, FactsWitness

__all__ = ["placement_findings"]


def placement_findings(program: Program, *, limit: int) -> Iterator[Finding | Proof]:
    """Try the placement rules of each track in every case."""
    limits = unfixed(program)
    yield from _gap(program.placement_tables, limits, limit)
    for table in program.placement_tables:
        cases = tried([rule.rule for rule in table.rules], limits, limit=limit)
        yield cases.proof(f"cases of {len(table.rules)} placement rules, {table.track.value}")
        dead = [rule for rule in table.rules if _never_fires(rule, limits, limit)]
        for rule in dead:
            says = f"rule `{rule.id}` for `{rule.level}` holds in no case"
            witness = CasesWitness(values=tried([rule.rule], limits, limit=limit).cases.values)
            yield found("never-fires", says, witness, levels=(rule.level,), rules=(rule.id,))
        alive = [rule for rule in table.rules if rule not in dead]
        yield from _overlaps(table, cases)
        yield from _idle(table, alive, _Covering(cases, limits, limit))
        yield from monotony_findings(table, cases)


def _gap(tables: Sequence[PlacementTable], limits: Limits, limit: int) -> Iterator[Finding]:
    """Give facts for which no track has a level."""
    rules = [rule.rule for table in tables for rule in table.rules]
    if not rules or any(table.default is not None for table in tables):
        return
    cases = tried(rules, limits, limit=limit)

    def nowhere(space: Space) -> int:
        return space.any_of(space.region(rule) for rule in rules).denied

    facts = cases.first(nowhere)
    if facts is not None:
        says = "no placement rule holds for some facts, and there is no default"
        yield found("gap", says, FactsWitness(facts=facts))


def _never_fires(rule: PlacementRule, limits: Limits, limit: int) -> bool:
    alone = tried([rule.rule], limits, limit=limit)
    return alone.never(lambda space: space.region(rule.rule).possible)


def _any(space: Space, rules: Sequence[PlacementRule]) -> Region:
    return space.any_of(space.region(rule.rule) for rule in rules)


def _overlaps(table: PlacementTable, cases: Tried) -> Iterator[Finding]:
    """Give rules for different levels of one intensity that hold together, none above them."""
    for one, other in combinations(table.rules, 2):
        rank = table.rank(one.level)
        if one.level == other.level or rank != table.rank(other.level):
            continue
        above = [rule for rule in table.rules if table.rank(rule.level) > rank]
        facts = cases.first(partial(_both, one, other, above))
        if facts is not None:
            says = (
                f"rules `{one.id}` for `{one.level}` and `{other.id}` for `{other.level}`, "
                "of equal intensity, hold together"
            )
            levels, rules = (one.level, other.level), (one.id, other.id)
            yield found("overlap", says, FactsWitness(facts=facts), levels=levels, rules=rules)


def _both(
    one: PlacementRule, other: PlacementRule, above: Sequence[PlacementRule], space: Space
) -> int:
    held = space.region(one.rule) & space.region(other.rule)
    return (held & ~_any(space, above)).certain


def _idle(
    table: PlacementTable, rules: Sequence[PlacementRule], covering: "_Covering"
) -> Iterator[Finding]:
    """Give the rules that change no recommendation, since others hold whenever they do."""
    dropped: set[str] = set()
    for rule in rules:
        rank = table.rank(rule.level)
        above = [other for other in rules if table.rank(other.level) > rank]
        if shadows := covering.fewest(rule, above):
            names = " or ".join(f"`{other.id}`" for other in shadows)
            says = f"whenever `{rule.id}` for `{rule.level}` holds, {names} for more care does too"
            yield covering.finding("always-shadowed", says, rule, shadows)
            continue
        same = [o for o in rules if o.level == rule.level and o is not rule and o.id not in dropped]
        if implied := covering.fewest(rule, same):
            dropped.add(rule.id)
            names = " or ".join(f"`{other.id}`" for other in implied)
            says = f"whenever `{rule.id}` holds, {names} for the same level does too"
            yield covering.finding("redundant", says, rule, implied)


class _Covering:
    """Which rules hold whenever another does."""

    def __init__(self, cases: Tried, limits: Limits, limit: int) -> None:
        self._cases = cases
        self._limits = limits
        self._limit = limit

    def fewest(
        self, rule: PlacementRule, others: Sequence[PlacementRule]
    ) -> tuple[PlacementRule, ...]:
        """Give the one rule, or the few together, that cover another; none if they do not."""
        for other in others:
            if self._covers(rule, (other,), self._alone(rule, other)):
                return (other,)
        if not self._covers(rule, others, self._cases):
            return ()
        needed = tuple(others)
        for other in others:
            fewer = tuple(one for one in needed if one is not other)
            if self._covers(rule, fewer, self._cases):
                needed = fewer
        return needed

    def _alone(self, *rules: PlacementRule) -> Tried:
        """Give all cases; where they are too many, those of a few rules by themselves."""
        if self._cases.whole:
            return self._cases
        return tried([rule.rule for rule in rules], self._limits, limit=self._limit)

    def _covers(self, rule: PlacementRule, others: Sequence[PlacementRule], cases: Tried) -> bool:
        return cases.never(
            lambda space: space.region(rule.rule).possible & ~_any(space, others).certain
        )

    def finding(
        self, code: str, says: str, rule: PlacementRule, others: Sequence[PlacementRule]
    ) -> Finding:
        """Make a finding of a rule and those that cover it, with the cases of them alone."""
        asked = [one.rule for one in (rule, *others)]
        values = tried(asked, self._limits, limit=self._limit).cases.values
        levels = tuple(dict.fromkeys(one.level for one in (rule, *others)))
        rules = (rule.id, *(one.id for one in others))
        return found(code, says, CasesWitness(values=values), levels=levels, rules=rules)
