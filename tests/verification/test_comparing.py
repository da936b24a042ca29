"""What another version would answer: every difference is found, and shows when it is tried."""

from typing import Any

import attrs
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.continuum import Route
from carecontinuum.engine import recommend
from carecontinuum.policies import PlacementCriteria, PlacementRule, RulePolicy
from carecontinuum.rules import Expression, Facts
from carecontinuum.verification import MoveChange, what_if
from carecontinuum.verification.asking import verdict
from invented import DAYS, RISK, STABLE, continuum, program


def needs(rule: Expression, *, on: str = "step_down", id: str = "p") -> cc.TransitionPolicy:
    """Make a policy."""
    return cc.requires(rule, id=id, citation="invented", on=[on])


def moved(change: MoveChange) -> tuple[str | None, str | None, str, str]:
    """Say a change in words."""
    return (change.way.origin, change.way.target, change.before.value, change.after.value)


def test_a_program_beside_itself_is_the_same() -> None:
    """No difference is found between a program and itself."""
    one = program(needs(RISK <= 1))
    found = what_if(one, one)
    assert found.is_same
    assert found.text().endswith("no difference")


def test_a_threshold_raised_is_a_difference() -> None:
    """Each route that the policy judges is listed, with facts for which the answer differs."""
    before, after = program(needs(RISK <= 1)), program(needs(RISK <= 2), version="2")
    found = what_if(before, after)
    assert {moved(change) for change in found.moves} == {
        ("res", "iop", "forbid", "permit"),
        ("iop", "op", "forbid", "permit"),
    }
    for change in found.moves:
        assert change.witness.facts == {"withdrawal_risk": 2}
        assert change.cases == 1
        assert change.why == ("`p` said forbid, now permit: requires withdrawal_risk <= 2",)
    assert "step_down from `res` to `iop`: forbid becomes permit where" in found.text()


def test_every_way_a_policy_can_differ_is_told() -> None:
    """A new policy, one that is gone, and an answer without any are named."""
    before = program(needs(RISK <= 1, id="old"))
    after = program(needs(STABLE, id="new"))
    why = {line for change in what_if(before, after).moves for line in change.why}
    assert any("`new` now says" in line for line in why)
    assert any("`old` said permit and is no longer asked" in line for line in why)
    bare = program(when_ungoverned=cc.Verdict.UNDETERMINED)
    found = what_if(before, bare)
    assert {(c.before.value, c.after.value) for c in found.moves} >= {
        ("permit", "undetermined"),
        ("forbid", "undetermined"),
    }


def test_what_cannot_be_known_is_undetermined() -> None:
    """Before a level there are no days at it: a policy that asks for them is undetermined."""
    before = program()
    after = program(needs(DAYS >= 7, on="admit"))
    found = what_if(before, after)
    assert {(c.before.value, c.after.value) for c in found.moves} == {("permit", "undetermined")}


def test_moves_on_one_map_alone_are_listed() -> None:
    """A route that is gone and one that is new are told, and not compared."""
    routes = continuum().routes
    there = program(continuum=continuum(routes=routes[1:]))
    here = program(continuum=continuum(routes=(*routes, Route(origin="res", target="op"))))
    found = what_if(there, here)
    assert {str(way) for way in found.new} == {
        "step_down from `res` to `iop`",
        "step_down from `res` to `op`",
    }
    assert [str(way) for way in what_if(here, there).gone] == [
        "step_down from `res` to `iop`",
        "step_down from `res` to `op`",
    ]
    assert "no longer on the map" in what_if(here, there).text()
    assert "new on the map" in found.text()


@cc.policy(id="code", version="1", citation="invented", reads=[RISK], on=["step_down"])
def code(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
    """Permit."""
    return cc.permit()


@cc.criterion(id="gut", version="1", reads=[RISK])
def gut(facts: cc.Facts) -> cc.Truth:
    """Hold."""
    return cc.Truth.YES


def test_where_code_decides_nothing_is_told() -> None:
    """Code is named as not compared; where data forbids, a difference is found all the same."""
    found = what_if(program(code), program(code, needs(STABLE)))
    assert found.not_compared == (
        "code decides some cases of step_down; nothing can be told of them",
    )
    assert not found.is_same
    assert "?" in found.text()
    placed = what_if(with_rules(("iop", gut)), with_rules(("iop", RISK >= 1)))
    assert placed.not_compared == (
        "code decides some placements, treatment; nothing can be told of them",
    )


def with_rules(*rules: tuple[str, Expression], **changes: Any) -> cc.Program:
    """Make a program with placement rules."""
    criteria = PlacementCriteria(
        id="c",
        version="1",
        rules=[
            PlacementRule(id=f"r{number}", level=level, rule=rule)
            for number, (level, rule) in enumerate(rules)
        ],
        **changes,
    )
    return program(placement=criteria)


def test_recommendations_are_compared() -> None:
    """Each pair of levels that differ is listed once, with facts and the number of cases."""
    before = with_rules(("res", RISK >= 3), ("iop", RISK >= 2))
    after = with_rules(("res", RISK >= 4), ("iop", RISK >= 2), default="op")
    found = what_if(before, after)
    told = {(c.before, c.after, c.witness.facts["withdrawal_risk"]) for c in found.placements}
    assert told == {("res", "iop", 3), (None, "op", 0)}
    assert "treatment: no level becomes `op` where withdrawal_risk = 0" in found.text()
    none = what_if(before, program())
    assert {(c.before, c.after) for c in none.placements} == {("res", None), ("iop", None)}
    assert {(c.before, c.after) for c in what_if(program(), before).placements} == {
        (None, "res"),
        (None, "iop"),
    }


def test_too_many_cases_are_sampled_and_said_to_be() -> None:
    """Where there are more cases than the limit, some are tried, and the methods say so."""
    found = what_if(program(needs(RISK <= 1)), program(needs(RISK <= 2)), limit=1)
    assert {proof.method.value for proof in found.methods} == {"sampled"}
    assert "sampled" in found.text()


def test_a_fact_declared_otherwise_is_named() -> None:
    """A fact of another range or source is compared as the latter has it, and named."""
    wider = cc.Ordinal("withdrawal_risk", hi=5)
    found = what_if(program(needs(RISK <= 1)), program(needs(wider <= 3)))
    assert found.not_compared == (
        "fact `withdrawal_risk` is declared or read in another way; compared as the latter has it",
    )
    facts = {change.witness.facts["withdrawal_risk"] for change in found.moves}
    assert facts <= {2, 3}
    assert facts


thresholds = st.integers(0, 4)
rules = st.one_of(
    st.builds(lambda n: n >= RISK, thresholds),
    st.builds(lambda n: (n <= RISK) & STABLE, thresholds),
    st.builds(lambda n: STABLE | ~(n < RISK), thresholds),
)


@given(rules, rules)
def test_every_difference_shows_and_none_is_missed(one: Expression, other: Expression) -> None:
    """Asked case by case, the two programs differ where it says, and nowhere else."""
    before, after = program(needs(one)), program(needs(other))
    found = what_if(before, after)
    for change in found.moves:
        facts = change.witness.facts
        assert verdict(before, change.way, facts) is change.before
        assert verdict(after, change.way, facts) is change.after
    listed = {(change.way, change.before, change.after) for change in found.moves}
    ways = {way for way, _, _ in listed} | {change.way for change in found.moves}
    for way in ways:
        for risk in range(5):
            for stable in (True, False):
                values = {"withdrawal_risk": risk, "stable": stable}
                then, now = verdict(before, way, values), verdict(after, way, values)
                assert then is now or (way, then, now) in listed


@given(rules, rules)
def test_placements_that_differ_show(one: Expression, other: Expression) -> None:
    """What `recommend` says of the witness is what the comparison says."""
    before, after = with_rules(("iop", one)), with_rules(("iop", other))
    for change in what_if(before, after).placements:
        by_id = {fact.id: fact for fact in (RISK, STABLE)}
        facts = Facts.of({by_id[id]: value for id, value in change.witness.facts.items()})
        assert recommend(before, facts)[0].floor == change.before
        assert recommend(after, facts)[0].floor == change.after


def test_the_open_program_with_a_longer_stay() -> None:
    """Making 14 days 21 changes the answers for days 14 to 20, and nothing else."""
    shipped = cc.shipped_program("community")
    (old,) = (p for p in shipped.policies if p.ref.id == "community.time-at-iop")
    days = shipped.facts["days_at_level"]
    assert isinstance(days, cc.Count)
    assert isinstance(old, RulePolicy)
    longer = attrs.evolve(old, rule=days >= 21)
    policies = tuple(longer if p is old else p for p in shipped.policies)
    found = what_if(shipped, attrs.evolve(shipped, policies=policies))
    assert found.moves
    assert all(14 <= c.witness.facts["days_at_level"] < 21 for c in found.moves)  # type: ignore[operator]
    assert {(c.before.value, c.after.value) for c in found.moves} == {("permit", "forbid")}
