"""Who is where at a moment."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from carecontinuum.datatypes import utc
from carecontinuum.history import EpisodeStatus, PatientRecord

__all__ = ["Census", "census_of"]


@attrs.frozen(order=False, kw_only=True)
class Census:
    """Who is where at a moment.

    Attributes:
        at: The moment, in UTC.
        by_level: How many episodes are at each level; `None` is in care without a level.
        on_leave: How many of them are on leave.
        pending: How many episodes wait for a place or a move.
    """

    at: datetime
    by_level: Mapping[str | None, int] = attrs.field(hash=False)
    on_leave: int
    pending: int

    @property
    def in_care(self) -> int:
        """How many episodes are in care."""
        return sum(self.by_level.values())


def census_of(records: Iterable[PatientRecord], at: datetime) -> Census:
    """Count the episodes of patients as they were at a moment, as it is believed now.

    Args:
        records: The patients' records; they are gone through once.
        at: The moment, an aware datetime.

    Raises:
        NaiveDatetime: `at` has no zone.
    """
    then = utc(at)
    levels: Counter[str | None] = Counter()
    on_leave = pending = 0
    for record in records:
        for episode in record.as_of(occurred=then).episodes.values():
            if episode.is_in_care:
                levels[episode.level] += 1
                on_leave += episode.leave is not None
            pending += bool(episode.pending) or episode.status is EpisodeStatus.WAITLIST
    return Census(at=then, by_level=dict(levels), on_leave=on_leave, pending=pending)
