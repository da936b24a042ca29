"""The records of the demo's story: invented, and read by its policies."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from carecontinuum.facts import (
    AftercarePlanReady,
    HoursFitLevel,
    InstrumentScore,
    Reading,
    RelapsePreventionPlanReady,
    Source,
)
from carecontinuum.library import shipped_instrument, shipped_program
from carecontinuum.policies import requires
from carecontinuum.programs import Program
from carecontinuum.records import (
    AftercarePlan,
    Assessment,
    Attendance,
    AttendanceStatus,
    CheckIn,
    Contact,
    PlannedService,
    RelapsePreventionPlan,
    ServiceKind,
    Session,
    SupportGroup,
    TreatmentPlan,
)
from carecontinuum.rules import Choice, Count, Flag

__all__ = [
    "ZONE",
    "aftercare_plan",
    "assessed",
    "attended",
    "program_on_records",
    "relapse_prevention_plan",
    "treatment_plan",
]

ZONE = ZoneInfo("America/New_York")
CITED = "illustrative, not medical advice"
_LEVEL = Choice("level", title="The present level")
HOURS_FIT = Flag("hours_fit_level", title="The hours received last week fit the level")
DEPRESSION = Count("phq_9", hi=27, title="Depression severity, PHQ-9 total")


def program_on_records() -> Program:
    """Give the shipped program with its facts read from records wherever there are some."""
    shipped = shipped_program("community")
    recorded: dict[str, Source[bool]] = {
        "relapse_prevention_plan": RelapsePreventionPlanReady(),
        "aftercare_plan": AftercarePlanReady(),
    }
    readings = [attrs.evolve(r, source=recorded.get(r.fact.id, r.source)) for r in shipped.readings]
    phq_9 = InstrumentScore(instrument=shipped_instrument("phq-9"), within_days=30)
    hours = requires(
        HOURS_FIT,
        id="demo.hours-received",
        on=["step_down"],
        applies=_LEVEL.one_of("iop"),
        says="a step down from intensive outpatient care that was received",
        citation=CITED,
        overridable_by=["physician"],
    )
    mood = requires(
        DEPRESSION <= _MODERATE,
        id="demo.mood",
        on=["step_down"],
        applies=_LEVEL.one_of("iop"),
        says="a PHQ-9 of the last 30 days that is not moderately severe",
        citation=CITED,
        overridable_by=["physician"],
    )
    return attrs.evolve(
        shipped,
        id="community-on-records",
        readings=(*readings, Reading(HOURS_FIT, HoursFitLevel()), Reading(DEPRESSION, phq_9)),
        policies=(*shipped.policies, hours, mood),
    )


_MODERATE = 14


def treatment_plan(starts: date) -> TreatmentPlan:
    """Plan nine hours a week of intensive outpatient care."""
    return TreatmentPlan(
        id="plan-1",
        level="iop",
        starts=starts,
        services=(
            PlannedService(id="skills", kind=ServiceKind.SKILL_BUILDING, sessions=2, minutes=180),
            PlannedService(id="group", kind=ServiceKind.GROUP_THERAPY, sessions=1, minutes=180),
        ),
        review_due=starts + timedelta(days=30),
    )


def attended(monday: date, *, missed: int = 0) -> Attendance:
    """Attend three sessions of three hours in a week, or miss the last ones of them."""
    return Attendance(sessions=tuple(_sessions(monday, missed)))


def _sessions(monday: date, missed: int) -> Iterator[Session]:
    for number, day in enumerate((0, 2, 4)):
        start = datetime.combine(monday + timedelta(days=day), datetime.min.time(), ZONE)
        came = number < 3 - missed
        yield Session(
            id=f"{monday.isoformat()}-{number}",
            kind=ServiceKind.GROUP_THERAPY,
            start=start + timedelta(hours=17),
            end=start + timedelta(hours=20),
            status=AttendanceStatus.ATTENDED if came else AttendanceStatus.MISSED,
        )


def assessed(id: str, at: datetime, each: int) -> Assessment:
    """Rate every item of a PHQ-9 alike, but for the one that must be looked at, which is 0."""
    items = [item.id for item in shipped_instrument("phq-9").items]
    return Assessment(
        id=id,
        instrument="phq-9",
        edition=shipped_instrument("phq-9").edition,
        at=at,
        by="dr-sample",
        ratings={item: 0 if item == items[-1] else each for item in items},
    )


def relapse_prevention_plan() -> RelapsePreventionPlan:
    """Write down triggers, signs, steps and whom to call."""
    friend = Contact(name="Sam Sample", relationship="friend")
    return RelapsePreventionPlan(
        id="relapse-1",
        triggers=("pay day",),
        warning_signs=("skipping the group",),
        high_risk_situations=("the old bar",),
        coping_steps=("call Sam", "go for a walk"),
        routines=("breakfast at seven",),
        supports=(friend,),
        crisis_contacts=(friend,),
    )


def aftercare_plan(first: date) -> AftercarePlan:
    """Plan ongoing therapy, a group and monthly check-ins."""
    return AftercarePlan(
        id="aftercare-1",
        therapy=(
            PlannedService(
                id="therapy", kind=ServiceKind.INDIVIDUAL_COUNSELLING, sessions=1, minutes=50
            ),
        ),
        support_groups=(SupportGroup(name="an invented group", times_a_week=1),),
        check_ins=tuple(
            CheckIn(id=f"c-{month}", due=first + timedelta(days=30 * month)) for month in range(6)
        ),
    )
