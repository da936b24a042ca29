"""Treatment, relapse-prevention and aftercare plans."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from carecontinuum.records import (
    Achievement,
    CheckInOutcome,
    Goal,
    GoalLifecycle,
    Intervention,
    Objective,
    PlannedService,
    RecordInvalid,
    RelapsePreventionPlan,
    ServiceKind,
    SupportGroup,
    TreatmentPlan,
    TreatmentProblem,
)
from recorded import (
    DUE,
    MONDAY,
    aftercare_plan,
    check_in,
    goal,
    plan,
    problems,
    relapse_plan,
    service,
)


def test_weekly_hours_are_exact() -> None:
    """Hours a week are those of the services that count, as a fraction and not a float."""
    services = (
        service("a", sessions=3, minutes=50),
        service("b", sessions=1, every_weeks=3, minutes=10),
        service("c", counts=False),
    )
    assert TreatmentPlan(id="p", services=services).weekly_hours == Fraction(460, 180)
    assert TreatmentPlan(id="p").weekly_hours == 0
    assert plan().weekly_hours == 9


def test_a_plan_is_signed_by_somebody_in_a_role() -> None:
    """A signature counts for the role it was given in."""
    assert plan().is_signed_by("clinician")
    assert not plan().is_signed_by("physician")


def test_a_goal_is_met_or_not() -> None:
    """Achieved and sustaining are met; nothing else is, and a dropped goal is not pursued."""
    assert [found for found in Achievement if found.is_met] == [
        Achievement.ACHIEVED,
        Achievement.SUSTAINING,
    ]
    pursued = [state for state in GoalLifecycle if goal(lifecycle=state).is_pursued]
    assert [state.value for state in pursued] == ["accepted", "active", "on-hold", "completed"]


def test_all_that_is_wrong_with_a_treatment_plan_is_told_at_once() -> None:
    """Every part of a plan says what is wrong with it and where."""
    broken = Objective(id="", description="x", due=MONDAY, achievement="x")  # type: ignore[arg-type]
    with pytest.raises(RecordInvalid) as caught:
        TreatmentPlan(
            id="",
            version=0,
            status="active",  # type: ignore[arg-type]
            starts=date(2031, 3, 3),
            ends=date(2031, 3, 2),
            review_due=MONDAY,
            problems=(TreatmentProblem(id="p", description=""),),
            goals=(
                Goal(id="g", description="x", problems=("p", "q"), objectives=(broken,)),
                Goal(id="g", description="x", lifecycle="x", achievement="y"),  # type: ignore[arg-type]
            ),
            interventions=(Intervention(id="i", description="", goals=("h",), services=("s",)),),
        )
    assert list(problems(caught.value)) == [
        ("id", "empty"),
        ("version", "out-of-range"),
        ("status", "unknown-value"),
        ("review_due", "not-a-day"),
        ("ends", "backwards"),
        ("goals[1].id", "repeated"),
        ("problems[0].description", "empty"),
        ("goals[0].objectives[0].id", "empty"),
        ("goals[0].objectives[0].due", "not-a-day"),
        ("goals[0].objectives[0].achievement", "unknown-value"),
        ("goals[1].lifecycle", "unknown-value"),
        ("goals[1].achievement", "unknown-value"),
        ("interventions[0].description", "empty"),
        ("goals[0].problems[1]", "not-in-the-plan"),
        ("interventions[0].goals[0]", "not-in-the-plan"),
        ("interventions[0].services[0]", "not-in-the-plan"),
    ]


def test_a_plan_of_one_day() -> None:
    """A plan may end on the day it starts; one whose days are no days is not compared."""
    assert plan(starts=DUE, ends=DUE).ends == DUE
    with pytest.raises(RecordInvalid) as caught:
        plan(starts=MONDAY, ends=DUE)
    assert list(problems(caught.value)) == [("starts", "not-a-day")]


def test_a_service_is_given_often_enough_to_count() -> None:
    """A service has a kind, and at least one session of at least a minute, at most a day."""
    with pytest.raises(RecordInvalid) as caught:
        PlannedService(id="", kind="group", sessions=0, every_weeks=True, minutes=1441)  # type: ignore[arg-type]
    assert list(problems(caught.value)) == [
        ("id", "empty"),
        ("kind", "unknown-value"),
        ("sessions", "out-of-range"),
        ("every_weeks", "out-of-range"),
        ("minutes", "out-of-range"),
    ]
    kind = ServiceKind.EDUCATION
    assert PlannedService(id="s", kind=kind, minutes=1440).weekly_minutes == 1440


def test_a_relapse_prevention_plan_tells_its_gaps() -> None:
    """What is still to be written is told; a full plan has no gap."""
    assert relapse_plan().gaps == ()
    assert relapse_plan(routines=(), crisis_contacts=()).gaps == ("routines", "crisis_contacts")


def test_all_that_is_wrong_with_a_relapse_prevention_plan_is_told_at_once() -> None:
    """Every empty line is told with where it stands."""
    with pytest.raises(RecordInvalid) as caught:
        RelapsePreventionPlan(
            id="",
            version=0,
            triggers=("x", ""),
            coping_steps=(" ",),
            review_due=MONDAY,
        )
    assert list(problems(caught.value)) == [
        ("id", "empty"),
        ("version", "out-of-range"),
        ("review_due", "not-a-day"),
        ("triggers[1]", "empty"),
        ("coping_steps[0]", "empty"),
    ]


def test_a_check_in_is_overdue_from_the_day_after() -> None:
    """On the day itself a check-in is not overdue; with an outcome it never is."""
    made = aftercare_plan(check_ins=(check_in("a"), check_in("b", outcome=CheckInOutcome.DECLINED)))
    assert made.overdue(DUE) == ()
    assert [found.id for found in made.overdue(DUE + timedelta(days=1))] == ["a"]


def test_all_that_is_wrong_with_an_aftercare_plan_is_told_at_once() -> None:
    """Every part of a plan says what is wrong with it and where."""
    with pytest.raises(RecordInvalid) as caught:
        aftercare_plan(
            id="",
            version=0,
            therapy=(service("s"), service("s")),
            support_groups=(SupportGroup(name=""), SupportGroup(name="x", times_a_week=0)),
            lifestyle_goals=(goal(description=""),),
            check_ins=(
                check_in("", due=MONDAY),
                check_in("b", done=DUE),
                check_in("c", done=MONDAY, outcome="reached"),
                check_in("d", outcome=CheckInOutcome.REACHED),
            ),
        )
    assert list(problems(caught.value)) == [
        ("id", "empty"),
        ("version", "out-of-range"),
        ("therapy[1].id", "repeated"),
        ("support_groups[0].name", "empty"),
        ("support_groups[1].times_a_week", "out-of-range"),
        ("lifestyle_goals[0].description", "empty"),
        ("check_ins[0].id", "empty"),
        ("check_ins[0].due", "not-a-day"),
        ("check_ins[1].outcome", "no-outcome"),
        ("check_ins[2].done", "not-a-day"),
        ("check_ins[2].outcome", "unknown-value"),
        ("check_ins[3].done", "no-day"),
    ]
