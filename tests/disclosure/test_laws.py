"""What holds of the consent gate for any consents, any requests and any moment."""

from datetime import timedelta
from typing import Any, get_args

import attrs
from hypothesis import assume, given, settings, strategies as st

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.disclosure import (
    KINDS as KIND_OF_BODY,
    Clearance,
    DisclosureRefused,
    Under,
    accounting_of_disclosures,
    disclosure_log,
)
from carecontinuum.history import Change, ConsentRecorded, Disclosed, Event, NotDisclosed
from carecontinuum.records import (
    Consent,
    ConsentPurpose,
    DisclosureRequest,
    Exemption,
    ExemptionClaimed,
    Party,
    RecordKind,
)
from carecontinuum.stores import MemoryStore, StreamKey
from disclosure.telling import (
    CALENDAR,
    CLINIC,
    DOCTOR,
    NOW,
    PURPOSES,
    TODAY,
    ask,
    consent,
    recorded,
)
from invented import DAY, program

PARTIES = (CLINIC, DOCTOR, Party(name="Someone"))
NAMES = [*(party.name for party in PARTIES), *DOCTOR.classes]
SOME_KINDS = [
    RecordKind.ASSESSMENTS,
    RecordKind.COURSE_OF_CARE,
    RecordKind.PATIENT,
    RecordKind.NOTES,
]
names = st.lists(st.sampled_from(NAMES), unique=True, max_size=4).map(tuple)
scopes = st.frozensets(st.sampled_from(SOME_KINDS), min_size=1)
days = st.integers(-4, 2).map(lambda number: TODAY + number * DAY)
purposes = st.sampled_from(PURPOSES)
few = st.sampled_from(["c-1", "c-2"])
PASSED_ON = {
    ConsentPurpose.TREATMENT,
    ConsentPurpose.PAYMENT,
    ConsentPurpose.OPERATIONS,
    ConsentPurpose.TREATMENT_PAYMENT_OPERATIONS,
}


@st.composite
def consents(draw: st.DrawFn) -> Consent:
    """Generate a consent, complete more often than not."""
    signed = draw(st.none() | days)
    ends = days.filter(lambda day: signed is None or day >= signed)
    mostly = st.sampled_from([True, True, True, False])
    return consent(
        draw(few),
        patient=draw(st.sampled_from(["Kim Sample", "Kim Sample", "p-1", "Lee Sample", ""])),
        signed_on=signed,
        disclosers=draw(names),
        recipients=draw(names),
        intermediary=draw(st.sampled_from(["", NAMES[2]])),
        participants=draw(names),
        purpose=draw(st.none() | purposes),
        scope=draw(scopes | st.just(frozenset[RecordKind]())),
        counselling_notes=not draw(mostly),
        tells_of_revocation=draw(mostly),
        expires_on=draw(st.none() | ends),
        expires_when="discharge",
        expired_on=draw(st.none() | ends),
        revoked_on=draw(st.none() | ends),
    )


requests = st.builds(
    DisclosureRequest,
    episode_ids=st.sampled_from([("e-1",), ("e-2",), ("e-1", "e-2"), ("e-9",)]),
    scope=scopes,
    recipient=st.sampled_from(PARTIES),
    discloser=st.sampled_from(PARTIES),
    purpose=purposes,
)
claims = st.builds(
    ExemptionClaimed,
    exemption=st.sampled_from(Exemption),
    justification=st.sampled_from(["", "because"]),
)
unders: st.SearchStrategy[Under] = st.none() | few | claims


@st.composite
def records(draw: st.DrawFn) -> cc.PatientRecord:
    """Generate a record with up to four sayings of up to two consents, each known then or later."""
    said = [
        (
            ConsentRecorded(consent=draw(consents())),
            {
                "days": day,
                "known": day + draw(st.integers(0, 6)),
                "episode_id": draw(st.sampled_from([None, None, "e-1"])),
            },
        )
        for day in draw(st.lists(st.integers(0, 12), max_size=4))
    ]
    return recorded(*said)


def attempt(record: cc.PatientRecord, asked: DisclosureRequest, **more: Any) -> Clearance | None:
    """Ask the gate; `None` where it does not open."""
    try:
        return ask(record, asked, **more)
    except DisclosureRefused as refused:
        assert refused.reasons
        return None


def sayings(record: cc.PatientRecord) -> list[tuple[Event, Consent]]:
    """Give what is recorded of consents, in the order it was true."""
    return [
        (event, event.body.consent)
        for event in sorted(record.events, key=lambda one: one.occurred_at.instant)
        if isinstance(event.body, ConsentRecorded)
    ]


def allows(record: cc.PatientRecord, found: Consent, asked: DisclosureRequest) -> bool:
    """Say once more, in other words, what a consent must be to allow a request."""
    versions = [said for said in sayings(record) if said[1].id == found.id]
    _, last = versions[-1]
    bound = [event for event, _ in versions if event.episode_id is not None]
    episodes = [one.episode_id for one in sorted(bound, key=lambda one: one.recorded_at)]
    today = CALENDAR.day(max(NOW, record.events[-1].recorded_at))
    by_class = last.purpose in PASSED_ON
    parties = [
        ({asked.discloser.name, *asked.discloser.classes}, {*last.disclosers}),
        (
            {asked.recipient.name, *(asked.recipient.classes if by_class else ())},
            {*last.recipients, last.intermediary, *last.participants},
        ),
    ]
    whole = last.purpose is ConsentPurpose.TREATMENT_PAYMENT_OPERATIONS
    kinds = {RecordKind.NOTES} if last.counselling_notes else set(last.scope) - {RecordKind.NOTES}
    return (
        last == found
        and last.is_in_force(today)
        and not any(one.revoked_on and one.revoked_on <= today for _, one in versions)
        and not any(one.expired_on and one.expired_on <= today for _, one in versions)
        and last.patient in ("Kim Sample", "p-1")
        and (not episodes or asked.episode_ids == (episodes[0],))
        and all(asking & agreed for asking, agreed in parties)
        and (last.purpose is asked.purpose or (whole and asked.purpose in PASSED_ON))
        and asked.scope <= kinds
    )


@given(records(), requests, unders)
@settings(max_examples=300)
def test_a_consent_is_relied_on_only_where_it_allows(
    record: cc.PatientRecord, asked: DisclosureRequest, under: Under
) -> None:
    """Said in other words, the consent that opened the gate allows all of the request."""
    cleared = attempt(record, asked, under=under)
    if cleared is not None and cleared.consent is not None:
        assert allows(record, cleared.consent, asked)
        assert under in (None, cleared.consent.id)


@given(records(), requests)
@settings(max_examples=300)
def test_the_gate_is_shut_only_where_no_consent_allows(
    record: cc.PatientRecord, asked: DisclosureRequest
) -> None:
    """For an episode under Part 2, each consent that allows the request opens it when named."""
    assume("e-9" not in asked.episode_ids)
    for found in {one for _, one in sayings(record)}:
        cleared = attempt(record, asked, under=found.id)
        if allows(record, found, asked):
            assert cleared is not None
            assert cleared.consent == found


@given(records(), requests)
def test_without_consent_or_exemption_nothing_under_part_2_is_told(
    record: cc.PatientRecord, asked: DisclosureRequest
) -> None:
    """What opens the gate is a consent, a claimed exemption, or that all episodes are standard."""
    cleared = attempt(record, asked)
    if cleared is not None and cleared.consent is None:
        assert asked.episode_ids == ("e-2",)
        assert not cleared.is_part2
        assert cleared.notice == ""


@given(consents(), requests, st.integers(0, 3))
def test_a_revoked_consent_never_allows_after_its_revocation(
    found: Consent, asked: DisclosureRequest, later: int
) -> None:
    """On the day of its revocation and on any later one, it opens the gate for nobody."""
    assume(found.revoked_on is not None)
    assert found.revoked_on is not None
    days = (found.revoked_on - TODAY).days + later
    record = recorded(
        (ConsentRecorded(consent=attrs.evolve(found, revoked_on=None)), {"days": -5, "known": 0}),
        (ConsentRecorded(consent=found), {"days": -4, "known": 0}),
        (ConsentRecorded(consent=attrs.evolve(found, revoked_on=None)), {"days": -3, "known": 0}),
    )
    assert attempt(record, asked, under=found.id, at=NOW + days * DAY) is None


def told(cleared: Clearance, record: cc.PatientRecord) -> tuple[set[Event], set[str]]:
    """Give the events and the notes that a clearance covers."""
    notes = {note.text for note in cleared.notes(record, at=cleared.at)}
    return set(cleared.events(record, at=cleared.at)), notes


@given(records(), requests, unders, scopes)
def test_a_narrower_scope_never_tells_more(
    record: cc.PatientRecord, asked: DisclosureRequest, under: Under, fewer: frozenset[RecordKind]
) -> None:
    """What is told of a part of the scope is a part of what is told of all of it."""
    assume(asked.scope & fewer)
    wide = attempt(record, asked, under=under)
    narrow = attempt(record, attrs.evolve(asked, scope=asked.scope & fewer), under=under)
    if wide is not None and narrow is not None:
        events, notes = told(narrow, record)
        all_events, all_notes = told(wide, record)
        assert events <= all_events
        assert notes <= all_notes


@given(records(), requests, unders)
def test_what_is_told_is_within_the_scope(
    record: cc.PatientRecord, asked: DisclosureRequest, under: Under
) -> None:
    """Of each event told, the scope names the kind and the request the episode, if it has one."""
    cleared = attempt(record, asked, under=under)
    if cleared is None:
        return
    for event in cleared.events(record, at=cleared.at):
        assert KIND_OF_BODY[type(event.body)] in asked.scope
        assert event.episode_id in (None, *asked.episode_ids)
        assert event.note == ""
        assert event.episode_id is not None or cleared.is_part2
        assert event.occurred_at.instant <= cleared.at
        assert isinstance(event.body, get_args(Change)) <= (event.episode_id is not None)
    if RecordKind.NOTES not in asked.scope:
        assert cleared.notes(record, at=cleared.at) == ()


@given(records(), requests, unders)
def test_every_call_leaves_one_entry_in_the_log(
    record: cc.PatientRecord, asked: DisclosureRequest, under: Under
) -> None:
    """Whether the gate opens or not, what is kept is what came of it: never both, never neither."""
    store = MemoryStore()
    store.append(StreamKey("", "p-1"), record.events, expected_version=0)
    caseload = Caseload([program()], store=store, clock=lambda: NOW + timedelta(days=9))
    try:
        found = caseload.disclose("p-1", asked, by="dr-example", under=under)
    except DisclosureRefused as refused:
        expected: Disclosed | NotDisclosed = refused.refused
    else:
        assert isinstance(found.event.body, Disclosed)
        expected = found.event.body
    after = caseload.for_patient("p-1")
    assert [one.value for one in disclosure_log(after)] == [expected]
    assert after.version == record.version + 1
    assert len(accounting_of_disclosures(after)) == (
        isinstance(expected, Disclosed) and not expected.is_within_the_program
    )
