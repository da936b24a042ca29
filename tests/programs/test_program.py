"""Programs: their digest, their facts, and every problem they list."""

import copy
import pickle
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.continuum import TransitionKind
from carecontinuum.facts import DaysAtLevel, LevelNow, StatedWithRequest
from carecontinuum.programs import ProgramInvalid
from invented import DAYS, RISK, STABLE, START, continuum, program

STEADY = cc.requires(DAYS >= 14, id="steady", citation="x", on=["step_down"])


@cc.policy(id="own", version="1", citation="x", reads=[RISK], applies=STABLE)
def own(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
    """Say nothing."""
    return None


def problems(*policies: cc.TransitionPolicy, **changes: Any) -> list[tuple[str, str]]:
    """Give the problems of the invented program with some parts changed."""
    with pytest.raises(ProgramInvalid) as caught:
        program(*policies, **changes)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_digest_covers_the_content() -> None:
    """The digest changes with any part, and not with how the program was made."""
    one = program(STEADY).ref
    assert one == program(STEADY).ref == pickle.loads(pickle.dumps(program(STEADY))).ref
    assert one == copy.deepcopy(program(STEADY)).ref
    changed = [
        program(STEADY, version="2"),
        program(),
        program(cc.requires(DAYS >= 15, id="steady", citation="x", on=["step_down"])),
        program(STEADY, continuum=continuum(entry=("res",))),
        program(STEADY, calendar=cc.Calendar(zone="UTC")),
        program(STEADY, when_ungoverned=cc.Verdict.FORBID),
        program(STEADY, readings=()),
        program(own),
        program(attrs.evolve(own, ref=cc.PolicyRef(id="own", version="2"))),
    ]
    assert len({one.digest, *(p.ref.digest for p in changed)}) == len(changed) + 1


def test_code_is_named_opaque() -> None:
    """Policies that are code are named, combined ones too."""
    both = cc.all_of(own, STEADY, id="both")
    assert program(STEADY, own, both).opaque == ("own", "both")


def test_facts_without_a_reading_come_with_the_request() -> None:
    """A fact that no reading names is read from what is stated."""
    found = program(STEADY, own)
    assert sorted(found.facts) == ["days_at_level", "stable", "withdrawal_risk"]
    assert found.sources["days_at_level"] == DaysAtLevel()
    assert found.sources["stable"] == StatedWithRequest(fact="stable")


def test_facts_of_conditions_count_in_combinations() -> None:
    """A fact that only a combined policy's condition reads can be stated."""
    under = cc.policy(id="under", version="1", citation="x", applies=STABLE)(
        lambda request, facts: cc.forbid("not while stable")
    )
    found = program(cc.all_of(under, id="all"))
    assert found.sources["stable"] == StatedWithRequest(fact="stable")
    decision = cc.decide(
        cc.PatientRecord.of("p-1"),
        cc.admit(to="iop"),
        program=found,
        episode_id="e-1",
        at=START,
        by="dr",
        stated={STABLE: True},
    )
    assert decision.verdict is cc.Verdict.FORBID


def test_policies_by_kind() -> None:
    """Each kind of move has the policies that judge it."""
    found = program(STEADY, own)
    assert found.policies_on(TransitionKind.STEP_DOWN) == (STEADY, own)
    assert found.policies_on(TransitionKind.ADMIT) == (own,)


def test_versions_apply_for_a_time() -> None:
    """A program version applies from its start and until its end."""
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = program(effective=cc.Period(start=start, end=end))
    assert found.applies_at(start)
    assert not found.applies_at(end)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": ""}, [("id", "empty")]),
        ({"version": ""}, [("version", "empty")]),
        (
            {"calendar": cc.Calendar(zone="UTC", week_starts=7)},
            [("calendar.week_starts", "out-of-range")],
        ),
        (
            {
                "effective": cc.Period(
                    start=datetime(2027, 1, 1, tzinfo=UTC), end=datetime(2026, 1, 1, tzinfo=UTC)
                )
            },
            [("effective", "empty-period")],
        ),
        (
            {
                "when_ungoverned": {
                    **{kind.value: cc.Verdict.PERMIT for kind in TransitionKind if kind != "leave"},
                    "fly": cc.Verdict.PERMIT,
                }
            },
            [("when_ungoverned.leave", "no-answer"), ("when_ungoverned.fly", "unknown-kind")],
        ),
        (
            {"readings": (cc.Reading(DAYS, DaysAtLevel()), cc.Reading(DAYS, DaysAtLevel()))},
            [("readings[1]", "repeated")],
        ),
        (
            {"readings": (cc.Reading(cc.Choice("level", codes=("iop",)), LevelNow()),)},
            [("readings[0].fact", "limited")],
        ),
        (
            {"readings": (cc.Reading(STABLE, StatedWithRequest(fact="other")),)},
            [("readings[0].source", "another-fact")],
        ),
    ],
)
def test_each_problem_has_its_path(changes: dict[str, Any], expected: list[Any]) -> None:
    """Each fault of a program is found where it stands."""
    assert problems(**changes) == expected


def test_policies_must_agree() -> None:
    """Two policies of one id, and one fact declared in two ways, are faults."""
    other = cc.requires(cc.Count("days_at_level", unit="weeks") >= 2, id="other", citation="x")
    assert problems(STEADY, STEADY, other) == [
        ("policies[1].id", "repeated"),
        ("policies[2].reads", "two-declarations"),
    ]
