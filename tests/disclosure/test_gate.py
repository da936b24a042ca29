"""The consent gate: what opens it, and every reason why it stays shut."""

import pickle
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.datatypes import Calendar, NaiveDatetime
from carecontinuum.disclosure import ClearanceOver, DisclosureRefused, clear
from carecontinuum.history import (
    Admitted,
    ConsentRecorded,
    Corrected,
    EnteredInError,
    PatientRecorded,
    PatientsMerged,
    PatientsUnmerged,
    RecordIsAView,
    Retracted,
    WhyNot,
    WhyNotCode,
)
from carecontinuum.records import (
    ConsentPurpose,
    Exemption,
    ExemptionClaimed,
    Party,
    Patient,
    RecordInvalid,
    RecordKind,
)
from disclosure.telling import (
    CALENDAR,
    CLINIC,
    DOCTOR,
    KINDS,
    NOW,
    PURPOSES,
    TODAY,
    ask,
    asked_on,
    claim,
    codes,
    consent,
    consented,
    emergency,
    merged_with,
    recorded,
    request,
    why_not,
)
from invented import DAY, START, event

YESTERDAY, TOMORROW = TODAY - DAY, TODAY + DAY
NOTES = {RecordKind.NOTES}
STANDARD = {"episode_ids": ("e-2",)}


def test_a_complete_consent_in_force_opens_the_gate() -> None:
    """Recipient, discloser, purpose, scope and days all fit."""
    cleared = ask(consented(consent()))
    assert cleared.consent == consent()
    assert cleared.exemption is None
    assert cleared.is_part2
    assert cleared.patient_alone


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"granted_by": None}, ["lacks-elements"]),
        ({"signed_on": None}, ["lacks-elements"]),
        ({"signed_on": TOMORROW}, ["not-signed-yet"]),
        ({"signed_on": TODAY}, []),
        ({"expires_on": TODAY}, []),
        ({"expires_on": YESTERDAY}, ["expired"]),
        ({"expires_on": None, "expires_when": "discharge"}, []),
        ({"expires_on": None, "expires_when": "discharge", "expired_on": TOMORROW}, []),
        ({"expires_on": None, "expires_when": "discharge", "expired_on": TODAY}, ["expired"]),
        ({"expires_on": None, "never_expires": True}, []),
        ({"revoked_on": TOMORROW}, []),
        ({"revoked_on": TODAY}, ["revoked"]),
        ({"revoked_on": YESTERDAY}, ["revoked"]),
        ({"patient": "Lee Sample"}, ["another-patient"]),
        ({"patient": ""}, ["lacks-elements"]),
        ({"patient": "p-1"}, []),
        ({"patient": "mrn-1"}, []),
        ({"disclosers": ("Another Program",)}, ["other-discloser"]),
        ({"disclosers": ("treatment program",)}, []),
        ({"recipients": ("Dr. Elsewhere",)}, ["other-recipient"]),
        ({"recipients": ("dr. invented",)}, ["other-recipient"]),
        ({"recipients": ("my treating providers",)}, []),
        ({"recipients": ("Someone",), "intermediary": "Sample Exchange"}, None),
        ({"intermediary": DOCTOR.name, "recipients": ("x",), "participants": ("y",)}, []),
        ({"intermediary": "x", "recipients": ("x",), "participants": (DOCTOR.name,)}, []),
        ({"scope": ()}, ["scope-in-words"]),
        ({"scope": KINDS - {RecordKind.ATTENDANCE}}, ["other-scope"]),
        ({"scope": KINDS | {RecordKind.INTAKES}}, []),
        ({"counselling_notes": True}, ["other-scope"]),
        ({"counselling_notes": True, "scope": ()}, ["other-scope"]),
        ({"revoked_on": TODAY, "recipients": ("x",)}, ["revoked", "other-recipient"]),
    ],
)
def test_what_a_consent_allows(changes: dict[str, Any], expected: list[str] | None) -> None:
    """Each element of a consent is looked at, and every one that does not fit is a reason."""
    expected = ["lacks-elements", "other-recipient"] if expected is None else expected
    assert codes(consented(consent(**changes))) == expected


def test_reasons_name_the_consent_and_what_it_lacks() -> None:
    """Each consent is considered, the latest first, and says for itself why it does not allow."""
    record = consented(consent("old", revoked_on=YESTERDAY), consent("new", granted_by=None))
    assert why_not(record) == (
        WhyNot(code=WhyNotCode.LACKS_ELEMENTS, consent_id="new", lacking=("granted_by",)),
        WhyNot(code=WhyNotCode.REVOKED, consent_id="old"),
    )


def test_any_consent_will_do() -> None:
    """One that does not allow takes nothing from another; of several, the latest is relied on."""
    record = consented(consent("a"), consent("b"), consent("c", revoked_on=TODAY))
    found = ask(record).consent
    assert found is not None
    assert found.id == "b"


def test_without_a_consent_nothing_is_told() -> None:
    """No consent recorded, or not the one named, is a refusal."""
    assert codes(recorded()) == ["no-consent"]
    assert codes(recorded(), under="c-1") == ["no-such-consent"]
    assert codes(consented(consent()), under="c-2") == ["no-such-consent"]


def test_a_named_consent_is_the_only_one_looked_at() -> None:
    """Another that would allow does not help the one that is named."""
    record = consented(consent("a"), consent("b", revoked_on=TODAY))
    assert codes(record, under="b") == ["revoked"]
    assert codes(record, under="a") == []


# -------------------------------------------------------------------------------- the purpose


@pytest.mark.parametrize("wanted", PURPOSES)
@pytest.mark.parametrize("agreed", PURPOSES)
def test_purposes(agreed: ConsentPurpose, wanted: ConsentPurpose) -> None:
    """A purpose allows itself; one for treatment, payment and operations allows each of them."""
    tpo = ConsentPurpose.TREATMENT_PAYMENT_OPERATIONS
    parts = (ConsentPurpose.TREATMENT, ConsentPurpose.PAYMENT, ConsentPurpose.OPERATIONS)
    found = codes(consented(consent(purpose=agreed)), request(purpose=wanted), under="c-1")
    if agreed is wanted or (agreed is tpo and wanted in parts):
        assert found == []
    elif wanted is ConsentPurpose.LEGAL_PROCEEDINGS:
        assert found == ["legal-proceedings"]
    else:
        assert found == ["other-purpose"]


def test_a_purpose_in_words_needs_the_consent_named() -> None:
    """No machine can tell that two other purposes are the same one."""
    other: dict[str, Any] = {"purpose": ConsentPurpose.OTHER}
    record = consented(consent(**other))
    assert codes(record, request(**other)) == ["purpose-in-words"]
    assert codes(record, request(**other), under="c-1") == []


# ---------------------------------------------------------------------------- counselling notes


def test_notes_need_a_consent_of_their_own() -> None:
    """A general consent never covers free-text notes, even where its scope names them."""
    record = consented(consent(scope=KINDS | NOTES))
    assert codes(record, request(scope=NOTES)) == ["notes-need-their-own"]
    assert codes(record, request(scope=KINDS | NOTES)) == ["notes-need-their-own"]
    notes = consented(consent(counselling_notes=True))
    assert codes(notes, request(scope=NOTES)) == []
    assert codes(notes, request(scope=KINDS | NOTES)) == ["other-scope"]
    both = consented(consent("a"), consent("b", counselling_notes=True))
    assert codes(both, request(scope=KINDS | NOTES)) == ["other-scope", "notes-need-their-own"]


def test_notes_of_a_standard_episode_need_it_too() -> None:
    """What is not under Part 2 may still be what was said in counselling."""
    assert codes(recorded(), request(scope=NOTES, **STANDARD)) == ["no-consent"]
    mixed = request(scope=KINDS | NOTES, **STANDARD)
    assert codes(consented(consent()), mixed) == ["notes-need-their-own"]


# ------------------------------------------------------------------------------------- the time


def test_a_revocation_that_is_recorded_counts() -> None:
    """Nobody asks as of a moment before it was known, and no clock that is behind undoes it."""
    revoked = consent(revoked_on=date(2026, 3, 8))
    before = consented(consent())
    record = recorded(
        ConsentRecorded(consent=consent()),
        (ConsentRecorded(consent=revoked), {"days": 6, "known": 9}),
    )
    assert codes(before, at=START + 9 * DAY) == []
    for days in (5, 8.9, 9, 10):
        assert codes(record, at=START + days * DAY) == ["revoked"]


def test_the_moment_is_no_earlier_than_what_is_recorded() -> None:
    """A consent that was entered by a clock that is ahead allows nothing before that moment."""
    record = consented(consent(), days=1, known=11)
    cleared = ask(record)
    assert cleared.at == START + 11 * DAY
    with pytest.raises(ClearanceOver):
        cleared.events(record, at=NOW)
    assert next(one.id for one in cleared.events(record, at=cleared.at)) == "admitted"


def test_once_revoked_always_revoked() -> None:
    """Saying a consent again without its revocation does not bring it back; a retraction does."""
    said = [
        ConsentRecorded(consent=consent(revoked_on=date(2026, 3, 9))),
        ConsentRecorded(consent=consent()),
    ]
    record = recorded(*said)
    assert codes(record) == ["revoked"]
    assert codes(record, under="c-1") == ["revoked"]
    mended = recorded(*said, Retracted(event_id="said-0"))
    assert codes(mended) == []
    wrong = recorded(*said, Corrected(event_id="said-0", body=said[1]))
    assert codes(wrong) == []
    another = recorded(*said, ConsentRecorded(consent=consent("c-2")))
    assert codes(another) == []


def test_once_ended_always_ended() -> None:
    """Nor does it where the event came that the consent ended with."""
    end: dict[str, Any] = {"expires_on": None, "expires_when": "discharge"}
    said = [
        ConsentRecorded(consent=consent(**end, expired_on=date(2026, 3, 9))),
        ConsentRecorded(consent=consent(**end)),
    ]
    assert codes(recorded(*said)) == ["expired"]


def test_the_day_is_the_program_s_day() -> None:
    """At one moment it is still the consent's last day in New York, and no longer in Tokyo."""
    late = datetime(2026, 3, 13, 1, tzinfo=UTC)
    record = consented(consent(expires_on=date(2026, 3, 12)))
    assert codes(record, at=late) == []
    assert codes(record, at=late, calendar=Calendar(zone="Asia/Tokyo")) == ["expired"]


def test_a_view_is_not_asked() -> None:
    """A view as of some moment may leave a revocation out, and so may one of a merged record."""
    record = consented(consent())
    with pytest.raises(RecordIsAView):
        ask(record.as_of(occurred=NOW))
    with pytest.raises(RecordIsAView):
        ask(record.as_of(known=NOW))
    with pytest.raises(RecordIsAView):
        ask(record, merged=[cc.PatientRecord.of("p-2").as_of(occurred=NOW)])


def test_a_moment_without_a_zone_is_refused() -> None:
    """Nobody can tell which day it is."""
    with pytest.raises(NaiveDatetime):
        clear(
            consented(consent()),
            request(),
            at=datetime(2026, 3, 12),  # noqa: DTZ001
            calendar=CALENDAR,
        )


# -------------------------------------------------------------------------------- the episodes


def test_an_episode_that_is_not_there() -> None:
    """Nothing is told of an episode that nobody knows, or that was entered in error."""
    record = consented(consent())
    assert codes(record, request(episode_ids=("e-1", "e-9"))) == ["no-such-episode"]
    wrong = record.append(event("wrong", EnteredInError(), 7, episode_id="e-1"))
    assert codes(wrong) == ["entered-in-error"]
    assert codes(wrong, under=emergency()) == ["entered-in-error"]


def test_a_consent_about_an_episode_covers_that_one_alone() -> None:
    """One about the patient covers every episode."""
    about_one = consented(consent(), episode_id="e-1")
    both = request(episode_ids=("e-1", "e-2"))
    assert codes(about_one) == []
    assert codes(about_one, both) == ["another-episode"]
    assert codes(consented(consent(), episode_id="e-2")) == ["another-episode"]
    assert codes(consented(consent()), both) == []


def test_a_consent_stays_with_its_episode() -> None:
    """Recorded once more while another episode is open, it covers the one it was recorded for."""
    again = recorded(
        (ConsentRecorded(consent=consent()), {"days": 5, "episode_id": "e-1"}),
        (ConsentRecorded(consent=consent()), {"days": 6, "episode_id": "e-2"}),
        ConsentRecorded(consent=consent()),
    )
    assert codes(again) == []
    third = again.append(event("third", Admitted(), 7, episode_id="e-3"))
    assert codes(third, request(episode_ids=("e-3",))) == ["another-episode"]
    assert codes(again, request(episode_ids=("e-1", "e-2"))) == ["another-episode"]


def test_a_standard_episode_needs_no_part_2_consent() -> None:
    """It passes the gate on a ground of its own, unless one under Part 2 is asked for beside it."""
    cleared = ask(recorded(), request(**STANDARD))
    assert (cleared.is_part2, cleared.consent, cleared.exemption) == (False, None, None)
    assert codes(recorded(), request(episode_ids=("e-1", "e-2"))) == ["no-consent"]
    assert codes(recorded(), request(episode_ids=("e-2", "e-1"))) == ["no-consent"]
    consents = request(scope={RecordKind.CONSENTS, RecordKind.COURSE_OF_CARE}, **STANDARD)
    assert codes(recorded(), consents) == ["no-consent"]


def test_a_consent_can_be_named_for_a_standard_episode() -> None:
    """Then that consent is looked at."""
    record = consented(consent("a", revoked_on=TODAY))
    assert codes(record, request(**STANDARD)) == []
    assert codes(record, request(**STANDARD), under="a") == ["revoked"]


@pytest.mark.parametrize("confidentiality", ["part2", "Standard", "", "restricted"])
def test_what_does_not_say_standard_is_under_part_2(confidentiality: str) -> None:
    """An unknown word, which no event can say, is not read as leave."""
    record = recorded((Admitted(level="op"), {"episode_id": "e-3"}))
    said = attrs.evolve(record.episode("e-3"), confidentiality=confidentiality)
    object.__setattr__(record, "episodes", {**record.episodes, "e-3": said})
    assert codes(record, request(episode_ids=("e-3",))) == ["no-consent"]


def test_what_concerns_no_episode_goes_along_where_nothing_is_under_part_2() -> None:
    """Beside an episode under Part 2, a standard one is told without it."""
    beside = recorded()
    assert not ask(beside, request(**STANDARD)).patient_alone
    alone = cc.PatientRecord.of(
        "p-1", [event("a", Admitted(level="op", confidentiality="standard"), 0)]
    )
    assert ask(alone).patient_alone
    merging = alone.append(event("m", PatientsMerged(patient_id="p-2"), 1, episode_id=None))
    other = cc.PatientRecord.of("p-2", [event("b", Admitted(), 0, patient_id="p-2")])
    assert not ask(merging, merged=[other]).patient_alone


# ------------------------------------------------------------------------------- the exemptions


@pytest.mark.parametrize("exemption", list(Exemption))
def test_a_claimed_exemption_opens_the_gate(exemption: Exemption) -> None:
    """Each of the named ones does, where it is justified; none is there without a citation."""
    cleared = ask(recorded(), asked_on(exemption), under=claim(exemption))
    assert cleared.exemption == claim(exemption)
    assert cleared.consent is None
    assert exemption.citation.startswith("42 CFR 2.")
    bare = ExemptionClaimed(exemption=exemption, justification=" ")
    assert codes(recorded(), asked_on(exemption), under=bare) == ["exemption-incomplete"]


def test_within_the_program_is_the_program() -> None:
    """Whoever is told there shares a name or a class with whoever tells."""
    within = claim(Exemption.WITHIN_THE_PROGRAM)
    assert codes(recorded(), under=within) == ["not-within-the-program"]
    nurse = Party(name="Nurse Invented", classes=("treatment program",))
    assert codes(recorded(), request(recipient=nurse), under=within) == []


@pytest.mark.parametrize("lacks", ["justification", "no_consent", "affiliation"])
def test_what_an_emergency_asks_for(lacks: str) -> None:
    """Its nature, why there is no consent, and where the recipient belongs must be stated."""
    bare = emergency(**{lacks: None if lacks == "no_consent" else ""})
    assert why_not(recorded(), under=bare) == (
        WhyNot(code=WhyNotCode.EXEMPTION_INCOMPLETE, lacking=(lacks,)),
    )


def test_other_exemptions_ask_for_a_justification_alone() -> None:
    """The rest is for whoever claims it to judge."""
    told = ExemptionClaimed(exemption=Exemption.RESEARCH, justification="protocol 7")
    assert codes(recorded(), under=told) == []


@pytest.mark.parametrize("exemption", list(Exemption))
def test_legal_proceedings_need_a_court_order(exemption: Exemption) -> None:
    """Without the patient's consent, no other exemption leads into proceedings."""
    legal = asked_on(exemption, purpose=ConsentPurpose.LEGAL_PROCEEDINGS)
    expected = [] if exemption is Exemption.COURT_ORDER else ["legal-proceedings"]
    assert codes(recorded(), legal, under=claim(exemption)) == expected


@pytest.mark.parametrize("exemption", list(Exemption))
def test_notes_leave_the_program_on_no_exemption(exemption: Exemption) -> None:
    """Within the program they may be used; anywhere else they need their own consent."""
    expected = [] if exemption is Exemption.WITHIN_THE_PROGRAM else ["notes-need-their-own"]
    asked = asked_on(exemption, scope=NOTES)
    assert codes(recorded(), asked, under=claim(exemption)) == expected


@pytest.mark.parametrize("under", [consent(), Exemption.COURT_ORDER, 7])
def test_what_it_rests_on_is_said_rightly(under: Any) -> None:
    """A consent itself, or an exemption that nobody claimed, is no reason that the data gives."""
    with pytest.raises(RecordInvalid, match="`ExemptionClaimed`"):
        ask(consented(consent()), under=under)


def test_an_exemption_does_not_fall_back_on_a_consent() -> None:
    """What is claimed is judged, though a consent would have allowed it."""
    bare = ExemptionClaimed(exemption=Exemption.RESEARCH)
    assert codes(consented(consent()), under=bare) == ["exemption-incomplete"]


# ---------------------------------------------------------------------------- merged patients


def other_record(*bodies: Any, **more: Any) -> cc.PatientRecord:
    """Make the record of the patient whom the first turned out to be."""
    told = {"patient_id": "p-2", "episode_id": None, **more}
    events = [event(f"o-{number}", body, 6, **told) for number, body in enumerate(bodies)]
    return cc.PatientRecord.of("p-2", events)


def test_merged_records_are_needed() -> None:
    """A consent may have been revoked under the other id, so nothing is told without it."""
    record = recorded(ConsentRecorded(consent=consent()), PatientsMerged(patient_id="p-2"))
    assert codes(record) == ["merged-record-missing"]
    assert codes(record, under=emergency()) == ["merged-record-missing"]
    assert codes(record, merged=[other_record()]) == []
    revoked = other_record(ConsentRecorded(consent=consent(revoked_on=TODAY)))
    assert codes(record, merged=[revoked]) == ["revoked"]


def test_records_merged_through_another_are_needed_too() -> None:
    """Whoever the other turned out to be is this patient as well; a circle does not matter."""
    record = recorded(ConsentRecorded(consent=consent()), PatientsMerged(patient_id="p-2"))
    second = other_record(PatientsMerged(patient_id="p-3"), PatientsMerged(patient_id="p-1"))
    third = cc.PatientRecord.of(
        "p-3",
        [event("t", PatientsMerged(patient_id="p-2"), 6, patient_id="p-3", episode_id=None)],
    )
    assert codes(record, merged=[second]) == ["merged-record-missing"]
    assert codes(record, merged=[second, third]) == []


def test_a_consent_under_the_other_id_holds() -> None:
    """It is the same person's; it may name the person as that record does."""
    said = ConsentRecorded(consent=consent(patient="Kim S."))
    known = PatientRecorded(patient=Patient(id="mrn-2", name="Kim S."))
    assert codes(merged_with("p-2"), merged=[other_record(said, known)]) == []
    assert codes(merged_with("p-2"), merged=[other_record(said)]) == ["another-patient"]


def test_a_patient_without_a_name_is_known_by_id() -> None:
    """An empty name in the record makes no consent somebody's; an outside identifier does."""
    nameless = Patient(id="mrn-3", identifiers=(cc.Identifier(system="urn:x", value="77"),))
    record = recorded(
        PatientRecorded(patient=nameless), ConsentRecorded(consent=consent(patient="77"))
    )
    assert codes(record) == []
    nobody = recorded(
        PatientRecorded(patient=nameless), ConsentRecorded(consent=consent(patient=" "))
    )
    assert codes(nobody) == ["lacks-elements", "another-patient"]


def test_a_new_name_loses_no_consent() -> None:
    """What was signed under an earlier name stays the patient's."""
    married = PatientRecorded(patient=Patient(id="mrn-1", name="Kim Specimen"))
    assert codes(recorded(ConsentRecorded(consent=consent()), married)) == []
    mistaken = recorded(ConsentRecorded(consent=consent(patient="Lee Sample")), married)
    assert codes(mistaken) == ["another-patient"]


def test_a_consent_about_the_other_s_episode_does_not() -> None:
    """Two records may use one id for two episodes."""
    said = ConsentRecorded(consent=consent())
    there = other_record(Admitted(), said, episode_id="e-1")
    assert codes(merged_with("p-2"), merged=[there]) == ["another-episode"]


def test_nobody_else_s_record_is_looked_at() -> None:
    """Neither somebody's who was never merged, nor somebody's who was unmerged."""
    said = other_record(ConsentRecorded(consent=consent()))
    assert codes(recorded(), merged=[said]) == ["no-consent"]
    apart = recorded(PatientsMerged(patient_id="p-2"), PatientsUnmerged(patient_id="p-2"))
    assert codes(apart, merged=[said]) == ["no-consent"]


def test_all_of_the_other_record_counts() -> None:
    """What was revoked there by a clock that is ahead is revoked."""
    given = other_record(ConsentRecorded(consent=consent()))
    assert codes(merged_with("p-2"), merged=[given]) == []
    revoked = ConsentRecorded(consent=consent(revoked_on=TODAY))
    late = given.append(event("late", revoked, 6, known=10.01, patient_id="p-2", episode_id=None))
    assert codes(merged_with("p-2"), merged=[late]) == ["revoked"]


# -------------------------------------------------------------------------------- the refusal


def test_a_refusal_holds_what_was_asked() -> None:
    """The error is a value that carries the entry for the log, and names nobody."""
    with pytest.raises(DisclosureRefused) as caught:
        ask(recorded(), under="c-7")
    refused = caught.value.refused
    assert (refused.request, refused.consent_id, refused.exemption) == (request(), "c-7", None)
    assert refused.reasons == caught.value.reasons
    assert str(caught.value) == (
        "CC710: the records are not disclosed: `no-such-consent`; record a consent in force that "
        "covers what is asked for, ask for what one covers, or claim an exemption"
    )
    assert "c-7" not in repr(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)) == caught.value
    with pytest.raises(DisclosureRefused) as caught:
        ask(recorded(), under=emergency(justification=""))
    refused = caught.value.refused
    assert (refused.consent_id, refused.exemption) == (None, emergency(justification=""))


def test_each_reason_is_named_once() -> None:
    """Two consents with one fault are two reasons and one word."""
    record = consented(consent("a", revoked_on=TODAY), consent("b", revoked_on=TODAY))
    with pytest.raises(DisclosureRefused, match=r"not disclosed: `revoked`; record") as caught:
        ask(record)
    assert len(caught.value.reasons) == 2


def test_parties_are_told_by_name_and_class() -> None:
    """A party without classes is told by its name alone."""
    assert Party(name="a").is_among(("b", "a"))
    assert Party(name="a", classes=("b",)).is_among(("b",))
    assert not Party(name="a", classes=("b",)).is_among(("", "c"))
    assert CLINIC.is_among((CLINIC.name,))
