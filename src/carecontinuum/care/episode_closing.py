"""What hangs on an episode that is being closed, and what becomes of each part of it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from itertools import chain
from typing import TypeAlias, TypeVar

import attrs

from carecontinuum.datatypes import Actor, Calendar, When, actor, utc
from carecontinuum.history import (
    AddOnService,
    AftercarePlanRecorded,
    AttendanceRecorded,
    AuthorizationRecorded,
    CareRecords,
    EpisodeOfCare,
    Event,
    PatientRecord,
    PendingMove,
    RecordBody,
    Recorded,
    RelapsePreventionPlanRecorded,
    TreatmentPlanRecorded,
)
from carecontinuum.records import (
    AftercarePlan,
    Attendance,
    AttendanceStatus,
    Authorization,
    AuthorizationStatus,
    PlanStatus,
    RelapsePreventionPlan,
    Session,
    TreatmentPlan,
)

__all__ = ["Closing", "Handling", "Hanging", "HangingKind", "Hung", "closing"]

R = TypeVar("R")


class HangingKind(Enum):
    """What can hang on an episode."""

    TREATMENT_PLAN = "treatment-plan"
    RELAPSE_PREVENTION_PLAN = "relapse-prevention-plan"
    AFTERCARE_PLAN = "aftercare-plan"
    AUTHORIZATION = "authorization"
    SESSION = "session"
    SERVICE = "service"
    PENDING_MOVE = "pending-move"


class Handling(Enum):
    """What becomes of it."""

    CLOSED = "closed"
    """It ends with the episode."""
    HANDED_OVER = "handed-over"
    """It goes on, with the next episode or with the patient alone."""
    OPEN = "open"
    """Nothing can be said of it: somebody has to say what came of it."""


Hung: TypeAlias = (
    TreatmentPlan
    | RelapsePreventionPlan
    | AftercarePlan
    | Authorization
    | Session
    | AddOnService
    | PendingMove
)
"""What can hang on an episode: a record of care, or a part of the episode itself."""


@attrs.frozen(order=False, kw_only=True)
class Hanging:
    """Something that hangs on the episode.

    Attributes:
        kind: What kind of thing.
        item: The thing as it was before; never shown in a repr.
        handling: What becomes of it.
        because: Why, and by what; it names nobody.
        body: The record as it is from then on; `None` where no event of its own is needed. Never
            shown in a repr.
    """

    kind: HangingKind
    item: Hung = attrs.field(repr=False)
    handling: Handling
    because: str
    body: RecordBody | None = attrs.field(default=None, repr=False)


@attrs.frozen(order=False, kw_only=True)
class Closing:
    """What closing an episode comes to; nothing is recorded until the events are appended.

    Attributes:
        items: All that hangs on the episode.
        events: The events that record what becomes of it; never shown in a repr.
    """

    items: tuple[Hanging, ...]
    events: tuple[Event, ...] = attrs.field(repr=False)

    def handled(self, handling: Handling) -> tuple[Hanging, ...]:
        """Give the items of which the same becomes."""
        return tuple(item for item in self.items if item.handling is handling)


@attrs.frozen(order=False, kw_only=True)
class _Closed:
    """The episode as it is closed, and of which episodes records hang on it."""

    episode: EpisodeOfCare
    care: CareRecords = attrs.field(repr=False)
    kept: frozenset[str | None]
    at: datetime
    today: date
    completed: bool

    def hanging(self, records: Iterable[Recorded[R]]) -> Iterator[R]:
        """Give the records that hang on the episode, each as it is believed now."""
        return (one.value for one in records if one.episode_id in self.kept)


def closing(
    record: PatientRecord,
    episode_id: str,
    at: datetime,
    *,
    calendar: Calendar,
    id: str,
    by: str | Actor,
    to: str | None = None,
    completed: bool = True,
    recorded_at: datetime | None = None,
) -> Closing:
    """List what hangs on an episode that is being closed, with the events that close it.

    The treatment plan, the authorisations and the sessions still to come are closed. The
    relapse-prevention plan and the aftercare plan with its check-ins are handed over. The discharge
    itself ends proposed moves and the services that end with the episode. Records that concern the
    patient alone hang on the episode where it is the only one open.

    Args:
        record: The patient's record.
        episode_id: The episode.
        at: When it is closed, an aware datetime.
        calendar: Whose zone counts.
        id: What the ids of the events begin with.
        by: Who closes it.
        to: The episode that takes over; `None` hands over to the patient alone.
        completed: Whether the treatment plan was carried out; otherwise it is revoked.
        recorded_at: When this is recorded; `None` is `at`.

    Raises:
        NoSuchEpisode: There is none of that id at the moment.
        NaiveDatetime: A moment has no zone.
        EventInvalid: It is recorded before it happened.
    """
    moment = utc(at)
    view = record.as_of(occurred=moment)
    closed = _Closed(
        episode=view.episode(episode_id),
        care=view.care,
        kept=_kept(view, episode_id),
        at=moment,
        today=calendar.day(moment),
        completed=completed,
    )
    items = tuple(chain.from_iterable(part(closed) for part in _PARTS))
    events = tuple(
        Event(
            id=f"{id}-{number}",
            patient_id=record.patient_id,
            episode_id=to if item.handling is Handling.HANDED_OVER else episode_id,
            occurred_at=When.of(moment),
            recorded_at=moment if recorded_at is None else recorded_at,
            by=actor(by),
            body=item.body,
        )
        for number, item in enumerate(items, start=1)
        if item.body is not None
    )
    return Closing(items=items, events=events)


def _kept(view: PatientRecord, episode_id: str) -> frozenset[str | None]:
    """Give of which episodes records hang on this one; `None` for the patient alone."""
    alone = [one.id for one in view.episodes.values() if one.is_open] == [episode_id]
    return frozenset((episode_id, None) if alone else (episode_id,))


def _plans(closed: _Closed) -> Iterator[Hanging]:
    for before in closed.hanging(closed.care.treatment_plans):
        if before.status not in _ENDED:
            plan = _ended_plan(closed, before)
            yield Hanging(
                kind=HangingKind.TREATMENT_PLAN,
                item=before,
                handling=Handling.CLOSED,
                because=f"the plan is {plan.status.value} with the episode",
                body=TreatmentPlanRecorded(plan=plan),
            )


_ENDED = (PlanStatus.REVOKED, PlanStatus.COMPLETED, PlanStatus.ENTERED_IN_ERROR)


def _ended_plan(closed: _Closed, plan: TreatmentPlan) -> TreatmentPlan:
    """End a plan on the day, or revoke it where it has not begun, or was a draft."""
    begun = plan.status is not PlanStatus.DRAFT and (
        plan.starts is None or plan.starts <= closed.today
    )
    if not begun:
        return attrs.evolve(plan, status=PlanStatus.REVOKED)
    ends = closed.today if plan.ends is None else min(plan.ends, closed.today)
    status = PlanStatus.COMPLETED if closed.completed else PlanStatus.REVOKED
    return attrs.evolve(plan, status=status, ends=ends)


def _prevention(closed: _Closed) -> Iterator[Hanging]:
    for plan in closed.hanging(closed.care.relapse_prevention_plans):
        yield Hanging(
            kind=HangingKind.RELAPSE_PREVENTION_PLAN,
            item=plan,
            handling=Handling.HANDED_OVER,
            because="the plan is the patient's own and goes on",
            body=RelapsePreventionPlanRecorded(plan=plan),
        )


def _aftercare(closed: _Closed) -> Iterator[Hanging]:
    for plan in closed.hanging(closed.care.aftercare_plans):
        count = sum(check_in.outcome is None for check_in in plan.check_ins)
        yield Hanging(
            kind=HangingKind.AFTERCARE_PLAN,
            item=plan,
            handling=Handling.HANDED_OVER,
            because=f"aftercare goes on; check-ins still open: {count}",
            body=AftercarePlanRecorded(plan=plan),
        )


def _authorizations(closed: _Closed) -> Iterator[Hanging]:
    for found in closed.hanging(closed.care.authorizations):
        asked = found.status is AuthorizationStatus.REQUESTED
        if (found.is_granted or asked) and not found.has_expired(closed.today):
            ended = _ended_authorization(closed, found)
            says = "ends with the last day of the episode" if ended.is_granted else "is withdrawn"
            yield Hanging(
                kind=HangingKind.AUTHORIZATION,
                item=found,
                handling=Handling.CLOSED,
                because=f"the authorisation {says}",
                body=AuthorizationRecorded(authorization=ended),
            )


def _ended_authorization(closed: _Closed, found: Authorization) -> Authorization:
    """End what was granted on the day; withdraw what was only asked for, or has not begun."""
    if found.is_granted and found.first_day <= closed.today:
        return attrs.evolve(found, last_day=closed.today)
    return attrs.evolve(found, status=AuthorizationStatus.WITHDRAWN, approved=None)


def _sessions(closed: _Closed) -> Iterator[Hanging]:
    kept = tuple(event for event in closed.care.events if event.episode_id in closed.kept)
    mine = {session.id for session in CareRecords(kept).sessions}
    for session in closed.care.sessions:
        if session.id not in mine or session.status is not AttendanceStatus.PLANNED:
            continue
        if session.is_unsettled(closed.at):
            yield Hanging(
                kind=HangingKind.SESSION,
                item=session,
                handling=Handling.OPEN,
                because="the session has begun; say what came of it",
            )
        else:
            cancelled = attrs.evolve(session, status=AttendanceStatus.CANCELLED)
            yield Hanging(
                kind=HangingKind.SESSION,
                item=session,
                handling=Handling.CLOSED,
                because="the session would be after the end and is cancelled",
                body=AttendanceRecorded(attendance=Attendance(sessions=(cancelled,))),
            )


def _services(closed: _Closed) -> Iterator[Hanging]:
    for service in closed.episode.services:
        if service.end is None and service.ends_with_episode:
            yield Hanging(
                kind=HangingKind.SERVICE,
                item=service,
                handling=Handling.CLOSED,
                because="the service ends with the episode; the discharge ends it",
            )
        elif service.end is None:
            yield Hanging(
                kind=HangingKind.SERVICE,
                item=service,
                handling=Handling.HANDED_OVER,
                because="the service does not end with the episode",
            )


def _moves(closed: _Closed) -> Iterator[Hanging]:
    for move in closed.episode.pending:
        yield Hanging(
            kind=HangingKind.PENDING_MOVE,
            item=move,
            handling=Handling.CLOSED,
            because=f"the proposed move falls with the discharge: {move.kind.value}",
        )


_PARTS: tuple[Callable[[_Closed], Iterator[Hanging]], ...] = (
    _plans,
    _prevention,
    _aftercare,
    _authorizations,
    _sessions,
    _services,
    _moves,
)
