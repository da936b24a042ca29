"""Invented consents, requests and records of somebody whom others ask about."""

from datetime import date
from typing import Any

import carecontinuum as cc
from carecontinuum.datatypes import Calendar
from carecontinuum.disclosure import Clearance, DisclosureRefused, clear
from carecontinuum.history import (
    Admitted,
    AssessmentRecorded,
    AttendanceRecorded,
    Body,
    ConsentRecorded,
    PatientRecorded,
    PatientsMerged,
    PlacementReviewed,
    ReturnToUse,
    WhyNot,
)
from carecontinuum.records import (
    Assessment,
    Attendance,
    Consent,
    ConsentPurpose,
    DisclosureRequest,
    Exemption,
    ExemptionClaimed,
    NoConsent,
    Party,
    Patient,
    RecordKind,
)
from invented import DAY, START, event

CALENDAR = Calendar(zone="America/New_York")
NOW = START + 10 * DAY
"""The moment when somebody asks: 12 March 2026, before noon in New York."""
TODAY = CALENDAR.day(NOW)
CLINIC = Party(name="Harbor Sample Program", classes=("treatment program",))
DOCTOR = Party(name="Dr. Invented", classes=("my treating providers",))
KINDS = {RecordKind.ASSESSMENTS, RecordKind.ATTENDANCE, RecordKind.COURSE_OF_CARE}
PURPOSES = list(ConsentPurpose)


def consent(id: str = "c-1", **changes: Any) -> Consent:
    """Make a complete consent to treatment, signed on the day of admission."""
    given: dict[str, Any] = {
        "patient": "Kim Sample",
        "granted_by": "kim",
        "disclosers": (CLINIC.name,),
        "what": "assessments, attendance, and where care went on",
        "recipients": (DOCTOR.name,),
        "purpose": ConsentPurpose.TREATMENT,
        "tells_of_revocation": True,
        "tells_of_redisclosure": True,
        "signed_on": date(2026, 3, 2),
        "expires_on": date(2026, 12, 31),
        "scope": KINDS,
    }
    return Consent(id=id, **{**given, **changes})


def request(**changes: Any) -> DisclosureRequest:
    """Make a request that the consent covers."""
    given: dict[str, Any] = {
        "episode_ids": ("e-1",),
        "scope": KINDS,
        "recipient": DOCTOR,
        "discloser": CLINIC,
        "purpose": ConsentPurpose.TREATMENT,
    }
    return DisclosureRequest(**{**given, **changes})


def asked_on(exemption: Exemption, **changes: Any) -> DisclosureRequest:
    """Make a request that an exemption may cover: within the program, it asks itself."""
    within = exemption is Exemption.WITHIN_THE_PROGRAM
    return request(**({"recipient": CLINIC} if within else {}), **changes)


def emergency(**changes: Any) -> ExemptionClaimed:
    """Claim a medical emergency."""
    given: dict[str, Any] = {
        "exemption": Exemption.MEDICAL_EMERGENCY,
        "justification": "unconscious after a fall",
        "no_consent": NoConsent.NOT_OBTAINABLE,
        "affiliation": "Sample General Hospital",
    }
    return ExemptionClaimed(**{**given, **changes})


def claim(exemption: Exemption) -> ExemptionClaimed:
    """Claim an exemption, with all that it asks for."""
    return emergency(exemption=exemption)


ASSESSED = Assessment(id="a-1", instrument="invented", edition="1", at=START, ratings={"rest": 2})
CARE: tuple[tuple[str, Body, float, dict[str, Any]], ...] = (
    ("admitted", Admitted(level="res"), 0, {"note": "came with her brother"}),
    (
        "kim",
        PatientRecorded(patient=Patient(id="mrn-1", name="Kim Sample")),
        0,
        {"episode_id": None},
    ),
    ("assessed", AssessmentRecorded(assessment=ASSESSED), 1, {"note": "said she is afraid"}),
    ("attended", AttendanceRecorded(attendance=Attendance(sessions=())), 2, {"episode_id": None}),
    ("used", ReturnToUse(), 3, {}),
    ("reviewed", PlacementReviewed(levels=("iop",), settled=True), 4, {}),
    (
        "other",
        Admitted(level="op", confidentiality="standard"),
        5,
        {"episode_id": "e-2", "note": "for sleep"},
    ),
)


def recorded(*said: Body | tuple[Body, dict[str, Any]], **more: Any) -> cc.PatientRecord:
    """Make a record of care on two episodes, the second of them standard, and of what is said."""
    events = [event(id, body, days, **told) for id, body, days, told in CARE]
    for number, item in enumerate(said):
        body, own = item if isinstance(item, tuple) else (item, {})
        told = {"episode_id": None, "days": 6, **more, **own}
        events.append(event(f"said-{number}", body, **told))
    return cc.PatientRecord.of("p-1", sorted(events, key=lambda one: one.recorded_at))


def consented(*consents: Consent, **more: Any) -> cc.PatientRecord:
    """Make a record with consents about the patient alone."""
    return recorded(*(ConsentRecorded(consent=one) for one in consents), **more)


def merged_with(other: str) -> cc.PatientRecord:
    """Make a record without a consent, of somebody who turned out to be another patient too."""
    return recorded(PatientsMerged(patient_id=other))


def ask(record: cc.PatientRecord, asked: DisclosureRequest | None = None, **more: Any) -> Clearance:
    """Ask the gate now."""
    given: dict[str, Any] = {"at": NOW, "calendar": CALENDAR}
    return clear(record, asked or request(), **{**given, **more})


def why_not(
    record: cc.PatientRecord, asked: DisclosureRequest | None = None, **more: Any
) -> tuple[WhyNot, ...]:
    """Ask the gate now, and give its reasons; nothing where it opens."""
    try:
        ask(record, asked, **more)
    except DisclosureRefused as refused:
        assert refused.reasons
        return refused.reasons
    return ()


def codes(
    record: cc.PatientRecord, asked: DisclosureRequest | None = None, **more: Any
) -> list[str]:
    """Ask the gate now, and give its reasons by their codes."""
    return [reason.code.value for reason in why_not(record, asked, **more)]
