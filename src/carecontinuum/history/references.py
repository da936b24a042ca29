"""What an event refers to elsewhere in the patient's record, and is not there or not so."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from carecontinuum.datatypes import When
from carecontinuum.history.bodies import Admitted, Referred, Waitlisted
from carecontinuum.history.episode import EpisodeOfCare
from carecontinuum.history.events import Event
from carecontinuum.history.record import PatientRecord

__all__ = ["Misfit", "beginning_misfits", "reference_misfits"]

Misfit: TypeAlias = tuple[str, str]
"""A stable word for what does not fit, and what was seen."""


def beginning_misfits(
    record: PatientRecord, *, episode_id: str, at: When, readmission_of: str | None = None
) -> Iterator[Misfit]:
    """Give what speaks against an episode beginning so, by the patient's other episodes.

    Args:
        record: The patient's record.
        episode_id: The episode that begins.
        at: When it begins.
        readmission_of: The earlier episode that it is said to follow.
    """
    dead = record.death
    if dead is not None and dead.id != episode_id and _has_ended(dead, at):
        yield "after-death", f"the person died, as episode `{dead.id}` says; retract what is wrong"
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
    """Tell whether an episode had ended by a moment; one that is told as a day, by that day."""
    if episode.discharge is None:
        return False
    ended = episode.discharge.at
    return ended.instant <= at.instant or ended.day() == at.day()


def reference_misfits(record: PatientRecord) -> dict[str, tuple[Misfit, ...]]:
    """Give what does not fit of the references of every believed event that moves somebody."""
    return {
        event.id: found
        for stream in record.streams.values()
        for event in stream
        if (found := tuple(_misfits(record, event)))
    }


def _misfits(record: PatientRecord, event: Event) -> Iterator[Misfit]:
    body = event.body
    if isinstance(body, (Referred, Waitlisted, Admitted)):
        yield from beginning_misfits(
            record,
            episode_id=event.episode_id or "",
            at=event.occurred_at,
            readmission_of=body.readmission_of if isinstance(body, Admitted) else None,
        )
    if event.decision_id is not None and event.decision_id not in record.by_id:
        yield "no-such-decision", f"no decision `{event.decision_id}` is recorded"
