"""What in a history does not fit: with itself, or with the map it is held against."""

from collections.abc import Iterator, Mapping
from enum import Enum

import attrs

from carecontinuum.continuum import Continuum, TransitionKind
from carecontinuum.datatypes import Precision
from carecontinuum.history.bodies import (
    Admitted,
    Cancelled,
    Discharged,
    EnteredInError,
    LeaveStarted,
    LevelPlaced,
    MoveAccepted,
    Moved,
    MoveDeclined,
    MoveProposed,
    MoveWithdrawn,
    Referred,
    Relocated,
    Returned,
    ReturnToUse,
    ServiceEnded,
    ServiceStarted,
    Unplaced,
    Waitlisted,
)
from carecontinuum.history.episode import EpisodeOfCare, EpisodeStatus
from carecontinuum.history.events import Event
from carecontinuum.history.folding import steps
from carecontinuum.history.record import PatientRecord
from carecontinuum.history.references import Misfit, reference_misfits

__all__ = ["Consequence", "Discrepancy", "Effect", "consequences", "discrepancies"]


@attrs.frozen(order=False, kw_only=True)
class Discrepancy:
    """A recorded event that does not fit where it stands; it is believed all the same.

    Attributes:
        event_id: The event.
        episode_id: The episode; `None` for what concerns the patient alone.
        code: A stable word for the kind of misfit, as in `off-the-map`.
        says: What was seen and what was expected.
    """

    event_id: str
    episode_id: str | None
    code: str
    says: str


class Effect(Enum):
    """What a late or amended entry does to an event recorded before it."""

    NOW_MISFITS = "now-misfits"
    NOW_FITS = "now-fits"
    STARTS_ELSEWHERE = "starts-elsewhere"
    GONE = "gone"
    BACK = "back"


@attrs.frozen(order=False, kw_only=True)
class Consequence:
    """What adding an event changes about another one.

    Attributes:
        event_id: The other event.
        episode_id: Its episode.
        effect: What changed.
        says: How.
    """

    event_id: str
    episode_id: str
    effect: Effect
    says: str


def discrepancies(record: PatientRecord, continuum: Continuum) -> tuple[Discrepancy, ...]:
    """List every believed event that does not fit, in the order they occurred in each episode.

    Records of care are held against each other by `care_discrepancies`.
    """
    return tuple(
        Discrepancy(event_id=event.id, episode_id=id, code=code, says=says)
        for id, event, _, misfits in _walk(record, continuum)
        for code, says in misfits
    )


def consequences(
    record: PatientRecord, event: Event, continuum: Continuum
) -> tuple[Consequence, ...]:
    """List the recorded events that one more event would make misfit, or start elsewhere.

    Meant for a late entry, a correction or a retraction; for an event that comes after all
    others the answer is empty.

    Raises:
        HistoryRefused: The event cannot be added at all.
    """
    before = _standing(record, continuum)
    after = _standing(record.append(event), continuum)
    return tuple(_compared(before, after, record))


@attrs.frozen
class _Standing:
    episode_id: str
    start: tuple[EpisodeStatus, str | None]
    misfits: tuple[Misfit, ...]


def _standing(record: PatientRecord, continuum: Continuum) -> dict[str, _Standing]:
    return {
        event.id: _Standing(id, (episode.status, episode.level), misfits)
        for id, event, episode, misfits in _walk(record, continuum)
    }


def _compared(
    before: Mapping[str, _Standing], after: Mapping[str, _Standing], record: PatientRecord
) -> Iterator[Consequence]:
    for event in record.events:
        was, now = before.get(event.id), after.get(event.id)
        standing = was or now
        if standing is not None and (found := _effect(was, now)):
            effect, says = found
            yield Consequence(
                event_id=event.id, episode_id=standing.episode_id, effect=effect, says=says
            )


def _effect(was: _Standing | None, now: _Standing | None) -> tuple[Effect, str] | None:
    if now is None:
        return Effect.GONE, "it is no longer believed"
    if was is None:
        return Effect.BACK, "it is believed again"
    new = [says for code, says in now.misfits if code not in dict(was.misfits)]
    if new:
        return Effect.NOW_MISFITS, "; ".join(new)
    if was.misfits and not now.misfits:
        return Effect.NOW_FITS, "it did not fit before"
    if was.start != now.start:
        return Effect.STARTS_ELSEWHERE, f"from {_place(*now.start)}, not {_place(*was.start)}"
    return None


def _place(status: EpisodeStatus, level: str | None) -> str:
    return f"{status.value} at `{level}`" if level else status.value


def _walk(
    record: PatientRecord, continuum: Continuum
) -> Iterator[tuple[str, Event, EpisodeOfCare, tuple[Misfit, ...]]]:
    elsewhere = reference_misfits(record)
    for id, stream in record.streams.items():
        for event, episode in steps(id, stream):
            here = [
                (code, says)
                for code, says in _misfits(episode, event, continuum)
                if code != _NOT_BEGUN or not _begins_that_day(record.episodes[id], event)
            ]
            yield id, event, episode, (*here, *elsewhere.get(event.id, ()))


def _begins_that_day(episode: EpisodeOfCare, event: Event) -> bool:
    """Tell whether what is told as a day, which counts from its midnight, is told of the first."""
    at = event.occurred_at
    if at.precision is Precision.INSTANT or not episode.status_history:
        return False
    return episode.status_history[0].start.day(at.zone) <= at.last_day()


_NOT_BEGUN = "not-begun"


def _misfits(episode: EpisodeOfCare, event: Event, continuum: Continuum) -> Iterator[Misfit]:
    body = event.body
    if episode.status.is_final and not isinstance(
        body, (EnteredInError, ReturnToUse, ServiceEnded)
    ):
        yield "after-the-end", f"the episode was {episode.status.value}; the event is passed over"
        return
    match body:
        case Referred() | Waitlisted() | Cancelled():
            yield from _before_admission(episode, body)
        case Admitted():
            yield from _admission(episode, body, continuum)
        case LevelPlaced(level=level):
            if not episode.is_unplaced:
                yield "not-unplaced", f"the episode was {_at(episode)}, not waiting for a level"
            yield from _unknown_level(level, continuum)
        case Moved():
            yield from _move(episode, body, continuum)
        case LeaveStarted():
            if episode.status is not EpisodeStatus.ACTIVE:
                yield "not-in-care", f"leave began while the episode was {_at(episode)}"
        case Returned():
            yield from _return(episode, body, continuum)
        case Relocated() | Unplaced():
            if episode.status is not EpisodeStatus.ACTIVE:
                yield "not-in-care", f"recorded while the episode was {_at(episode)}"
        case Discharged(kind=kind):
            yield from _discharge(episode, kind, continuum)
        case MoveProposed() | MoveAccepted() | MoveDeclined() | MoveWithdrawn():
            yield from _proposal(episode, body, continuum)
        case ServiceStarted() | ServiceEnded():
            yield from _service(episode, body)
        case _:
            yield from _begun(episode)


def _at(episode: EpisodeOfCare) -> str:
    return _place(episode.status, episode.level)


def _begun(episode: EpisodeOfCare) -> Iterator[Misfit]:
    if not episode.status_history:
        yield _NOT_BEGUN, "the episode had not begun: nobody was referred or admitted to it"


def _unknown_level(level: str | None, continuum: Continuum) -> Iterator[Misfit]:
    if level is not None and level not in continuum:
        yield "unknown-level", f"continuum `{continuum.id}` has no level `{level}`"


def _before_admission(
    episode: EpisodeOfCare, body: Referred | Waitlisted | Cancelled
) -> Iterator[Misfit]:
    if episode.admitted_at is not None or episode.status is EpisodeStatus.ACTIVE:
        yield "after-admission", f"{body.TYPE} after admission"
    elif isinstance(body, Referred) and episode.status_history:
        yield "referred-again", "the episode was referred before"
    elif isinstance(body, Waitlisted) and episode.status is EpisodeStatus.WAITLIST:
        yield "waitlisted-again", "the person was on the waiting list already"


def _admission(episode: EpisodeOfCare, body: Admitted, continuum: Continuum) -> Iterator[Misfit]:
    if episode.admitted_at is not None:
        yield "admitted-again", "the episode had an admission already"
    elif episode.status in {EpisodeStatus.ACTIVE, EpisodeStatus.ONHOLD}:
        yield "admitted-again", f"admitted while the episode was {_at(episode)}"
    for level in (body.level, *body.candidates):
        yield from _unknown_level(level, continuum)
    if body.level is not None and body.level in continuum and body.level not in continuum.entry:
        yield "not-an-entry", f"`{body.level}` is not a level an episode begins at"
    yield from _carried_out(episode, body)


def _carried_out(episode: EpisodeOfCare, body: Admitted | Moved) -> Iterator[Misfit]:
    if body.proposal_id is None:
        return
    proposed = next((move for move in episode.pending if move.id == body.proposal_id), None)
    if proposed is None:
        yield "no-such-proposal", f"no pending proposal `{body.proposal_id}`"
    elif proposed.level not in (None, body.level):
        yield "not-as-proposed", f"proposal `{proposed.id}` was for `{proposed.level}`"


def _move(episode: EpisodeOfCare, body: Moved, continuum: Continuum) -> Iterator[Misfit]:
    yield from _unknown_level(body.level, continuum)
    if episode.status is not EpisodeStatus.ACTIVE or episode.level is None:
        yield "not-at-a-level", f"moved while the episode was {_at(episode)}"
        return
    yield from _carried_out(episode, body)
    yield from _route(episode.level, body.level, body.kind, continuum)


def _route(
    origin: str, target: str, kind: TransitionKind | None, continuum: Continuum
) -> Iterator[Misfit]:
    if origin not in continuum or target not in continuum:
        return
    follows = continuum.kind_between(origin, target)
    if kind is not None and follows is not None and kind is not follows:
        says = f"told as {kind.value}; from `{origin}` to `{target}` is {follows.value}"
        yield "contradicts-ranks", says
    if continuum.route_kind(origin, target) is None:
        yield "off-the-map", f"no route from `{origin}` to `{target}`"


def _return(episode: EpisodeOfCare, body: Returned, continuum: Continuum) -> Iterator[Misfit]:
    if episode.status is not EpisodeStatus.ONHOLD:
        yield "not-on-leave", f"a return while the episode was {_at(episode)}"
    yield from _unknown_level(body.level, continuum)
    if body.level is not None and episode.level is not None and body.level != episode.level:
        yield from _route(episode.level, body.level, None, continuum)


def _discharge(episode: EpisodeOfCare, kind: str, continuum: Continuum) -> Iterator[Misfit]:
    if episode.status not in {EpisodeStatus.ACTIVE, EpisodeStatus.ONHOLD}:
        yield "not-in-care", f"discharged while the episode was {_at(episode)}"
    known = continuum.discharge_kind(kind)
    if known is None:
        yield "unknown-discharge", f"continuum `{continuum.id}` has no kind of discharge `{kind}`"
    elif known.decided and _has_no_discharge(episode.level, continuum):
        yield "off-the-map", f"no {kind} discharge from `{episode.level}`"


def _has_no_discharge(level: str | None, continuum: Continuum) -> bool:
    return level is not None and level in continuum and level not in continuum.discharge_from


def _proposal(
    episode: EpisodeOfCare,
    body: MoveProposed | MoveAccepted | MoveDeclined | MoveWithdrawn,
    continuum: Continuum,
) -> Iterator[Misfit]:
    pending = any(move.id == body.proposal_id for move in episode.pending)
    if isinstance(body, MoveProposed):
        if pending:
            yield "proposed-again", f"proposal `{body.proposal_id}` was pending already"
        yield from _unknown_level(body.level, continuum)
    elif not pending:
        yield "no-such-proposal", f"no pending proposal `{body.proposal_id}`"


def _service(episode: EpisodeOfCare, body: ServiceStarted | ServiceEnded) -> Iterator[Misfit]:
    yield from _begun(episode)
    running = any(s.id == body.service_id and s.end is None for s in episode.services)
    if isinstance(body, ServiceStarted) and running:
        yield "service-runs", f"service `{body.service_id}` had begun already"
    elif isinstance(body, ServiceEnded) and not running:
        yield "no-such-service", f"service `{body.service_id}` was not running"
