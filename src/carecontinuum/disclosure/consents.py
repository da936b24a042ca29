"""Whether one consent allows one request: every reason why it does not."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import attrs

from carecontinuum.history import (
    CareRecords,
    ConsentRecorded,
    Event,
    PatientRecord,
    PatientRecorded,
    Recorded,
    WhyNot,
    WhyNotCode,
)
from carecontinuum.records import Consent, ConsentPurpose, DisclosureRequest, RecordKind

__all__ = ["Consents", "covered_kinds"]

_WHOLE = ConsentPurpose.TREATMENT_PAYMENT_OPERATIONS
_CARE = frozenset({ConsentPurpose.TREATMENT, ConsentPurpose.PAYMENT, ConsentPurpose.OPERATIONS})


def covered_kinds(consent: Consent) -> frozenset[RecordKind]:
    """Give the kinds of records that a consent covers.

    One for counselling notes covers free-text notes and nothing else; any other never covers them.
    """
    notes = frozenset({RecordKind.NOTES})
    return notes if consent.counselling_notes else consent.scope - notes


@attrs.frozen(order=False, kw_only=True)
class Consents:
    """The consents of a patient.

    Attributes:
        patient_id: The patient whose record is asked for; never shown in a repr.
        names: What the patient is or was called in the records; never shown in a repr.
        day: The local day on which records would be told; never shown in a repr.
        care: The records of care of the patient, under every id that was merged.
    """

    patient_id: str = attrs.field(repr=False)
    names: frozenset[str] = attrs.field(repr=False)
    day: date = attrs.field(repr=False)
    care: CareRecords

    @classmethod
    def of(cls, views: Iterable[PatientRecord], *, patient_id: str, day: date) -> "Consents":
        """Take a patient's record, and those merged with it."""
        views = tuple(views)
        events = [event for view in views for event in view.care.events]
        return cls(
            patient_id=patient_id,
            names=frozenset(name for view in views for name in _names(view)),
            day=day,
            care=CareRecords(tuple(sorted(events, key=_occurred))),
        )

    @property
    def latest(self) -> tuple[Recorded[Consent], ...]:
        """Each consent as recorded last, the latest first."""
        return self.care.consents[::-1]

    def why_not(
        self, found: Recorded[Consent], request: DisclosureRequest, *, named: bool
    ) -> tuple[WhyNot, ...]:
        """Give every reason why a consent does not allow a request; nothing where it does.

        Args:
            found: One of the consents.
            request: What is asked for.
            named: Whether somebody named this consent for the request.
        """
        consent = found.value
        lacking = consent.lacking
        codes = [
            *([WhyNotCode.LACKS_ELEMENTS] if lacking else []),
            *self._time(consent),
            *self._about(found, request),
            *_parties(consent, request),
            *_purpose(consent, request, named=named),
            *_scope(consent, request),
        ]
        return tuple(
            WhyNot(
                code=code,
                consent_id=consent.id,
                lacking=lacking if code is WhyNotCode.LACKS_ELEMENTS else (),
            )
            for code in codes
        )

    def _time(self, consent: Consent) -> Iterator[WhyNotCode]:
        if consent.signed_on is not None and self.day < consent.signed_on:
            yield WhyNotCode.NOT_SIGNED_YET
        said = [version for _, version in self._sayings(consent)]
        over = consent.expires_on is not None and consent.expires_on < self.day
        if over or _reached([version.expired_on for version in said], self.day):
            yield WhyNotCode.EXPIRED
        if _reached([version.revoked_on for version in said], self.day):
            yield WhyNotCode.REVOKED

    def _sayings(self, consent: Consent) -> Iterator[tuple[Event, Consent]]:
        """Give every believed saying of a consent: one that was revoked stays so."""
        for event in self.care.events:
            if isinstance(event.body, ConsentRecorded) and event.body.consent.id == consent.id:
                yield event, event.body.consent

    def _place(self, found: Recorded[Consent]) -> Event:
        """Give the event that tells which episode a consent is for: the first that names one."""
        said = [event for event, _ in self._sayings(found.value) if event.episode_id is not None]
        return min(said, key=_recorded, default=found.event)

    def _about(self, found: Recorded[Consent], request: DisclosureRequest) -> Iterator[WhyNotCode]:
        if found.value.patient and found.value.patient not in self.names:
            yield WhyNotCode.ANOTHER_PATIENT
        place = self._place(found)
        if place.episode_id is not None and (
            place.patient_id != self.patient_id or set(request.episode_ids) != {place.episode_id}
        ):
            yield WhyNotCode.ANOTHER_EPISODE


def _reached(ends: Iterable[date | None], day: date) -> bool:
    return any(end is not None and end <= day for end in ends)


def _occurred(event: Event) -> datetime:
    return event.occurred_at.instant


def _recorded(event: Event) -> datetime:
    return event.recorded_at


def _names(view: PatientRecord) -> Iterator[str]:
    yield view.patient_id
    for event in view.care.events:
        if isinstance(event.body, PatientRecorded):
            patient = event.body.patient
            yield patient.id
            yield from (identifier.value for identifier in patient.identifiers)
            yield patient.name


def _parties(consent: Consent, request: DisclosureRequest) -> Iterator[WhyNotCode]:
    if not request.discloser.is_among(consent.disclosers):
        yield WhyNotCode.OTHER_DISCLOSER
    told = (*consent.recipients, consent.intermediary, *consent.participants)
    by_class = consent.purpose in _CARE or consent.purpose is _WHOLE
    if not request.recipient.is_among(told, by_class=by_class):
        yield WhyNotCode.OTHER_RECIPIENT


def _purpose(consent: Consent, request: DisclosureRequest, *, named: bool) -> Iterator[WhyNotCode]:
    wanted = request.purpose
    if wanted is not consent.purpose and not (consent.purpose is _WHOLE and wanted in _CARE):
        legal = wanted is ConsentPurpose.LEGAL_PROCEEDINGS
        yield WhyNotCode.LEGAL_PROCEEDINGS if legal else WhyNotCode.OTHER_PURPOSE
    elif wanted is ConsentPurpose.OTHER and not named:
        yield WhyNotCode.PURPOSE_IN_WORDS


def _scope(consent: Consent, request: DisclosureRequest) -> Iterator[WhyNotCode]:
    beyond = request.scope - covered_kinds(consent)
    if RecordKind.NOTES in beyond:
        yield WhyNotCode.NOTES_NEED_THEIR_OWN
    if beyond - {RecordKind.NOTES}:
        in_words = not consent.scope and not consent.counselling_notes
        yield WhyNotCode.SCOPE_IN_WORDS if in_words else WhyNotCode.OTHER_SCOPE
