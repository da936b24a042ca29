"""What an event refers to elsewhere in the patient's record, and is not there or not so."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from carecontinuum.datatypes import Precision, When
from carecontinuum.history.bodies import (
    Admitted,
    Decided,
    LeaveStarted,
    LevelPlaced,
    Moved,
    MoveProposed,
    Referred,
    Returned,
    ServiceStarted,
    Waitlisted,
)
from carecontinuum.history.episode import EpisodeOfCare
from carecontinuum.history.events import Event
from carecontinuum.history.record import PatientRecord

__all__ = ["Misfit", "misfits_elsewhere", "reference_misfits"]

Misfit: TypeAlias = tuple[str, str]
"""A stable word for what does not fit, and what was seen."""


def misfits_elsewhere(
    record: PatientRecord,
    *,
    episode_id: str,
    at: When,
    goes_on: bool,
    readmission_of: str | None = None,
) -> Iterator[Misfit]:
    """Give what speaks against something in an episode, by the patient's other episodes.

    Args:
        record: The patient's record.
        episode_id: The episode.
        at: When it happens.
        goes_on: Whether care begins or goes on by it.
        readmission_of: The earlier episode that it is said to follow.
    """
    dead = record.death
    if goes_on and dead is not None and dead.id != episode_id and _has_ended(dead, at):
        says = f"nothing goes on after episode `{dead.id}`, as it ended; correct what is wrong"
        yield "after-death", says
    if readmission_of is not None:
        yield from _readmission(record.episodes, episode_id, at, readmission_of)


def _readmission(
    episodes: Mapping[str, EpisodeOfCare], episode_id: str, at: When, earlier: str
) -> Iterator[Misfit]:
    found = episodes.get(earlier)
    if found is None or earlier == episode_id:
        yield "no-such-episode", f"there is no episode `{earlier}` before it to return from"
    elif not _has_ended(found, at):
        yield "not-ended", f"episode `{earlier}`, from which the person returns, had not ended"


def _has_ended(episode: EpisodeOfCare, at: When) -> bool:
    """Tell whether an episode had ended by a moment; what is told as a day, by that day."""
    if episode.discharge is None:
        return False
    ended = episode.discharge.at
    if ended.precision is at.precision is Precision.INSTANT:
        return ended.instant <= at.instant
    told = at if ended.precision is Precision.INSTANT else ended
    return ended.day(told.zone) <= at.last_day() if told is at else ended.day() <= at.day(told.zone)


def reference_misfits(record: PatientRecord) -> dict[str, tuple[Misfit, ...]]:
    """Give what does not fit of the references of every believed event that moves somebody."""
    ends = record.death is not None
    return {
        event.id: found
        for stream in record.streams.values()
        for event in stream
        if (found := tuple(_misfits(record, event, ends=ends)))
    }


_GOES_ON = (
    *(Referred, Waitlisted, Admitted, LevelPlaced, Moved, Returned),
    *(LeaveStarted, MoveProposed, ServiceStarted),
)


def _misfits(record: PatientRecord, event: Event, *, ends: bool) -> Iterator[Misfit]:
    body = event.body
    if ends or isinstance(body, Admitted):
        yield from misfits_elsewhere(
            record,
            episode_id=event.episode_id or "",
            at=event.occurred_at,
            goes_on=isinstance(body, _GOES_ON),
            readmission_of=body.readmission_of if isinstance(body, Admitted) else None,
        )
    if event.decision_id is not None and not _is_decided(record, event, event.decision_id):
        yield "no-such-decision", f"no decision `{event.decision_id}` is recorded of this episode"


def _is_decided(record: PatientRecord, event: Event, decision_id: str) -> bool:
    there = record.by_id.get(decision_id)
    if there is None or not isinstance(there.body, Decided):
        return False
    return there.episode_id == event.episode_id
