"""Hours of service a week: bands that overlap or leave a gap, and rules that ask for others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import combinations, pairwise
from typing import Any

import attrs

from carecontinuum.continuum import (
    AgeGroup,
    Continuum,
    LevelOfCare,
    ServiceHours,
    Setting,
    Track,
    TransitionKind,
)
from carecontinuum.facts import HoursReceived, PlannedWeeklyHours
from carecontinuum.policies import TransitionPolicy
from carecontinuum.programs import Program
from carecontinuum.rules import AnyOf, Expression, Fact, Quantity, Value, facts_read
from carecontinuum.verification.report import Finding, found
from carecontinuum.verification.rulings import conditions, ruling
from carecontinuum.verification.space import Region, Space
from carecontinuum.verification.trying import tried
from carecontinuum.verification.values import Limits
from carecontinuum.verification.ways import fixed, unfixed, ways_of
from carecontinuum.verification.witness import CasesWitness, HoursWitness, Way

__all__ = ["band_findings", "is_inside", "rule_findings", "weekly_hours"]

HOURS_A_WEEK = 168
Banded = tuple[LevelOfCare, ServiceHours]


def band_findings(continuum: Continuum) -> Iterator[Finding]:
    """Give where the bands of ambulatory treatment overlap, and where they leave a gap."""
    seen: set[tuple[str, str, ServiceHours, ServiceHours]] = set()
    for group in AgeGroup:
        ladder = _ladder(continuum, group)
        for finding, key in [*_overlaps(ladder, group), *_gaps(ladder, group)]:
            if key not in seen:
                seen.add(key)
                yield finding


Keyed = tuple[Finding, tuple[str, str, ServiceHours, ServiceHours]]


def _ladder(continuum: Continuum, group: AgeGroup) -> list[tuple[LevelOfCare, ServiceHours | None]]:
    """Give the ambulatory levels of treatment, the least intensive first, each with its band."""
    levels = [
        level
        for level in continuum.levels
        if level.track is Track.TREATMENT and level.setting is Setting.AMBULATORY
    ]
    levels.sort(key=lambda level: level.intensity)
    return [(level, level.hours_for(group)) for level in levels]


def _banded(ladder: Sequence[tuple[LevelOfCare, ServiceHours | None]]) -> list[Banded]:
    return [(level, band) for level, band in ladder if band is not None]


def _overlaps(
    ladder: Sequence[tuple[LevelOfCare, ServiceHours | None]], group: AgeGroup
) -> Iterator[Keyed]:
    for (low, less), (high, more) in combinations(_banded(ladder), 2):
        hours = _shared(less, more)
        if hours is not None and low.intensity < high.intensity:
            says = f"the hours of `{low.code}`, {less}, overlap those of `{high.code}`, {more}"
            witness = HoursWitness(hours=hours, age_group=group)
            levels = (low.code, high.code)
            finding = found("hours-overlap", says, witness, levels=levels)
            yield finding, (low.code, high.code, less, more)


def _shared(less: ServiceHours, more: ServiceHours) -> float | None:
    """Give the first hours in two bands; one that is open ends where the more intensive begins."""
    start, begins = less.at_least or 0, more.at_least
    if begins is None or (less.less_than is None and begins > start):
        return None
    first = max(start, begins)
    return first if less.contains(first) and more.contains(first) else None


def _gaps(
    ladder: Sequence[tuple[LevelOfCare, ServiceHours | None]], group: AgeGroup
) -> Iterator[Keyed]:
    """Give the hours between two neighbours; a level without a band may stand for them."""
    for (low, less), (high, more) in pairwise(ladder):
        if less is None or more is None or less.less_than is None or more.at_least is None:
            continue
        hours = less.less_than
        if hours < more.at_least and not any(b.contains(hours) for _, b in _banded(ladder)):
            says = f"between `{low.code}`, {less}, and `{high.code}`, {more}, hours have no level"
            witness = HoursWitness(hours=hours, age_group=group)
            finding = found("hours-gap", says, witness, levels=(low.code, high.code))
            yield finding, (low.code, high.code, less, more)


def rule_findings(program: Program, *, limit: int) -> Iterator[Finding]:
    """Give the rules that no hours of the level they are for can fulfil."""
    weekly = weekly_hours(program)
    if program.placement is not None:
        limits = unfixed(program)
        for rule in program.placement.rules:
            level = program.continuum.level(rule.level)
            asked = _Asked([rule.rule], limits, weekly, partial(_holds, rule.rule))
            if (values := _outside(asked, level, limit)) is not None:
                yield _outside_finding(rule.id, level, CasesWitness(values=values))
    for policy in program.policies:
        if any(fact.id in weekly for fact in policy.reads):
            yield from _policy_findings(program, policy, weekly, limit)


def _policy_findings(
    program: Program, policy: TransitionPolicy, weekly: frozenset[str], limit: int
) -> Iterator[Finding]:
    """Ask of each level whether a policy lets anybody leave who received the level's hours."""
    seen: set[str] = set()
    for way in ways_of(program.continuum):
        if way.origin is None or way.origin in seen or not _judges(policy, way):
            continue
        level, limits = program.continuum.level(way.origin), fixed(program, way)
        permits = partial(_permits, policy, way.kind)
        asked = _Asked(list(conditions(policy)), limits, weekly, permits)
        if (values := _outside(asked, level, limit)) is not None:
            seen.add(way.origin)
            free = {id: tried for id, tried in values.items() if id not in limits}
            yield _outside_finding(policy.ref.id, level, CasesWitness(values=free, ways=(way,)))


def _judges(policy: TransitionPolicy, way: Way) -> bool:
    return policy.on is None or way.kind.value in policy.on


def _outside_finding(id: str, level: LevelOfCare, witness: CasesWitness) -> Finding:
    bands = " and ".join(str(band) for band in level.hours)
    says = f"`{id}` asks for hours a week that are not those of `{level.code}`, {bands}"
    return found("hours-outside", says, witness, levels=(level.code,), rules=(id,))


@attrs.frozen(order=False)
class _Asked:
    """Conditions, what facts are limited to, which are hours a week, and the cases asked for."""

    conditions: Sequence[Expression]
    limits: Limits
    weekly: frozenset[str]
    region: Callable[[Space], Region]


def _outside(
    asked: _Asked, level: LevelOfCare, limit: int
) -> Mapping[str, tuple[Value, ...]] | None:
    """Give the cases within a level's hours where none fulfils conditions that others do."""
    read = [fact for part in asked.conditions for fact in facts_read(part)]
    for fact in dict.fromkeys(fact for fact in read if isinstance(fact, Quantity)):
        bands = [_within(fact, band) for band in level.hours] if fact.id in asked.weekly else []
        if not bands or None in bands:
            continue
        within = AnyOf([band for band in bands if band is not None])
        cases = tried([*asked.conditions, within], asked.limits, limit=limit)
        if not any(asked.region(space).certain for space in cases.spaces):
            continue
        if cases.never(partial(_both, asked.region, within)):
            inside = [v for v in cases.cases.values[fact.id] if is_inside(level, v)]
            return {**cases.cases.values, fact.id: tuple(inside)}
    return None


def _holds(rule: Expression, space: Space) -> Region:
    return space.region(rule)


def _permits(policy: TransitionPolicy, kind: TransitionKind, space: Space) -> Region:
    return ruling(policy, kind, space).permits


def _both(region: Callable[[Space], Region], within: Expression, space: Space) -> int:
    return (region(space) & space.region(within)).possible


def weekly_hours(program: Program) -> frozenset[str]:
    """Give the ids of the facts that are hours a week, by their source or by unit and range."""
    return frozenset(id for id, fact in program.facts.items() if _is_weekly(program, fact))


def _is_weekly(program: Program, fact: Fact[Any]) -> bool:
    if not isinstance(fact, Quantity):
        return False
    if isinstance(program.sources[fact.id], HoursReceived | PlannedWeeklyHours):
        return True
    return fact.unit == "h/wk" or (fact.unit == "h" and fact.hi == HOURS_A_WEEK)


def _within(fact: Quantity, band: ServiceHours) -> Expression | None:
    least = None if band.at_least is None else fact >= Decimal(str(band.at_least))
    most = None if band.less_than is None else fact < Decimal(str(band.less_than))
    if least is None or most is None:
        return most if least is None else least
    return least & most


def is_inside(level: LevelOfCare, value: Value) -> bool:
    """Tell whether a level has a number of hours in one of its bands."""
    return any(band.contains(float(str(value))) for band in level.hours)
