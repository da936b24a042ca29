"""Placement reviews of a record: recommending, and recording what was recommended and selected."""

from datetime import datetime

import attrs

from carecontinuum.arguments import a_text, an_instance
from carecontinuum.continuum import Track
from carecontinuum.datatypes import Actor, When, actor, utc
from carecontinuum.engine.deciding import StatedValues, as_of, stated_facts
from carecontinuum.engine.errors import NothingRecommended
from carecontinuum.engine.recommending import Recommendation, recommend
from carecontinuum.facts import RecordView, facts_at
from carecontinuum.history import Event, NoSuchEpisode, PatientRecord, PlacementReviewed
from carecontinuum.programs import Program
from carecontinuum.rules import Facts

__all__ = ["Reviewed", "facts_for", "review_placement"]


@attrs.frozen(order=False, kw_only=True)
class Reviewed:
    """What came of a placement review.

    Attributes:
        recommendation: What the criteria say.
        events: The events recorded; empty if they were recorded before.
        record: The record with them.
    """

    recommendation: Recommendation
    events: tuple[Event, ...]
    record: PatientRecord = attrs.field(repr=False)


def facts_for(
    record: PatientRecord,
    *,
    program: Program,
    episode_id: str,
    at: datetime,
    stated: StatedValues | None = None,
) -> Facts:
    """Give the facts of a program, as an episode's record has them at a moment.

    Args:
        record: The patient's record.
        program: The program, which names where each fact is read.
        episode_id: The episode.
        at: The moment, an aware datetime.
        stated: Facts that whoever asks vouches for, as for `decide`.

    Raises:
        NoSuchEpisode: There is none of that id at the moment.
        CannotBeStated: A stated fact is not one the program takes so.
        FactValueInvalid: A value does not fit its fact; that of a record, when it is read.
        NaiveDatetime: `at` has no zone.
    """
    moment = utc(at)
    view = as_of(record, moment)
    episode = view.episodes.get(episode_id)
    if episode is None:
        raise NoSuchEpisode(episode_id=episode_id, episodes=tuple(view.episodes))
    return facts_at(
        program.sources,
        RecordView(
            record=view,
            episode=episode,
            at=moment,
            calendar=program.calendar,
            stated=stated_facts(program, stated) if stated else (),
            continuum=program.continuum,
        ),
    )


def review_placement(
    record: PatientRecord,
    *,
    program: Program,
    episode_id: str,
    at: datetime,
    id: str,
    by: str | Actor,
    stated: StatedValues | None = None,
    selected: str | None = None,
    discrepancy_reason: str | None = None,
    track: Track | None = None,
    recorded_at: datetime | None = None,
) -> Reviewed:
    """Review a placement: recommend, and record that with the level a clinician selected.

    Nobody is moved by a review. Asking again with the same id records nothing.

    Args:
        record: The patient's record.
        program: The program, which has placement criteria.
        episode_id: The episode.
        at: When the review was made, an aware datetime.
        id: The id of the review's event.
        by: Who reviewed.
        stated: Facts that whoever asks vouches for, as for `decide`.
        selected: The level selected; `None` if none was.
        discrepancy_reason: Why that is none of the levels recommended, one of
            `DISCREPANCY_REASONS`; needed then, and only then.
        track: The track reviewed; `None` is that of the present level, or treatment while unplaced.
        recorded_at: When this is recorded; `None` is when it was made.

    Raises:
        NothingRecommended: The program has no placement rules for the track.
        UnknownLevel: The level selected is not on the map.
        EventInvalid: The reason for the discrepancy is missing, unknown, or not needed.
        EventConflict: The id was used for something else.
        NoSuchEpisode: There is none of that id at the moment.
        CannotBeStated: A stated fact is not one the program takes so.
        FactValueInvalid: A value does not fit its fact.
        WrongArgument: The track or the level selected is of another kind.
    """
    if track is not None:
        an_instance("track", track, Track, "a `Track`, or `None`")
    if selected is not None:
        a_text("selected", selected, "the code of a level, or `None`")
    facts = facts_for(record, program=program, episode_id=episode_id, at=at, stated=stated)
    wanted = _track(record, program, episode_id, at) if track is None else track
    found = next((item for item in recommend(program, facts) if item.track is wanted), None)
    if found is None:
        tracks = tuple(table.track.value for table in program.placement_tables)
        raise NothingRecommended(track=wanted.value, tracks=tracks)
    if selected is not None:
        program.continuum.level(selected)
    event = Event(
        id=id,
        patient_id=record.patient_id,
        episode_id=episode_id,
        occurred_at=When.of(utc(at)),
        recorded_at=utc(at) if recorded_at is None else recorded_at,
        by=actor(by),
        program=program.ref,
        body=PlacementReviewed(
            levels=found.levels,
            settled=found.settled,
            track=wanted,
            selected=selected,
            discrepancy_reason=discrepancy_reason,
            criteria=str(found.criteria),
        ),
    )
    after = record.append(event)
    events = () if after.version == record.version else (event,)
    return Reviewed(recommendation=found, events=events, record=after)


def _track(record: PatientRecord, program: Program, episode_id: str, at: datetime) -> Track:
    level = as_of(record, utc(at)).episodes[episode_id].level
    if level is None or level not in program.continuum:
        return Track.TREATMENT
    return program.continuum.level(level).track
