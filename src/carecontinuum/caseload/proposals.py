"""Moves that wait, for a bed or for an answer: proposed, answered, and carried out."""

from datetime import datetime
from functools import partial
from typing import TypeAlias

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.caseload.desk import Stated, before
from carecontinuum.caseload.errors import CannotBeProposed, EpisodeNotNamed, NoSuchProposal
from carecontinuum.caseload.moving import Answer, Moving, answered
from carecontinuum.continuum import TransitionKind
from carecontinuum.datatypes import Actor, When, actor, moment, optional_moment
from carecontinuum.decisions import Decision, Move, NotOnTheMap
from carecontinuum.engine import Outcome, decide
from carecontinuum.engine.machine import EpisodeMachine
from carecontinuum.history import (
    Body,
    Decided,
    Event,
    EventInvalid,
    MoveAccepted,
    MoveDeclined,
    MoveProposed,
    MoveWithdrawn,
    PatientRecord,
    PendingMove,
)

__all__ = ["Proposal", "Proposing"]


@attrs.frozen(order=False, kw_only=True)
class Proposal:
    """A move that was proposed, and what the program would say if it were asked for now.

    Attributes:
        id: The proposal's id.
        decision: The decision on the move as of the proposal. Anything but a permit is for whoever
            waits to settle; the move is decided again when it is carried out.
        record: The record with it.
    """

    id: str
    decision: Decision
    record: PatientRecord = attrs.field(repr=False)


Proposed: TypeAlias = Proposal | NotOnTheMap
"""What came of a proposal: what is kept, or what is to be raised once its decision is kept."""


class Proposing(Moving):
    """What waits: proposing a move, answering for the receiving side, and making it."""

    def propose(
        self,
        patient_id: str,
        move: Move,
        *,
        at: datetime,
        by: str | Actor,
        target_date: datetime | When | None = None,
        priority: str = "routine",
        episode_id: str | None = None,
        request_id: str | None = None,
        program_id: str | None = None,
        stated: Stated | None = None,
    ) -> Proposal:
        """Propose an admission or a move between levels, which then waits.

        The move is decided as of now and the decision is recorded. What the program forbids or
        cannot tell yet may still be waited for; what is not on the map may not.

        Args:
            patient_id: The patient.
            move: What is proposed.
            at: When it is proposed, an aware datetime, no later than the caseload's clock.
            by: Who proposes.
            target_date: When the move should happen; `None` if no day is set.
            priority: FHIR's request priority: `routine`, `urgent`, `asap`, `stat`.
            episode_id: As for `request`.
            request_id: The proposal's id, which makes a retry harmless; `None` takes a new one.
            program_id: As for `request`.
            stated: Facts that whoever proposes vouches for.

        Raises:
            NotOnTheMap: The map has no such move from here; the decision is recorded.
            CannotBeProposed: A move of this kind does not wait.
            EpisodeNotNamed: No episode was named, and there is not exactly one.
            NoProgram: The caseload does not hold the episode's program.
            EventConflict: The id was used for something else.
        """
        request_id = self._id(request_id, "request_id")

        def made(record: PatientRecord) -> tuple[PatientRecord, Proposed]:
            there = record.by_id.get(f"{request_id}/decision")
            seen = before(record, f"{request_id}/decision")
            id = self._episode_id(seen, move, episode_id, new=f"episode-{request_id}")
            program = self._program(seen, id, at, program_id)
            decision = decide(
                seen, move, program=program, episode_id=id, at=at, by=by, stated=stated
            )
            recorded_at = self._recorded(record) if there is None else there.recorded_at
            events = proposed(
                decision,
                id=request_id,
                recorded_at=recorded_at,
                target_date=target_date,
                priority=priority,
            )
            after = record.append(*events)
            if not decision.on_the_map:
                return after, NotOnTheMap(decision=decision)
            return after, Proposal(id=request_id, decision=decision, record=after)

        answer = self._keep(patient_id, made)
        if isinstance(answer, NotOnTheMap):
            raise answer
        return answer

    def accept(
        self,
        patient_id: str,
        proposal_id: str,
        *,
        at: datetime | When,
        by: str | Actor,
        episode_id: str | None = None,
        id: str | None = None,
    ) -> PatientRecord:
        """Record that the receiving side takes a proposed move; `carry_out` makes it.

        Args:
            patient_id: The patient.
            proposal_id: The proposal.
            at: When it was answered.
            by: Who answers.
            episode_id: The episode; `None` is the one in which the proposal waits.
            id: The event's id, which makes a retry harmless; `None` takes a new one.

        Raises:
            NoSuchProposal: It does not wait; those that do are listed.
            EventInvalid: It was proposed later than `at`, or `at` is later than the clock.
            EventConflict: The id was used for something else.
        """
        body = MoveAccepted(proposal_id=proposal_id)
        return self._answer(patient_id, body, at=at, by=by, episode_id=episode_id, id=id)

    def decline(
        self,
        patient_id: str,
        proposal_id: str,
        *,
        at: datetime | When,
        by: str | Actor,
        reason_code: str | None = None,
        episode_id: str | None = None,
        id: str | None = None,
    ) -> PatientRecord:
        """Record that the receiving side refuses a proposed move; it waits no longer.

        The arguments, with a coded `reason_code` if there is one, and what is raised, are as for
        `accept`.
        """
        body = MoveDeclined(proposal_id=proposal_id)
        return self._answer(
            patient_id, body, at=at, by=by, reason_code=reason_code, episode_id=episode_id, id=id
        )

    def withdraw(
        self,
        patient_id: str,
        proposal_id: str,
        *,
        at: datetime | When,
        by: str | Actor,
        reason_code: str | None = None,
        episode_id: str | None = None,
        id: str | None = None,
    ) -> PatientRecord:
        """Record that whoever proposed a move no longer does; it waits no longer.

        The arguments, with a coded `reason_code` if there is one, and what is raised, are as for
        `accept`.
        """
        body = MoveWithdrawn(proposal_id=proposal_id)
        return self._answer(
            patient_id, body, at=at, by=by, reason_code=reason_code, episode_id=episode_id, id=id
        )

    def carry_out(
        self,
        patient_id: str,
        proposal_id: str,
        *,
        at: datetime,
        by: str | Actor,
        episode_id: str | None = None,
        request_id: str | None = None,
        stated: Stated | None = None,
    ) -> Outcome:
        """Make a proposed move: it is decided again, as of now, and refused or made.

        Args:
            patient_id: The patient.
            proposal_id: The proposal, accepted or not: whether that is asked is the program's.
            at: When the move happens, an aware datetime, no later than the caseload's clock.
            by: Who asks.
            episode_id: The episode; `None` is the one in which the proposal waits.
            request_id: The request's id, which makes a retry harmless; `None` takes a new one.
            stated: Facts that whoever asks vouches for.

        Raises:
            TransitionRefused: It is not permitted; the decision is recorded, the proposal waits on.
            NoSuchProposal: It does not wait; those that do are listed.
            EventConflict: The id was used for another request.
        """
        request_id = self._id(request_id, "request_id")

        def made(record: PatientRecord) -> tuple[PatientRecord, Answer]:
            seen = before(record, f"{request_id}/decision")
            episode, pending = _waiting(seen, proposal_id, episode_id)
            machine = EpisodeMachine(self._program(record, episode, at, None), record, episode)
            move = _move(record, pending)
            ask = partial(machine.request, move, id=request_id, at=at, by=by, stated=stated)
            answer = answered(partial(ask, recorded_at=self._recorded(record)))
            return machine.record, answer

        return self._answered(patient_id, made)

    def _answer(
        self,
        patient_id: str,
        body: MoveAccepted | MoveDeclined | MoveWithdrawn,
        *,
        at: datetime | When,
        by: str | Actor,
        episode_id: str | None,
        id: str | None,
        reason_code: str | None = None,
    ) -> PatientRecord:
        id = self._id(id)

        def made(record: PatientRecord) -> tuple[PatientRecord, PatientRecord]:
            there = record.by_id.get(id)
            episode, pending = _waiting(before(record, id), body.proposal_id, episode_id)
            _check_answer(pending, moment(at, "at"))
            event = Event(
                id=id,
                patient_id=patient_id,
                episode_id=episode,
                occurred_at=moment(at, "at"),
                recorded_at=self._recorded(record) if there is None else there.recorded_at,
                by=actor(by),
                body=body,
                reason_code=reason_code,
            )
            after = record.append(event)
            return after, after

        return self._keep(patient_id, made)


def proposed(
    decision: Decision,
    *,
    id: str,
    recorded_at: datetime,
    target_date: datetime | When | None,
    priority: str,
) -> tuple[Event, ...]:
    """Give the events of a proposal: its decision, and the proposal where the map has the move.

    Raises:
        CannotBeProposed: A move of this kind does not wait.
    """
    asked = decision.request
    if not (asked.kind.between_levels or asked.kind is TransitionKind.ADMIT):
        raise CannotBeProposed(kind=asked.kind.value)
    body = MoveProposed(
        proposal_id=id,
        kind=asked.kind,
        level=asked.target,
        target_date=optional_moment(target_date, "target_date"),
        priority=priority,
    )
    decided = _said(decision, Decided(decision=decision), f"{id}/decision", recorded_at)
    if not decision.on_the_map:
        return (decided,)
    waiting = attrs.evolve(
        _said(decision, body, id, recorded_at),
        decision_id=decided.id,
        site=asked.move.site,
        reason_code=asked.move.reason_code,
        note=asked.move.note,
    )
    return decided, waiting


def _said(decision: Decision, body: Body, id: str, recorded_at: datetime) -> Event:
    return Event(
        id=id,
        patient_id=decision.patient_id,
        episode_id=decision.request.episode_id,
        occurred_at=When.of(decision.request.at),
        recorded_at=recorded_at,
        by=decision.request.by,
        program=decision.program,
        body=body,
    )


def _waiting(
    record: PatientRecord, proposal_id: str, episode_id: str | None
) -> tuple[str, PendingMove]:
    """Find a proposal that waits, and its episode."""
    waiting = [
        (episode.id, move)
        for episode in record.episodes.values()
        for move in episode.pending
        if episode_id in (None, episode.id)
    ]
    found = [(id, move) for id, move in waiting if move.id == proposal_id]
    if len(found) > 1:
        raise EpisodeNotNamed(episodes=tuple(id for id, _ in found))
    if not found:
        raise NoSuchProposal(proposal_id=proposal_id, pending=tuple(move.id for _, move in waiting))
    return found[0]


def _check_answer(pending: PendingMove, at: When) -> None:
    """Refuse an answer to what was not proposed yet: it would leave the proposal waiting."""
    if at.instant < pending.proposed_at.instant:
        says = "the move was proposed later; give the moment of the answer"
        problem = Problem("at", "before-the-proposal", says)
        raise EventInvalid(subject=f"the answer to proposal `{pending.id}`", problems=(problem,))


def _move(record: PatientRecord, pending: PendingMove) -> Move:
    """Give the move that carries a proposal out, with what only its decision holds."""
    decided = record.by_id.get(f"{pending.id}/decision")
    body = None if decided is None else decided.body
    asked = body.decision.request.move if isinstance(body, Decided) else Move()
    return Move(
        kind=pending.kind,
        to=pending.level,
        site=pending.site,
        reason_code=pending.reason_code,
        proposal_id=pending.id,
        readmission_of=asked.readmission_of,
        confidentiality=asked.confidentiality,
    )
