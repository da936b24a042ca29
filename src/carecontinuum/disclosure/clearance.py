"""Leave to tell somebody something of a patient, now: only the consent gate gives it."""

from datetime import datetime
from typing import NoReturn, final

import attrs

from carecontinuum.datatypes import Coding, utc
from carecontinuum.disclosure.content import Note, covered_events, covered_notes
from carecontinuum.disclosure.errors import ClearanceForged, ClearanceMisfit, ClearanceOver
from carecontinuum.disclosure.notice import NOTICE, PART_2_LABELS, STANDARD_LABELS
from carecontinuum.history import DisclosureGround, Event, PatientRecord
from carecontinuum.records import Consent, DisclosureRequest, Exemption, ExemptionClaimed

__all__ = ["Clearance", "issue"]


@final
@attrs.frozen(order=False, eq=False, kw_only=True, init=False, getstate_setstate=False)
class Clearance:
    """Leave to tell one recipient one scope of one record, for a few minutes.

    `clear` makes it. Making it by hand, copying, changing or pickling it raises `ClearanceForged`:
    that stops accidents, and cannot stop malice.

    Attributes:
        record: The record it is for, as it was then; never shown in a repr.
        request: Who is told what, by whom and what for.
        at: When it was given, in UTC, or when the last of the record was recorded, if that is
            later; never shown in a repr.
        valid_until: When it is over, in UTC; never shown in a repr.
        consent: The consent it rests on; `None` where it rests on something else. Never in a repr.
        exemption: The exemption it rests on; `None` where it rests on something else.
        is_part2: Whether an episode among those asked for is under 42 CFR Part 2.
        patient_alone: Whether it covers what concerns the patient and no episode.
    """

    record: PatientRecord = attrs.field(repr=False)
    request: DisclosureRequest
    at: datetime = attrs.field(repr=False)
    valid_until: datetime = attrs.field(repr=False)
    consent: Consent | None = attrs.field(repr=False)
    exemption: ExemptionClaimed | None
    is_part2: bool
    patient_alone: bool

    def __init__(self, **_: object) -> None:
        """Refuse: only the gate makes one.

        Raises:
            ClearanceForged: Always.
        """
        raise ClearanceForged

    def __init_subclass__(cls) -> NoReturn:
        raise ClearanceForged

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise ClearanceForged

    @property
    def ground(self) -> DisclosureGround:
        """On what ground it was given."""
        if self.consent is not None:
            return DisclosureGround.CONSENT
        if self.exemption is not None:
            return DisclosureGround.EXEMPTION
        return DisclosureGround.NOT_PART_2

    @property
    def notice(self) -> str:
        """The statement that goes with the records; empty within the program and outside Part 2."""
        within = Exemption.WITHIN_THE_PROGRAM
        inside = self.exemption is not None and self.exemption.exemption is within
        return NOTICE if self.is_part2 and not inside else ""

    @property
    def labels(self) -> tuple[Coding, ...]:
        """The security labels that the records carry, for FHIR's `meta.security`."""
        return PART_2_LABELS if self.is_part2 else STANDARD_LABELS

    def events(self, record: PatientRecord, *, at: datetime) -> tuple[Event, ...]:
        """Give the events that it covers, without their free text.

        Whatever exports records begins here, and so cannot tell more than was cleared.

        Args:
            record: The record that it was given for.
            at: The moment now, an aware datetime.

        Raises:
            ClearanceMisfit: It is for another record, or the record has changed.
            ClearanceOver: It does not hold at that moment.
        """
        view = self._view(record, at)
        return covered_events(view, self.request, patient_alone=self.patient_alone)

    def notes(self, record: PatientRecord, *, at: datetime) -> tuple[Note, ...]:
        """Give the free texts that it covers; what is taken and raised is as for `events`."""
        view = self._view(record, at)
        return covered_notes(view, self.request, patient_alone=self.patient_alone)

    def _view(self, record: PatientRecord, at: datetime) -> PatientRecord:
        if record != self.record:
            raise ClearanceMisfit
        if not self.at <= utc(at) < self.valid_until:
            raise ClearanceOver
        return record


del Clearance.__attrs_init__  # pyright: ignore[reportAttributeAccessIssue]


def issue(
    *,
    record: PatientRecord,
    request: DisclosureRequest,
    at: datetime,
    valid_until: datetime,
    consent: Consent | None,
    exemption: ExemptionClaimed | None,
    is_part2: bool,
    patient_alone: bool,
) -> Clearance:
    """Make a clearance; for the gate alone, which is why the package does not export it."""
    made = object.__new__(Clearance)
    terms: dict[str, object] = {
        "record": record,
        "request": request,
        "at": at,
        "valid_until": valid_until,
        "consent": consent,
        "exemption": exemption,
        "is_part2": is_part2,
        "patient_alone": patient_alone,
    }
    for name, value in terms.items():
        object.__setattr__(made, name, value)
    return made
