"""Whether a greater rating ever leads to less care."""

from collections.abc import Iterator, Mapping
from typing import Any

from carecontinuum.policies import PlacementTable
from carecontinuum.rules import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Expression,
    Fact,
    Facts,
    Leaf,
    Not,
    Op,
    Ordinal,
    Truth,
    Value,
    truth,
)
from carecontinuum.verification.report import Finding, Method, Proof, found
from carecontinuum.verification.space import Space
from carecontinuum.verification.trying import Tried
from carecontinuum.verification.witness import Step, StepsWitness

__all__ = ["monotony_findings", "polarity"]

UP, DOWN = 1, -1


def monotony_findings(table: PlacementTable, cases: Tried) -> Iterator[Finding | Proof]:
    """Ask of each rating whether raising it raises the level, or lowers it, all the way.

    Where the rules' form does not tell, each single step is tried. The direction of most steps is
    taken for the rating's own; a step the other way is a finding.
    """
    ratings = [fact for fact in table.facts if isinstance(fact, Ordinal)]
    rules = [rule.rule for rule in table.rules]
    mixed = [
        fact for fact in ratings if len({d for rule in rules for d in polarity(rule, fact)}) > 1
    ]
    told = len(ratings) - len(mixed)
    if told:
        subject = f"ratings that each rule reads in one direction only, {table.track.value}"
        yield Proof(subject=subject, method=Method.POLARITY, cases=told)
    for fact in mixed:
        yield cases.proof(f"cases in which `{fact.id}` is raised by a step, {table.track.value}")
        yield from _against(table, cases, fact)


def polarity(condition: Expression, fact: Fact[Any], *, denied: bool = False) -> frozenset[int]:
    """Give the directions in which a fact that rises can change a condition: up, down, or both."""
    match condition:
        case Not(part=part):
            return polarity(part, fact, denied=not denied)
        case All(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            found = (polarity(part, fact, denied=denied) for part in parts)
            return frozenset[int]().union(*found)
        case Leaf() if fact not in condition.facts:
            return frozenset()
        case Compare(op=Op.GE | Op.GT):
            return frozenset({DOWN if denied else UP})
        case Compare(op=Op.LE | Op.LT):
            return frozenset({UP if denied else DOWN})
        case _:
            return frozenset({UP, DOWN})


def _against(table: PlacementTable, cases: Tried, fact: Ordinal) -> Iterator[Finding]:
    steps: dict[int, list[tuple[Space, int]]] = {UP: [], DOWN: []}
    for space in cases.spaces:
        for direction, some in _steps(table, space, fact):
            if some:
                steps[direction].append((space, some))
    counts = {way: sum(some.bit_count() for _, some in found) for way, found in steps.items()}
    if not all(counts.values()):
        return
    against, along = (DOWN, UP) if counts[UP] >= counts[DOWN] else (UP, DOWN)
    witness = StepsWitness(
        step=_step(*steps[against][0], fact), other=_step(*steps[along][0], fact)
    )
    yield _finding(table, witness)


def _step(space: Space, cases: int, fact: Ordinal) -> Step:
    facts = space.case(cases)
    return Step(facts=facts, fact=fact.id, value=space.next_value(fact.id, facts[fact.id]))


def _steps(table: PlacementTable, space: Space, fact: Ordinal) -> Iterator[tuple[int, int]]:
    """Give the cases from which a step of the rating raises the level, and those it lowers it."""
    if len(space.values.get(fact.id, ())) < 2:  # noqa: PLR2004 a step needs two
        return
    least = table.rank(table.default)
    for rank in sorted({table.rank(rule.level) for rule in table.rules} - {least}):
        rules = [rule for rule in table.rules if table.rank(rule.level) >= rank]
        reached = space.any_of(space.region(rule.rule) for rule in rules)
        yield UP, reached.denied & space.raised(reached.certain, fact.id)
        yield DOWN, reached.certain & space.raised(reached.denied, fact.id)


def _finding(table: PlacementTable, witness: StepsWitness) -> Finding:
    step = witness.step
    before, after = (_holding(table, facts) for facts in (step.facts, step.after))
    names = [f"`{rule[1]}`" if rule else "no level" for rule in (before, after)]
    says = (
        f"raising `{step.fact}` from {step.facts[step.fact]} to {step.value} leads from "
        f"{names[0]} to {names[1]}, against most other steps of it"
    )
    rules = tuple(dict.fromkeys(rule[0] for rule in (before, after) if rule and rule[0]))
    levels = tuple(dict.fromkeys(rule[1] for rule in (before, after) if rule))
    return found("non-monotone", says, witness, levels=levels, rules=rules)


def _holding(table: PlacementTable, values: Mapping[str, Value]) -> tuple[str, str] | None:
    """Give the first rule that holds, with its level, or the default."""
    facts = Facts.of({fact: values[fact.id] for fact in table.facts if fact.id in values})
    for rule in table.rules:
        if truth(rule.rule, facts) is Truth.YES:
            return rule.id, rule.level
    return None if table.default is None else ("", table.default)
