"""Telling a caseload what is so: facts from the field, and what somebody says here and now."""

from datetime import datetime, timedelta
from typing import TypedDict, Unpack

import attrs

from carecontinuum.arguments import an_instance, only_known
from carecontinuum.canonical import Problem
from carecontinuum.caseload.adopting import check_adoption
from carecontinuum.caseload.desk import before
from carecontinuum.caseload.keeping import Step
from carecontinuum.caseload.proposals import Proposing
from carecontinuum.codec import to_json
from carecontinuum.datatypes import Actor, Identifier, Site, When, actor, moment
from carecontinuum.decisions import ProgramRef
from carecontinuum.engine import Reported, report
from carecontinuum.history import (
    Admitted,
    Basis,
    Body,
    Corrected,
    Event,
    EventInvalid,
    EventSource,
    NoSuchEpisode,
    PatientRecord,
    PatientsMerged,
    PatientsUnmerged,
    ProgramAdopted,
    Referred,
    Waitlisted,
)

__all__ = ["AHEAD", "MoreOfAnEvent", "Telling"]

AHEAD = timedelta(minutes=5)
"""How far ahead of the caseload's clock another's may be: what is recorded next is no earlier."""


class MoreOfAnEvent(TypedDict, total=False):
    """The fields of an `Event` that `Caseload.record` takes besides its own arguments."""

    basis: Basis
    program: ProgramRef | None
    decision_id: str | None
    site: Site | None
    identifiers: tuple[Identifier, ...]
    source: EventSource | None
    reason_code: str | None
    note: str


class Telling(Proposing):
    """What tells of a patient."""

    def report(self, patient_id: str, event: Event, *, program_id: str | None = None) -> Reported:
        """Keep a fact from the field: it is never refused for being off the map.

        The same event told again, whenever it is recorded, is kept once. It is recorded no earlier
        than what it follows, for another may have written first.

        Args:
            patient_id: The patient.
            event: The fact, a late entry, a correction or a retraction.
            program_id: As for `request`.

        Raises:
            HistoryRefused: The event cannot be part of this history.
            CodecInvalid: A field is of another kind than it takes; each is named.
            EventInvalid: It was recorded more than `AHEAD` later than the caseload's clock.
            NoProgram: The caseload does not hold the episode's program, or one that is adopted. A
                record of care needs none.
            UnknownLevel: A program is adopted whose map does not have the episode's level.
        """
        an_instance("event", event, Event, "an `Event`; `record` makes one of what is said")
        return self._keep(patient_id, lambda record: self._told(record, event, program_id))

    def record(
        self,
        patient_id: str,
        body: Body,
        *,
        at: datetime | When,
        by: str | Actor,
        episode_id: str | None = None,
        id: str | None = None,
        program_id: str | None = None,
        **more: Unpack[MoreOfAnEvent],
    ) -> Reported:
        """Keep what somebody says, recorded now: an assessment, a plan, a return to use.

        What concerns the patient and no episode is told to `report` instead.

        Args:
            patient_id: The patient.
            body: What is said.
            at: When it was true, no later than the caseload's clock.
            by: Who says so.
            episode_id: The episode; `None` is the only open one.
            id: The event's id, which makes a retry harmless; `None` takes a new one.
            program_id: As for `request`.
            more: Other fields of the `Event`.

        Raises:
            EpisodeNotNamed: No episode was named, and there is not exactly one.
            NoSuchEpisode: One was named that the patient does not have, and this does not begin it.
            EventConflict: The id was used for something else.
            EventInvalid: With every problem.
            CodecInvalid: A field is of another kind than it takes; each is named.
            HistoryRefused: The event cannot be part of this history.
        """
        only_known("Caseload.record", more, MoreOfAnEvent)
        said = self._saying(
            patient_id,
            body,
            at=at,
            by=by,
            episode_id=episode_id,
            id=self._id(id),
            program_id=program_id,
            **more,
        )
        return self._keep(patient_id, said)

    def _saying(
        self,
        patient_id: str,
        body: Body,
        *,
        at: datetime | When,
        by: str | Actor,
        id: str,
        episode_id: str | None = None,
        program_id: str | None = None,
        **more: Unpack[MoreOfAnEvent],
    ) -> Step[Reported]:
        """Give the step that records what somebody says, now."""

        def made(record: PatientRecord) -> tuple[PatientRecord, Reported]:
            event = Event(
                id=id,
                patient_id=patient_id,
                episode_id=self._spoken_of(before(record, id), body, episode_id),
                occurred_at=moment(at, "at"),
                recorded_at=self._recorded(record),
                by=actor(by),
                body=body,
                **more,
            )
            return self._told(record, event, program_id)

        return made

    def _spoken_of(self, record: PatientRecord, body: Body, episode_id: str | None) -> str | None:
        """Give the episode that something is said of; a mistyped one is not begun by it."""
        if isinstance(body, (PatientsMerged, PatientsUnmerged)):
            return None
        id = self._only(record, episode_id)
        begun = tuple(id for id, one in record.episodes.items() if one.is_begun)
        begins = isinstance(body, (Referred, Waitlisted, Admitted))
        if not begins and id not in begun:
            raise NoSuchEpisode(episode_id=id, episodes=begun)
        return id

    def _told(
        self, record: PatientRecord, event: Event, program_id: str | None
    ) -> tuple[PatientRecord, Reported]:
        to_json(event)  # names each field that is of the wrong kind, before anything reads it
        there = record.by_id.get(event.id)
        if there is None:
            self._check_new(record, event)
        last = record.events[-1].recorded_at if record.events else event.recorded_at
        recorded_at = max(event.recorded_at, last) if there is None else there.recorded_at
        told = attrs.evolve(event, recorded_at=recorded_at)
        continuum = self._continuum(record, event, program_id)
        found = report(record, told, continuum=continuum)
        return found.record, found

    def _check_new(self, record: PatientRecord, event: Event) -> None:
        """Refuse what would bind all that follows: a clock far ahead, a map without the level."""
        last = record.events[-1].recorded_at if record.events else event.occurred_at.instant
        if event.recorded_at > max(self._now() + AHEAD, last):
            says = "it is later than the caseload's clock; look at the clock of whoever recorded it"
            problem = Problem("recorded_at", "not-yet", says)
            raise EventInvalid(subject=f"event `{event.id}`", problems=(problem,))
        said = event.body.body if isinstance(event.body, Corrected) else event.body
        if isinstance(said, ProgramAdopted):
            check_adoption(record, event, said, self._held(said.program).continuum)
