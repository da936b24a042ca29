"""Invented records of care that the tests share; every text in them is a canary."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import carecontinuum as cc
from carecontinuum import records
from carecontinuum.records import (
    Achievement,
    AttendanceStatus,
    AuthorizationStatus,
    AuthorizedUnit,
    CheckInOutcome,
    ConsentPurpose,
    GoalLifecycle,
    GrantorKind,
    NotRated,
    Role,
    ServiceKind,
    UseFrequency,
)

CANARY = "CANARY-7731"
"""Stands in every text that could identify somebody, and must show nowhere."""
MONDAY = datetime(2031, 3, 3, 15, 0, tzinfo=UTC)
DUE = date(2031, 4, 4)
CODED = "CODED-4242"
"""Stands in every code that says something of the patient; only the code itself shows it."""
CODING = cc.Coding(code=CODED, system="urn:x", display=CODED)
SIGNED = records.Signature(by=cc.Actor(CANARY, role="clinician"), at=MONDAY)
EVENING = records.WeeklySlot(weekday=0, start=time(17), end=time(20))
CONTACT = records.Contact(name=CANARY, relationship=CANARY, telecom=CANARY)

PATIENT = records.Patient(
    id=CANARY,
    name=CANARY,
    birth_date=date(2004, 2, 29),
    gender=records.Gender.UNKNOWN,
    identifiers=(cc.Identifier(system="urn:x", value=CANARY),),
)
ASSESSMENT = records.Assessment(
    id=CANARY,
    instrument="invented",
    edition="1",
    at=MONDAY,
    by=CANARY,
    ratings={"rest": 2, "work": NotRated.REFUSED},
    note=CANARY,
)
INTAKE = records.IntakeAssessment(
    id=CANARY,
    at=MONDAY,
    by=CANARY,
    mental_health_history=(
        records.MentalHealthHistory(
            description=CANARY, condition=CODING, since=MONDAY, is_current=True, medication=False
        ),
    ),
    substance_use=(
        records.SubstanceUse(
            substance=CODING,
            frequency=UseFrequency.SOME,
            last_use=MONDAY,
            age_at_first_use=17,
            pattern=CANARY,
        ),
    ),
    stressors=(records.Stressor(description=CANARY, coding=CODING),),
    supports=(CONTACT,),
    daily_roles=(records.DailyRole(role=Role.WORK, description=CANARY, slots=(EVENING,)),),
    note=CANARY,
)


def service(id: str = CANARY, **more: Any) -> records.PlannedService:
    """Make a planned service: a group of three hours, three times a week."""
    given: dict[str, Any] = {"kind": ServiceKind.GROUP_THERAPY, "sessions": 3, "minutes": 180}
    return records.PlannedService(id=id, **{**given, **more})


def goal(id: str = CANARY, **more: Any) -> records.Goal:
    """Make a goal."""
    return records.Goal(id=id, **{"description": CANARY, **more})


def plan(**changes: Any) -> records.TreatmentPlan:
    """Make a treatment plan."""
    given: dict[str, Any] = {
        "id": CANARY,
        "level": "iop",
        "starts": date(2031, 3, 3),
        "ends": date(2031, 5, 30),
        "problems": (records.TreatmentProblem(id="p", description=CANARY, coding=CODING),),
        "goals": (
            goal(
                "g",
                lifecycle=GoalLifecycle.ACTIVE,
                achievement=Achievement.IMPROVING,
                problems=("p",),
                objectives=(
                    records.Objective(
                        id=CANARY,
                        description=CANARY,
                        target=CANARY,
                        due=DUE,
                        achievement=Achievement.IN_PROGRESS,
                    ),
                ),
            ),
        ),
        "interventions": (
            records.Intervention(
                id=CANARY, description=CANARY, goals=("g",), services=("s",), coding=CODING
            ),
        ),
        "services": (
            service("s", slots=(EVENING,), provider_role=CANARY, coding=CODING),
            service("c", kind=ServiceKind.CASE_MANAGEMENT, minutes=60, counts=False),
        ),
        "focus_areas": (CODING,),
        "review_due": DUE,
        "signatures": (SIGNED,),
        "note": CANARY,
    }
    return records.TreatmentPlan(**{**given, **changes})


def relapse_plan(**changes: Any) -> records.RelapsePreventionPlan:
    """Make a relapse-prevention plan."""
    given: dict[str, Any] = {
        "id": CANARY,
        "triggers": (CANARY,),
        "warning_signs": (CANARY,),
        "high_risk_situations": (CANARY,),
        "coping_steps": (CANARY,),
        "routines": (CANARY,),
        "supports": (CONTACT,),
        "crisis_contacts": (CONTACT,),
        "review_due": DUE,
        "signatures": (SIGNED,),
    }
    return records.RelapsePreventionPlan(**{**given, **changes})


def check_in(id: str = CANARY, **more: Any) -> records.CheckIn:
    """Make a check-in."""
    return records.CheckIn(id=id, **{"due": DUE, **more})


def aftercare_plan(**changes: Any) -> records.AftercarePlan:
    """Make an aftercare plan."""
    given: dict[str, Any] = {
        "id": CANARY,
        "therapy": (service(),),
        "support_groups": (records.SupportGroup(name=CANARY, times_a_week=2),),
        "lifestyle_goals": (goal(),),
        "check_ins": (
            check_in("a", done=DUE, outcome=CheckInOutcome.REACHED, with_=CONTACT, note=CANARY),
            check_in("b"),
        ),
        "signatures": (SIGNED,),
    }
    return records.AftercarePlan(**{**given, **changes})


def session(
    id: str = CANARY,
    days: float = 0,
    *,
    hours: float = 3,
    status: AttendanceStatus = AttendanceStatus.ATTENDED,
    **more: Any,
) -> records.Session:
    """Make a session so many days after `MONDAY`."""
    given: dict[str, Any] = {
        "kind": ServiceKind.GROUP_THERAPY,
        "start": MONDAY + timedelta(days=days),
        "end": MONDAY + timedelta(days=days, hours=hours),
    }
    return records.Session(id=id, status=status, **{**given, **more})


ATTENDANCE = records.Attendance(
    sessions=(
        session(arrived=MONDAY + timedelta(minutes=5), left=MONDAY + timedelta(hours=2)),
        session("2", 1, status=AttendanceStatus.MISSED, service=CANARY),
    )
)


def authorization(**changes: Any) -> records.Authorization:
    """Make an authorisation of thirty days."""
    given: dict[str, Any] = {
        "id": CANARY,
        "payer": CANARY,
        "status": AuthorizationStatus.PARTIAL,
        "level": "iop",
        "first_day": date(2031, 3, 3),
        "last_day": date(2031, 4, 1),
        "unit": AuthorizedUnit.DAYS,
        "requested": 60,
        "approved": 30,
        "review_lead_days": 7,
        "number": CANARY,
        "reason_code": CANARY,
    }
    return records.Authorization(**{**given, **changes})


def consent(**changes: Any) -> records.Consent:
    """Make a complete consent."""
    given: dict[str, Any] = {
        "id": CANARY,
        "patient": CANARY,
        "grantor": GrantorKind.PATIENT,
        "granted_by": CANARY,
        "disclosers": (CANARY,),
        "what": CANARY,
        "recipients": (CANARY,),
        "intermediary": CANARY,
        "participants": (CANARY,),
        "purpose": ConsentPurpose.TREATMENT_PAYMENT_OPERATIONS,
        "tells_of_revocation": True,
        "tells_of_redisclosure": True,
        "signed_on": date(2031, 3, 3),
        "expires_when": CANARY,
        "expired_on": date(2031, 9, 1),
        "revoked_on": date(2031, 8, 1),
        "scope": {records.RecordKind.ASSESSMENTS, records.RecordKind.ATTENDANCE},
    }
    return records.Consent(**{**given, **changes})


PARTY = records.Party(name=CANARY, classes=(CANARY,))
REQUEST = records.DisclosureRequest(
    episode_ids=(CANARY,),
    scope=frozenset({records.RecordKind.ASSESSMENTS, records.RecordKind.NOTES}),
    recipient=PARTY,
    discloser=PARTY,
    purpose=ConsentPurpose.TREATMENT,
)
CLAIM = records.ExemptionClaimed(
    exemption=records.Exemption.MEDICAL_EMERGENCY,
    justification=CANARY,
    no_consent=records.NoConsent.NOT_OBTAINABLE,
    affiliation=CANARY,
)

RECORDS: tuple[object, ...] = (
    PATIENT,
    ASSESSMENT,
    INTAKE,
    plan(),
    relapse_plan(),
    aftercare_plan(),
    ATTENDANCE,
    authorization(),
    consent(),
    consent(expires_on=date(2031, 12, 31), expires_when="", expired_on=None),
    REQUEST,
    CLAIM,
)
"""One of each record, with something in each of its fields."""


def problems(error: cc.CareContinuumError) -> Iterator[tuple[str, str]]:
    """Give the path and the code of each problem of an error."""
    assert isinstance(error, cc.Invalid)
    for problem in error.problems:
        yield problem.path, problem.code
