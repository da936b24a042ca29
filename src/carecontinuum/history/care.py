"""A patient's records of care as they are believed: what the events that hold them come to."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

import attrs

from carecontinuum.datatypes import When
from carecontinuum.history.events import Event
from carecontinuum.history.record_bodies import (
    AftercarePlanRecorded,
    AssessmentRecorded,
    AttendanceRecorded,
    AuthorizationRecorded,
    ConsentRecorded,
    IntakeRecorded,
    PatientRecorded,
    RelapsePreventionPlanRecorded,
    TreatmentPlanRecorded,
)
from carecontinuum.records import (
    AftercarePlan,
    Assessment,
    Authorization,
    Consent,
    IntakeAssessment,
    Patient,
    RelapsePreventionPlan,
    Session,
    TreatmentPlan,
)

__all__ = ["CareRecords", "Recorded"]

B = TypeVar("B")
R_co = TypeVar("R_co", covariant=True)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_HasId)


@attrs.frozen(order=False)
class Recorded(Generic[R_co]):
    """A record of care with the event that it is believed by.

    Attributes:
        value: The record; never shown in a repr.
        event: The event, as it is believed.
    """

    value: R_co = attrs.field(repr=False)
    event: Event

    @property
    def at(self) -> When:
        """When it was true."""
        return self.event.occurred_at

    @property
    def known_at(self) -> datetime:
        """When it became known here, in UTC."""
        return self.event.recorded_at

    @property
    def event_id(self) -> str:
        """The event's id."""
        return self.event.id

    @property
    def episode_id(self) -> str | None:
        """The episode it concerns; `None` for the patient alone."""
        return self.event.episode_id


@attrs.frozen(order=False)
class CareRecords:
    """The records of a patient's care, each list in the order they occurred.

    Attributes:
        events: The believed events that hold records; never shown in a repr.
    """

    events: tuple[Event, ...] = attrs.field(default=(), repr=False)

    def about(self, episode_id: str) -> "CareRecords":
        """Give the records of one episode, with those that concern the patient alone."""
        kept = tuple(event for event in self.events if event.episode_id in (episode_id, None))
        return self if len(kept) == len(self.events) else CareRecords(kept)

    @cached_property
    def patient(self) -> Recorded[Patient] | None:
        """Who the patient is, as recorded last; `None` if it was not."""
        events = self._by_body.get(PatientRecorded, ())
        bodies = list(self._bodies(PatientRecorded))
        return Recorded(bodies[-1].patient, events[-1]) if bodies else None

    @cached_property
    def intakes(self) -> tuple[Recorded[IntakeAssessment], ...]:
        """Each intake assessment, as recorded last."""
        return self._latest(IntakeRecorded, lambda body: body.intake)

    @cached_property
    def assessments(self) -> tuple[Recorded[Assessment], ...]:
        """Each assessment by an instrument, as recorded last."""
        return self._latest(AssessmentRecorded, lambda body: body.assessment)

    @cached_property
    def treatment_plans(self) -> tuple[Recorded[TreatmentPlan], ...]:
        """Each treatment plan, as recorded last."""
        return self._latest(TreatmentPlanRecorded, lambda body: body.plan)

    @cached_property
    def relapse_prevention_plans(self) -> tuple[Recorded[RelapsePreventionPlan], ...]:
        """Each relapse-prevention plan, as recorded last."""
        return self._latest(RelapsePreventionPlanRecorded, lambda body: body.plan)

    @cached_property
    def aftercare_plans(self) -> tuple[Recorded[AftercarePlan], ...]:
        """Each aftercare plan, as recorded last."""
        return self._latest(AftercarePlanRecorded, lambda body: body.plan)

    @cached_property
    def authorizations(self) -> tuple[Recorded[Authorization], ...]:
        """Each authorisation, as recorded last."""
        return self._latest(AuthorizationRecorded, lambda body: body.authorization)

    @cached_property
    def consents(self) -> tuple[Recorded[Consent], ...]:
        """Each consent, as recorded last."""
        return self._latest(ConsentRecorded, lambda body: body.consent)

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """Each session, as recorded last, in the order they begin."""
        found = {
            session.id: session
            for body in self._bodies(AttendanceRecorded)
            for session in body.attendance.sessions
        }
        return tuple(sorted(found.values(), key=attrgetter("start")))

    @cached_property
    def _by_body(self) -> Mapping[type, tuple[Event, ...]]:
        found: defaultdict[type, list[Event]] = defaultdict(list)
        for event in self.events:
            found[type(event.body)].append(event)
        return MappingProxyType({body: tuple(events) for body, events in found.items()})

    def _bodies(self, kind: type[B]) -> Iterator[B]:
        return (event.body for event in self._by_body.get(kind, ()) if isinstance(event.body, kind))

    def _latest(self, kind: type[B], of: Callable[[B], R]) -> tuple[Recorded[R], ...]:
        """Keep of records with one id the last, where it stands in the order of occurrence."""
        kept: dict[str, tuple[Event, R]] = {}
        for event, body in zip(self._by_body.get(kind, ()), self._bodies(kind), strict=True):
            value = of(body)
            kept.pop(value.id, None)
            kept[value.id] = event, value
        return tuple(Recorded(value, event) for event, value in kept.values())
