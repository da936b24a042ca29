"""An episode of care as it is believed at a moment: the result of folding its events."""

from datetime import date, datetime, timedelta
from enum import Enum

import attrs

from carecontinuum.continuum import Track, TransitionKind
from carecontinuum.datatypes import Calendar, Coding, Identifier, Site, When, utc
from carecontinuum.decisions import ProgramRef

__all__ = [
    "AddOnService",
    "Discharge",
    "EpisodeOfCare",
    "EpisodeStatus",
    "Leave",
    "LegalStatus",
    "PendingMove",
    "PlacementReview",
    "StatusPeriod",
    "Stay",
]


class EpisodeStatus(Enum):
    """FHIR's status of an episode of care."""

    PLANNED = "planned"
    WAITLIST = "waitlist"
    ACTIVE = "active"
    ONHOLD = "onhold"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"

    @property
    def is_final(self) -> bool:
        """Whether nothing but amendments can follow."""
        return self in _FINAL


_IN_CARE = (EpisodeStatus.ACTIVE, EpisodeStatus.ONHOLD)
_FINAL = (EpisodeStatus.FINISHED, EpisodeStatus.CANCELLED, EpisodeStatus.ENTERED_IN_ERROR)


@attrs.frozen(order=False, kw_only=True)
class StatusPeriod:
    """How long the episode had a status, `[start, end)`.

    Attributes:
        status: The status.
        start: When it began.
        end: When it ended; `None` while it lasts.
    """

    status: EpisodeStatus
    start: When
    end: When | None = None


@attrs.frozen(order=False, kw_only=True, weakref_slot=False)
class Stay:
    """Time at one level in one place, `[start, end)`.

    Attributes:
        level: The level; `None` while unplaced.
        start: When it began.
        end: When it ended; `None` while it lasts.
        candidates: Levels it may be, while unplaced.
        site: Where.
        inferred: Whether it was inferred and not told.
    """

    level: str | None
    start: When
    end: When | None = None
    candidates: tuple[str, ...] = ()
    site: Site | None = None
    inferred: bool = False


@attrs.frozen(order=False, kw_only=True)
class Leave:
    """Time on leave, `[start, end)`.

    Attributes:
        kind: The kind of leave; `None` if not told.
        start: When it began.
        end: When it ended; `None` while it lasts.
        expected_return: When the person is expected back.
    """

    kind: str | None
    start: When
    end: When | None = None
    expected_return: When | None = None


@attrs.frozen(order=False, kw_only=True)
class AddOnService:
    """A service beside the level, `[start, end)`.

    Attributes:
        id: Its id within the episode.
        service: What it is.
        start: When it began.
        end: When it ended; `None` while it lasts.
        site: Where.
        ends_with_episode: Whether it ends when the episode does.
    """

    id: str
    service: Coding
    start: When
    end: When | None = None
    site: Site | None = None
    ends_with_episode: bool = True


@attrs.frozen(order=False, kw_only=True)
class PendingMove:
    """A proposed move that has not happened yet.

    Attributes:
        id: The proposal's id within the episode.
        kind: The kind of move.
        level: The level to reach.
        site: Where.
        proposed_at: When it was proposed.
        target_date: When it should happen.
        priority: FHIR's request priority.
        reason_code: A coded reason.
        accepted: Whether the receiving side has taken it.
    """

    id: str
    kind: TransitionKind
    level: str | None
    proposed_at: When
    site: Site | None = None
    target_date: When | None = None
    priority: str = "routine"
    reason_code: str | None = None
    accepted: bool = False


@attrs.frozen(order=False, kw_only=True)
class Discharge:
    """How the episode ended.

    Attributes:
        kind: The kind of discharge.
        at: When care ended.
        reason_code: The coded reason.
        destination: Where the person went, coded.
        last_contact: When the person was last seen.
        administrative_at: When the papers were closed, where that was another day.
    """

    kind: str
    at: When
    reason_code: str | None = None
    destination: str | None = None
    last_contact: When | None = None
    administrative_at: When | None = None


@attrs.frozen(order=False, kw_only=True)
class LegalStatus:
    """On what legal ground the person is in care.

    Attributes:
        status: `voluntary`, `involuntary` or `court-ordered`.
        since: When it began.
        until: When it lapses; `None` if not told.
    """

    status: str
    since: When
    until: When | None = None


@attrs.frozen(order=False, kw_only=True)
class PlacementReview:
    """A placement review as it is believed.

    Attributes:
        at: When it was made.
        levels: The levels left possible, the least intensive first; `None` is no level.
        settled: Whether one was left, and all that must be assessed was known.
        track: The track.
        selected: The level selected; `None` if none was.
        discrepancy_reason: Why that is none of the levels left.
        criteria: The placement criteria, id and version in words; empty if not told.
    """

    at: When
    levels: tuple[str | None, ...]
    settled: bool
    track: Track
    selected: str | None = None
    discrepancy_reason: str | None = None
    criteria: str = ""


@attrs.frozen(order=False, kw_only=True, slots=False)
class EpisodeOfCare:
    """An episode of care, as its believed events leave it.

    It has no slots, so that a step of the fold copies it at once.

    Attributes:
        id: The episode's id.
        status: FHIR's status.
        status_history: Each status it has had, in order.
        level: The level of care; on leave, the one to return to; `None` while unplaced.
        candidates: Levels it may be, while unplaced.
        level_since: When the time at the level began; a change of place does not restart it.
        site: Where care is given.
        stays: Time at each level and place, in order.
        leaves: Time on leave, in order.
        pending: Proposed moves that have not happened.
        services: Services beside the level, ended ones included.
        discharge: How it ended; `None` while it goes on.
        legal_statuses: Each legal status recorded, in order.
        returns_to_use: When the person used again.
        reviews: Each placement review, in order.
        admitted_at: When the person was admitted.
        program: The program version the episode is judged by.
        readmission_of: The earlier episode it follows.
        identifiers: Outside identifiers.
        confidentiality: `part2` or `standard`.
    """

    id: str
    status: EpisodeStatus = EpisodeStatus.PLANNED
    status_history: tuple[StatusPeriod, ...] = ()
    level: str | None = None
    candidates: tuple[str, ...] = ()
    level_since: When | None = None
    site: Site | None = None
    stays: tuple[Stay, ...] = ()
    leaves: tuple[Leave, ...] = ()
    pending: tuple[PendingMove, ...] = ()
    services: tuple[AddOnService, ...] = ()
    discharge: Discharge | None = None
    legal_statuses: tuple[LegalStatus, ...] = ()
    returns_to_use: tuple[When, ...] = ()
    reviews: tuple[PlacementReview, ...] = ()
    admitted_at: When | None = None
    program: ProgramRef | None = None
    readmission_of: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    confidentiality: str = "part2"

    @property
    def is_open(self) -> bool:
        """Whether something can still happen in it."""
        return not self.status.is_final

    @property
    def is_begun(self) -> bool:
        """Whether somebody was referred or admitted to it, or it was proposed.

        A fact that names an episode by mistake makes one that is not.
        """
        return bool(self.status_history or self.pending)

    @property
    def is_in_care(self) -> bool:
        """Whether the person has been admitted and not discharged; leave is a part of care."""
        return self.status in _IN_CARE

    @property
    def is_unplaced(self) -> bool:
        """Whether the person is in care with no level yet."""
        return self.status is EpisodeStatus.ACTIVE and self.level is None

    @property
    def leave(self) -> Leave | None:
        """The leave that lasts now."""
        return self.leaves[-1] if self.status is EpisodeStatus.ONHOLD and self.leaves else None

    def days_at_level(self, at: datetime, calendar: Calendar) -> int | None:
        """Count the days at the present level up to a moment.

        Local dates of the place of care are counted; the day of a move belongs to the new level.
        Days on leave count unless the calendar says otherwise.

        Returns:
            0 on the day of the move, 1 on the next; `None` if there is no level, or none yet then.
        """
        if self.level is None or self.level_since is None:
            return None
        first = self.level_since.day(calendar.zone)
        last = calendar.day(at)
        if last < first:
            # A day told in a zone further east may not have begun in the calendar's zone.
            return 0 if self.level_since.instant <= utc(at) else None
        days = (last - first).days
        return days if calendar.leave_counts else days - self._leave_days(first, last, calendar)

    def _leave_days(self, first: date, last: date, calendar: Calendar) -> int:
        days = timedelta()
        for leave in self.leaves:
            began = max(leave.start.day(calendar.zone), first)
            ended = last if leave.end is None else min(leave.end.day(calendar.zone), last)
            days += max(ended - began, timedelta())
        return days.days
