"""Laws of verification, over generated rules: what it computes is what asking the rules gives."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from hypothesis import given, settings, strategies as st

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.policies import PlacementCriteria, PlacementRule, TransitionPolicy, facts_of
from carecontinuum.rules import (
    Date,
    Expression,
    Fact,
    Op,
    Quantity,
    Truth,
    at_least,
    days_between,
    leaves,
    total,
    truth,
)
from carecontinuum.rules.comparisons import Compare
from carecontinuum.verification import Method, Report, Way, replay_witness, verify
from carecontinuum.verification.rulings import conditions, ruling
from carecontinuum.verification.space import Space
from carecontinuum.verification.trying import tried
from carecontinuum.verification.values import cases_of
from carecontinuum.verification.ways import request_on
from invented import continuum, program

A = cc.Ordinal("a", hi=2)
B = cc.Ordinal("b", lo=-1, hi=3)
VISITS = cc.Count("visits")
CALLS = cc.Count("calls", lo=1)
HOURS = Quantity("hours", unit="h")
FLAG = cc.Flag("flag")
HOME = cc.Choice("home", codes=("x", "y", "z"))
CODE = cc.Choice("code")
SEEN, DUE, TODAY = Date("seen"), Date("due"), Date("today")
FACTS: tuple[Fact[Any], ...] = (A, B, VISITS, CALLS, HOURS, FLAG, HOME, CODE, SEEN, DUE, TODAY)
START = date(2026, 3, 2)

ops = st.sampled_from(list(Op))
numbers = st.integers(-2, 6)
amounts = st.sampled_from([Decimal("0.5"), Decimal(2), Decimal("2.5"), Decimal(9)])
dates = st.integers(-40, 40).map(lambda days: START + timedelta(days=days))

small_leaves: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Compare, st.sampled_from([A, B]), ops, numbers),
    st.just(FLAG),
    st.sampled_from([HOME.one_of("x"), HOME.one_of("x", "y"), CODE.one_of("m", "n")]),
)
all_leaves: st.SearchStrategy[Expression] = st.one_of(
    small_leaves,
    st.builds(Compare, st.sampled_from([VISITS, CALLS]), ops, numbers),
    st.builds(Compare, st.just(HOURS), ops, amounts),
    st.builds(
        Compare,
        st.sampled_from([total(A, B), total(A, VISITS), total(VISITS, CALLS)]),
        ops,
        numbers,
    ),
    st.builds(Compare, st.sampled_from([SEEN, TODAY]), ops, dates),
    st.builds(
        Compare,
        st.sampled_from(
            [days_between(SEEN, TODAY), days_between(DUE, TODAY), days_between(SEEN, DUE)]
        ),
        ops,
        st.integers(-3, 30),
    ),
)


def joined(leaf: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Generate conditions that join such leaves."""
    return st.recursive(
        leaf,
        lambda part: st.one_of(
            st.builds(lambda a, b: a & b, part, part),
            st.builds(lambda a, b: a | b, part, part),
            st.builds(lambda a: ~a, part),
            st.builds(lambda a, b, c: at_least(2, of=(a, b, c)), part, part, part),
        ),
        max_leaves=6,
    )


small_conditions = joined(small_leaves)
values: dict[str, st.SearchStrategy[Any]] = {
    "a": st.integers(0, 2),
    "b": st.integers(-1, 3),
    "visits": st.integers(0, 30),
    "calls": st.integers(1, 30),
    "hours": st.decimals(0, 30, places=1),
    "flag": st.booleans(),
    "home": st.sampled_from(["x", "y", "z"]),
    "code": st.sampled_from(["m", "n", "o", "p"]),
    "seen": dates,
    "due": dates,
    "today": dates,
}


def known(chosen: dict[str, Any]) -> cc.Facts:
    """Take values by the ids of their facts."""
    return cc.Facts.of({fact: chosen[fact.id] for fact in FACTS if fact.id in chosen})


def every_case(space: Space) -> list[tuple[int, dict[str, Any]]]:
    """Give each case of a space, with its bit."""
    return [(1 << index, space.case(1 << index)) for index in range(space.size)]


@given(joined(all_leaves))
@settings(max_examples=150)
def test_a_region_is_where_the_rule_holds(condition: Expression) -> None:
    """In each case the bit of a region is the truth that evaluation gives."""
    space = Space(cases_of([condition], {}).values)
    if space.size > 3000:
        return
    region = space.region(condition)
    assert region.certain == region.possible
    assert region.denied == region.deniable == space.whole ^ region.certain
    for bit, case in every_case(space):
        assert bool(region.certain & bit) is (truth(condition, known(case)) is Truth.YES)


@given(st.lists(all_leaves, min_size=1, max_size=4), st.fixed_dictionaries(values))
@settings(max_examples=400)
def test_some_case_stands_for_any_facts(some: list[Expression], chosen: dict[str, Any]) -> None:
    """Whatever the facts are, a case that is tried agrees with them on every comparison."""
    cases = cases_of(some, {})
    space = Space(cases.values)
    assert cases.exact
    agreeing = space.everything
    for part in some:
        for leaf in leaves(part):
            holds = truth(leaf, known(chosen)) is Truth.YES
            agreeing &= space.region(leaf) if holds else ~space.region(leaf)
    assert agreeing.certain


@st.composite
def policies(draw: st.DrawFn) -> TransitionPolicy:
    """Generate a policy of a rule, or a combination of some."""
    parts = [
        cc.requires(
            draw(small_conditions),
            id=f"p-{number}",
            citation="invented",
            applies=draw(st.none() | small_conditions),
            on=draw(st.sampled_from([None, ["leave"], ["leave", "refer"], ["refer"]])),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    match draw(st.sampled_from(["one", "all", "any"])):
        case "all":
            return cc.all_of(*parts, id="combined")
        case "any":
            return cc.any_of(*parts, id="combined")
        case _:
            return parts[0]


@given(policies())
def test_a_ruling_is_what_the_policy_says(policy: TransitionPolicy) -> None:
    """In each case a ruling permits, forbids or is silent as the policy does."""
    space = Space(cases_of(list(conditions(policy)), {}).values)
    kind = TransitionKind.LEAVE
    if policy.on is not None and kind.value not in policy.on:
        return
    made = ruling(policy, kind, space)
    for bit, case in every_case(space):
        reason = policy(request_on(Way(kind=kind)), known(case))
        verdict = None if reason is None else reason.verdict
        assert bool(made.permits.certain & bit) is (verdict is cc.Verdict.PERMIT)
        assert bool(made.forbids.certain & bit) is (verdict is cc.Verdict.FORBID)
        assert bool(made.silent.certain & bit) is (verdict is None)


@st.composite
def placements(draw: st.DrawFn) -> PlacementCriteria:
    """Generate placement criteria on the invented map."""
    rules = [
        PlacementRule(
            id=f"r-{number}",
            level=draw(st.sampled_from(["res", "iop", "op"])),
            rule=draw(small_conditions),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    default = draw(st.sampled_from([None, "op"]))
    return PlacementCriteria(id="generated", version="1", rules=rules, default=default)


EVERY: dict[str, tuple[Any, ...]] = {
    "a": (0, 1, 2),
    "b": (-1, 0, 1, 2, 3),
    "flag": (True, False),
    "home": ("x", "y", "z"),
    "code": ("m", "n", "o"),
}
"""Every value of the facts of small conditions; of any code, one that no condition names."""


def all_of(facts: Iterable[Fact[Any]]) -> Iterator[dict[str, Any]]:
    """Give every case of some facts."""
    ids = sorted({fact.id for fact in facts})
    for chosen in product(*(EVERY[id] for id in ids)):
        yield dict(zip(ids, chosen, strict=True))


def holding(criteria: PlacementCriteria, case: dict[str, Any]) -> set[str]:
    """Give the rules that hold in a case."""
    facts = known(case)
    return {rule.id for rule in criteria.rules if truth(rule.rule, facts) is Truth.YES}


def brute_force(criteria: PlacementCriteria) -> tuple[bool, set[str], set[str]]:
    """Try every case: whether one has no level, which rules never hold, which never matter."""
    intensity = {rule.id: LADDER.index(rule.level) for rule in criteria.rules}
    held = [holding(criteria, case) for case in all_of(criteria.facts)]
    alive = set().union(*held)
    shadowed = {
        id
        for id in alive
        if all(any(intensity[o] > intensity[id] for o in some) for some in held if id in some)
    }
    return not all(held) and criteria.default is None, set(intensity) - alive, shadowed


LADDER = ["op", "iop", "res"]


def steps(made: cc.Program, criteria: PlacementCriteria, fact: cc.Ordinal) -> set[int]:
    """Give the directions, up and down, in which raising a rating by one leads in some case."""
    found: set[int] = set()
    for case in all_of(criteria.facts):
        if fact.id in case and case[fact.id] + 1 in EVERY[fact.id]:
            after = {**case, fact.id: case[fact.id] + 1}
            told = [cc.recommend(made, known(one))[0].floor for one in (case, after)]
            before, then = (LADDER.index(one) if one else -1 for one in told)
            found.add((then > before) - (then < before))
    return found - {0}


def codes_and_rules(report: Report, code: str) -> set[str]:
    """Give the first rule of each finding of a kind."""
    return {f.rules[0] if f.rules else "" for f in report.findings if f.code == code}


@given(placements())
@settings(max_examples=150)
def test_gaps_and_dead_rules_are_those_of_brute_force(criteria: PlacementCriteria) -> None:
    """A gap and the rules that never hold are found exactly where trying all cases finds them."""
    gap, dead, shadowed = brute_force(criteria)
    report = verify(program(placement=criteria, policies=()))
    assert bool(codes_and_rules(report, "gap")) is gap
    assert codes_and_rules(report, "never-fires") == dead
    assert codes_and_rules(report, "always-shadowed") == shadowed


@given(placements())
@settings(max_examples=60)
def test_steps_both_ways_are_those_of_brute_force(criteria: PlacementCriteria) -> None:
    """A rating is said to lead both ways exactly where trying each of its steps shows both."""
    made = program(placement=criteria, policies=())
    both = {fact.id for fact in (A, B) if steps(made, criteria, fact) == {-1, 1}}
    findings = [f for f in verify(made).findings if f.code == "non-monotone"]
    assert {getattr(finding.witness, "step").fact for finding in findings} == both  # noqa: B009


@given(st.lists(policies(), min_size=1, max_size=3, unique_by=lambda p: p.ref.id))
@settings(max_examples=100)
def test_closed_moves_are_those_of_brute_force(some: list[TransitionPolicy]) -> None:
    """A move is said to be closed exactly where its policies open it in no case."""
    made = program(*some)
    kind = TransitionKind.LEAVE
    asked = made.policies_on(kind)
    request = request_on(Way(kind=kind, origin="res"))

    def opens(case: dict[str, Any]) -> bool:
        reasons = [policy(request, known(case)) for policy in asked]
        return all(one is None or one.verdict is cc.Verdict.PERMIT for one in reasons)

    closed = not any(map(opens, all_of(fact for policy in asked for fact in facts_of(policy))))
    ways = [
        way.kind
        for finding in verify(made).findings
        if finding.code == "closed-route"
        for way in getattr(finding.witness, "ways")  # noqa: B009
    ]
    assert (kind in ways) is closed


@given(placements(), st.lists(policies(), max_size=2, unique_by=lambda p: p.ref.id))
@settings(max_examples=150)
def test_whatever_is_found_replays(
    criteria: PlacementCriteria, some: list[TransitionPolicy]
) -> None:
    """Every finding of generated programs is shown again by its witness."""
    made = program(*some, placement=criteria)
    for finding in verify(made).findings:
        assert replay_witness(made, finding), finding


@given(placements(), st.lists(policies(), max_size=2, unique_by=lambda p: p.ref.id))
@settings(max_examples=100)
def test_samples_find_nothing_that_is_not_there(
    criteria: PlacementCriteria, some: list[TransitionPolicy]
) -> None:
    """What is found where only some of the cases are tried replays all the same."""
    made = program(*some, placement=criteria)
    for finding in verify(made, limit=4).findings:
        assert replay_witness(made, finding), finding


def test_where_only_some_cases_are_tried_it_is_said() -> None:
    """Sampled rules are named as such; what their form proves is still proved."""
    ratings = [cc.Ordinal(f"rating_{number}", hi=4) for number in range(12)]
    rules = [
        PlacementRule(id=f"r-{number}", level="res", rule=(one >= 3) & (other >= 2))
        for number, (one, other) in enumerate(pairwise(ratings))
    ]
    dead = PlacementRule(id="dead", level="iop", rule=(ratings[0] >= 3) & (ratings[0] <= 2))
    covered = PlacementRule(id="covered", level="iop", rule=(ratings[0] >= 4) & (ratings[1] >= 2))
    criteria = PlacementCriteria(id="many", version="1", rules=[*rules, dead, covered])
    report = verify(program(placement=criteria), limit=1000)
    methods = {proof.method for proof in report.methods}
    assert {Method.SAMPLED, Method.POLARITY} <= methods
    assert "what was not found is not proved to be absent" in " ".join(report.text().split())
    found = {(finding.code, finding.rules[:1]) for finding in report.findings}
    assert {("gap", ()), ("never-fires", ("dead",)), ("always-shadowed", ("covered",))} <= found


def test_samples_vary_each_rule_and_hold_the_rest() -> None:
    """A rule's facts vary together; the others are held at their least, middle and greatest."""
    few = cc.Ordinal("few", hi=1)
    wide = [cc.Ordinal(f"wide_{number}", hi=4) for number in range(4)]
    asked = [few >= 1, total(*wide) >= 7]
    cases = tried(asked, {}, limit=60)
    assert not cases.whole
    assert len(cases.spaces) == 6
    assert {space.size <= 10 for space in cases.spaces} == {True}
    held = {space.values["wide_3"] for space in cases.spaces}
    assert held == {(0,), (2,), (4,)}


def test_the_map_of_the_generated_programs_is_sound() -> None:
    """The map that the generated programs stand on has no fault of its own."""
    codes = {finding.code for finding in verify(program(continuum=continuum())).findings}
    assert codes == {"ungoverned"}
