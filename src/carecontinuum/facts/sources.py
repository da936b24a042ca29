"""Where a fact is read: sources are data, named by a file and covered by a digest."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar, Protocol, TypeVar

import attrs

from carecontinuum.continuum import Continuum
from carecontinuum.datatypes import Calendar, When
from carecontinuum.decisions import Stated, TransitionRequest
from carecontinuum.history import CareRecords, EpisodeOfCare, EpisodeStatus, PatientRecord
from carecontinuum.rules import Known, Unknown, Value

__all__ = [
    "DaysAtLevel",
    "DaysOnLeave",
    "DaysSinceAdmission",
    "DaysSinceDischarge",
    "DaysSinceReturnToUse",
    "LegalStatusNow",
    "LevelNow",
    "RecordView",
    "RequestedDischarge",
    "RequestedLevel",
    "ReturnsToUse",
    "Source",
    "StatedWithRequest",
    "days_counted",
]

V_co = TypeVar("V_co", covariant=True)


@attrs.frozen(order=False, kw_only=True)
class RecordView:
    """The record as it is believed at one moment: the only thing a source may read.

    Attributes:
        record: The patient's record as of the moment.
        episode: The episode in question.
        at: The moment, in UTC.
        calendar: How the program counts days.
        request: The request to be judged; `None` when facts are read for themselves.
        stated: Facts that whoever asks vouches for, where there is no request.
        continuum: The program's map; `None` leaves what depends on ranks unknown.
    """

    record: PatientRecord = attrs.field(repr=False)
    episode: EpisodeOfCare = attrs.field(repr=False)
    at: datetime
    calendar: Calendar
    request: TransitionRequest | None = None
    stated: tuple[Stated, ...] = ()
    continuum: Continuum | None = attrs.field(default=None, repr=False)

    @cached_property
    def today(self) -> date:
        """The local date of the moment."""
        return self.calendar.day(self.at)

    @cached_property
    def care(self) -> CareRecords:
        """The records of care of the episode, with those that concern the patient alone."""
        return self.record.care.about(self.episode.id)

    def days_since(self, when: When) -> int:
        """Count the local days since something happened, that day being day 0.

        A day told in another zone may not have begun here yet; it is day 0 as well. For a month or
        a year it is the greatest number that it can be.
        """
        return max((self.today - when.day(self.calendar.zone)).days, 0)


class Source(Protocol[V_co]):
    """Where a fact comes from. The same view gives the same answer."""

    def read(self, view: RecordView, /) -> Known[V_co] | Unknown:
        """Read the fact."""
        ...


def days_counted(view: RecordView, when: When, what: str) -> Known[int] | Unknown:
    """Count days since something of which the day is known; from a month none can be counted."""
    if not when.tells_the_day:
        return Unknown(
            would_supply=f"the day of the {what}; only the {when.precision.value} is told"
        )
    return Known(view.days_since(when), source=f"{what} on {when.day(view.calendar.zone)}")


def _latest(view: RecordView, moments: Sequence[When]) -> When:
    return max(moments, key=lambda when: when.last_day(view.calendar.zone))


@attrs.frozen(order=False, kw_only=True)
class StatedWithRequest:
    """The value that whoever asks vouches for.

    Attributes:
        fact: The fact's id.
        asked_of: Who would know it, in words, for the reason when nothing was stated.
    """

    TYPE: ClassVar[str] = "stated"
    fact: str
    asked_of: str = ""

    def read(self, view: RecordView, /) -> Known[Value] | Unknown:
        """Give the stated value, or unknown with who would know it."""
        stated = view.request.stated if view.request else view.stated
        for item in stated:
            if item.fact == self.fact:
                return Known(item.value, source=item.source or "stated with the request")
        return Unknown(would_supply=self.asked_of or "state it with the request")


@attrs.frozen(order=False)
class DaysAtLevel:
    """Days at the present level, the day of the move being day 0."""

    TYPE: ClassVar[str] = "days-at-level"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        since = view.episode.level_since
        days = view.episode.days_at_level(view.at, view.calendar)
        if days is None or since is None:
            return Unknown(would_supply="a level of care in force")
        if not since.tells_the_day:
            return days_counted(view, since, "move")
        return Known(days, source=f"time at `{view.episode.level}`")


@attrs.frozen(order=False)
class DaysSinceAdmission:
    """Days since the admission of this episode, the day of admission being day 0."""

    TYPE: ClassVar[str] = "days-since-admission"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        admitted = view.episode.admitted_at
        if admitted is None:
            return Unknown(would_supply="an admission")
        return days_counted(view, admitted, "admission")


@attrs.frozen(order=False)
class DaysOnLeave:
    """Days of the leave that lasts now; 0 while not on leave."""

    TYPE: ClassVar[str] = "days-on-leave"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        leave = view.episode.leave
        if leave is None:
            return Known(0, source="not on leave")
        return days_counted(view, leave.start, "beginning of leave")


@attrs.frozen(order=False)
class DaysSinceReturnToUse:
    """Days since the latest recorded return to use in this episode.

    Unknown where none is recorded: that nothing was recorded does not say that nothing happened.
    """

    TYPE: ClassVar[str] = "days-since-return-to-use"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        if not view.episode.returns_to_use:
            return Unknown(would_supply="a recorded return to use; none is recorded")
        return days_counted(view, _latest(view, view.episode.returns_to_use), "return to use")


@attrs.frozen(order=False, kw_only=True)
class ReturnsToUse:
    """How many returns to use are recorded in this episode, in all or of late.

    Attributes:
        within_days: Count only those of the last so many days; `None` counts all.
    """

    TYPE: ClassVar[str] = "returns-to-use"
    within_days: int | None = None

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        told = view.episode.returns_to_use
        count = len(told)
        if told and self.within_days is not None:
            zone, within = view.calendar.zone, self.within_days
            count = sum((view.today - when.last_day(zone)).days <= within for when in told)
            if count != sum((view.today - when.day(zone)).days <= within for when in told):
                return Unknown(would_supply="the days of the returns to use; some tell none")
        return Known(count, source="returns to use recorded in this episode")


@attrs.frozen(order=False)
class DaysSinceDischarge:
    """Days since the patient's latest discharge from another episode, not one entered in error."""

    TYPE: ClassVar[str] = "days-since-discharge"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        ends = [
            other.discharge.at
            for other in view.record.episodes.values()
            if other.discharge is not None
            and other.status is EpisodeStatus.FINISHED
            and other.id != view.episode.id
        ]
        if not ends:
            return Unknown(would_supply="a recorded discharge from an earlier episode")
        return days_counted(view, _latest(view, ends), "discharge")


@attrs.frozen(order=False)
class LegalStatusNow:
    """The legal status recorded last; unknown once it has lapsed or where none is recorded.

    That a hold has lapsed does not say on what ground the person is in care since.
    """

    TYPE: ClassVar[str] = "legal-status"

    def read(self, view: RecordView, /) -> Known[str] | Unknown:
        """Read it."""
        if view.episode.legal_statuses:
            latest = view.episode.legal_statuses[-1]
            if latest.until is None or view.at < latest.until.instant:
                return Known(latest.status, source=f"legal status since {latest.since}")
        return Unknown(would_supply="a legal status in force")


@attrs.frozen(order=False)
class LevelNow:
    """The level of care in force; on leave, the level that was left."""

    TYPE: ClassVar[str] = "level"

    def read(self, view: RecordView, /) -> Known[str] | Unknown:
        """Read it."""
        level = view.episode.level
        if level is None:
            return Unknown(would_supply="a level of care in force")
        return Known(level, source="the level in force")


@attrs.frozen(order=False)
class RequestedLevel:
    """The level of care that the request names; an empty code where it names none."""

    TYPE: ClassVar[str] = "requested-level"

    def read(self, view: RecordView, /) -> Known[str] | Unknown:
        """Read it."""
        if view.request is None:
            return Unknown(would_supply="a request")
        return Known(view.request.target or "", source="the request")


@attrs.frozen(order=False)
class RequestedDischarge:
    """The kind of discharge that the request names; an empty code where it names none."""

    TYPE: ClassVar[str] = "requested-discharge"

    def read(self, view: RecordView, /) -> Known[str] | Unknown:
        """Read it."""
        if view.request is None:
            return Unknown(would_supply="a request")
        return Known(view.request.move.discharge_kind or "", source="the request")
