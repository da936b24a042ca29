"""The fold: what an episode of care is, given its events.

`fold` is the definition. A fact always folds, whether or not the map has it; only after the end of
an episode are changes passed over, except that it was entered in error. What does not fit is
listed by `carecontinuum.history.review`, never dropped in silence.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from carecontinuum.datatypes import When
from carecontinuum.history.bodies import (
    Admitted,
    Cancelled,
    Discharged,
    EnteredInError,
    LeaveStarted,
    LegalStatusRecorded,
    LevelPlaced,
    MoveAccepted,
    Moved,
    MoveDeclined,
    MoveProposed,
    MoveWithdrawn,
    ProgramAdopted,
    Referred,
    Relocated,
    Returned,
    ReturnToUse,
    ServiceEnded,
    ServiceStarted,
    Unplaced,
    Waitlisted,
)
from carecontinuum.history.episode import (
    AddOnService,
    Discharge,
    EpisodeOfCare,
    EpisodeStatus,
    Leave,
    LegalStatus,
    PendingMove,
    PlacementReview,
    StatusPeriod,
    Stay,
)
from carecontinuum.history.events import Basis, Event
from carecontinuum.history.reviewed import PlacementReviewed

__all__ = ["apply", "fold", "steps"]

Changes = dict[str, Any]
# Named once: before Python 3.12, finding a member through its enum costs as much as a call.
_ACTIVE = EpisodeStatus.ACTIVE
_IN_CARE = (_ACTIVE, EpisodeStatus.ONHOLD)
_INFERRED = Basis.INFERRED


def fold(id: str, events: Iterable[Event]) -> EpisodeOfCare:
    """Give the episode that its believed events make, in the order they occurred.

    Args:
        id: The episode's id.
        events: What `PatientRecord.believed` gives for this episode: amendments applied, ordered.
    """
    episode = EpisodeOfCare(id=id)
    over: dict[str, list[Any]] = {name: [] for name in _GROWING}
    for count, event in enumerate(events, 1):
        episode = apply(episode, event)
        if count % _BLOCK == 0:
            for name in _GROWING:
                over[name].extend(getattr(episode, name)[:-1])
            episode = _lasting(episode)
    return _put_back(episode, over) if any(over.values()) else episode


def steps(id: str, events: Iterable[Event]) -> Iterator[tuple[Event, EpisodeOfCare]]:
    """Give each event with the episode as it stood before it.

    Of what grows with the history the episode has the last entries only, so that a long one is
    gone through in a time that grows with its length, and no faster.
    """
    episode = EpisodeOfCare(id=id)
    for count, event in enumerate(events, 1):
        yield event, episode
        episode = apply(episode, event)
        if count % _BLOCK == 0:
            episode = _lasting(episode)


_GROWING = ("status_history", "stays", "leaves", "legal_statuses", "returns_to_use", "reviews")
"""What grows with the history, and of which a step reads the last entry at most."""
_BLOCK = 100


def _lasting(episode: EpisodeOfCare) -> EpisodeOfCare:
    """Leave what is over out of a long fold, so that no step copies all of it."""
    return _changed(episode, {name: getattr(episode, name)[-1:] for name in _GROWING})


def _put_back(episode: EpisodeOfCare, over: Mapping[str, list[Any]]) -> EpisodeOfCare:
    whole = {name: (*over[name], *getattr(episode, name)) for name in _GROWING}
    return _changed(episode, whole)


def apply(episode: EpisodeOfCare, event: Event) -> EpisodeOfCare:
    """Give the episode after one more event, which occurred no earlier than those before it."""
    step = _STEPS.get(type(event.body))
    if step is None or (episode.status.is_final and type(event.body) not in _AFTER_THE_END):
        return episode
    changes = step(episode, event, event.body)
    if event.identifiers:
        known = episode.identifiers
        changes["identifiers"] = tuple(dict.fromkeys((*known, *event.identifiers)))
    if episode.program is None and event.program is not None:
        changes.setdefault("program", event.program)
    return _changed(episode, changes) if changes else episode


def _changed(episode: EpisodeOfCare, changes: Changes) -> EpisodeOfCare:
    """Give a copy with some parts changed; `attrs.evolve` takes ten times as long."""
    copy = object.__new__(EpisodeOfCare)
    copy.__dict__.update(episode.__dict__)
    copy.__dict__.update(changes)
    return copy


def _status(episode: EpisodeOfCare, status: EpisodeStatus, at: When) -> Changes:
    history = episode.status_history
    if status is episode.status and history:
        return {}
    if history:
        history = (*history[:-1], attrs.evolve(history[-1], end=at))
    end = at if status.is_final else None
    period = StatusPeriod(status=status, start=at, end=end)
    return {"status": status, "status_history": (*history, period)}


def _closed(stays: tuple[Stay, ...], at: When) -> tuple[Stay, ...]:
    if not stays or stays[-1].end is not None:
        return stays
    last = stays[-1]
    ended = Stay(
        level=last.level,
        start=last.start,
        end=at,
        candidates=last.candidates,
        site=last.site,
        inferred=last.inferred,
    )
    return (*stays[:-1], ended)


def _stay(
    episode: EpisodeOfCare, event: Event, level: str | None, candidates: tuple[str, ...] = ()
) -> Changes:
    at = event.occurred_at
    site = event.site or episode.site
    stay = Stay(
        level=level,
        start=at,
        candidates=candidates,
        site=site,
        inferred=event.basis is _INFERRED,
    )
    return {
        "level": level,
        "candidates": candidates,
        "site": site,
        "stays": (*_closed(episode.stays, at), stay),
    }


def _at_level(
    episode: EpisodeOfCare, event: Event, level: str | None, candidates: tuple[str, ...] = ()
) -> Changes:
    changes = _stay(episode, event, level, candidates)
    changes["level_since"] = None if level is None else event.occurred_at
    if episode.status is not _ACTIVE:
        changes |= _status(episode, _ACTIVE, event.occurred_at)
        changes |= _leave_closed(episode, event.occurred_at)
    return changes


def _leave_closed(episode: EpisodeOfCare, at: When) -> Changes:
    if episode.leave is None:
        return {}
    return {"leaves": (*episode.leaves[:-1], attrs.evolve(episode.leaves[-1], end=at))}


def _referred(episode: EpisodeOfCare, event: Event, _: Referred) -> Changes:
    if episode.status_history:
        return {}
    return _status(episode, EpisodeStatus.PLANNED, event.occurred_at)


def _waitlisted(episode: EpisodeOfCare, event: Event, _: Waitlisted) -> Changes:
    if episode.status in _IN_CARE:
        return {}
    return _status(episode, EpisodeStatus.WAITLIST, event.occurred_at)


def _admitted(episode: EpisodeOfCare, event: Event, body: Admitted) -> Changes:
    changes = _at_level(episode, event, body.level, body.candidates)
    changes["admitted_at"] = episode.admitted_at or event.occurred_at
    changes["readmission_of"] = body.readmission_of
    changes["confidentiality"] = body.confidentiality
    if body.proposal_id is not None:
        changes["pending"] = _without(episode, body.proposal_id)
    return changes


def _placed(episode: EpisodeOfCare, event: Event, body: LevelPlaced) -> Changes:
    return _at_level(episode, event, body.level)


def _unplaced(episode: EpisodeOfCare, event: Event, body: Unplaced) -> Changes:
    return _at_level(episode, event, None, body.candidates)


def _moved(episode: EpisodeOfCare, event: Event, body: Moved) -> Changes:
    changes = _at_level(episode, event, body.level)
    if body.proposal_id is not None:
        changes["pending"] = _without(episode, body.proposal_id)
    return changes


def _relocated(episode: EpisodeOfCare, event: Event, _: Relocated) -> Changes:
    if episode.status not in _IN_CARE:
        return {"site": event.site or episode.site}
    return _stay(episode, event, episode.level, episode.candidates)


def _leave_started(episode: EpisodeOfCare, event: Event, body: LeaveStarted) -> Changes:
    at = event.occurred_at
    leave = Leave(kind=body.kind, start=at, expected_return=body.expected_return)
    closed = _leave_closed(episode, at).get("leaves", episode.leaves)
    return {**_status(episode, EpisodeStatus.ONHOLD, at), "leaves": (*closed, leave)}


def _returned(episode: EpisodeOfCare, event: Event, body: Returned) -> Changes:
    if body.level is not None and body.level != episode.level:
        return _at_level(episode, event, body.level)
    at = event.occurred_at
    return {**_status(episode, EpisodeStatus.ACTIVE, at), **_leave_closed(episode, at)}


def _service_started(episode: EpisodeOfCare, event: Event, body: ServiceStarted) -> Changes:
    service = AddOnService(
        id=body.service_id,
        service=body.service,
        start=event.occurred_at,
        site=event.site,
        ends_with_episode=body.ends_with_episode,
    )
    return {"services": (*episode.services, service)}


def _service_ended(episode: EpisodeOfCare, event: Event, body: ServiceEnded) -> Changes:
    return {
        "services": tuple(
            attrs.evolve(service, end=event.occurred_at)
            if service.id == body.service_id and service.end is None
            else service
            for service in episode.services
        )
    }


def _proposed(episode: EpisodeOfCare, event: Event, body: MoveProposed) -> Changes:
    move = PendingMove(
        id=body.proposal_id,
        kind=body.kind,
        level=body.level,
        proposed_at=event.occurred_at,
        site=event.site,
        target_date=body.target_date,
        priority=body.priority,
        reason_code=event.reason_code,
    )
    return {"pending": (*_without(episode, body.proposal_id), move)}


def _accepted(episode: EpisodeOfCare, _: Event, body: MoveAccepted) -> Changes:
    return {
        "pending": tuple(
            attrs.evolve(move, accepted=True) if move.id == body.proposal_id else move
            for move in episode.pending
        )
    }


def _dropped(episode: EpisodeOfCare, _: Event, body: MoveDeclined | MoveWithdrawn) -> Changes:
    return {"pending": _without(episode, body.proposal_id)}


def _without(episode: EpisodeOfCare, proposal_id: str) -> tuple[PendingMove, ...]:
    return tuple(move for move in episode.pending if move.id != proposal_id)


def _ended(episode: EpisodeOfCare, event: Event, status: EpisodeStatus) -> Changes:
    at = event.occurred_at
    return {
        **_status(episode, status, at),
        **_leave_closed(episode, at),
        "level": None,
        "level_since": None,
        "candidates": (),
        "stays": _closed(episode.stays, at),
        "pending": (),
        "services": tuple(
            attrs.evolve(service, end=at)
            if service.ends_with_episode and service.end is None
            else service
            for service in episode.services
        ),
    }


def _cancelled(episode: EpisodeOfCare, event: Event, _: Cancelled) -> Changes:
    return _ended(episode, event, EpisodeStatus.CANCELLED)


def _discharged(episode: EpisodeOfCare, event: Event, body: Discharged) -> Changes:
    discharge = Discharge(
        kind=body.kind,
        at=event.occurred_at,
        reason_code=event.reason_code,
        destination=body.destination,
        last_contact=body.last_contact,
        administrative_at=body.administrative_at,
    )
    return {**_ended(episode, event, EpisodeStatus.FINISHED), "discharge": discharge}


def _in_error(episode: EpisodeOfCare, event: Event, _: EnteredInError) -> Changes:
    return _ended(episode, event, EpisodeStatus.ENTERED_IN_ERROR)


def _legal_status(episode: EpisodeOfCare, event: Event, body: LegalStatusRecorded) -> Changes:
    status = LegalStatus(status=body.status, since=event.occurred_at, until=body.until)
    return {"legal_statuses": (*episode.legal_statuses, status)}


def _return_to_use(episode: EpisodeOfCare, event: Event, _: ReturnToUse) -> Changes:
    return {"returns_to_use": (*episode.returns_to_use, event.occurred_at)}


def _reviewed(episode: EpisodeOfCare, event: Event, body: PlacementReviewed) -> Changes:
    review = PlacementReview(
        at=event.occurred_at,
        levels=body.levels,
        settled=body.settled,
        track=body.track,
        selected=body.selected,
        discrepancy_reason=body.discrepancy_reason,
        criteria=body.criteria,
    )
    return {"reviews": (*episode.reviews, review)}


def _adopted(episode: EpisodeOfCare, event: Event, body: ProgramAdopted) -> Changes:
    renamed: dict[str | None, str] = dict(body.level_map)
    level = renamed.get(episode.level, episode.level)
    candidates = tuple(renamed.get(code, code) for code in episode.candidates)
    changes: Changes = {
        "program": body.program,
        "pending": tuple(
            attrs.evolve(move, level=renamed.get(move.level, move.level))
            for move in episode.pending
        ),
    }
    if (level, candidates) != (episode.level, episode.candidates):
        changes |= _stay(episode, event, level, candidates)
    return changes


_STEPS: dict[type, Callable[[EpisodeOfCare, Event, Any], Changes]] = {
    Referred: _referred,
    Waitlisted: _waitlisted,
    Cancelled: _cancelled,
    Admitted: _admitted,
    LevelPlaced: _placed,
    Unplaced: _unplaced,
    Moved: _moved,
    Relocated: _relocated,
    LeaveStarted: _leave_started,
    Returned: _returned,
    ServiceStarted: _service_started,
    ServiceEnded: _service_ended,
    MoveProposed: _proposed,
    MoveAccepted: _accepted,
    MoveDeclined: _dropped,
    MoveWithdrawn: _dropped,
    Discharged: _discharged,
    EnteredInError: _in_error,
    LegalStatusRecorded: _legal_status,
    ReturnToUse: _return_to_use,
    PlacementReviewed: _reviewed,
    ProgramAdopted: _adopted,
}

_AFTER_THE_END = frozenset({EnteredInError, ReturnToUse, ServiceEnded})
