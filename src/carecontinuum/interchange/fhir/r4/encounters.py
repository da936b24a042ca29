"""Encounter: those that the code map places become stays, and stays near each other an episode."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

import attrs

from carecontinuum.continuum import Continuum
from carecontinuum.datatypes import Precision, Site, When
from carecontinuum.history import (
    Admitted,
    Basis,
    Body,
    Discharged,
    LevelPlaced,
    Moved,
    Relocated,
    Unplaced,
)
from carecontinuum.interchange.fhir.r4.account import Account
from carecontinuum.interchange.fhir.r4.codemap import CodeMap, Placement
from carecontinuum.interchange.fhir.r4.drafts import Draft
from carecontinuum.interchange.fhir.r4.episodes import NOT_STATED
from carecontinuum.interchange.fhir.r4.reading import Found
from carecontinuum.interchange.fhir.r4.values import References, codings, dicts, span

__all__ = ["EncounterReader", "PlacedStay", "inferred_episodes", "placements_within"]

_CARE = frozenset({"in-progress", "onleave", "finished"})
_STATUSES = _CARE | {"planned", "arrived", "triaged", "cancelled", "entered-in-error", "unknown"}


@attrs.frozen(order=False, kw_only=True)
class PlacedStay:
    """An encounter that the code map places.

    Attributes:
        key: The encounter, as in `Encounter/example`.
        placement: The levels it may be.
        start: When it began.
        end: When it ended; `None` while it lasts.
        site: Where.
        patient: The patient, as in `Patient/example`.
        episodes: The episodes it names.
    """

    key: str
    placement: Placement
    start: When
    end: When | None
    site: Site | None
    patient: str
    episodes: tuple[str, ...]


@attrs.frozen(order=False, kw_only=True)
class EncounterReader:
    """Reads Encounter resources.

    Attributes:
        code_map: What outside codes may mean.
        continuum: The map whose levels they mean.
        zone: Where a date without a time happened.
        references: Which resource a reference means.
        account: Takes what is wrong and what is passed over.
    """

    code_map: CodeMap
    continuum: Continuum
    zone: tzinfo
    references: References
    account: Account

    def stay(self, found: Found) -> PlacedStay | None:
        """Give the stay an encounter is; `None` if it is none, which is counted or listed."""
        if not self._is_care(found):
            return None
        placement = self._placement(found)
        if placement is None:
            return None
        prefix = f"{found.path}." if found.path else ""
        period = span(found.resource.get("period"), f"{prefix}period", self.account, self.zone)
        patient = self.references.resolve(found.resource.get("subject"))
        if patient is None:
            self.account.problem(f"{prefix}subject", "no-patient", "a reference to one is needed")
        if period is None or patient is None:
            return None
        named = [self.references.resolve(e) for _, e in dicts(found.resource.get("episodeOfCare"))]
        return PlacedStay(
            key=References.key(found),
            placement=placement,
            start=period.start,
            end=period.end,
            site=self.references.site(found.resource.get("serviceProvider")),
            patient=patient,
            episodes=tuple(episode for episode in named if episode is not None),
        )

    def _is_care(self, found: Found) -> bool:
        status = found.resource.get("status")
        if status in _CARE:
            return True
        if status in _STATUSES:
            self.account.passed(f"Encounter.status {status}", "no care took place, as far as told")
        else:
            path = f"{found.path}.status" if found.path else "status"
            accepted = ", ".join(sorted(_STATUSES))
            self.account.problem(path, "unknown-status", f"accepted are {accepted}")
        return False

    def _placement(self, found: Found) -> Placement | None:
        types = codings(found.resource.get("type"))
        services = codings(found.resource.get("serviceType"))
        placement = self.code_map.place((*types, *services), self.continuum)
        if placement is None:
            self.account.unmapped("Encounter.type", (*types, *services))
            return None
        if not placement.levels:
            for meaning in placement.meanings:
                self.account.check_ups[f"{meaning.code} ({meaning.display})"] += 1
            return None
        return placement


def _finish(stay: PlacedStay) -> datetime | None:
    if stay.end is None:
        return None
    if stay.end.precision is Precision.INSTANT:
        return stay.end.instant
    return stay.end.next_day().instant


def inferred_episodes(
    stays: Iterable[PlacedStay], *, gap_days: int, known_at: datetime
) -> Iterator[Draft]:
    """Join stays at most so many days apart into episodes, and give what happened in each.

    An episode whose last stay ended longer ago than the gap is taken to have ended with it.

    Args:
        stays: The stays of one patient.
        gap_days: The longest gap inside an episode, in days.
        known_at: The moment the input is told for, in UTC.
    """
    ordered = sorted(stays, key=lambda stay: (stay.start.instant, stay.key))
    gap = timedelta(days=gap_days)
    earlier: str | None = None
    for group in _groups(ordered, gap):
        episode_id = f"inferred/{group[0].key}"
        yield from _episode(group, episode_id, earlier, gap, known_at)
        earlier = episode_id


def _groups(stays: Sequence[PlacedStay], gap: timedelta) -> Iterator[list[PlacedStay]]:
    group: list[PlacedStay] = []
    reached: datetime | None = None
    for stay in stays:
        if group and reached is not None and stay.start.instant - reached > gap:
            yield group
            group = []
        ended = _finish(stay)
        begins = not group
        group.append(stay)
        if begins:
            reached = ended
        elif reached is not None:
            reached = None if ended is None else max(reached, ended)
    if group:
        yield group


def _episode(
    group: Sequence[PlacedStay],
    episode_id: str,
    earlier: str | None,
    gap: timedelta,
    known_at: datetime,
) -> Iterator[Draft]:
    first = group[0]
    yield _draft(
        first,
        "admitted",
        episode_id,
        Admitted(
            level=first.placement.level,
            candidates=first.placement.candidates,
            readmission_of=earlier,
        ),
    )
    yield from _later_stays(group, episode_id)
    ends = [(_finish(stay), stay) for stay in group]
    if all(end is not None for end, _ in ends):
        last = max(ends, key=lambda item: item[0] or known_at)[1]
        ended = _finish(last)
        if last.end is not None and ended is not None and known_at - ended > gap:
            discharge = _draft(last, "discharged", episode_id, Discharged(kind=NOT_STATED))
            yield attrs.evolve(discharge, at=last.end, site=None)


def _later_stays(group: Sequence[PlacedStay], episode_id: str) -> Iterator[Draft]:
    for before, stay in pairwise(group):
        if stay.placement.levels != before.placement.levels:
            yield _draft(stay, "moved", episode_id, _move(before.placement, stay.placement))
        elif stay.site != before.site and stay.site is not None:
            yield _draft(stay, "relocated", episode_id, Relocated())


def _move(before: Placement, now: Placement) -> Body:
    if now.level is None:
        return Unplaced(candidates=now.candidates)
    return LevelPlaced(level=now.level) if before.level is None else Moved(level=now.level)


def _draft(stay: PlacedStay, step: str, episode_id: str, body: Body) -> Draft:
    return Draft(
        key=stay.key,
        step=step,
        episode_id=episode_id,
        at=stay.start,
        body=body,
        basis=Basis.INFERRED,
        site=stay.site,
    )


def placements_within(
    stays: Iterable[PlacedStay], episode_id: str, placed: Placement | None
) -> Iterator[Draft]:
    """Give the levels that encounters tell within an episode that was itself told.

    Args:
        stays: The stays that name the episode.
        episode_id: The episode.
        placed: Where the episode itself places the person, if it does.
    """
    before = placed or Placement(levels=(), meanings=())
    for stay in sorted(stays, key=lambda stay: (stay.start.instant, stay.key)):
        if stay.placement.levels != before.levels:
            yield _draft(stay, "placed", episode_id, _move(before, stay.placement))
        before = stay.placement
