"""What the patient's other episodes say: sources that look beyond the episode in question."""

from collections.abc import Iterator
from typing import ClassVar

import attrs

from carecontinuum.facts.sources import RecordView
from carecontinuum.history import EpisodeOfCare
from carecontinuum.rules import Known, Unknown

__all__ = ["LevelElsewhere", "OtherOpenEpisodes"]


def _others(view: RecordView) -> Iterator[EpisodeOfCare]:
    mine = view.episode.id
    return (
        other for other in view.record.episodes.values() if other.id != mine and other.is_in_care
    )


@attrs.frozen(order=False)
class OtherOpenEpisodes:
    """How many other episodes of the patient are active or on hold."""

    TYPE: ClassVar[str] = "other-open-episodes"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        return Known(sum(1 for _ in _others(view)), source="the patient's other episodes")


@attrs.frozen(order=False, kw_only=True)
class LevelElsewhere:
    """The first of some levels that another open episode is at; an empty code where none is.

    On leave, an episode is at the level that was left. Unknown where no episode is at one of them
    and one has no level yet that may be.

    Attributes:
        levels: The codes of the levels looked for; of several, the first one named is given.
    """

    TYPE: ClassVar[str] = "level-elsewhere"
    levels: tuple[str, ...]

    def read(self, view: RecordView, /) -> Known[str] | Unknown:
        """Look for them."""
        others = tuple(_others(view))
        there = {other.level for other in others}
        for level in self.levels:
            if level in there:
                return Known(level, source="the patient's other episodes")
        if any(map(self._may_be_at_one, others)):
            return Unknown(would_supply="the level of the patient's other open episode")
        return Known("", source="the patient's other episodes")

    def _may_be_at_one(self, episode: EpisodeOfCare) -> bool:
        if episode.level is not None:
            return False
        return not episode.candidates or not set(self.levels).isdisjoint(episode.candidates)
