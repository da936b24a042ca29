"""What can be told a caseload: each command records, or raises what holds the reason.

Each loads a patient's history, decides once, checks with the live machine, appends, and then tells
the listeners. Whoever loses a race against another writer decides again on what the other wrote.
"""

import warnings
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import attrs

from carecontinuum.caseload.desk import Stated
from carecontinuum.caseload.disclosing import Answer, Disclosing
from carecontinuum.datatypes import Actor, Calendar, When, actor, moment, utc
from carecontinuum.decisions import Move, TransitionRefused, admit, refer
from carecontinuum.disclosure import Disclosure, DisclosureRefused, Under
from carecontinuum.engine import (
    ListenerFailedWarning,
    Outcome,
    Reported,
    Reviewed,
    override,
    report,
    review_placement,
)
from carecontinuum.engine.machine import EpisodeMachine
from carecontinuum.history import (
    Body,
    Change,
    Corrected,
    Event,
    PatientRecord,
    PatientsMerged,
    PatientsUnmerged,
    Retracted,
)
from carecontinuum.records import DisclosureRequest
from carecontinuum.stores import StreamChanged, StreamKey

__all__ = ["Caseload"]

T = TypeVar("T")

_RACES = 20
"""How often a lost race is decided again before it is told."""


class Caseload(Disclosing):
    """The patients of one organisation: what an application asks and tells.

    Several threads may use it. Each call names the patient and, unless there is exactly one open,
    the episode.

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

    def request(
        self,
        patient_id: str,
        move: Move,
        *,
        at: datetime,
        by: str | Actor,
        episode_id: str | None = None,
        request_id: str | None = None,
        program_id: str | None = None,
        stated: Stated | None = None,
    ) -> Outcome:
        """Decide a move and make it; a refusal is recorded too, and raised.

        Asking again with the same `request_id` gives the first answer and records nothing.

        Args:
            patient_id: The patient.
            move: What is asked for.
            at: When it happens, an aware datetime.
            by: Who asks.
            episode_id: The episode; `None` is the only open one, or a new one for a move that
                begins it.
            request_id: The request's id, which makes a retry harmless; `None` takes a new one.
            program_id: For a new episode, where the caseload holds several programs: which.
            stated: Facts that whoever asks vouches for.

        Raises:
            TransitionRefused: It is not permitted; the error holds the decision, which is recorded.
            EpisodeNotNamed: No episode was named, and there is not exactly one.
            NoProgram: The caseload does not hold the episode's program.
            EventConflict: The id was used for another request.
            StreamChanged: Others wrote again and again; nothing was recorded.
            StoreUnavailable: Nothing was recorded.
        """
        request_id = self._ids() if request_id is None else request_id

        def made(record: PatientRecord) -> tuple[PatientRecord, Outcome | TransitionRefused]:
            id = self._episode_id(record, move, episode_id, new=f"episode-{request_id}")
            program = self._program(record, id, at, program_id)
            machine = EpisodeMachine(program, record, id)
            try:
                answer: Outcome | TransitionRefused = machine.request(
                    move,
                    id=request_id,
                    at=at,
                    by=by,
                    recorded_at=self._recorded(record, at),
                    stated=stated,
                )
            except TransitionRefused as refused:
                answer = refused
            return machine.record, answer

        answer = self._keep(patient_id, made)
        if isinstance(answer, TransitionRefused):
            raise answer
        return answer

    def admit(self, patient_id: str, *, to: str | None = None, **asked: Any) -> Outcome:
        """Admit a patient; the other arguments are those of `request`."""
        return self.request(patient_id, admit(to=to), **asked)

    def refer(self, patient_id: str, **asked: Any) -> Outcome:
        """Take a referral; the other arguments are those of `request`."""
        return self.request(patient_id, refer(), **asked)

    def report(self, patient_id: str, event: Event, *, program_id: str | None = None) -> Reported:
        """Keep a fact from the field: it is never refused for being off the map.

        The same event told again, whenever it is recorded, is kept once.

        Args:
            patient_id: The patient.
            event: The fact, a late entry, a correction or a retraction.
            program_id: As for `request`.

        Raises:
            HistoryRefused: The event cannot be part of this history.
        """

        def made(record: PatientRecord) -> tuple[PatientRecord, Reported]:
            at = event.occurred_at.instant
            program = self._program(record, event.episode_id or "", at, program_id)
            there = record.by_id.get(event.id)
            told = event if there is None else attrs.evolve(event, recorded_at=there.recorded_at)
            found = report(record, told, continuum=program.continuum)
            return found.record, found

        return self._keep(patient_id, made)

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
        **more: Any,
    ) -> Reported:
        """Keep what somebody says, recorded now: an assessment, a plan, a return to use.

        Args:
            patient_id: The patient.
            body: What is said.
            at: When it was true.
            by: Who says so.
            episode_id: The episode; `None` is the only open one.
            id: The event's id, which makes a retry harmless; `None` takes a new one.
            program_id: As for `request`.
            more: Other fields of the `Event`.

        Raises:
            EpisodeNotNamed: No episode was named, and there is not exactly one.
            EventInvalid: With every problem.
            HistoryRefused: The event cannot be part of this history.
        """
        record = self.for_patient(patient_id)
        about_patient = isinstance(body, PatientsMerged | PatientsUnmerged)
        event = Event(
            id=self._ids() if id is None else id,
            patient_id=patient_id,
            episode_id=None if about_patient else self._only(record, episode_id),
            occurred_at=moment(at),
            recorded_at=self._recorded(record, moment(at).instant),
            by=actor(by),
            body=body,
            **more,
        )
        return self.report(patient_id, event, program_id=program_id)

    def correct(
        self,
        patient_id: str,
        event_id: str,
        *,
        by: str | Actor,
        body: Change | None = None,
        occurred_at: datetime | When | None = None,
        id: str | None = None,
    ) -> Reported:
        """Say what truly happened, or when; the event stays recorded.

        Args:
            patient_id: The patient.
            event_id: The event that was wrong.
            by: Who says so.
            body: What truly happened; `None` leaves it.
            occurred_at: When it truly happened; `None` leaves it.
            id: The correction's own id; `None` takes a new one.

        Raises:
            HistoryRefused: The event cannot be corrected so.
        """
        corrected = Corrected(event_id=event_id, body=body, occurred_at=occurred_at)
        return self._amend(patient_id, event_id, corrected, by=by, id=id)

    def retract(
        self, patient_id: str, event_id: str, *, by: str | Actor, id: str | None = None
    ) -> Reported:
        """Say that an event did not happen; it stays recorded and is no longer believed.

        Args:
            patient_id: The patient.
            event_id: The event.
            by: Who says so.
            id: The retraction's own id; `None` takes a new one.

        Raises:
            HistoryRefused: The event cannot be retracted.
        """
        return self._amend(patient_id, event_id, Retracted(event_id=event_id), by=by, id=id)

    def override(
        self,
        patient_id: str,
        decision_id: str,
        *,
        by: Actor,
        reason_code: str,
        id: str | None = None,
    ) -> Outcome:
        """Make a move that was refused, where the policies against it let this role override them.

        Args:
            patient_id: The patient.
            decision_id: The event id of the recorded refusal.
            by: Who overrides, with the role.
            reason_code: Why, coded.
            id: The id of the move's event; `None` takes a new one.

        Raises:
            NotADecision: There is no recorded decision of that id.
            CannotBeOverridden: It may not be overridden, or not by this role.
        """
        id = self._ids() if id is None else id

        def made(record: PatientRecord) -> tuple[PatientRecord, Outcome]:
            decided = record.by_id.get(decision_id)
            episode = (decided.episode_id if decided else None) or ""
            at = self._clock()
            found = override(
                record,
                decision_id,
                program=self._program(record, episode, at, None),
                id=id,
                by=by,
                reason_code=reason_code,
                recorded_at=self._recorded(record, at),
            )
            return found.record, found

        return self._keep(patient_id, made)

    def review(
        self,
        patient_id: str,
        *,
        at: datetime,
        by: str | Actor,
        episode_id: str | None = None,
        id: str | None = None,
        **review: Any,
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
        """
        id = self._ids() if id is None else id

        def made(record: PatientRecord) -> tuple[PatientRecord, Reviewed]:
            episode = self._only(record, episode_id)
            found = review_placement(
                record,
                program=self._program(record, episode, at, None),
                episode_id=episode,
                at=at,
                id=id,
                by=by,
                recorded_at=self._recorded(record, at),
                **review,
            )
            return found.record, found

        return self._keep(patient_id, made)

    def merge(self, patient_id: str, other_id: str, *, by: str | Actor, at: datetime) -> Reported:
        """Record that two patients are one; both histories stay, and an unmerge is possible."""
        return self.record(patient_id, PatientsMerged(patient_id=other_id), at=at, by=by)

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
            patient_id: The patient; of merged patients, the one whose record says so.
            request: Who is to be told what, by whom and what for.
            by: Who discloses.
            under: As for `clear`.
            calendar: Whose zone says which day it is; `None` is the first episode's program's.
            id: The id of the event that logs it; `None` takes a new one.

        Raises:
            DisclosureRefused: It is not allowed; the refusal is kept too.
            NoProgram: The caseload does not hold the episode's program; the gate was not asked.
        """
        id = self._ids() if id is None else id

        def made(record: PatientRecord) -> tuple[PatientRecord, Answer]:
            at = self._recorded(record, self._clock())
            return self._disclosed(
                record, request, at=at, by=by, id=id, under=under, calendar=calendar
            )

        answer = self._keep(patient_id, made)
        if isinstance(answer, DisclosureRefused):
            raise answer
        return answer

    def _keep(self, patient_id: str, made: Callable[[PatientRecord], tuple[PatientRecord, T]]) -> T:
        """Load, make, append; where another wrote first, again on what the other wrote."""
        key = self._key(patient_id)
        for attempt in range(_RACES):
            before = self.for_patient(patient_id)
            after, answer = made(before)
            new = after.events[before.version :]
            try:
                self._store.append(key, new, expected_version=before.version)
            except StreamChanged:
                if attempt == _RACES - 1:
                    raise
                continue
            self._tell(key, new, after)
            return answer
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _tell(self, key: StreamKey, events: Iterable[Event], record: PatientRecord) -> None:
        for event in events:
            for listener in self._listeners:
                try:
                    listener(key, event, record)
                except Exception as error:  # noqa: BLE001 - what is kept stands; it is reported
                    name = getattr(listener, "__qualname__", type(listener).__qualname__)
                    says = f"listener {name} raised {type(error).__name__}; what was kept stands"
                    warnings.warn(says, ListenerFailedWarning, stacklevel=4)

    def _recorded(self, record: PatientRecord, at: datetime) -> datetime:
        """Give when something is recorded: now, or no earlier than what it follows."""
        last = record.events[-1].recorded_at if record.events else utc(at)
        return max(utc(self._clock()), last, utc(at))

    def _amend(
        self,
        patient_id: str,
        event_id: str,
        body: Corrected | Retracted,
        *,
        by: str | Actor,
        id: str | None,
    ) -> Reported:
        amended = self.for_patient(patient_id).by_id.get(event_id)
        episode = None if amended is None else amended.episode_id
        at = self._clock()
        return self.record(patient_id, body, at=at, by=by, episode_id=episode, id=id)
