"""A record looked at from one moment, for what is due."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import attrs

from carecontinuum.care.deadlines import Deadlines, Due, DueKind
from carecontinuum.datatypes import Calendar
from carecontinuum.history import PatientRecord

__all__ = ["Looking"]


@attrs.frozen(order=False, kw_only=True)
class Looking:
    """A record looked at: what had happened by a moment, the calendar, the deadlines.

    Attributes:
        view: The record as of the moment; never shown in a repr.
        at: The moment, in UTC.
        calendar: Whose zone counts.
        deadlines: How many days are left for what has no day of its own.
    """

    view: PatientRecord = attrs.field(repr=False)
    at: datetime
    calendar: Calendar
    deadlines: Deadlines

    @property
    def today(self) -> date:
        """The local day."""
        return self.calendar.day(self.at)

    @property
    def levels(self) -> frozenset[str | None]:
        """The levels that the patient is at; `None` among them where one is not known."""
        return frozenset(one.level for one in self.view.episodes.values() if one.is_in_care)

    def goes_on(self, episode_id: str | None) -> bool:
        """Tell whether what concerns an episode, or the patient alone, is still of interest."""
        episode = None if episode_id is None else self.view.episodes.get(episode_id)
        return episode is None or episode.is_open

    def due(
        self,
        kind: DueKind,
        by: date,
        because: str,
        *,
        episode_id: str | None = None,
        event_id: str | None = None,
    ) -> Iterator[Due]:
        """Give something that is due, unless it lies further ahead than is told of."""
        if by <= self.today + timedelta(days=self.deadlines.ahead):
            yield Due(
                kind=kind,
                by=by,
                days_overdue=max((self.today - by).days, 0),
                because=because,
                episode_id=episode_id,
                event_id=event_id,
            )
