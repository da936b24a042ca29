"""What is told: the document, what stands in it, and the event that logs it."""

import json
from datetime import timedelta
from typing import get_args

import pytest

import carecontinuum as cc
from carecontinuum.canonical import digest
from carecontinuum.codec import from_json
from carecontinuum.disclosure import (
    KINDS as KIND_OF_BODY,
    NOTICE,
    ClearanceMisfit,
    ClearanceOver,
    Disclosure,
    DisclosureRefused,
    disclose,
    log_refusal,
)
from carecontinuum.history import (
    DISCLOSURE_LOG,
    Body,
    ConsentRecorded,
    Corrected,
    Decided,
    Disclosed,
    DisclosureGround,
    Event,
    LegalStatusRecorded,
    Moved,
    NotDisclosed,
    PatientsMerged,
    PatientsUnmerged,
    PlacementReviewed,
    Retracted,
    ReturnToUse,
    WhyNotCode,
)
from carecontinuum.records import Exemption, RecordKind
from disclosure.telling import (
    ASSESSED,
    CLINIC,
    NOW,
    TODAY,
    ask,
    claim,
    consent,
    consented,
    recorded,
    request,
)
from invented import DAY, START, event

RECORD = consented(consent())


def told(record: cc.PatientRecord = RECORD, **more: object) -> Disclosure:
    """Clear and disclose at once."""
    asked = more.pop("asked", request())
    return disclose(record, ask(record, asked, **more), at=NOW, by="dr-example", id="d-1")  # type: ignore[arg-type]


def test_the_document() -> None:
    """It names the disclosure, carries notice and labels, and explains its scope."""
    found = told()
    document = json.loads(json.dumps(dict(found.document)))
    events = document.pop("events")
    assert [from_json(Event, one).id for one in events] == ["admitted", "assessed", "attended"]
    assert document == {
        "schema": 1,
        "type": "disclosure",
        "id": "d-1",
        "disclosed_at": "2026-03-12T15:00:00+00:00",
        "notice": NOTICE,
        "labels": [
            {"code": code, "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode"}
            for code in ("42CFRPart2", "SUD", "ETHUD")
        ],
        "explanation": {
            "ground": "consent",
            "citation": "",
            "what": "assessments, attendance, and where care went on",
            "scope": ["assessments", "attendance", "course-of-care"],
            "episodes": ["e-1"],
            "purpose": "treatment",
            "recipient": "Dr. Invented",
            "discloser": "Harbor Sample Program",
        },
        "notes": [],
    }


def test_the_document_of_an_exemption() -> None:
    """It cites the exemption; within the program it has notes where they are asked for."""
    within = claim(Exemption.WITHIN_THE_PROGRAM)
    asked = request(scope={RecordKind.NOTES}, recipient=CLINIC)
    found = told(recorded(), asked=asked, under=within).document
    assert found["notice"] == ""
    assert found["explanation"] == {
        "ground": "exemption",
        "citation": "42 CFR 2.12(c)(3)",
        "what": "",
        "scope": ["notes"],
        "episodes": ["e-1"],
        "purpose": "treatment",
        "recipient": "Harbor Sample Program",
        "discloser": "Harbor Sample Program",
    }
    assert found["notes"] == [
        {
            "event_id": "admitted",
            "at": str(START).replace(" ", "T"),
            "by": {"id": "field"},
            "text": "came with her brother",
        },
        {
            "event_id": "assessed",
            "at": str(START + DAY).replace(" ", "T"),
            "by": {"id": "field"},
            "text": "said she is afraid",
        },
    ]


def test_the_event_that_logs_it() -> None:
    """It says who was told what on what ground, and has the digest of what was told."""
    found = told()
    assert found.event.occurred_at.instant == found.event.recorded_at == NOW
    assert (found.event.id, found.event.patient_id) == ("d-1", "p-1")
    assert found.event.by == cc.Actor("dr-example")
    assert found.event.episode_id is None
    body = found.event.body
    assert body == Disclosed(
        request=request(), consent_id="c-1", digest=digest(dict(found.document))
    )
    assert body.ground is DisclosureGround.CONSENT
    assert "Sample" not in repr(found)
    after = RECORD.append(found.event)
    assert after.episodes == RECORD.episodes
    assert after.care == RECORD.care


def test_the_ground_in_the_log() -> None:
    """An exemption is kept as claimed; a standard episode has neither that nor a consent."""
    urgent = told(under=claim(Exemption.MEDICAL_EMERGENCY)).event.body
    assert isinstance(urgent, Disclosed)
    assert urgent.exemption == claim(Exemption.MEDICAL_EMERGENCY)
    assert urgent.ground is DisclosureGround.EXEMPTION
    assert not urgent.is_within_the_program
    itself = request(recipient=CLINIC)
    within = told(asked=itself, under=claim(Exemption.WITHIN_THE_PROGRAM)).event.body
    assert isinstance(within, Disclosed)
    assert within.is_within_the_program
    plain = told(asked=request(episode_ids=("e-2",))).event.body
    assert isinstance(plain, Disclosed)
    assert (plain.consent_id, plain.exemption) == (None, None)
    assert plain.ground is DisclosureGround.NOT_PART_2
    assert not plain.is_within_the_program


def test_a_refusal_is_logged() -> None:
    """Its event holds what was asked for and every reason."""
    record = recorded()
    with pytest.raises(DisclosureRefused) as caught:
        ask(record)
    entry = log_refusal(record, caught.value, at=NOW, by="dr-example", id="d-1")
    assert isinstance(entry.body, NotDisclosed)
    assert entry.body.request == request()
    assert [reason.code for reason in entry.body.reasons] == [WhyNotCode.NO_CONSENT]
    assert record.append(entry).episodes == record.episodes


def test_a_log_never_goes_backwards() -> None:
    """Where the record was added to later than the moment, the entry is recorded after that."""
    record = consented(consent(expires_on=TODAY), known=40)
    with pytest.raises(DisclosureRefused) as caught:
        ask(record)
    entry = log_refusal(record, caught.value, at=NOW, by="x", id="d-1")
    assert (entry.occurred_at.instant, entry.recorded_at) == (NOW, START + 40 * DAY)
    with pytest.raises(DisclosureRefused) as caught:
        ask(cc.PatientRecord.of("p-9"))
    empty = log_refusal(cc.PatientRecord.of("p-9"), caught.value, at=NOW, by="x", id="d-1")
    assert empty.recorded_at == NOW


def test_nothing_is_told_on_a_clearance_that_does_not_hold() -> None:
    """It is over, or for another record."""
    cleared = ask(RECORD)
    with pytest.raises(ClearanceOver):
        disclose(RECORD, cleared, at=NOW + timedelta(hours=1), by="x", id="d-1")
    with pytest.raises(ClearanceMisfit):
        disclose(recorded(), cleared, at=NOW, by="x", id="d-1")


# ------------------------------------------------------------------------------------- the contents


def test_each_body_is_of_one_kind_or_never_told() -> None:
    """A new body of an event must be given a kind, or be named here as one that nobody is told."""
    kept = {Decided, PatientsMerged, PatientsUnmerged, Corrected, Retracted, *DISCLOSURE_LOG}
    assert set(get_args(Body)) - kept == KIND_OF_BODY.keys()
    assert set(KIND_OF_BODY.values()) == set(RecordKind) - {RecordKind.NOTES}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (RecordKind.PLACEMENT_REVIEWS, ["reviewed"]),
        (RecordKind.RETURNS_TO_USE, ["used"]),
        (RecordKind.PATIENT, ["kim"]),
        (RecordKind.CONSENTS, ["said-0"]),
        (RecordKind.INTAKES, []),
    ],
)
def test_each_kind_is_told_alone(kind: RecordKind, expected: list[str]) -> None:
    """What is sensitive apart is a kind of its own, and no part of the course of care."""
    asked = request(scope={kind})
    record = consented(consent(scope=set(RecordKind)))
    assert [one.id for one in ask(record, asked).events(record, at=NOW)] == expected
    assert KIND_OF_BODY[ReturnToUse] is RecordKind.RETURNS_TO_USE
    assert KIND_OF_BODY[PlacementReviewed] is RecordKind.PLACEMENT_REVIEWS
    assert KIND_OF_BODY[LegalStatusRecorded] is RecordKind.LEGAL_STATUS
    assert KIND_OF_BODY[Moved] is RecordKind.COURSE_OF_CARE


def test_what_was_retracted_is_not_told_and_what_was_corrected_is_told_right() -> None:
    """Only what is believed is told; that it was once said otherwise is not."""
    wrong = event("wrong", Moved(level="iop"), 6)
    gone = event("gone", Moved(level="op"), 7)
    record = RECORD.append(
        wrong,
        gone,
        event("mend", Corrected(event_id="wrong", body=Moved(level="op")), 8),
        event("undo", Retracted(event_id="gone"), 8),
    )
    found = ask(record).events(record, at=NOW)
    assert [one.id for one in found] == ["admitted", "assessed", "attended", "wrong"]
    assert found[-1].body == Moved(level="op")


def test_a_log_entry_is_never_told_and_never_amended() -> None:
    """What was told to one is no business of another, and stays told."""
    record = RECORD.append(told().event)
    everything = claim(Exemption.WITHIN_THE_PROGRAM)
    asked = request(scope=set(RecordKind), recipient=CLINIC)
    found = ask(record, asked, under=everything).events(record, at=NOW)
    assert "d-1" not in [one.id for one in found]
    for body in (Retracted(event_id="d-1"), Corrected(event_id="d-1", occurred_at=START)):
        with pytest.raises(cc.CareContinuumError, match="CC306"):
            record.append(event("x", body, 12, episode_id=None))


def test_a_log_entry_makes_no_episode() -> None:
    """Even one that names an episode changes none and begins none."""
    body = told().event.body
    for episode in ("e-1", "e-7"):
        assert RECORD.append(event("x", body, 12, episode_id=episode)).episodes == RECORD.episodes


def test_stored_codes_stay() -> None:
    """Logs hold these words, so none of them ever changes."""
    assert [one.value for one in WhyNotCode] == [
        "no-such-episode",
        "entered-in-error",
        "merged-record-missing",
        "exemption-incomplete",
        "not-within-the-program",
        "legal-proceedings",
        "notes-need-their-own",
        "no-consent",
        "no-such-consent",
        "lacks-elements",
        "not-signed-yet",
        "expired",
        "revoked",
        "another-patient",
        "another-episode",
        "other-discloser",
        "other-recipient",
        "other-purpose",
        "purpose-in-words",
        "other-scope",
        "scope-in-words",
    ]
    assert [one.value for one in DisclosureGround] == ["consent", "exemption", "not-part-2"]
    assert (Disclosed.TYPE, NotDisclosed.TYPE) == ("disclosed", "not-disclosed")


def test_a_refusal_without_a_reason_is_no_event() -> None:
    """A log that says only no says nothing."""
    with pytest.raises(cc.CareContinuumError, match="no-reason"):
        event("x", NotDisclosed(request=request(), reasons=()), 1, episode_id=None)


def test_consents_stay_what_they_were() -> None:
    """A consent that a disclosure was logged under can still be corrected."""
    record = RECORD.append(told().event)
    mended = ConsentRecorded(consent=consent(recipients=("Someone",)))
    record = record.append(
        event("mend", Corrected(event_id="said-0", body=mended), 12, episode_id=None)
    )
    assert record.care.consents[0].value.recipients == ("Someone",)
    assert ASSESSED in [one.value for one in record.care.assessments]
