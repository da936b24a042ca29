"""Telling records out of a caseload: the answer is kept first, whatever it is."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.canonical import digest
from carecontinuum.caseload import Caseload, NoProgram, NothingRecorded
from carecontinuum.datatypes import Calendar
from carecontinuum.disclosure import DisclosureRefused, accounting_of_disclosures, disclosure_log
from carecontinuum.history import (
    ConsentRecorded,
    Disclosed,
    Event,
    EventConflict,
    PatientsMerged,
    Referred,
)
from carecontinuum.stores import EventStore, MemoryStore, StoreUnavailable, StreamKey
from disclosure.telling import NOW, TODAY, consent, consented, emergency, recorded, request
from invented import DAY, event, program

KEY = StreamKey("", "p-1")


class Meddling(MemoryStore):
    """A store before whose first append somebody else writes, or that cannot be written."""

    def __init__(self, before: Callable[["Meddling"], None]) -> None:
        """Take what happens before."""
        super().__init__()
        self.before: Callable[[Meddling], None] | None = before

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Let the other go first, once."""
        if self.before is not None and expected_version:
            before, self.before = self.before, None
            before(self)
        return super().append(key, events, expected_version=expected_version)


def kept(
    record: cc.PatientRecord, store: EventStore | None = None, **more: Any
) -> tuple[Caseload, EventStore]:
    """Keep a record, and give a caseload that works now."""
    store = MemoryStore() if store is None else store
    store.append(KEY, record.events, expected_version=0)
    other = event("other", Referred(), patient_id="p-2", episode_id="e-other")
    store.append(StreamKey("", "p-2"), [other], expected_version=0)
    given: dict[str, Any] = {"clock": lambda: NOW, "ids": lambda: "d-1"}
    return Caseload([program()], store=store, **{**given, **more}), store


def test_a_disclosure_is_kept() -> None:
    """The event in the store is the one that came with the document, and has its digest."""
    caseload, store = kept(consented(consent()))
    found = caseload.disclose("p-1", request(), by="dr-example")
    assert store.load(KEY)[-1] == found.event
    assert isinstance(found.event.body, Disclosed)
    assert found.event.body.digest == digest(dict(found.document))
    assert found.document["id"] == found.event.id == "d-1"
    assert found.event.by == cc.Actor("dr-example")


def test_a_refusal_is_kept_and_raised() -> None:
    """It is in the log, with what it was to rest on."""
    caseload, store = kept(recorded())
    with pytest.raises(DisclosureRefused, match="no-such-consent") as caught:
        caseload.disclose("p-1", request(), by="dr-example", under="c-9", id="d-7")
    entry = store.load(KEY)[-1]
    assert entry.body == caught.value.refused
    assert (entry.id, entry.by) == ("d-7", cc.Actor("dr-example"))


def test_what_cannot_be_logged_is_not_told() -> None:
    """Where the store refuses, nobody is told anything."""

    def fails(store: Meddling) -> None:
        raise StoreUnavailable(says="it is away")

    caseload, store = kept(consented(consent()), Meddling(fails))
    with pytest.raises(StoreUnavailable):
        caseload.disclose("p-1", request(), by="dr-example")
    assert disclosure_log(caseload.for_patient("p-1")) == ()
    assert len(store.load(KEY)) == consented(consent()).version


def test_what_is_interrupted_is_logged() -> None:
    """Whoever dies after the log is written and before anybody is told has logged it."""

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    caseload, _ = kept(consented(consent()), listeners=[dies])
    with pytest.raises(KeyboardInterrupt):
        caseload.disclose("p-1", request(), by="dr-example")
    assert len(accounting_of_disclosures(caseload.for_patient("p-1"))) == 1


def test_a_revocation_that_comes_between_counts() -> None:
    """A consent revoked while the gate was asked is seen: the gate is asked again."""

    def revokes(store: Meddling) -> None:
        told = ConsentRecorded(consent=consent(revoked_on=TODAY))
        revoked = event("revoked", told, 10, episode_id=None)
        store.append(KEY, [revoked], expected_version=store.version(KEY))

    caseload, store = kept(consented(consent()), Meddling(revokes))
    with pytest.raises(DisclosureRefused, match="`revoked`"):
        caseload.disclose("p-1", request(), by="dr-example")
    assert [one.id for one in store.load(KEY)][-2:] == ["revoked", "d-1"]
    assert accounting_of_disclosures(caseload.for_patient("p-1")) == ()


def test_an_id_is_used_once() -> None:
    """Another request under the same id is a conflict, and tells nobody anything."""
    caseload, _ = kept(consented(consent()))
    caseload.disclose("p-1", request(), by="dr-example", id="d-1")
    with pytest.raises(EventConflict):
        caseload.disclose("p-1", request(), by="dr-example", id="d-1", under=emergency())
    assert len(disclosure_log(caseload.for_patient("p-1"))) == 1


def test_an_id_is_used_once_while_the_clock_stands_still() -> None:
    """Told again at the same moment it would be the same entry, and be told twice."""
    caseload, _ = kept(consented(consent()))
    caseload.disclose("p-1", request(), by="dr-example", id="d-9")
    with pytest.raises(EventConflict):
        caseload.disclose("p-1", request(), by="dr-example", id="d-9")
    assert len(disclosure_log(caseload.for_patient("p-1"))) == 1


def test_an_exemption_is_kept_as_claimed() -> None:
    """The log has the justification and the affiliation of whoever was told."""
    caseload, store = kept(recorded())
    caseload.disclose("p-1", request(), by="dr-example", under=emergency())
    body = store.load(KEY)[-1].body
    assert isinstance(body, Disclosed)
    assert body.exemption == emergency()


def test_the_records_of_merged_patients_are_looked_at() -> None:
    """A consent revoked under another id of the patient is revoked, through any number of them."""
    caseload, store = kept(
        recorded(ConsentRecorded(consent=consent()), PatientsMerged(patient_id="p-2"))
    )
    caseload.disclose("p-1", request(), by="dr-example", id="d-0")
    for id, body in (
        ("p-2", PatientsMerged(patient_id="p-3")),
        ("p-3", PatientsMerged(patient_id="p-2")),
        ("p-3", ConsentRecorded(consent=consent(revoked_on=TODAY))),
    ):
        told = event(f"of-{id}-{type(body).__name__}", body, 9, patient_id=id, episode_id=None)
        key = StreamKey("", id)
        store.append(key, [told], expected_version=store.version(key))
    with pytest.raises(DisclosureRefused, match="`revoked`"):
        caseload.disclose("p-1", request(), by="dr-example")


def test_a_merge_is_looked_at_from_both_sides() -> None:
    """Under whichever id it was asked, what was revoked under the other is revoked."""
    caseload, store = kept(consented(consent()), ids=None)
    caseload.merge("p-2", "p-1", by="clerk", at=NOW)
    caseload.disclose("p-1", request(), by="dr-example")
    ahead = NOW + timedelta(minutes=2)
    revoked = ConsentRecorded(consent=consent(revoked_on=TODAY))
    key = StreamKey("", "p-2")
    told = event("revoked", revoked, 10, known=10 + 2 / 1440, patient_id="p-2", episode_id=None)
    assert told.recorded_at == ahead
    store.append(key, [told], expected_version=store.version(key))
    with pytest.raises(DisclosureRefused, match="`revoked`"):
        caseload.disclose("p-1", request(), by="dr-example")


def test_what_is_told_is_told_no_earlier_than_what_it_rests_on() -> None:
    """A consent that a clock that is ahead recorded under another id counts from its moment."""
    caseload, store = kept(recorded(), ids=None)
    caseload.merge("p-2", "p-1", by="clerk", at=NOW)
    said = ConsentRecorded(consent=consent())
    told = event("given", said, 10, known=10 + 2 / 1440, patient_id="p-2", episode_id=None)
    key = StreamKey("", "p-2")
    store.append(key, [told], expected_version=store.version(key))
    found = caseload.disclose("p-1", request(), by="dr-example")
    assert found.event.occurred_at.instant == NOW + timedelta(minutes=2)


def test_another_organisation_s_patient_of_that_id_is_not_looked_at() -> None:
    """Consent given elsewhere allows nothing here."""
    _, store = kept(consented(consent()))
    other = Caseload([program()], store=store, tenant="south", clock=lambda: NOW)
    with pytest.raises(NothingRecorded):
        other.disclose("p-1", request(), by="dr-example")
    assert {key.tenant for key in store.streams()} == {""}


def test_the_day_is_the_program_s() -> None:
    """The consent's last day is over in Tokyo, and not where the program is."""
    late = datetime(2026, 3, 13, 1, tzinfo=UTC)
    caseload, _ = kept(
        consented(consent(expires_on=date(2026, 3, 12))), clock=lambda: late, ids=None
    )
    caseload.disclose("p-1", request(), by="dr-example")
    with pytest.raises(DisclosureRefused, match="`expired`"):
        caseload.disclose("p-1", request(), by="dr-example", calendar=Calendar(zone="Asia/Tokyo"))


def test_a_caseload_without_the_program_needs_a_calendar() -> None:
    """It cannot tell the day; the gate is not asked and nothing is logged, unless one is given."""
    _, store = kept(consented(consent()))
    caseload = Caseload([], store=store, clock=lambda: NOW)
    with pytest.raises(NoProgram):
        caseload.disclose("p-1", request(), by="dr-example")
    assert disclosure_log(caseload.for_patient("p-1")) == ()
    caseload.disclose("p-1", request(), by="x", calendar=Calendar(zone="UTC"))
    assert len(disclosure_log(caseload.for_patient("p-1"))) == 1


def test_a_clock_that_is_behind_sees_what_is_recorded() -> None:
    """A revocation recorded by a clock that runs ahead is not overlooked."""
    record = recorded(
        ConsentRecorded(consent=consent()),
        (ConsentRecorded(consent=consent(revoked_on=TODAY)), {"days": 10, "known": 10.5}),
    )
    caseload, store = kept(record)
    with pytest.raises(DisclosureRefused, match="`revoked`"):
        caseload.disclose("p-1", request(), by="dr-example")
    assert store.load(KEY)[-1].recorded_at == NOW + DAY / 2
