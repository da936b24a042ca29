"""Telling what was cleared: the document, and the event that logs it."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from carecontinuum.canonical import Json, digest, plain
from carecontinuum.codec import SCHEMA, to_json
from carecontinuum.datatypes import Actor, actor, utc
from carecontinuum.disclosure.clearance import Clearance
from carecontinuum.disclosure.errors import DisclosureRefused
from carecontinuum.history import Disclosed, DisclosureLog, Event, PatientRecord

__all__ = ["Disclosure", "disclose", "log_refusal"]


@attrs.frozen(order=False, kw_only=True)
class Disclosure:
    """What is told, and the event that logs it, which is to be kept before anybody is told.

    Attributes:
        event: The `Disclosed` event.
        document: The records as JSON, with the notice, labels and the scope explained; never shown
            in a repr.
    """

    event: Event
    document: Mapping[str, Json] = attrs.field(repr=False, hash=False)


def disclose(
    record: PatientRecord, clearance: Clearance, *, at: datetime, by: str | Actor, id: str
) -> Disclosure:
    """Make the document that a clearance covers, and the event that logs it.

    Keep the event first, and then hand out the document: whoever is interrupted in between has
    logged what was not told, never told what was not logged.

    Args:
        record: The record that the clearance was given for.
        clearance: What the gate gave.
        at: The moment now, an aware datetime.
        by: Who discloses.
        id: The id of the event, which the document names.

    Raises:
        ClearanceMisfit: It is for another record, or the record has changed.
        ClearanceOver: It does not hold at that moment.
    """
    document = _document(record, clearance, at=at, id=id)
    consent = clearance.consent
    body = Disclosed(
        request=clearance.request,
        consent_id=None if consent is None else consent.id,
        exemption=clearance.exemption,
        digest=digest(document),
    )
    return Disclosure(event=_logged(record, body, at=at, by=by, id=id), document=document)


def log_refusal(
    record: PatientRecord, refused: DisclosureRefused, *, at: datetime, by: str | Actor, id: str
) -> Event:
    """Make the event that logs a refusal.

    Args:
        record: The record that was asked for.
        refused: What the gate raised.
        at: The moment it was asked for, an aware datetime.
        by: Who would have disclosed.
        id: The id of the event.
    """
    return _logged(record, refused.refused, at=at, by=by, id=id)


def _logged(
    record: PatientRecord, body: DisclosureLog, *, at: datetime, by: str | Actor, id: str
) -> Event:
    last = record.events[-1].recorded_at if record.events else utc(at)
    return Event(
        id=id,
        patient_id=record.patient_id,
        occurred_at=at,
        recorded_at=max(utc(at), last),
        by=actor(by),
        body=body,
    )


def _document(
    record: PatientRecord, clearance: Clearance, *, at: datetime, id: str
) -> dict[str, Json]:
    events = clearance.events(record, at=at)
    notes = clearance.notes(record, at=at)
    return {
        "schema": SCHEMA,
        "type": "disclosure",
        "id": id,
        "disclosed_at": plain(utc(at)),
        "notice": clearance.notice,
        "labels": [plain(label) for label in clearance.labels],
        "explanation": _explanation(clearance),
        "events": [to_json(event) for event in events],
        "notes": [plain(note) for note in notes],
    }


def _explanation(clearance: Clearance) -> Json:
    """Explain the scope: what was agreed to, in words and in codes, for whom and what for."""
    request, claim, consent = clearance.request, clearance.exemption, clearance.consent
    return {
        "ground": clearance.ground.value,
        "citation": "" if claim is None else claim.exemption.citation,
        "what": "" if consent is None else consent.what,
        "scope": plain(request.scope),
        "episodes": plain(request.episode_ids),
        "purpose": request.purpose.value,
        "recipient": request.recipient.name,
        "discloser": request.discloser.name,
    }
