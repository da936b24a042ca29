"""From placed encounters to the levels a person was at over time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

import attrs

from carecontinuum.datatypes import Site, When
from carecontinuum.history import Body, LevelPlaced, Moved, Relocated, Unplaced
from carecontinuum.interchange.fhir.r4.codemap import Placement
from carecontinuum.interchange.fhir.r4.values import after, finish, last_day

__all__ = [
    "LevelChange",
    "PlacedStay",
    "Standing",
    "change",
    "in_order",
    "level_changes",
    "overlaps",
]


_NEVER = datetime.max.replace(tzinfo=UTC)

NOWHERE = Placement(levels=(), meanings=())
"""What is said of the level where nothing is said."""


@attrs.frozen(order=False, kw_only=True)
class PlacedStay:
    """An encounter that the code map places.

    Attributes:
        key: The encounter, as in `Encounter/example`.
        path: Where it stands in the input.
        placement: The levels it may be.
        start: When it began.
        end: The last moment that belongs to it; `None` while it lasts.
        zone: The zone in which its days are counted.
        site: Where.
        patient: The patient, as in `Patient/example`.
        episodes: The episodes it names.
    """

    key: str
    path: str
    placement: Placement
    start: When
    end: When | None
    zone: tzinfo
    site: Site | None = None
    patient: str = attrs.field(repr=False)
    episodes: tuple[str, ...] = ()

    @property
    def finish(self) -> datetime | None:
        """The first instant after it, later than its start; `None` while it lasts."""
        if self.end is None:
            return None
        return max(finish(self.end), self.start.instant + timedelta.resolution)

    @property
    def free_from(self) -> date | None:
        """The first local date after it, or its last where a time is told; `None` while it lasts.

        The days between two stays are counted from it.
        """
        return None if self.end is None else after(self.end).day(self.zone)

    @property
    def is_visit(self) -> bool:
        """Whether it began and ended on one local date.

        A visit is one of several at its level, which lasts from visit to visit; a stay of more
        than a day ends when it is told to end.
        """
        day = self.start.day(self.zone)
        return self.end is not None and last_day(self.end, self.zone) == day


@attrs.frozen(order=False, kw_only=True)
class LevelChange:
    """The moment at which what is known of the level changes.

    Attributes:
        at: When.
        stay: The stay that counts from then on; `None` where none does.
        cause: The stay that began or ended then.
        step: `started` or `ended`.
    """

    at: When
    stay: PlacedStay | None
    cause: PlacedStay
    step: str

    @property
    def standing(self) -> "Standing":
        """What is known from then on."""
        if self.stay is None:
            return Standing()
        return Standing(placement=self.stay.placement, site=self.stay.site)


def in_order(stays: Iterable[PlacedStay]) -> list[PlacedStay]:
    """Give stays in the order they began."""
    return sorted(stays, key=lambda stay: (stay.start.instant, stay.key))


def level_changes(stays: Iterable[PlacedStay], *, known_at: datetime) -> Iterator[LevelChange]:
    """Give each moment at which another stay begins to count, in order.

    Of stays that run at once the one that began last counts; when it ends, the one that still
    runs counts again. After the last visit of a row its level goes on; after a longer stay
    nothing says what the level is. What is told to end after `known_at` has not ended.
    """
    running: dict[str, PlacedStay] = {}
    counts: PlacedStay | None = None
    for boundaries in _by_instant(stays, known_at):
        before = counts
        for boundary in boundaries:
            if boundary.step == "started":
                running[boundary.cause.key] = boundary.cause
                counts = boundary.cause
            else:
                del running[boundary.cause.key]
                if boundary.cause is counts:
                    counts = _still_counts(boundary.cause, running)
        if counts is not before:
            yield attrs.evolve(boundaries[-1], stay=counts)


def _still_counts(ended: PlacedStay, running: dict[str, PlacedStay]) -> PlacedStay | None:
    """Give the last of the stays that still run, or the visit whose level goes on."""
    if running:
        return next(reversed(running.values()))
    return ended if ended.is_visit else None


def _by_instant(stays: Iterable[PlacedStay], known_at: datetime) -> Iterator[list[LevelChange]]:
    """Give the beginnings and ends at each instant, ends first."""
    boundaries: dict[datetime, list[LevelChange]] = {}
    ordered = in_order(stays)
    for stay in ordered:
        if stay.end is not None and stay.finish is not None and stay.finish <= known_at:
            ended = LevelChange(at=after(stay.end), stay=None, cause=stay, step="ended")
            boundaries.setdefault(stay.finish, []).append(ended)
    for stay in ordered:
        started = LevelChange(at=stay.start, stay=stay, cause=stay, step="started")
        boundaries.setdefault(stay.start.instant, []).append(started)
    for instant in sorted(boundaries):
        yield boundaries[instant]


def overlaps(stays: Iterable[PlacedStay]) -> Iterator[PlacedStay]:
    """Give the stays that begin while another one with other levels runs.

    Sharing a day is no overlap: on the day of a move one stay ends and another begins.
    """
    reached: dict[frozenset[str], datetime] = {}
    for stay in in_order(stays):
        levels = frozenset(stay.placement.levels)
        if any(end > stay.start.instant for other, end in reached.items() if other != levels):
            yield stay
        end = _NEVER if stay.end is None else stay.end.instant
        reached[levels] = max(end, reached.get(levels, end))


@attrs.frozen(order=False, kw_only=True)
class Standing:
    """What is known of a person's place in care.

    Attributes:
        placement: The levels it may be; `None` where nothing says.
        site: Where; `None` where nothing says.
    """

    placement: Placement | None = None
    site: Site | None = None


def change(before: Standing, now: Standing) -> Body | None:
    """Give what happened between two standings; `None` if nothing did that is told."""
    was, says = before.placement or NOWHERE, now.placement or NOWHERE
    if was.level == says.level and set(was.candidates) == set(says.candidates):
        return Relocated() if now.site not in {None, before.site} else None
    if says.level is None:
        return Unplaced(candidates=says.candidates)
    return LevelPlaced(level=says.level) if was.level is None else Moved(level=says.level)
