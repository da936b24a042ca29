"""Attendance: the sessions that were planned, and what came of each."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import utc
from carecontinuum.records.checking import a_member, a_text, each_once, refuse
from carecontinuum.records.treatment_plan import ServiceKind

__all__ = ["Attendance", "AttendanceStatus", "Session"]


class AttendanceStatus(Enum):
    """What came of a session."""

    PLANNED = "planned"
    ATTENDED = "attended"
    MISSED = "missed"
    EXCUSED = "excused"
    CANCELLED = "cancelled"
    """The provider cancelled it, so that it was nobody's to attend."""


def _start(value: datetime) -> datetime:
    return utc(value, "start")


def _end(value: datetime) -> datetime:
    return utc(value, "end")


def _arrived(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value, "arrived")


def _left(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value, "left")


@attrs.frozen(order=False, kw_only=True)
class Session:
    """One session, `[start, end)`.

    Attributes:
        id: Its id, unique among the patient's sessions; never shown in a repr.
        kind: What it is.
        start: When it begins, an aware datetime; kept in UTC. Never shown in a repr.
        end: When it ends, an aware datetime; kept in UTC. Never shown in a repr.
        status: What came of it; never shown in a repr.
        arrived: When the patient came, if that was not at the start; never shown in a repr.
        left: When the patient went, if that was not at the end; never shown in a repr.
        service: The id of the planned service it belongs to; `None` for one that nobody planned.
            Never shown in a repr.
        counts: Whether its time counts into the hours of the level of care.

    Raises:
        RecordInvalid: With every problem found.
        NaiveDatetime: A time has no zone.
    """

    id: str = attrs.field(repr=False)
    kind: ServiceKind
    start: datetime = attrs.field(converter=_start, repr=False)
    end: datetime = attrs.field(converter=_end, repr=False)
    status: AttendanceStatus = attrs.field(default=AttendanceStatus.PLANNED, repr=False)
    arrived: datetime | None = attrs.field(default=None, converter=_arrived, repr=False)
    left: datetime | None = attrs.field(default=None, converter=_left, repr=False)
    service: str | None = attrs.field(default=None, repr=False)
    counts: bool = True

    def __attrs_post_init__(self) -> None:
        refuse("the session", _session_problems(self))

    @property
    def present(self) -> tuple[datetime, datetime] | None:
        """From when to when the patient was there; `None` where they were not, or nobody knows."""
        if self.status is not AttendanceStatus.ATTENDED:
            return None
        return self.arrived or self.start, self.left or self.end

    def is_unsettled(self, at: datetime) -> bool:
        """Tell whether it has begun by an aware moment and nobody has said what came of it."""
        return self.status is AttendanceStatus.PLANNED and self.start < utc(at)


def _session_problems(session: Session) -> Iterator[Problem]:
    yield from a_text("id", session.id)
    yield from a_member("kind", session.kind, ServiceKind)
    yield from a_member("status", session.status, AttendanceStatus)
    if session.end <= session.start:
        yield Problem("end", "backwards", "the session ends before it begins")
    told = [key for key in ("arrived", "left") if getattr(session, key) is not None]
    if told and session.status is not AttendanceStatus.ATTENDED:
        for key in told:
            yield Problem(key, "not-attended", "it stands only where the session was attended")
    elif (session.left or session.end) <= (session.arrived or session.start):
        yield Problem("left", "backwards", "the patient left before they came")


@attrs.frozen(order=False, kw_only=True)
class Attendance:
    """A sheet of sessions: a day's, a week's, or all.

    A later sheet with a session of the same id says anew what came of it.

    Attributes:
        sessions: The sessions, in any order.

    Raises:
        RecordInvalid: Two sessions have one id, or the patient was in two at once.

    Examples:
        >>> from datetime import UTC
        >>> group = Session(
        ...     id="s-1",
        ...     kind=ServiceKind.GROUP_THERAPY,
        ...     status=AttendanceStatus.ATTENDED,
        ...     start=datetime(2026, 3, 2, 14, tzinfo=UTC),
        ...     end=datetime(2026, 3, 2, 17, tzinfo=UTC),
        ...     left=datetime(2026, 3, 2, 16, tzinfo=UTC),
        ... )
        >>> start, end = Attendance(sessions=(group,)).sessions[0].present
        >>> print(end - start)
        2:00:00
    """

    sessions: tuple[Session, ...] = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the attendance", _problems(self))


def _problems(attendance: Attendance) -> Iterator[Problem]:
    yield from each_once("sessions", (session.id for session in attendance.sessions))
    times = [
        (session.present, n)
        for n, session in enumerate(attendance.sessions)
        if session.present is not None
    ]
    until: datetime | None = None
    for (start, end), n in sorted(times):
        if until is not None and start < until:
            says = "the patient was in another session at that time"
            yield Problem(f"sessions[{n}]", "in-two-at-once", says)
        until = end if until is None else max(until, end)
