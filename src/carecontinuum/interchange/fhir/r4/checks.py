"""What several resources of one input say that does not go together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

import attrs

from carecontinuum.datatypes import UnreadableDate, When
from carecontinuum.history import Basis, Discharged, EpisodeOfCare, PatientRecord
from carecontinuum.interchange.fhir.r4.context import Context
from carecontinuum.interchange.fhir.r4.drafts import Draft
from carecontinuum.interchange.fhir.r4.episodes import ToldEpisode
from carecontinuum.interchange.fhir.r4.reading import Found, Resource
from carecontinuum.interchange.fhir.r4.shapes import what_is_read
from carecontinuum.interchange.fhir.r4.stays import PlacedStay, overlaps
from carecontinuum.interchange.fhir.r4.values import is_over, no_earlier

__all__ = ["Death", "check_links", "once"]

_TYPES = ("Patient", "EpisodeOfCare", "Encounter")


def once(everything: Iterable[Found], context: Context) -> Mapping[str, list[Found]]:
    """Give the resources that are read, by type, each only once.

    Of several versions the one last updated is read; where that is not told, the first.
    """
    versions: dict[str, dict[str, list[Found]]] = {type: {} for type in _TYPES}
    for found in everything:
        if found.type in versions:
            key = context.references.key(found)
            versions[found.type].setdefault(key, []).append(found)
    return {
        type: [_one(found, context) for found in by_key.values()]
        for type, by_key in versions.items()
    }


def _one(versions: Sequence[Found], context: Context) -> Found:
    if len(versions) == 1:
        return versions[0]
    read = max(versions, key=_updated)  # of equals the first
    for other in versions:
        if other is read:
            continue
        if what_is_read(other) == what_is_read(read):
            context.account.passed(read.type, "stands there again and says the same")
        elif _updated(other) < _updated(read):
            context.account.passed(read.type, "an earlier version")
        else:
            says = "it stands there again, says something else, and nothing says which is later"
            context.account.problem(other.path, "repeated", f"{says}; the first is read")
    return read


def _updated(found: Found) -> datetime:
    meta = found.resource.get("meta")
    told = cast("Resource", meta).get("lastUpdated") if isinstance(meta, dict) else None
    try:
        return When.parse(told if isinstance(told, str) else "", zone=UTC).instant
    except UnreadableDate:
        return datetime.min.replace(tzinfo=UTC)


def check_links(
    stays: Mapping[str, Sequence[PlacedStay]],
    told: Mapping[str, Sequence[ToldEpisode]],
    context: Context,
) -> None:
    """List stays that overlap, and those that do not go with the episodes that are told."""
    owners = {episode.key: patient for patient, some in told.items() for episode in some}
    for patient, theirs in stays.items():
        for stay in overlaps(theirs):
            says = "another encounter with other levels runs then; the one that began last counts"
            context.account.problem(_at(stay, "period"), "overlap", says)
        episodes = told.get(patient, ())
        for stay in theirs:
            _check_named(stay, owners, context)
            _check_episodes(stay, episodes, context)


def _at(stay: PlacedStay, element: str) -> str:
    return f"{stay.path}.{element}" if stay.path else element


def _check_named(stay: PlacedStay, owners: Mapping[str, str], context: Context) -> None:
    for named in stay.episodes:
        if named not in owners:
            context.account.passed("Encounter.episodeOfCare", "the episode is not in the input")
        elif owners[named] != stay.patient:
            says = "the episode is another patient's; it was passed over"
            context.account.problem(_at(stay, "episodeOfCare"), "another-patient", says)


def _check_episodes(stay: PlacedStay, episodes: Sequence[ToldEpisode], context: Context) -> None:
    if not any(episode.drafts for episode in episodes):
        return
    named = [episode for episode in episodes if episode.key in stay.episodes]
    if not named:
        context.account.passed("Encounter", "names no episode, though episodes are told")
    for episode in named:
        if not episode.is_active_during(stay):
            says = "the episode it names was not active then; it placed nobody"
            context.account.problem(_at(stay, "period"), "outside-episode", says)


@attrs.frozen(order=False, kw_only=True)
class Death:
    """A death, as the Patient resource tells it.

    Attributes:
        at: When.
        path: Where in the input.
    """

    at: When
    path: str

    def ends(self, patient: str, record: PatientRecord, context: Context) -> Iterator[Draft]:
        """Give the ends of the episodes that were open then; list those that went on after it."""
        for episode in record.episodes.values():
            last = record.streams[episode.id][-1].occurred_at
            if is_over(self.at, last):
                says = "an episode of care goes on after the death; its events stand as told"
                context.account.problem(self.path, "after-death", says)
            elif episode.is_open:
                yield self._end(
                    patient, episode, no_earlier(self.at, last, known_at=context.known_at)
                )

    def _end(self, patient: str, episode: EpisodeOfCare, at: When) -> Draft:
        return Draft(
            key=patient,
            path=self.path,
            step=f"death/{episode.id}",
            episode_id=episode.id,
            at=at,
            body=Discharged(kind="death"),
            basis=Basis.REPORTED,
        )
