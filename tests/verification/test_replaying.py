"""Witnesses of faults that were mended, and findings that are close to a fault but are none."""

from collections.abc import Callable
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.continuum import Route
from carecontinuum.facts import DaysSinceAdmission, LevelNow
from carecontinuum.policies import PlacementCriteria, PlacementRule
from carecontinuum.rules import Expression
from carecontinuum.verification import Finding, Way, replay_witness, verify
from carecontinuum.verification.ways import fixed
from invented import DAYS, RISK, STABLE, continuum, level, program

SINCE = cc.Count("days_since_admission")
LEVEL = cc.Choice("level")


def requires(rule: Expression, id: str, *on: str, **more: Any) -> cc.TransitionPolicy:
    """Make a policy of a rule."""
    return cc.requires(rule, id=id, citation="invented", on=on or None, **more)


def placed(*rules: PlacementRule, default: str | None = "op") -> cc.Program:
    """Make a program with placement rules."""
    criteria = PlacementCriteria(id="criteria", version="1", rules=rules, default=default)
    return program(placement=criteria)


def rule(id: str, code: str, condition: Expression) -> PlacementRule:
    """Make a placement rule."""
    return PlacementRule(id=id, level=code, rule=condition)


def only(made: cc.Program, code: str) -> Finding:
    """Give the one finding of a kind."""
    (finding,) = (finding for finding in verify(made).findings if finding.code == code)
    return finding


def codes(made: cc.Program) -> set[str]:
    """Give the kinds of findings."""
    return {finding.code for finding in verify(made).findings}


Making = Callable[[], cc.Program]

MENDED: dict[str, tuple[str, Making, Making]] = {
    "a rule was added where there was no level": (
        "gap",
        lambda: placed(rule("a", "op", STABLE), default=None),
        lambda: placed(rule("a", "op", STABLE), rule("b", "iop", ~STABLE), default=None),
    ),
    "a dead rule came alive": (
        "never-fires",
        lambda: placed(rule("a", "iop", (RISK >= 3) & (RISK <= 2))),
        lambda: placed(rule("a", "iop", (RISK >= 2) & (RISK <= 3))),
    ),
    "a covered rule was widened": (
        "always-shadowed",
        lambda: placed(rule("a", "iop", RISK >= 3), rule("b", "res", RISK >= 2)),
        lambda: placed(rule("a", "iop", RISK >= 1), rule("b", "res", RISK >= 2)),
    ),
    "a step the wrong way was turned": (
        "non-monotone",
        lambda: placed(rule("a", "iop", RISK.equals(1)), rule("b", "res", RISK >= 3)),
        lambda: placed(rule("a", "iop", RISK >= 1), rule("b", "res", RISK >= 3)),
    ),
    "a policy that never applied applies": (
        "never-fires",
        lambda: program(requires(STABLE, "a", "leave", applies=(RISK >= 3) & (RISK <= 2))),
        lambda: program(requires(STABLE, "a", "leave", applies=RISK >= 3)),
    ),
    "policies that contradicted agree": (
        "contradiction",
        lambda: program(requires(DAYS >= 9, "a", "leave"), requires(DAYS <= 7, "b", "leave")),
        lambda: program(requires(DAYS >= 5, "a", "leave"), requires(DAYS <= 7, "b", "leave")),
    ),
    "a policy that closed a route opens it": (
        "closed-route",
        lambda: program(requires((DAYS >= 9) & (DAYS <= 7), "a", "leave")),
        lambda: program(requires(DAYS >= 9, "a", "leave")),
    ),
    "a policy that closed a route went": (
        "closed-route",
        lambda: program(requires((DAYS >= 9) & (DAYS <= 7), "a", "leave")),
        program,
    ),
    "a policy that another implied asks for more": (
        "redundant",
        lambda: program(requires(DAYS >= 9, "a", "leave"), requires(DAYS >= 7, "b", "leave")),
        lambda: program(requires(DAYS >= 9, "a", "leave"), requires(DAYS >= 11, "b", "leave")),
    ),
    "a policy that another implied speaks where that is silent": (
        "redundant",
        lambda: program(requires(DAYS >= 9, "a", "leave"), requires(DAYS >= 7, "b", "leave")),
        lambda: program(
            requires(DAYS >= 9, "a", "leave", applies=DAYS <= 20), requires(DAYS >= 7, "b", "leave")
        ),
    ),
    "a way back was forbidden": (
        "ping-pong",
        lambda: program(requires(RISK >= 1, "a", "step_up"), requires(STABLE, "b", "step_down")),
        lambda: program(
            requires(RISK >= 1, "a", "step_up"), requires(STABLE & (RISK <= 0), "b", "step_down")
        ),
    ),
    "a way back went": (
        "ping-pong",
        lambda: program(requires(RISK >= 1, "a", "step_up"), requires(STABLE, "b", "step_down")),
        lambda: program(
            requires(RISK >= 1, "a", "step_up"),
            requires(STABLE, "b", "step_down"),
            continuum=continuum(routes=(Route(origin="iop", target="op"),)),
        ),
    ),
    "a level without a way out has one": (
        "no-way-out",
        lambda: program(continuum=continuum(routes=(Route(origin="iop", target="res"),))),
        program,
    ),
    "a level that nobody reached is an entry": (
        "unreachable-level",
        lambda: program(continuum=continuum(entry=("res",), routes=())),
        lambda: program(continuum=continuum(entry=("res", "iop", "op", "after"), routes=())),
    ),
    "a threshold came into range": (
        "threshold-out-of-range",
        lambda: program(requires((RISK <= 4) & STABLE, "a", "leave")),
        lambda: program(requires((RISK <= 3) & STABLE, "a", "leave")),
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_what_was_mended_does_not_replay(name: str) -> None:
    """A witness shows the fault in the program that has it, and not in the one that is mended."""
    code, faulty, mended = MENDED[name]
    findings = [finding for finding in verify(faulty()).findings if finding.code == code]
    assert findings
    for finding in findings:
        assert replay_witness(faulty(), finding)
        assert not replay_witness(mended(), finding)


def test_rules_for_twin_levels_that_never_meet_do_not_overlap() -> None:
    """Equal intensity is no fault where the rules exclude each other or more care wins."""
    twins = continuum(levels=(*continuum().levels, level("twin", 2)))
    for other in (RISK <= 1, RISK >= 3):
        criteria = PlacementCriteria(
            id="criteria",
            version="1",
            rules=[
                rule("a", "iop", RISK >= 2),
                rule("b", "twin", other),
                rule("c", "res", RISK >= 3),
            ],
            default="op",
        )
        assert "overlap" not in codes(program(continuum=twins, placement=criteria))


def test_aftercare_without_a_discharge_is_an_end() -> None:
    """A level from which aftercare is reached needs no discharge; aftercare itself goes on."""
    assert codes(program(continuum=continuum(discharge_from=()))) == {"ungoverned"}


@pytest.mark.parametrize(
    ("weak", "strong"),
    [
        ({}, {"overridable_by": ["physician"]}),
        ({"applies": RISK >= 1}, {}),
    ],
)
def test_a_policy_that_waits_or_cannot_be_overridden_has_its_use(
    weak: dict[str, Any], strong: dict[str, Any]
) -> None:
    """A policy is redundant only where leaving it out loses neither a check nor a wait."""
    assessed = cc.Ordinal("withdrawal_risk", hi=4, must_assess=True)
    if "applies" in weak:
        weak = {"applies": assessed >= 0}
    made = program(
        requires(DAYS >= 7, "weak", "leave", **weak),
        requires(DAYS >= 9, "strong", "leave", **strong),
    )
    assert "redundant" not in codes(made)
    waiting = program(requires(assessed >= 0, "waits", "leave"))
    assert "redundant" not in codes(waiting)


def test_a_policy_that_judges_nothing_it_knows_is_no_idle_rule() -> None:
    """A policy that applies nowhere is found as such, not as one that never forbids."""
    made = program(requires(STABLE | ~STABLE, "a", "leave", applies=(RISK >= 3) & (RISK <= 2)))
    assert {"never-fires"} <= codes(made)
    assert "redundant" not in codes(made)


def test_a_move_fixes_what_it_tells() -> None:
    """Before a level there is no level, and before admission there are no days since."""
    readings = (
        cc.Reading(LEVEL, LevelNow()),
        cc.Reading(SINCE, DaysSinceAdmission()),
        *program().readings,
    )
    made = program(readings=readings)
    kinds = cc.TransitionKind
    before = fixed(made, Way(kind=kinds.ADMIT, target="res"))
    assert before == {"level": (), "days_since_admission": (), "days_at_level": ()}
    assert fixed(made, Way(kind=kinds.LEAVE, origin="res")) == {"level": ("res",)}
