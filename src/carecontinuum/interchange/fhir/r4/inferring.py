"""Episodes of care where none is told: stays that lie near each other."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise

from carecontinuum.history import Admitted, Basis, Body, Discharged
from carecontinuum.interchange.fhir.r4.drafts import INFERRED, NOT_STATED, Draft
from carecontinuum.interchange.fhir.r4.stays import (
    LevelChange,
    PlacedStay,
    change,
    in_order,
    level_changes,
)
from carecontinuum.interchange.fhir.r4.values import no_earlier

__all__ = ["inferred_draft", "inferred_episodes"]


def inferred_episodes(
    stays: Iterable[PlacedStay], *, gap_days: int, known_at: datetime
) -> Iterator[Draft]:
    """Join stays at most so many days apart into episodes, and give what happened in each.

    An episode whose last stay ended longer ago than the gap is taken to have ended with it.

    Args:
        stays: The stays of one patient.
        gap_days: The longest gap inside an episode, in days by local dates.
        known_at: The moment the input is told for, in UTC.
    """
    earlier: str | None = None
    for group in _groups(in_order(stays), gap_days):
        episode_id = f"{INFERRED}{group[0].key}"
        changes = list(level_changes(group, known_at=known_at))
        is_over = _is_over(group, gap_days, known_at)
        if is_over and changes[-1].stay is None:
            changes.pop()
        yield from _course(changes, episode_id, earlier)
        if is_over:
            yield _discharge(group, changes[-1], episode_id, known_at)
        earlier = episode_id


def _groups(stays: Sequence[PlacedStay], gap_days: int) -> Iterator[list[PlacedStay]]:
    group: list[PlacedStay] = []
    reached: date | None = None
    for stay in stays:
        if reached is not None and (stay.start.day(stay.zone) - reached).days > gap_days:
            yield group
            group = []
        reached = _later(reached, stay.free_from) if group else stay.free_from
        group.append(stay)
    if group:
        yield group


def _later(one: date | None, other: date | None) -> date | None:
    """Give the later of two dates; `None` if one of them is not reached."""
    return None if one is None or other is None else max(one, other)


def _is_over(group: Sequence[PlacedStay], gap_days: int, known_at: datetime) -> bool:
    days = [stay.free_from for stay in group if stay.free_from is not None]
    if len(days) < len(group):
        return False
    return (known_at.astimezone(group[0].zone).date() - max(days)).days > gap_days


def _course(
    changes: Sequence[LevelChange], episode_id: str, earlier: str | None
) -> Iterator[Draft]:
    first = changes[0]
    placement = first.cause.placement
    admitted = Admitted(
        level=placement.level, candidates=placement.candidates, readmission_of=earlier
    )
    yield inferred_draft(first, episode_id, admitted)
    for before, now in pairwise(changes):
        body = change(before.standing, now.standing)
        if body is not None:
            yield inferred_draft(now, episode_id, body)


def _discharge(
    group: Iterable[PlacedStay], last_change: LevelChange, episode_id: str, known_at: datetime
) -> Draft:
    last = max(group, key=lambda stay: (stay.finish or stay.start.instant, stay.key))
    return Draft(
        key=last.key,
        path=last.path,
        step="discharged",
        episode_id=episode_id,
        at=no_earlier(last.end or last.start, last_change.at, known_at=known_at),
        body=Discharged(kind=NOT_STATED),
        basis=Basis.INFERRED,
    )


def inferred_draft(now: LevelChange, episode_id: str, body: Body) -> Draft:
    """Make the draft of what a stay's beginning or end says."""
    return Draft(
        key=now.cause.key,
        path=now.cause.path,
        step=f"{now.step}/{episode_id}",
        episode_id=episode_id,
        at=now.at,
        body=body,
        basis=Basis.INFERRED,
        site=now.standing.site,
    )
