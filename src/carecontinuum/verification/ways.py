"""Every move that a map has, and the facts that a move fixes by itself."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from carecontinuum.continuum import Continuum, TransitionKind
from carecontinuum.datatypes import Actor
from carecontinuum.decisions import Move, TransitionRequest
from carecontinuum.facts import (
    ConsecutiveLowerReviews,
    DaysAtLevel,
    DaysSinceAdmission,
    HoursFitLevel,
    HoursReceived,
    LevelNow,
    PlacementSupportsTarget,
    RequestedDischarge,
    RequestedLevel,
    Source,
)
from carecontinuum.programs import Program
from carecontinuum.verification.values import Limits
from carecontinuum.verification.witness import Way

__all__ = ["fixed", "request_on", "unfixed", "ways_of"]


def ways_of(continuum: Continuum) -> tuple[Way, ...]:
    """Give every move that a map has and a program decides."""
    return tuple(_ways(continuum))


def _ways(continuum: Continuum) -> Iterator[Way]:
    for kind in (TransitionKind.REFER, TransitionKind.WAITLIST, TransitionKind.CANCEL):
        yield Way(kind=kind)
    yield Way(kind=TransitionKind.ADMIT)
    for code in continuum.entry:
        yield Way(kind=TransitionKind.ADMIT, target=code)
        yield Way(kind=TransitionKind.PLACE, target=code)
    for level in continuum.levels:
        for target, kind in continuum.routes_from(level.code).items():
            yield Way(kind=kind, origin=level.code, target=target)
    for code in continuum.leave_from:
        yield Way(kind=TransitionKind.LEAVE, origin=code)
        yield Way(kind=TransitionKind.RETURN, origin=code, target=code)
    for code in continuum.discharge_from:
        for ending in continuum.discharge_kinds:
            if ending.decided:
                yield Way(kind=TransitionKind.DISCHARGE, origin=code, discharge_kind=ending.code)


def fixed(program: Program, way: Way) -> Limits:
    """Give the facts that a move fixes, each with its one value or with none: not known.

    Before a level there are neither a level nor days or hours at it; before admission no days
    since; no criteria support a move that names no level.
    """
    found: dict[str, tuple[str, ...]] = {}
    for id, source in program.sources.items():
        match source:
            case LevelNow():
                found[id] = () if way.origin is None else (way.origin,)
            case RequestedLevel():
                found[id] = (way.target or "",)
            case RequestedDischarge():
                found[id] = (way.discharge_kind or "",)
            case _ if _is_hidden(source, way, program.continuum):
                found[id] = ()
            case _:
                pass
    return found


def _is_hidden(source: Source[Any], way: Way, continuum: Continuum) -> bool:
    """Tell whether a source has nothing to read on a move, whatever is recorded."""
    match source:
        case DaysAtLevel() | ConsecutiveLowerReviews() | HoursReceived():
            return way.origin is None
        case HoursFitLevel(age_group=group):
            return way.origin is None or continuum.level(way.origin).hours_for(group) is None
        case DaysSinceAdmission():
            return way.kind in _BEFORE
        case PlacementSupportsTarget():
            return way.target is None
        case _:
            return False


_BEFORE = frozenset(
    {
        TransitionKind.REFER,
        TransitionKind.WAITLIST,
        TransitionKind.CANCEL,
        TransitionKind.ADMIT,
    }
)


def unfixed(program: Program) -> Limits:
    """Give the values that the facts of a move can have on any move of the map."""
    levels = tuple(level.code for level in program.continuum.levels)
    endings = tuple(kind.code for kind in program.continuum.discharge_kinds)
    values: Mapping[type, tuple[str, ...]] = {
        LevelNow: levels,
        RequestedLevel: ("", *levels),
        RequestedDischarge: ("", *endings),
    }
    return {
        id: values[type(source)] for id, source in program.sources.items() if type(source) in values
    }


def request_on(way: Way) -> TransitionRequest:
    """Make a request for a move, of nobody in particular."""
    move = Move(kind=way.kind, to=way.target, discharge_kind=way.discharge_kind)
    return TransitionRequest(
        episode_id="verification",
        kind=way.kind,
        origin=way.origin,
        target=way.target,
        at=_MOMENT,
        by=Actor("verification"),
        move=move,
    )


_MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
