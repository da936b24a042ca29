"""From a move as it is asked for to a request, and whether the map has it."""

from collections.abc import Iterator
from datetime import datetime

from carecontinuum.continuum import Continuum, TransitionKind
from carecontinuum.datatypes import Actor
from carecontinuum.decisions import CONFIDENTIALITIES, Move, Stated, TransitionRequest
from carecontinuum.errors import listed
from carecontinuum.history import LEAVE_KINDS, EpisodeOfCare, EpisodeStatus

__all__ = ["off_the_map", "possible_moves", "request_for"]

_IN_CARE = frozenset({EpisodeStatus.ACTIVE, EpisodeStatus.ONHOLD})
_BEFORE = frozenset({EpisodeStatus.PLANNED, EpisodeStatus.WAITLIST})
_NEEDS_TARGET = frozenset(
    {
        TransitionKind.PLACE,
        TransitionKind.STEP_UP,
        TransitionKind.STEP_DOWN,
        TransitionKind.LATERAL,
        TransitionKind.AFTERCARE,
    }
)
_TAKES_NO_TARGET = frozenset(
    {
        TransitionKind.REFER,
        TransitionKind.WAITLIST,
        TransitionKind.CANCEL,
        TransitionKind.LEAVE,
        TransitionKind.DISCHARGE,
    }
)
# Named once: before Python 3.12, finding a member through its enum costs as much as a call.
_ACTIVE = EpisodeStatus.ACTIVE
_RETURN = TransitionKind.RETURN


def request_for(
    episode: EpisodeOfCare,
    move: Move,
    continuum: Continuum,
    *,
    at: datetime,
    by: Actor,
    stated: tuple[Stated, ...] = (),
) -> TransitionRequest:
    """Complete a move by where the episode stands; `at` is in UTC."""
    kind = move.kind
    if kind is None:
        kind = _kind_between(episode, move.to, continuum)
    target = move.to
    if kind is _RETURN and target is None:
        target = episode.level
    return TransitionRequest(
        episode_id=episode.id,
        kind=kind,
        origin=episode.level,
        target=target,
        at=at,
        by=by,
        move=move,
        stated=stated,
    )


def _kind_between(
    episode: EpisodeOfCare, target: str | None, continuum: Continuum
) -> TransitionKind:
    kind = None
    if episode.level is not None and target is not None:
        kind = continuum.kind_between(episode.level, target)
    return kind or TransitionKind.LATERAL


def off_the_map(
    episode: EpisodeOfCare, request: TransitionRequest, continuum: Continuum
) -> str | None:
    """Say why the map has no such move from here; `None` if it has."""
    target = request.target
    kind = request.kind
    if target is None:
        if kind in _NEEDS_TARGET:
            return f"{kind.value} names no level to reach"
    elif kind in _TAKES_NO_TARGET:
        return f"{kind.value} takes no level, and one is named"
    elif target not in continuum and target != request.origin:
        known = listed(tuple(level.code for level in continuum.levels))
        return f"continuum `{continuum.id}` has no level `{target}`; it has {known}"
    why = _refused(episode, request, continuum) or _refused_proposal(episode, request)
    if why is not None:
        return f"{why}; {_from_here(episode, continuum)}"
    return _refused_confidentiality(request)


def _refused(
    episode: EpisodeOfCare, request: TransitionRequest, continuum: Continuum
) -> str | None:
    if request.kind.between_levels:
        return _refused_move(episode, request, continuum)
    match request.kind:
        case TransitionKind.REFER | TransitionKind.WAITLIST | TransitionKind.CANCEL:
            return _refused_before_admission(episode, request.kind)
        case TransitionKind.ADMIT:
            return _refused_admission(episode, request.target, continuum)
        case TransitionKind.PLACE:
            return _refused_placement(episode, request.target, continuum)
        case TransitionKind.LEAVE:
            return _refused_leave(episode, request.move.leave_kind, continuum)
        case TransitionKind.RETURN:
            return _refused_return(episode, request.target, continuum)
        case _:
            return _refused_discharge(episode, request.move.discharge_kind, continuum)


def _refused_before_admission(episode: EpisodeOfCare, kind: TransitionKind) -> str | None:
    if kind is TransitionKind.REFER:
        begun = bool(episode.status_history)
        return "the episode has begun already" if begun else None
    if kind is TransitionKind.WAITLIST and episode.status is EpisodeStatus.PLANNED:
        return None
    if kind is TransitionKind.CANCEL and episode.status in _BEFORE and episode.status_history:
        return None
    return f"the episode is {episode.status.value}"


def _refused_admission(
    episode: EpisodeOfCare, target: str | None, continuum: Continuum
) -> str | None:
    if episode.status not in _BEFORE:
        return f"the episode is {episode.status.value}"
    if target is not None and target not in continuum.entry:
        return f"no episode begins at `{target}`; entry levels are {listed(continuum.entry)}"
    return None


def _refused_placement(
    episode: EpisodeOfCare, target: str | None, continuum: Continuum
) -> str | None:
    if not episode.is_unplaced:
        return "only a person in care without a level is placed"
    if target not in (*continuum.entry, *episode.candidates):
        return f"`{target}` is neither an entry level nor a candidate"
    return None


def _refused_leave(episode: EpisodeOfCare, kind: str | None, continuum: Continuum) -> str | None:
    if kind is not None and kind not in LEAVE_KINDS:
        return f"no kind of leave `{kind}`; accepted are {listed(LEAVE_KINDS)}"
    if episode.status is not EpisodeStatus.ACTIVE or episode.level is None:
        return "leave begins at a level of care"
    if episode.level not in continuum.leave_from:
        return f"no leave from `{episode.level}`"
    return None


def _refused_return(episode: EpisodeOfCare, target: str | None, continuum: Continuum) -> str | None:
    if episode.status is not EpisodeStatus.ONHOLD:
        return "the person is not on leave"
    left = episode.level
    if target is None or target == left:
        return None
    if left is None or continuum.route_kind(left, target) is None:
        return f"no route from `{left}`, which was left, to `{target}`"
    return None


def _refused_discharge(
    episode: EpisodeOfCare, kind: str | None, continuum: Continuum
) -> str | None:
    found = None if kind is None else continuum.discharge_kind(kind)
    if found is None:
        accepted = listed(tuple(known.code for known in continuum.discharge_kinds))
        return f"no kind of discharge `{kind}`; accepted are {accepted}"
    if episode.status not in _IN_CARE:
        return f"the episode is {episode.status.value}"
    if found.decided and episode.level not in (None, *continuum.discharge_from):
        return f"no {found.code} discharge from `{episode.level}`"
    return None


def _refused_move(
    episode: EpisodeOfCare, request: TransitionRequest, continuum: Continuum
) -> str | None:
    origin, target = episode.level, request.target
    if episode.status is not _ACTIVE or origin is None or target is None:
        return "only a person at a level of care moves to another"
    kind = continuum.route_kind(origin, target)
    if kind is None:
        return f"no route from `{origin}` to `{target}`"
    if kind is not request.kind:
        return f"from `{origin}` to `{target}` is {kind.value}"
    return None


def _refused_proposal(episode: EpisodeOfCare, request: TransitionRequest) -> str | None:
    id = request.move.proposal_id
    if id is None:
        return None
    if not request.kind.between_levels and request.kind is not TransitionKind.ADMIT:
        return f"{request.kind.value} carries out no proposal"
    pending = next((move for move in episode.pending if move.id == id), None)
    if pending is None:
        return f"no pending proposal `{id}`"
    if pending.level not in (None, request.target):
        return f"proposal `{id}` is for `{pending.level}`"
    return None


def _refused_confidentiality(request: TransitionRequest) -> str | None:
    stated = request.move.confidentiality
    if stated is None:
        return None
    if request.kind is not TransitionKind.ADMIT:
        return f"{request.kind.value} states no confidentiality; an admission does"
    if stated not in CONFIDENTIALITIES:
        return f"no confidentiality `{stated}`; accepted are {listed(CONFIDENTIALITIES)}"
    return None


def _from_here(episode: EpisodeOfCare, continuum: Continuum) -> str:
    ways = [
        f"{move.kind.value} to `{move.to}`" if move.to else move.kind.value
        for move in possible_moves(episode, continuum)
        if move.kind is not None
    ]
    return f"possible from here: {', '.join(dict.fromkeys(ways)) or 'nothing'}"


def possible_moves(episode: EpisodeOfCare, continuum: Continuum) -> Iterator[Move]:
    """Give every move the map has from where an episode stands."""
    if not episode.status_history:
        yield Move(kind=TransitionKind.REFER)
    if episode.status is EpisodeStatus.PLANNED:
        yield Move(kind=TransitionKind.WAITLIST)
    if episode.status in _BEFORE:
        if episode.status_history:
            yield Move(kind=TransitionKind.CANCEL)
        for entry in (None, *continuum.entry):
            yield Move(kind=TransitionKind.ADMIT, to=entry)
    if episode.is_unplaced:
        candidates = (code for code in episode.candidates if code in continuum)
        for level in dict.fromkeys((*candidates, *continuum.entry)):
            yield Move(kind=TransitionKind.PLACE, to=level)
    if episode.status in _IN_CARE:
        yield from _moves_in_care(episode, continuum)


def _moves_in_care(episode: EpisodeOfCare, continuum: Continuum) -> Iterator[Move]:
    level = episode.level
    if episode.status is EpisodeStatus.ONHOLD:
        yield Move(kind=TransitionKind.RETURN)
    if level is not None:
        for target, kind in continuum.routes_from(level).items():
            on_leave = episode.status is EpisodeStatus.ONHOLD
            yield Move(kind=TransitionKind.RETURN if on_leave else kind, to=target)
        if episode.status is EpisodeStatus.ACTIVE and level in continuum.leave_from:
            yield Move(kind=TransitionKind.LEAVE)
    for discharge in continuum.discharge_kinds:
        if not discharge.decided or level in (None, *continuum.discharge_from):
            yield Move(kind=TransitionKind.DISCHARGE, discharge_kind=discharge.code)
