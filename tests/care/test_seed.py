"""The seed, row by row: what intensive outpatient care is, and what the library has for it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

import carecontinuum as cc
from carecontinuum.care import (
    Closing,
    DueKind,
    care_findings,
    closing,
    draft_plan,
    due,
    lost_to_contact,
    plan_conflicts,
)
from carecontinuum.facts import DaysSinceDischarge, RecordView
from carecontinuum.history import (
    Admitted,
    AftercarePlanRecorded,
    AttendanceRecorded,
    Body,
    Discharged,
    IntakeRecorded,
    RelapsePreventionPlanRecorded,
    ReturnToUse,
    TreatmentPlanRecorded,
)
from carecontinuum.records import (
    AftercarePlan,
    Attendance,
    AttendanceStatus,
    CheckIn,
    Contact,
    DailyRole,
    IntakeAssessment,
    MentalHealthHistory,
    PlannedService,
    RelapsePreventionPlan,
    Role,
    ServiceKind,
    Session,
    Stressor,
    SubstanceUse,
    TreatmentPlan,
    UseFrequency,
    WeeklySlot,
    weekly_hours,
)
from carecontinuum.rules import Truth

PROGRAM = cc.shipped_program("community")
IOP = PROGRAM.continuum.level("iop")
START = datetime(2026, 3, 2, 15, tzinfo=UTC)
DAY = timedelta(days=1)
INTAKE = IntakeAssessment(
    id="intake",
    at=START,
    mental_health_history=(
        MentalHealthHistory(
            description="trauma", condition=cc.Coding(code="trauma"), is_current=True
        ),
    ),
    substance_use=(SubstanceUse(substance=cc.Coding(code="alcohol"), frequency=UseFrequency.SOME),),
    stressors=(Stressor(description="a court date"),),
    supports=(Contact(name="Robin Sample"),),
    daily_roles=(
        DailyRole(
            role=Role.CAREGIVING,
            slots=(WeeklySlot(weekday=0, start=time(15), end=time(18)),),
        ),
    ),
)


def record(*told: tuple[float, Body]) -> cc.PatientRecord:
    """Make a record of things told so many days after an admission to intensive outpatient care."""
    events = [
        cc.Event(
            id=f"e-{n}",
            patient_id="p-1",
            episode_id="e-1",
            by="dr-sample",
            occurred_at=START + days * DAY,
            recorded_at=START + days * DAY,
            body=body,
        )
        for n, (days, body) in enumerate([(0, Admitted(level="iop")), *told])
    ]
    return cc.PatientRecord.of("p-1", events)


def test_structured_support_without_residence() -> None:
    """A plan at home has hours in the level's band; those received are counted beside it."""
    assert IOP.setting is cc.Setting.AMBULATORY
    plan = draft_plan(INTAKE, IOP, id="plan").plan
    assert IOP.hours[0].contains(float(plan.weekly_hours))
    three = tuple(
        Session(
            id=f"s-{n}",
            kind=ServiceKind.GROUP_THERAPY,
            start=START + 2 * n * DAY,
            end=START + 2 * n * DAY + DAY / 8,
            status=AttendanceStatus.ATTENDED,
        )
        for n in range(3)
    )
    told = record((7, AttendanceRecorded(attendance=Attendance(sessions=three))))
    (week,) = weekly_hours(
        told.care.sessions,
        calendar=PROGRAM.calendar,
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 8),
        at=START + 7 * DAY,
    )
    assert week.hours.least == 9


def test_evidence_based_therapies() -> None:
    """Individual counselling, groups, cognitive behavioural therapy and skills count into hours."""
    services = {one.kind: one for one in draft_plan(INTAKE, IOP, id="plan").plan.services}
    for kind in (
        ServiceKind.INDIVIDUAL_COUNSELLING,
        ServiceKind.GROUP_THERAPY,
        ServiceKind.COGNITIVE_BEHAVIOURAL_THERAPY,
        ServiceKind.SKILL_BUILDING,
    ):
        assert services[kind].counts


@pytest.mark.parametrize("role", [Role.WORK, Role.SCHOOL, Role.CAREGIVING])
def test_real_life_integration(role: Role) -> None:
    """Care that takes the time of work, school or care for others is reported."""
    taken = (WeeklySlot(weekday=0, start=time(15), end=time(18)),)
    intake = IntakeAssessment(id="i", at=START, daily_roles=(DailyRole(role=role, slots=taken),))
    plan = TreatmentPlan(
        id="plan",
        level="iop",
        services=(
            PlannedService(
                id="g",
                kind=ServiceKind.GROUP_THERAPY,
                sessions=3,
                minutes=180,
                slots=(WeeklySlot(weekday=0, start=time(17), end=time(20)),),
            ),
        ),
    )
    assert [one.role.role for one in plan_conflicts(plan, intake)] == [role]
    told = record((0, IntakeRecorded(intake=intake)), (1, TreatmentPlanRecorded(plan=plan)))
    (found,) = care_findings(told, START + DAY, program=PROGRAM)
    assert found.code == "role-conflict"


def test_personalised_care() -> None:
    """The intake feeds a draft: its focus areas, its psychiatric coordination, its frequency."""
    draft = draft_plan(INTAKE, IOP, id="plan")
    assert [focus.display or focus.code for focus in draft.plan.focus_areas] == [
        "trauma",
        "alcohol",
        "a court date",
    ]
    kinds = {service.kind for service in draft.plan.services}
    assert {ServiceKind.PSYCHIATRIC_COORDINATION, ServiceKind.FAMILY} <= kinds
    php = draft_plan(INTAKE, PROGRAM.continuum.level("php"), id="plan")
    assert draft.plan.weekly_hours < 20 <= php.plan.weekly_hours


def test_relapse_prevention() -> None:
    """A return to use asks for a reassessment and leaves the episode as it was."""
    prevention = RelapsePreventionPlan(id="rp", triggers=("paydays",), review_due=date(2026, 3, 10))
    before = record((1, RelapsePreventionPlanRecorded(plan=prevention)))
    after = record((1, RelapsePreventionPlanRecorded(plan=prevention)), (5, ReturnToUse()))
    told = due(after, START + 9 * DAY, calendar=PROGRAM.calendar)
    assert {DueKind.REASSESSMENT, DueKind.PLAN_REVIEW} <= {one.kind for one in told}
    then, now = before.episode("e-1"), after.episode("e-1")
    assert (now.status, now.level, now.discharge) == (then.status, then.level, None)


def aftercare() -> cc.PatientRecord:
    """Make a record with an aftercare plan of one check-in."""
    plan = AftercarePlan(id="ac", check_ins=(CheckIn(id="c", due=date(2026, 3, 20)),))
    return record((1, AftercarePlanRecorded(plan=plan)))


def closed() -> Closing:
    """Close the episode of that record."""
    return closing(
        aftercare(), "e-1", START + 10 * DAY, calendar=PROGRAM.calendar, id="c", by="dr-sample"
    )


def test_aftercare() -> None:
    """A check-in that nobody made is overdue, also once the episode has been closed."""
    told = aftercare().append(*closed().events)
    late = [one for one in due(told, START + 20 * DAY, calendar=PROGRAM.calendar) if one.is_overdue]
    assert DueKind.CHECK_IN in {one.kind for one in late}


def test_closing_an_episode_hands_over_what_goes_on() -> None:
    """The aftercare plan is listed, and goes on with the patient alone."""
    assert [item.handling.value for item in closed().items] == ["handed-over"]
    assert [event.episode_id for event in closed().events] == [None]


def test_lost_to_contact_is_derived() -> None:
    """Nothing is stored: the same record is lost to contact on a later day."""
    told = record()
    lost = [
        lost_to_contact(told, START + days * DAY, calendar=PROGRAM.calendar, after_days=30)
        for days in (30, 31)
    ]
    assert lost == [Truth.NO, Truth.YES]


def test_suits_the_medically_stable() -> None:
    """Unknown stability leaves an admission undetermined, instability forbids it, each with why."""
    program = cc.shipped_program("community")

    def admitted(**stated: object) -> cc.Decision:
        return cc.decide(
            cc.PatientRecord.of("p-1"),
            cc.admit(to="iop"),
            program=program,
            episode_id="e-1",
            at=ADMITTED_AT,
            by="dr",
            stated=stated,
        )

    unknown = admitted(withdrawal_risk=0)
    assert unknown.verdict is cc.Verdict.UNDETERMINED
    assert [need.fact for need in unknown.needs] == ["medically_stable"]
    assert admitted(withdrawal_risk=0, medically_stable=False).verdict is cc.Verdict.FORBID
    assert admitted(withdrawal_risk=0, medically_stable=True).verdict is cc.Verdict.PERMIT


def test_a_step_down_and_a_step_up() -> None:
    """Intensive outpatient care is below residential and above outpatient care, and all lead on."""
    continuum = cc.shipped_program("community").continuum
    kinds = {
        ways: continuum.route_kind(*ways)
        for ways in (("residential", "iop"), ("op", "iop"), ("iop", "op"), ("op", "aftercare"))
    }
    assert [kind.value for kind in kinds.values() if kind] == [
        "step_down",
        "step_up",
        "step_down",
        "aftercare",
    ]
    assert {"detox", "residential", "iop", "op"} <= set(continuum.entry)
    assert "iop" in continuum.leave_from
    assert "iop" in continuum.discharge_from
    assert continuum.route_kind("aftercare", "iop") is not None


def test_what_happens_after_completion() -> None:
    """A discharge is coded; what follows is known from the next admission, not from its code."""
    days = timedelta(days=1)

    def told(id: str, episode: str, day: int, body: Body) -> cc.Event:
        at = ADMITTED_AT + day * days
        return cc.Event(
            id=id,
            patient_id="p-1",
            episode_id=episode,
            occurred_at=at,
            recorded_at=at,
            by="dr",
            body=body,
        )

    record = cc.PatientRecord.of(
        "p-1",
        [
            told("a", "e-1", 0, Admitted(level="iop")),
            told("b", "e-1", 40, Discharged(kind="transfer", destination="op-elsewhere")),
            told("c", "e-2", 47, Admitted(level="op", readmission_of="e-1")),
        ],
    )
    ended = record.episode("e-1").discharge
    assert ended is not None
    assert (ended.kind, ended.destination) == ("transfer", "op-elsewhere")
    program = cc.shipped_program("community")
    view = RecordView(
        record=record,
        episode=record.episode("e-2"),
        at=ADMITTED_AT + 47 * days,
        calendar=program.calendar,
    )
    found = DaysSinceDischarge().read(view)
    assert isinstance(found, cc.Known)
    assert found.value == 7
    assert record.episode("e-2").readmission_of == "e-1"


ADMITTED_AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
