"""Whether an episode that adopts a program has a place on its map."""

from carecontinuum.continuum import Continuum
from carecontinuum.history import Event, PatientRecord, ProgramAdopted

__all__ = ["check_adoption"]


def check_adoption(
    record: PatientRecord, event: Event, body: ProgramAdopted, continuum: Continuum
) -> None:
    """See that the levels an episode is given, and stands at, are on the map it adopts.

    Args:
        record: The patient's record.
        event: What is told.
        body: The adoption in it.
        continuum: The map of the program that is adopted.

    Raises:
        UnknownLevel: A level is not.
    """
    renamed = dict(body.level_map)
    for level in renamed.values():
        continuum.level(level)
    view = record.as_of(occurred=event.occurred_at.instant)
    episode = view.episodes.get(event.episode_id or "")
    if episode is not None and episode.level is not None:
        continuum.level(renamed.get(episode.level, episode.level))
