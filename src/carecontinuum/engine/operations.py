"""Commands as pure functions: what would be recorded, given what is known. No clock, no store."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from carecontinuum.arguments import a_text
from carecontinuum.canonical import Problem
from carecontinuum.continuum import TransitionKind
from carecontinuum.datatypes import Actor, When, actor, utc
from carecontinuum.decisions import Decision, Move, Stated, TransitionRequest, Verdict
from carecontinuum.engine.deciding import decide, told_facts
from carecontinuum.engine.errors import (
    CannotBeOverridden,
    DecisionStale,
    NotADecision,
    RequestConflict,
)
from carecontinuum.engine.requests import off_the_map
from carecontinuum.errors import listed
from carecontinuum.history import (
    Admitted,
    AnotherPatientsEvent,
    Basis,
    Cancelled,
    Change,
    Consequence,
    Decided,
    Discharged,
    EpisodeOfCare,
    Event,
    EventConflict,
    EventInvalid,
    LeaveStarted,
    LevelPlaced,
    Moved,
    PatientRecord,
    Referred,
    Returned,
    Waitlisted,
    consequences,
)
from carecontinuum.programs import Program

__all__ = [
    "Outcome",
    "asked_before",
    "change_for",
    "enact",
    "is_late",
    "override",
    "request",
]


@attrs.frozen(order=False, kw_only=True)
class Outcome:
    """What came of a request.

    Attributes:
        decision: The decision.
        events: What is to be recorded, in order: the decision, and the move if it is permitted.
            Empty when the same request was recorded before.
        record: The record with these events.
        overridden: Whether the move was made although the decision refuses it.
        consequences: What a move that is told late changes about events recorded before it.
    """

    decision: Decision
    events: tuple[Event, ...] = attrs.field(repr=False)
    record: PatientRecord = attrs.field(repr=False)
    overridden: bool = False
    consequences: tuple[Consequence, ...] = ()

    def require(self) -> "Outcome":
        """Give the outcome back if the move was made.

        Raises:
            TransitionRefused: It was not; the error holds the decision.
        """
        if not self.overridden:
            self.decision.require()
        return self


def change_for(request: TransitionRequest) -> Change:
    """Give what an event says when a request is carried out."""
    move = request.move
    match request.kind:
        case TransitionKind.REFER:
            return Referred()
        case TransitionKind.WAITLIST:
            return Waitlisted()
        case TransitionKind.CANCEL:
            return Cancelled()
        case TransitionKind.ADMIT:
            return Admitted(
                level=request.target,
                readmission_of=move.readmission_of,
                proposal_id=move.proposal_id,
                confidentiality=move.confidentiality or "part2",
            )
        case TransitionKind.PLACE:
            return LevelPlaced(level=request.target or "")
        case TransitionKind.LEAVE:
            return LeaveStarted(kind=move.leave_kind, expected_return=move.expected_return)
        case TransitionKind.RETURN:
            return Returned(level=request.target)
        case TransitionKind.DISCHARGE:
            return Discharged(
                kind=move.discharge_kind or "",
                last_contact=move.last_contact,
                destination=move.destination,
            )
        case _:
            return Moved(
                level=request.target or "", kind=request.kind, proposal_id=move.proposal_id
            )


def request(
    record: PatientRecord,
    move: Move,
    *,
    program: Program,
    episode_id: str,
    id: str,
    at: datetime,
    by: str | Actor,
    recorded_at: datetime | None = None,
    stated: Mapping[Any, Any] | None = None,
) -> Outcome:
    """Decide a move and say what is to be recorded: the decision, and the move if permitted.

    Asking again with the same id gives the first answer and records nothing: the same person for
    the same move, with the same facts stated. Ask with another id when something has changed.

    Args:
        record: The patient's record.
        move: What is asked for.
        program: The program that decides.
        episode_id: The episode; a new id for a referral or an admission.
        id: The request's id; the move's event takes it, the decision's adds `/decision`.
        at: When the move happens, an aware datetime.
        by: Who asks.
        recorded_at: When this is recorded; `None` is the moment of the move.
        stated: Facts that whoever asks vouches for, as for `decide`.

    Raises:
        EventConflict: The id was used for another request.
        EventInvalid: It would be recorded before it happens; a move to come is proposed.
        HistoryRefused: The events cannot be added to this record.
        NoSuchEpisode: No such episode, and the move does not begin one.
        CannotBeStated: A stated fact is not one the program takes from the request.
    """
    before = asked_before(record, move, episode_id=episode_id, id=id, by=by, stated=stated)
    if before is not None:
        return before
    decision = decide(
        record, move, program=program, episode_id=episode_id, at=at, by=by, stated=stated
    )
    known_at = at if recorded_at is None else recorded_at
    return enact(record, decision, program=program, id=id, recorded_at=known_at)


def enact(
    record: PatientRecord, decision: Decision, *, program: Program, id: str, recorded_at: datetime
) -> Outcome:
    """Say what is to be recorded of a decision: itself, and the move if it permits one.

    Args:
        record: The record the decision was made on.
        decision: The decision.
        program: The program that decided; its map tells what a late move changes.
        id: The id of the move's event; the decision's adds `/decision`.
        recorded_at: When this is recorded, an aware datetime.

    Raises:
        AnotherPatientsEvent: The decision is about somebody else.
        DecisionStale: The decision was made on another version of the record.
        EventInvalid: It would be recorded before it happens.
        HistoryRefused: The events cannot be added to this record.
    """
    if decision.patient_id != record.patient_id:
        raise AnotherPatientsEvent(event_id=id)
    if decision.record_version != record.version:
        raise DecisionStale(decided_for=decision.record_version, record_version=record.version)
    known_at = utc(recorded_at, "recorded_at")
    if decision.request.at > known_at:
        says = (
            "it is later than when it is recorded, which a caseload takes from its clock; a move "
            "to come is proposed"
        )
        problem = Problem("at", "before-it-happens", says)
        raise EventInvalid(subject=f"request `{id}`", problems=(problem,))
    decided = _decided(record, decision, id=id, recorded_at=known_at)
    if decision.verdict is not Verdict.PERMIT:
        return Outcome(decision=decision, events=(decided,), record=record.append(decided))
    change = _change(record, decision, Basis.DECIDED, id=id, recorded_at=known_at)
    return Outcome(
        decision=decision,
        events=(decided, change),
        record=record.append(decided, change),
        consequences=_late_consequences(record, change, program),
    )


def _late_consequences(
    record: PatientRecord, change: Event, program: Program
) -> tuple[Consequence, ...]:
    asked = (change.episode_id or "", change.occurred_at.instant)
    return consequences(record, change, program.continuum) if is_late(record, *asked) else ()


def is_late(record: PatientRecord, episode_id: str, at: datetime) -> bool:
    """Tell whether an episode went on after a moment in UTC."""
    stream = record.streams.get(episode_id, ())
    return bool(stream) and stream[-1].occurred_at.instant > at


def asked_before(
    record: PatientRecord,
    move: Move,
    *,
    episode_id: str,
    id: str,
    by: str | Actor,
    stated: Mapping[Any, Any] | None = None,
) -> Outcome | None:
    """Give what came of a request that was recorded before; `None` where none was.

    The arguments are those of `request`; no program is asked.

    Raises:
        RequestConflict: The id was used for another request.
    """
    there = record.by_id.get(f"{id}/decision")
    if there is None:
        return None
    decision = there.body.decision if isinstance(there.body, Decided) else None
    told = told_facts(stated) if stated else ()
    if decision is None or (there.episode_id, *_asked(decision)) != (
        episode_id,
        move,
        actor(by),
        told,
    ):
        raise RequestConflict(event_id=id)
    return Outcome(decision=decision, events=(), record=record)


def _asked(decision: Decision) -> tuple[Move, Actor, tuple[Stated, ...]]:
    request = decision.request
    return request.move, request.by, request.stated


def _decided(record: PatientRecord, decision: Decision, *, id: str, recorded_at: datetime) -> Event:
    return Event(
        id=f"{id}/decision",
        patient_id=record.patient_id,
        episode_id=decision.request.episode_id,
        occurred_at=When.of(recorded_at),
        recorded_at=recorded_at,
        by=decision.request.by,
        program=decision.program,
        body=Decided(decision=decision),
    )


def _change(
    record: PatientRecord,
    decision: Decision,
    basis: Basis,
    *,
    id: str,
    recorded_at: datetime,
    decision_id: str | None = None,
    by: Actor | None = None,
    reason_code: str | None = None,
) -> Event:
    request = decision.request
    return Event(
        id=id,
        patient_id=record.patient_id,
        episode_id=request.episode_id,
        occurred_at=When.of(request.at),
        recorded_at=recorded_at,
        by=by or request.by,
        body=change_for(request),
        basis=basis,
        program=decision.program,
        decision_id=decision_id or f"{id}/decision",
        site=request.move.site,
        reason_code=reason_code or request.move.reason_code,
        note=request.move.note,
    )


def override(
    record: PatientRecord,
    decision_id: str,
    *,
    program: Program,
    id: str,
    by: str | Actor,
    reason_code: str,
    recorded_at: datetime,
) -> Outcome:
    """Make a move that was refused, where the policies against it let this role override them.

    Asking again with the same id for the same override records nothing.

    Args:
        record: The patient's record.
        decision_id: The event id of the recorded refusal.
        program: The program that decided.
        id: The id of the move's event.
        by: Who overrides, with the role; without one nobody in particular.
        reason_code: Why, coded; a text that says something.
        recorded_at: When this is recorded, an aware datetime.

    Raises:
        NotADecision: There is no recorded decision of that id.
        CannotBeOverridden: It needs no override, another program made it, the episode stands
            elsewhere by now, the map has no such move, or this role may not.
        EventConflict: The id was used for something else.
    """
    by = actor(by)
    a_text("reason_code", reason_code)
    event = record.by_id.get(decision_id)
    if event is None or not isinstance(event.body, Decided):
        raise NotADecision(event_id=decision_id)
    decision = event.body.decision
    there = record.by_id.get(id)
    if there is not None:
        if (there.decision_id, there.by, there.reason_code) != (decision_id, by, reason_code):
            raise EventConflict(event_id=id)
        return Outcome(decision=decision, events=(), record=record, overridden=True)
    _check_override(record, decision, program, by)
    change = _change(
        record,
        decision,
        Basis.OVERRIDDEN,
        id=id,
        recorded_at=utc(recorded_at, "recorded_at"),
        decision_id=decision_id,
        by=by,
        reason_code=reason_code,
    )
    return Outcome(
        decision=decision,
        events=(change,),
        record=record.append(change),
        overridden=True,
        consequences=_late_consequences(record, change, program),
    )


def _check_override(record: PatientRecord, decision: Decision, program: Program, by: Actor) -> None:
    against = [reason for reason in decision.reasons if reason.verdict is not Verdict.PERMIT]
    policies = tuple(reason.policy.id for reason in against)

    def refuse(says: str) -> CannotBeOverridden:
        return CannotBeOverridden(policies=policies, role=by.role, says=says)

    if not against:
        raise refuse("the decision permits the move; it needs no override")
    if decision.program != program.ref:
        raise refuse("another program or version decided; ask again")
    asked = decision.request
    seen = PatientRecord(
        patient_id=record.patient_id, events=record.events[: decision.record_version]
    )
    if _standing(record, asked) != _standing(seen, asked):
        raise refuse("the episode stands elsewhere by now; ask again")
    episode = _episode_then(record.as_of(occurred=asked.at), asked)
    if off := off_the_map(episode, asked, program.continuum):
        raise refuse(f"the map has no such move: {off}")
    for reason in against:
        if by.role not in reason.overridable_by:
            roles = listed(tuple(sorted(reason.overridable_by)), empty="nobody")
            raise refuse(f"`{reason.policy.id}` may be overridden by {roles}")


def _episode_then(record: PatientRecord, asked: TransitionRequest) -> EpisodeOfCare:
    return record.episodes.get(asked.episode_id) or EpisodeOfCare(id=asked.episode_id)


def _standing(record: PatientRecord, asked: TransitionRequest) -> tuple[object, ...]:
    """Tell where the episode stood at the moment asked for, and where all that is known puts it."""
    moments = (record.as_of(occurred=asked.at), record)
    episodes = (_episode_then(view, asked) for view in moments)
    return tuple((episode.status, episode.level) for episode in episodes)
