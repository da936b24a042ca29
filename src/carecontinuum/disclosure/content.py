"""What of a record may be told under a scope, chosen event by event."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import get_args

import attrs

from carecontinuum.datatypes import Actor, When
from carecontinuum.history import (
    Admitted,
    AftercarePlanRecorded,
    AssessmentRecorded,
    AttendanceRecorded,
    AuthorizationRecorded,
    Change,
    ConsentRecorded,
    Event,
    IntakeRecorded,
    LegalStatusRecorded,
    PatientRecord,
    PatientRecorded,
    PlacementReviewed,
    RelapsePreventionPlanRecorded,
    ReturnToUse,
    TreatmentPlanRecorded,
)
from carecontinuum.records import DisclosureRequest, RecordKind

__all__ = ["KINDS", "Note", "covered_events", "covered_notes"]

KINDS: Mapping[type, RecordKind] = MappingProxyType(
    {
        **dict.fromkeys(get_args(Change), RecordKind.COURSE_OF_CARE),
        PlacementReviewed: RecordKind.PLACEMENT_REVIEWS,
        LegalStatusRecorded: RecordKind.LEGAL_STATUS,
        ReturnToUse: RecordKind.RETURNS_TO_USE,
        PatientRecorded: RecordKind.PATIENT,
        IntakeRecorded: RecordKind.INTAKES,
        AssessmentRecorded: RecordKind.ASSESSMENTS,
        TreatmentPlanRecorded: RecordKind.TREATMENT_PLANS,
        RelapsePreventionPlanRecorded: RecordKind.RELAPSE_PREVENTION_PLANS,
        AftercarePlanRecorded: RecordKind.AFTERCARE_PLANS,
        AttendanceRecorded: RecordKind.ATTENDANCE,
        AuthorizationRecorded: RecordKind.AUTHORIZATIONS,
        ConsentRecorded: RecordKind.CONSENTS,
    }
)
"""The kind of record that each body of an event is; a body of none of them is never told.

Decisions, mergers, amendments and the log of disclosures are of none.
"""


@attrs.frozen(order=False, kw_only=True)
class Note:
    """The free text of an event, which may hold what was said in counselling.

    Attributes:
        event_id: The event.
        at: When it occurred.
        by: Who wrote it.
        text: The text; never shown in a repr.
    """

    event_id: str
    at: When
    by: Actor
    text: str = attrs.field(repr=False)


def covered_events(
    record: PatientRecord, request: DisclosureRequest, *, patient_alone: bool
) -> tuple[Event, ...]:
    """Give the believed events that a request's scope covers, without what it does not cover.

    Free text and the ids of other systems' messages never go along. Reasons and identifiers go with
    the course of care alone, and an earlier episode is named only where it is asked for too.

    Args:
        record: The record as it was known when the request was cleared.
        request: What was asked for.
        patient_alone: Whether events that concern the patient and no episode are covered.
    """
    return tuple(
        _told(event, request)
        for event in _of_the_episodes(record, request, patient_alone=patient_alone)
        if KINDS[type(event.body)] in request.scope
    )


def _told(event: Event, request: DisclosureRequest) -> Event:
    told = attrs.evolve(event, note="", source=None)
    if KINDS[type(event.body)] is not RecordKind.COURSE_OF_CARE:
        return attrs.evolve(told, identifiers=(), reason_code=None)
    if isinstance(event.body, Admitted) and event.body.readmission_of not in request.episode_ids:
        return attrs.evolve(told, body=attrs.evolve(event.body, readmission_of=None))
    return told


def covered_notes(
    record: PatientRecord, request: DisclosureRequest, *, patient_alone: bool
) -> tuple[Note, ...]:
    """Give the free texts, where the scope covers them; the arguments are as before."""
    if RecordKind.NOTES not in request.scope:
        return ()
    return tuple(
        Note(event_id=event.id, at=event.occurred_at, by=event.by, text=event.note)
        for event in _of_the_episodes(record, request, patient_alone=patient_alone)
        if event.note
    )


def _of_the_episodes(
    record: PatientRecord, request: DisclosureRequest, *, patient_alone: bool
) -> Iterator[Event]:
    wanted = {*request.episode_ids, *([None] if patient_alone else [])}
    for event in record.believed:
        if event.episode_id in wanted and type(event.body) in KINDS:
            yield event
