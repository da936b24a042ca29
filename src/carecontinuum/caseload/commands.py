"""What can be told a caseload: each command records, or raises what holds the reason.

Each loads a patient's history, decides once, checks with the live machine, appends, and then tells
the listeners. Whoever loses a race against another writer decides again on what the other wrote.
"""

from datetime import datetime
from typing import TypedDict, Unpack

import attrs

from carecontinuum.arguments import a_text, only_known
from carecontinuum.caseload.desk import Stated, before
from carecontinuum.caseload.disclosing import Answer
from carecontinuum.caseload.joining import check_joined
from carecontinuum.caseload.telling import Telling
from carecontinuum.continuum import Track
from carecontinuum.datatypes import Actor, Calendar, When, actor, optional_moment
from carecontinuum.disclosure import Disclosure, DisclosureRefused, Under
from carecontinuum.engine import Reported, Reviewed, review_placement
from carecontinuum.history import (
    Change,
    Corrected,
    Event,
    EventConflict,
    PatientRecord,
    PatientsMerged,
    PatientsUnmerged,
    RecordBody,
    Retracted,
)
from carecontinuum.records import DisclosureRequest

__all__ = ["Caseload", "Reviewing"]


class Reviewing(TypedDict, total=False):
    """The arguments of `review_placement` that `Caseload.review` hands on."""

    stated: Stated | None
    selected: str | None
    discrepancy_reason: str | None
    track: Track | None


class Caseload(Telling):
    """The patients of one organisation: what an application asks and tells.

    Several threads may use it. Each call names the patient and, unless there is exactly one open,
    the episode. A command that is given an id may be told again: it is kept once.

    Examples:
        >>> from datetime import UTC, datetime
        >>> import carecontinuum as cc
        >>> from carecontinuum.stores import MemoryStore
        >>> caseload = Caseload([cc.shipped_program("community")], store=MemoryStore())
        >>> monday = datetime(2026, 3, 2, 15, tzinfo=UTC)
        >>> outcome = caseload.admit(
        ...     "p-1", to="detox", at=monday, by="dr-example", request_id="r-1"
        ... )
        >>> caseload.for_patient("p-1").episode("episode-r-1").level
        'detox'
    """

    def correct(
        self,
        patient_id: str,
        event_id: str,
        *,
        by: str | Actor,
        body: Change | RecordBody | None = None,
        occurred_at: datetime | When | None = None,
        id: str | None = None,
    ) -> Reported:
        """Say what truly happened, or when; the event stays recorded.

        Args:
            patient_id: The patient.
            event_id: The event that was wrong.
            by: Who says so.
            body: What truly happened, or the record as it should have been; `None` leaves it.
            occurred_at: When it truly happened; `None` leaves it.
            id: The correction's own id, which makes a retry harmless; `None` takes a new one.

        Raises:
            HistoryRefused: The event cannot be corrected so.
        """
        when = optional_moment(occurred_at, "occurred_at")
        corrected = Corrected(event_id=event_id, body=body, occurred_at=when)
        return self._amend(patient_id, corrected, by=by, id=id)

    def retract(
        self, patient_id: str, event_id: str, *, by: str | Actor, id: str | None = None
    ) -> Reported:
        """Say that an event did not happen; it stays recorded and is no longer believed.

        Args:
            patient_id: The patient.
            event_id: The event.
            by: Who says so.
            id: The retraction's own id, which makes a retry harmless; `None` takes a new one.

        Raises:
            HistoryRefused: The event cannot be retracted.
        """
        return self._amend(patient_id, Retracted(event_id=event_id), by=by, id=id)

    def review(
        self,
        patient_id: str,
        *,
        at: datetime,
        by: str | Actor,
        episode_id: str | None = None,
        id: str | None = None,
        **review: Unpack[Reviewing],
    ) -> Reviewed:
        """Review a placement, and keep what was recommended and selected.

        Args:
            patient_id: The patient.
            at: When the review was made, an aware datetime.
            by: Who reviewed.
            episode_id: The episode; `None` is the only open one.
            id: The review's id, which makes a retry harmless; `None` takes a new one.
            review: `stated`, `selected`, `discrepancy_reason`, `track`, as for `review_placement`.

        Raises:
            NothingRecommended: The program has no placement rules for the track.
            EventConflict: The id was used for something else.
        """
        only_known("Caseload.review", review, Reviewing)
        id = self._id(id)

        def made(record: PatientRecord) -> tuple[PatientRecord, Reviewed]:
            there = record.by_id.get(id)
            seen = before(record, id)
            episode = self._only(seen, episode_id)
            found = review_placement(
                seen,
                program=self._program(seen, episode, at, None),
                episode_id=episode,
                at=at,
                id=id,
                by=by,
                recorded_at=self._recorded(record) if there is None else there.recorded_at,
                **review,
            )
            after = record.append(*found.events)
            events = found.events if there is None else ()
            return after, attrs.evolve(found, events=events, record=after)

        return self._keep(patient_id, made)

    def merge(
        self,
        patient_id: str,
        other_id: str,
        *,
        by: str | Actor,
        at: datetime,
        id: str | None = None,
    ) -> Reported:
        """Record that two patients are one, in both records or in neither; both histories stay.

        A merge that another system reports, of an id that is not known here yet, is kept with
        `report`.

        Args:
            patient_id: The patient.
            other_id: The other, who is the same.
            by: Who says so.
            at: When it was found, an aware datetime.
            id: The id of both events, which makes a retry harmless; `None` takes a new one.

        Returns:
            What came of it in the record of `patient_id`.

        Raises:
            NothingRecorded: Nothing is recorded of one of them.
            CannotBeMerged: They are one id; or it is dated so that it would have no effect.
            EventConflict: The id was used for something else, in either record.
        """
        return self._joined(patient_id, other_id, PatientsMerged, by=by, at=at, id=id)

    def unmerge(
        self,
        patient_id: str,
        other_id: str,
        *,
        by: str | Actor,
        at: datetime,
        id: str | None = None,
    ) -> Reported:
        """Record, in both records, that two patients who were merged are two.

        The arguments, what is given and what is raised are as for `merge`; they must be merged.
        """
        return self._joined(patient_id, other_id, PatientsUnmerged, by=by, at=at, id=id)

    def disclose(
        self,
        patient_id: str,
        request: DisclosureRequest,
        *,
        by: str | Actor,
        under: Under = None,
        calendar: Calendar | None = None,
        id: str | None = None,
    ) -> Disclosure:
        """Ask the consent gate now; the answer is kept before anything is told.

        Args:
            patient_id: The patient, by the id under which the episodes were recorded.
            request: Who is to be told what, by whom and what for.
            by: Who discloses.
            under: As for `clear`.
            calendar: Whose zone says which day it is; `None` is the first episode's program's.
            id: The id of the event that logs it; `None` takes a new one. Telling again is logged
                again, so an id serves once.

        Raises:
            DisclosureRefused: It is not allowed; the refusal is kept too.
            NothingRecorded: Nothing is recorded of the patient; there is no history to log it in.
            EventConflict: The id was used before; nothing is told.
            NoProgram: No calendar was named, and the caseload does not hold the episode's program;
                the gate was not asked.
        """
        id = self._id(id)

        def made(record: PatientRecord) -> tuple[PatientRecord, Answer]:
            if id in record.by_id:
                raise EventConflict(event_id=id)
            at = self._recorded(record)
            return self._disclosed(
                record, request, at=at, by=by, id=id, under=under, calendar=calendar
            )

        answer = self._keep(patient_id, made)
        if isinstance(answer, DisclosureRefused):
            raise answer
        return answer

    def _joined(
        self,
        patient_id: str,
        other_id: str,
        kind: type[PatientsMerged | PatientsUnmerged],
        *,
        by: str | Actor,
        at: datetime,
        id: str | None,
    ) -> Reported:
        """Say in two records that they are one person's, or two's; in both, or in neither."""
        a_text("other_id", other_id)
        id = self._id(id)
        other, mine = (
            self._saying(one, kind(patient_id=another), at=at, by=by, id=id)
            for one, another in ((other_id, patient_id), (patient_id, other_id))
        )
        check_joined(
            (self.for_patient(other_id), other), (self.for_patient(patient_id), mine), kind, id=id
        )
        self._keep(other_id, other)
        return self._keep(patient_id, mine)

    def _amend(
        self, patient_id: str, body: Corrected | Retracted, *, by: str | Actor, id: str | None
    ) -> Reported:
        a_text("event_id", body.event_id)
        id = self._id(id)

        def made(record: PatientRecord) -> tuple[PatientRecord, Reported]:
            there = record.by_id.get(id)
            amended = record.by_id.get(body.event_id)
            recorded_at = self._recorded(record) if there is None else there.recorded_at
            event = Event(
                id=id,
                patient_id=patient_id,
                episode_id=None if amended is None else amended.episode_id,
                occurred_at=When.of(recorded_at),
                recorded_at=recorded_at,
                by=actor(by),
                body=body,
            )
            return self._told(record, event, None)

        return self._keep(patient_id, made)
