"""Showing a fault again: rules, policies, recommendations and the map are asked anew.

None of this uses what `verify` computes with.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from carecontinuum.continuum import Continuum
from carecontinuum.decisions import Verdict
from carecontinuum.engine import recommend
from carecontinuum.policies import (
    CombinedPolicy,
    PlacementTable,
    RulePolicy,
    TransitionPolicy,
    facts_of,
)
from carecontinuum.programs import Program
from carecontinuum.rules import Criterion, Facts, Truth, leaves, truth
from carecontinuum.verification.asking import Values, cases_show, known, verdict
from carecontinuum.verification.report import Finding
from carecontinuum.verification.thresholds import rules_of
from carecontinuum.verification.witness import (
    CasesWitness,
    DatesWitness,
    FactsWitness,
    HoursWitness,
    LeafWitness,
    LevelsWitness,
    NameWitness,
    Step,
    StepsWitness,
    Way,
)

__all__ = ["replay_witness"]


def replay_witness(programs: Program | Iterable[Program], finding: Finding) -> bool:
    """Tell whether a finding's witness shows the fault, asking the program from scratch.

    Args:
        programs: The program; for a finding of `verify_versions`, its versions.
        finding: What was found in it, or in an earlier version of it.

    Returns:
        Whether the fault is there; false where it was mended.

    Examples:
        >>> import carecontinuum as cc
        >>> from carecontinuum.verification import verify
        >>> program = cc.shipped_program("community")
        >>> all(replay_witness(program, finding) for finding in verify(program).findings)
        True
    """
    versions = (programs,) if isinstance(programs, Program) else tuple(programs)
    if isinstance(finding.witness, DatesWitness):
        return _dates(versions, finding, finding.witness)
    return any(_shows(program, finding) for program in versions)


def _shows(program: Program, finding: Finding) -> bool:
    witness = finding.witness
    match witness:
        case FactsWitness(facts=facts):
            return _facts(program, finding, facts)
        case StepsWitness():
            return _steps(program, witness)
        case CasesWitness():
            return cases_show(program, finding, witness)
        case LeafWitness():
            return _leaf(program, finding, witness)
        case LevelsWitness():
            return _levels(program.continuum, finding, witness)
        case HoursWitness():
            return _hours(program.continuum, finding, witness)
        case _:
            return isinstance(witness, NameWitness) and _name(program, finding, witness)


def _dates(versions: Sequence[Program], finding: Finding, witness: DatesWitness) -> bool:
    at = _within(witness)
    applying = [program for program in versions if program.applies_at(at)]
    if finding.code == "effective-overlap":
        return len(applying) > 1
    if not finding.rules:
        return not applying
    criteria = [program.placement for program in applying if program.placement is not None]
    return any(one.id in finding.rules and not one.effective.contains(at) for one in criteria)


def _within(witness: DatesWitness) -> datetime:
    if witness.start is not None:
        return witness.start.instant
    if witness.end is not None:
        return witness.end.instant - timedelta(seconds=1)
    return datetime(2024, 1, 1, tzinfo=UTC)


def _facts(program: Program, finding: Finding, values: Values) -> bool:
    if finding.code == "ping-pong":
        origin, target = finding.levels
        return all(
            (kind := program.continuum.route_kind(*ends)) is not None
            and verdict(program, Way(kind=kind, origin=ends[0], target=ends[1]), values)
            is Verdict.PERMIT
            for ends in ((origin, target), (target, origin))
        )
    told = recommend(program, known(program, values))
    if finding.code == "gap":
        return bool(told) and all(one.settled and one.floor is None for one in told)
    return any(set(finding.levels) <= set(one.levels) and not one.unassessed for one in told)


def _steps(program: Program, witness: StepsWitness) -> bool:
    """Tell whether in some track the two steps lead to more care and to less."""
    return any(
        sorted(_rise(program, table, step) for step in (witness.step, witness.other)) == [-1, 1]
        for table in program.placement_tables
    )


def _rise(program: Program, table: PlacementTable, step: Step) -> int:
    ranks: list[float] = []
    for values in (step.facts, step.after):
        told = recommend(program, known(program, values))
        ranks += [table.rank(one.floor) for one in told if one.track is table.track]
    before, after = ranks
    return (after > before) - (after < before)


def _leaf(program: Program, finding: Finding, witness: LeafWitness) -> bool:
    always = Truth.YES if witness.always else Truth.NO
    return any(
        leaf.text == witness.condition and truth(leaf, Facts.of({})) is always
        for id, rule in rules_of(program)
        if id in finding.rules
        for leaf in leaves(rule)
    )


def _levels(continuum: Continuum, finding: Finding, witness: LevelsWitness) -> bool:
    """Check that nothing leads out of what is said to be all that is reached."""
    reached = set(witness.reached)
    codes = {level.code for level in continuum.levels}
    if not set(witness.start) <= reached or not set(finding.levels) <= codes:
        return False
    if any(not set(continuum.routes_from(code)) <= reached for code in reached):
        return False
    if finding.code == "unreachable-level":
        admitted = set(continuum.entry) <= reached
        return admitted and not reached & set(finding.levels)
    ends = {*continuum.discharge_from}
    if finding.code == "no-aftercare-or-discharge":
        ends |= {*continuum.aftercare}
    return not reached & ends


def _hours(continuum: Continuum, finding: Finding, witness: HoursWitness) -> bool:
    """Ask each level's band for the hours: two levels have them, or neither of two neighbours."""
    bands = [
        level.hours_for(witness.age_group)
        for level in continuum.levels
        if level.code in finding.levels
    ]
    stated = [band for band in bands if band is not None]
    having = [band for band in stated if band.contains(witness.hours)]
    if finding.code == "hours-overlap":
        return len(having) > 1
    return len(stated) == len(finding.levels) and not having


def _name(program: Program, finding: Finding, witness: NameWitness) -> bool:
    match witness.what:
        case "policy":
            return any(
                _is_code(policy) for policy in program.policies if policy.ref.id == witness.id
            )
        case "criterion":
            asked = (leaf for _, rule in rules_of(program) for leaf in leaves(rule))
            return any(isinstance(leaf, Criterion) and leaf.id == witness.id for leaf in asked)
        case _:
            return _is_idle_fact(program, finding, witness.id)


def _is_code(policy: TransitionPolicy) -> bool:
    if isinstance(policy, CombinedPolicy):
        return any(map(_is_code, policy.policies))
    return not isinstance(policy, RulePolicy)


def _is_idle_fact(program: Program, finding: Finding, id: str) -> bool:
    if id not in program.facts or not program.facts[id].must_assess:
        return False
    if finding.code == "must-assess-unsupplied":
        return all(reading.fact.id != id for reading in program.readings)
    read = {fact.id for policy in program.policies for fact in facts_of(policy)}
    read |= {fact.id for table in program.placement_tables for fact in table.facts}
    return id not in read
