"""The fold: what an episode of care is, given its events.

`fold` is the definition. A fact always folds, whether or not the map has it; only after the end of
an episode are changes passed over, except that it was entered in error. What does not fit is
listed by `carecontinuum.history.review`, never dropped in silence.
"""

from collections.abc import Callable, Iterable, Iterator
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
from carecontinuum.history.drafting import Draft, added, ended
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
)
from carecontinuum.history.events import Basis, Event
from carecontinuum.history.reviewed import PlacementReviewed

__all__ = ["apply", "fold", "steps"]

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
    draft = Draft(EpisodeOfCare(id=id))
    for event in events:
        _take(draft, event)
    return draft.episode()


def steps(id: str, events: Iterable[Event]) -> Iterator[tuple[Event, EpisodeOfCare]]:
    """Give each event with the episode as it stood before it.

    Of what grows with the history the episode has the last entry only, so that a long one is gone
    through in a time that grows with its length, and no faster.
    """
    draft = Draft(EpisodeOfCare(id=id))
    for event in events:
        yield event, draft.last()
        _take(draft, event)


def apply(episode: EpisodeOfCare, event: Event) -> EpisodeOfCare:
    """Give the episode after one more event, which occurred no earlier than those before it."""
    draft = Draft(episode)
    _take(draft, event)
    return draft.episode()


def _take(draft: Draft, event: Event) -> None:
    """Change an episode by one more event."""
    body = event.body
    kind = type(body)
    step = _STEPS.get(kind)
    is_over = draft.status is not _ACTIVE and draft.status.is_final
    if step is None or (is_over and kind not in _AFTER_THE_END):
        return
    step(draft, event, body)
    if event.identifiers:
        draft.identifiers = tuple(dict.fromkeys((*draft.identifiers, *event.identifiers)))
    if draft.program is None:
        draft.program = event.program


def _set_status(draft: Draft, status: EpisodeStatus, at: When) -> None:
    history = draft.status_history
    if history and status is draft.status:
        return
    if history:
        history = ended(history, at)
    end = at if status.is_final else None
    draft.status_history = added(history, StatusPeriod(status=status, start=at, end=end))
    draft.status = status


def _stay(draft: Draft, event: Event, level: str | None, candidates: tuple[str, ...] = ()) -> None:
    at = event.occurred_at
    draft.end_stay(at)
    draft.site = site = event.site or draft.site
    draft.level, draft.candidates = level, candidates
    draft.lasting = (level, at, candidates, site, event.basis is _INFERRED)


def _at_level(
    draft: Draft, event: Event, level: str | None, candidates: tuple[str, ...] = ()
) -> None:
    _stay(draft, event, level, candidates)
    draft.level_since = None if level is None else event.occurred_at
    if draft.status is not _ACTIVE:
        _back(draft, event.occurred_at)


def _back(draft: Draft, at: When) -> None:
    """Be in care again, or for the first time."""
    _end_leave(draft, at)
    _set_status(draft, _ACTIVE, at)


def _end_leave(draft: Draft, at: When) -> None:
    """End the leave that lasts; called before the status changes."""
    if draft.status is EpisodeStatus.ONHOLD and draft.leaves:
        draft.leaves = ended(draft.leaves, at)


def _referred(draft: Draft, event: Event, _: Referred) -> None:
    if not draft.status_history:
        _set_status(draft, EpisodeStatus.PLANNED, event.occurred_at)


def _waitlisted(draft: Draft, event: Event, _: Waitlisted) -> None:
    if draft.status not in _IN_CARE:
        _set_status(draft, EpisodeStatus.WAITLIST, event.occurred_at)


def _admitted(draft: Draft, event: Event, body: Admitted) -> None:
    _at_level(draft, event, body.level, body.candidates)
    draft.admitted_at = draft.admitted_at or event.occurred_at
    draft.readmission_of = body.readmission_of
    draft.confidentiality = body.confidentiality
    _drop(draft, body.proposal_id)


def _placed(draft: Draft, event: Event, body: LevelPlaced) -> None:
    _at_level(draft, event, body.level)


def _unplaced(draft: Draft, event: Event, body: Unplaced) -> None:
    _at_level(draft, event, None, body.candidates)


def _moved(draft: Draft, event: Event, body: Moved) -> None:
    _at_level(draft, event, body.level)
    if draft.pending:
        _drop(draft, body.proposal_id)


def _relocated(draft: Draft, event: Event, _: Relocated) -> None:
    if draft.status in _IN_CARE:
        _stay(draft, event, draft.level, draft.candidates)
    else:
        draft.site = event.site or draft.site


def _leave_started(draft: Draft, event: Event, body: LeaveStarted) -> None:
    at = event.occurred_at
    _end_leave(draft, at)
    _set_status(draft, EpisodeStatus.ONHOLD, at)
    leave = Leave(kind=body.kind, start=at, expected_return=body.expected_return)
    draft.leaves = added(draft.leaves, leave)


def _returned(draft: Draft, event: Event, body: Returned) -> None:
    if body.level is not None and body.level != draft.level:
        _at_level(draft, event, body.level)
    else:
        _back(draft, event.occurred_at)


def _service_started(draft: Draft, event: Event, body: ServiceStarted) -> None:
    service = AddOnService(
        id=body.service_id,
        service=body.service,
        start=event.occurred_at,
        site=event.site,
        ends_with_episode=body.ends_with_episode,
    )
    draft.services = (*draft.services, service)


def _service_ended(draft: Draft, event: Event, body: ServiceEnded) -> None:
    draft.services = tuple(
        attrs.evolve(service, end=event.occurred_at)
        if service.id == body.service_id and service.end is None
        else service
        for service in draft.services
    )


def _proposed(draft: Draft, event: Event, body: MoveProposed) -> None:
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
    _drop(draft, body.proposal_id)
    draft.pending = (*draft.pending, move)


def _accepted(draft: Draft, _: Event, body: MoveAccepted) -> None:
    draft.pending = tuple(
        attrs.evolve(move, accepted=True) if move.id == body.proposal_id else move
        for move in draft.pending
    )


def _dropped(draft: Draft, _: Event, body: MoveDeclined | MoveWithdrawn) -> None:
    _drop(draft, body.proposal_id)


def _drop(draft: Draft, proposal_id: str | None) -> None:
    if proposal_id is not None:
        draft.pending = tuple(move for move in draft.pending if move.id != proposal_id)


def _end(draft: Draft, event: Event, status: EpisodeStatus) -> None:
    at = event.occurred_at
    _end_leave(draft, at)
    draft.end_stay(at)
    _set_status(draft, status, at)
    draft.level = draft.level_since = None
    draft.candidates, draft.pending = (), ()
    draft.services = tuple(
        attrs.evolve(service, end=at)
        if service.ends_with_episode and service.end is None
        else service
        for service in draft.services
    )


def _cancelled(draft: Draft, event: Event, _: Cancelled) -> None:
    _end(draft, event, EpisodeStatus.CANCELLED)


def _discharged(draft: Draft, event: Event, body: Discharged) -> None:
    _end(draft, event, EpisodeStatus.FINISHED)
    draft.discharge = Discharge(
        kind=body.kind,
        at=event.occurred_at,
        reason_code=event.reason_code,
        destination=body.destination,
        last_contact=body.last_contact,
        administrative_at=body.administrative_at,
    )


def _in_error(draft: Draft, event: Event, _: EnteredInError) -> None:
    _end(draft, event, EpisodeStatus.ENTERED_IN_ERROR)


def _legal_status(draft: Draft, event: Event, body: LegalStatusRecorded) -> None:
    status = LegalStatus(status=body.status, since=event.occurred_at, until=body.until)
    draft.legal_statuses = added(draft.legal_statuses, status)


def _return_to_use(draft: Draft, event: Event, _: ReturnToUse) -> None:
    draft.returns_to_use = added(draft.returns_to_use, event.occurred_at)


def _reviewed(draft: Draft, event: Event, body: PlacementReviewed) -> None:
    review = PlacementReview(
        at=event.occurred_at,
        levels=body.levels,
        settled=body.settled,
        track=body.track,
        selected=body.selected,
        discrepancy_reason=body.discrepancy_reason,
        criteria=body.criteria,
    )
    draft.reviews = added(draft.reviews, review)


def _adopted(draft: Draft, event: Event, body: ProgramAdopted) -> None:
    renamed: dict[str | None, str] = dict(body.level_map)
    level = renamed.get(draft.level, draft.level)
    candidates = tuple(renamed.get(code, code) for code in draft.candidates)
    draft.program = body.program
    draft.pending = tuple(
        attrs.evolve(move, level=renamed.get(move.level, move.level)) for move in draft.pending
    )
    if (level, candidates) != (draft.level, draft.candidates):
        _stay(draft, event, level, candidates)


_STEPS: dict[type, Callable[[Draft, Event, Any], None]] = {
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
