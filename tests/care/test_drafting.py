"""Drafts of a treatment plan: their hours, their lines, and what they say is missing."""

from datetime import UTC, datetime, time
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.care import ILLUSTRATIVE, draft_plan
from carecontinuum.continuum import AgeGroup, LevelOfCare, ServiceHours
from carecontinuum.records import (
    Contact,
    DailyRole,
    Goal,
    GoalLifecycle,
    IntakeAssessment,
    MentalHealthHistory,
    PlannedService,
    PlanStatus,
    Role,
    ServiceKind,
    Stressor,
    SubstanceUse,
    UseFrequency,
    WeeklySlot,
)
from invented import level
from recorded import CANARY, INTAKE

NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)
NOTHING = IntakeAssessment(
    id="i-1",
    at=NOON,
    mental_health_history=(),
    substance_use=(),
    stressors=(),
    supports=(),
    daily_roles=(),
)
"""Everything was asked, and there was nothing."""
IOP = level("iop", 2, hours=(ServiceHours(at_least=9, less_than=20, citation="a source"),))

conditions = st.builds(
    MentalHealthHistory,
    description=st.sampled_from(["anxiety", "trauma"]),
    condition=st.none() | st.just(cc.Coding(code="A1")),
    is_current=st.none() | st.booleans(),
    medication=st.none() | st.booleans(),
)
uses = st.builds(
    SubstanceUse,
    substance=st.sampled_from([cc.Coding(code="A2"), cc.Coding(code="A3", display="beer")]),
    frequency=st.none() | st.sampled_from(UseFrequency),
)
roles = st.builds(
    DailyRole,
    role=st.sampled_from(Role),
    slots=st.just(()) | st.just((WeeklySlot(weekday=0, start=time(9), end=time(17)),)),
)
intakes = st.none() | st.builds(
    IntakeAssessment,
    id=st.just("i-1"),
    at=st.just(NOON),
    mental_health_history=st.none() | st.lists(conditions, max_size=2).map(tuple),
    substance_use=st.none() | st.lists(uses, max_size=2).map(tuple),
    stressors=st.none() | st.just(()) | st.just((Stressor(description="a move"),)),
    supports=st.none() | st.just(()) | st.just((Contact(name="Robin Sample"),)),
    daily_roles=st.none() | st.lists(roles, max_size=2).map(tuple),
)
shipped = st.sampled_from(
    [level for name in cc.shipped_programs() for level in cc.shipped_program(name).continuum.levels]
)
groups = st.none() | st.sampled_from(AgeGroup)


@st.composite
def bands(draw: st.DrawFn) -> ServiceHours:
    """Generate a band of hours that is an hour wide or more, perhaps open on a side."""
    low = draw(st.floats(0, 160))
    high = draw(st.floats(1, 7)) + low
    return ServiceHours(
        at_least=draw(st.sampled_from([low, low, None])),
        less_than=draw(st.sampled_from([high, high, None])),
    )


@given(intakes, shipped, groups)
def test_a_draft_lies_in_the_band_of_every_level_that_is_shipped(
    intake: IntakeAssessment | None, level: LevelOfCare, group: AgeGroup | None
) -> None:
    """Whatever was found, the hours are at least the lower end and under the upper, exactly."""
    draft = draft_plan(intake, level, id="plan", age_group=group)
    band = draft.band
    if group is not None:
        assert band == level.hours_for(group)
    assert draft.fits is (None if band is None else True)
    if band is not None:
        hours = draft.plan.weekly_hours
        assert band.at_least is None or hours >= Fraction(band.at_least)
        assert band.less_than is None or hours < Fraction(band.less_than)


@given(intakes, bands())
def test_a_draft_lies_in_every_band_of_an_hour_or_more(
    intake: IntakeAssessment | None, band: ServiceHours
) -> None:
    """No band that is an hour wide is missed, however low or high it is."""
    assert draft_plan(intake, level("x", 1, hours=(band,)), id="plan").fits is True


@given(intakes, shipped, groups)
def test_every_part_of_a_draft_says_why(
    intake: IntakeAssessment | None, level: LevelOfCare, group: AgeGroup | None
) -> None:
    """A draft is made of its lines alone, each with a reason and a source, and is only a draft."""
    draft = draft_plan(intake, level, id="plan", age_group=group)
    assert all(line.because and line.citation for line in draft.lines)
    parts = [line.proposes for line in draft.lines if line.proposes is not None]
    plan = draft.plan
    assert set(parts) == {*plan.services, *plan.goals, *plan.focus_areas}
    assert plan.status is PlanStatus.DRAFT
    assert not plan.signatures
    assert all(goal.lifecycle is GoalLifecycle.PROPOSED for goal in plan.goals)


@given(intakes, shipped)
def test_what_was_not_asked_is_said_to_be_missing(
    intake: IntakeAssessment | None, level: LevelOfCare
) -> None:
    """Each part that was not asked has a line of its own; without an intake one line says so."""
    says = " / ".join(line.because for line in draft_plan(intake, level, id="plan").missing)
    if intake is None:
        assert "no intake assessment is recorded" in says
    else:
        assert [name for name in intake.not_asked if f"`{name}`" in says] == [*intake.not_asked]


def kinds(intake: IntakeAssessment | None) -> set[ServiceKind]:
    """Give the kinds of service in a draft for intensive outpatient care."""
    return {service.kind for service in draft_plan(intake, IOP, id="plan").plan.services}


def test_an_intake_of_nothing_leaves_nothing_open() -> None:
    """Where everything was asked and nothing found, nothing is missing and peers are proposed."""
    draft = draft_plan(NOTHING, IOP, id="plan")
    assert draft.missing == ()
    peers = [s for s in draft.plan.services if s.kind is ServiceKind.PEER_SUPPORT]
    assert [service.counts for service in peers] == [False]
    assert [goal.id for goal in draft.plan.goals] == ["supports"]
    assert draft.plan.focus_areas == ()


def test_co_occurring_needs_bring_psychiatric_coordination() -> None:
    """A current condition is coordinated and attended to; one that is over is not."""
    now = MentalHealthHistory(description="anxiety", is_current=True, medication=True)
    over = MentalHealthHistory(description="trauma", is_current=False)
    found = IntakeAssessment(id="i", at=NOON, mental_health_history=(now, over))
    assert kinds(found) >= {
        ServiceKind.PSYCHIATRIC_COORDINATION,
        ServiceKind.MEDICATION_MANAGEMENT,
    }
    focus = draft_plan(found, IOP, id="plan").plan.focus_areas
    assert [coding.display for coding in focus] == ["anxiety"]
    gone = IntakeAssessment(id="i", at=NOON, mental_health_history=(over,))
    assert ServiceKind.PSYCHIATRIC_COORDINATION not in kinds(gone)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (
            {"mental_health_history": (MentalHealthHistory(description="anxiety"),)},
            "whether anxiety is current was not told",
        ),
        (
            {
                "mental_health_history": (
                    MentalHealthHistory(description="anxiety", is_current=True),
                )
            },
            "whether medication is taken for anxiety was not told",
        ),
        (
            {"substance_use": (SubstanceUse(substance=cc.Coding(code="beer")),)},
            "how often beer was used was not told",
        ),
        (
            {"daily_roles": (DailyRole(role=Role.WORK),)},
            "the hours of the week that work takes were not told",
        ),
    ],
)
def test_what_is_not_known_of_a_finding_is_said(parts: dict[str, Any], says: str) -> None:
    """A finding of which something was not told is never taken as if it had been."""
    intake = attrs.evolve(NOTHING, **parts)
    assert [line.because for line in draft_plan(intake, IOP, id="plan").missing] == [says]


def test_substance_use_brings_relapse_prevention() -> None:
    """Use that was told of brings therapy and the work on a plan; use last month is a focus."""
    some = SubstanceUse(substance=cc.Coding(code="beer"), frequency=UseFrequency.DAILY)
    none = SubstanceUse(substance=cc.Coding(code="wine"), frequency=UseFrequency.NONE)
    intake = IntakeAssessment(id="i", at=NOON, substance_use=(some, none))
    plan = draft_plan(intake, IOP, id="plan").plan
    assert [goal.id for goal in plan.goals] == ["relapse-prevention"]
    assert plan.goals[0].objectives[0].target
    assert [focus.code for focus in plan.focus_areas] == ["beer"]
    assert ServiceKind.COGNITIVE_BEHAVIOURAL_THERAPY in kinds(intake)


def test_two_findings_of_one_code_are_one_focus() -> None:
    """A focus area stands once in the plan, though two lines say why."""
    two = tuple(
        MentalHealthHistory(description=text, condition=cc.Coding(code="F41"), is_current=True)
        for text in ("worry", "panic")
    )
    draft = draft_plan(IntakeAssessment(id="i", at=NOON, mental_health_history=two), IOP, id="plan")
    assert draft.plan.focus_areas == (cc.Coding(code="F41"),)
    assert sum(isinstance(line.proposes, cc.Coding) for line in draft.lines) == 2


def test_the_hours_of_a_level_are_cited() -> None:
    """The service that makes up the hours rests on their source, the others on nobody's."""
    draft = draft_plan(INTAKE, IOP, id="plan")
    cited = {
        line.proposes.kind: line.citation
        for line in draft.lines
        if isinstance(line.proposes, PlannedService)
    }
    assert cited.pop(ServiceKind.GROUP_THERAPY) == "a source"
    assert set(cited.values()) == {ILLUSTRATIVE}
    unsourced = level("x", 1, hours=(ServiceHours(at_least=9),))
    assert draft_plan(None, unsourced, id="plan").lines[-1].citation == ILLUSTRATIVE


def test_a_level_of_few_hours_leaves_services_out_and_says_so() -> None:
    """What does not stay under the band is left out, and a line says which."""
    little = level("x", 1, hours=(ServiceHours(less_than=2),))
    draft = draft_plan(INTAKE, little, id="plan")
    assert [service.kind for service in draft.plan.services] == [
        ServiceKind.INDIVIDUAL_COUNSELLING,
        ServiceKind.PSYCHIATRIC_COORDINATION,
    ]
    assert [line.because.split(" is left out")[0] for line in draft.missing] == [
        "skill-building",
        "cognitive-behavioural-therapy",
        "family",
    ]


def test_a_band_too_narrow_for_whole_minutes_is_said() -> None:
    """Where no sessions of whole minutes meet the hours, a line says so and the draft misfits."""
    narrow = level("x", 1, hours=(ServiceHours(at_least=9.001, less_than=9.002),))
    draft = draft_plan(None, narrow, id="plan")
    assert draft.fits is False
    assert "no group sessions of whole minutes" in draft.missing[-1].because


def test_hours_that_go_by_age_ask_for_the_age() -> None:
    """With no age group known, hours that differ by it are not reached for, and a line says why."""
    mixed = level(
        "x",
        1,
        hours=(
            ServiceHours(at_least=9, age_group=AgeGroup.ADULT),
            ServiceHours(at_least=6, age_group=AgeGroup.ADOLESCENT),
        ),
    )
    unknown = draft_plan(NOTHING, mixed, id="plan")
    assert unknown.fits is None
    assert [line.because for line in unknown.missing] == [
        "the hours of the level go by age group, and that is not known"
    ]
    young = draft_plan(NOTHING, mixed, id="plan", age_group=AgeGroup.ADOLESCENT)
    assert young.plan.weekly_hours == 6
    assert not young.missing
    none = draft_plan(NOTHING, level("x", 1), id="plan", age_group=AgeGroup.ADULT)
    assert [line.because for line in none.missing] == [
        "the level sets no hours a week; none are reached for"
    ]


def test_a_draft_shows_nothing_of_the_patient() -> None:
    """Neither a draft nor its lines show in a repr what the intake told."""
    draft = draft_plan(INTAKE, IOP, id=CANARY)
    assert any(isinstance(line.proposes, Goal) for line in draft.lines)
    assert CANARY not in repr(draft) + repr(draft.lines) + repr(draft.plan)
