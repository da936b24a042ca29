"""An episode while its events are folded."""

from collections.abc import Sequence
from typing import Any, TypeAlias, TypeVar

import attrs

from carecontinuum.datatypes import Identifier, Site, When
from carecontinuum.decisions import ProgramRef
from carecontinuum.history.episode import (
    AddOnService,
    Discharge,
    EpisodeOfCare,
    EpisodeStatus,
    Leave,
    LegalStatus,
    PendingMove,
    PlacementReview,
    StatusPeriod,
    Stay,
)
from carecontinuum.history.making import unfrozen

__all__ = ["Draft", "added", "ended"]

T = TypeVar("T")
Lasting = TypeVar("Lasting", StatusPeriod, Leave)
Begun: TypeAlias = tuple[str | None, When, tuple[str, ...], Site | None, bool]
"""A stay without its end: its level, start, candidates, site, and whether it was inferred."""
_GROWING = ("status_history", "stays", "leaves", "legal_statuses", "returns_to_use", "reviews")
"""What grows with the history."""
_UnfrozenStay = unfrozen(Stay)


class Draft:
    """An episode that the steps of a fold change; its attributes are those of the episode.

    What grows becomes a list when it first does, so that a long history is folded in a time that
    grows with its length.

    Attributes:
        lasting: The stay that lasts; `stays` has those that ended.
    """

    id: str
    status: EpisodeStatus
    status_history: Sequence[StatusPeriod]
    level: str | None
    candidates: tuple[str, ...]
    level_since: When | None
    site: Site | None
    stays: Sequence[Stay]
    leaves: Sequence[Leave]
    pending: tuple[PendingMove, ...]
    services: tuple[AddOnService, ...]
    discharge: Discharge | None
    legal_statuses: Sequence[LegalStatus]
    returns_to_use: Sequence[When]
    reviews: Sequence[PlacementReview]
    admitted_at: When | None
    program: ProgramRef | None
    readmission_of: str | None
    identifiers: tuple[Identifier, ...]
    confidentiality: str
    lasting: Begun | None = None

    def __init__(self, episode: EpisodeOfCare) -> None:
        """Begin with an episode as it stands."""
        self.__dict__ = episode.__dict__.copy()
        stays = episode.stays
        if stays and (last := stays[-1]).end is None:
            self.stays = stays[:-1]
            self.lasting = (last.level, last.start, last.candidates, last.site, last.inferred)

    def episode(self) -> EpisodeOfCare:
        """Give the episode as it stands now."""
        parts = self.__dict__.copy()
        lasting = parts.pop("lasting", None)
        if lasting is not None:
            parts["stays"] = (*self.stays, _stay(lasting))
        for name in _GROWING:
            if type(parts[name]) is list:
                parts[name] = tuple(parts[name])
        return _made(parts)

    def last(self) -> EpisodeOfCare:
        """Give the episode as it stands now, with the last entry alone of what grows."""
        parts = self.__dict__.copy()
        lasting = parts.pop("lasting", None)
        for name in _GROWING:
            parts[name] = tuple(parts[name][-1:])
        if lasting is not None:
            parts["stays"] = (_stay(lasting),)
        return _made(parts)

    def end_stay(self, at: When) -> None:
        """End the stay that lasts, if one does."""
        if self.lasting is not None:
            self.stays = added(self.stays, _stay(self.lasting, at))
            self.lasting = None


def added(items: Sequence[T], item: T) -> Sequence[T]:
    """Give a list with one more item: the same list, where it is one."""
    if isinstance(items, list):
        items.append(item)
        return items
    return [*items, item]


def ended(items: Sequence[Lasting], at: When) -> Sequence[Lasting]:
    """Give a list whose last item, which has an `end`, ends at a moment."""
    changed = items if isinstance(items, list) else list(items)
    changed[-1] = attrs.evolve(changed[-1], end=at)
    return changed


def _stay(begun: Begun, end: When | None = None) -> Stay:
    level, start, candidates, site, inferred = begun
    made = _UnfrozenStay(
        level=level, start=start, end=end, candidates=candidates, site=site, inferred=inferred
    )
    made.__class__ = Stay
    return made


def _made(parts: dict[str, Any]) -> EpisodeOfCare:
    """Make an episode of its parts; `attrs.evolve` takes ten times as long."""
    made = object.__new__(EpisodeOfCare)
    object.__setattr__(made, "__dict__", parts)
    return made
