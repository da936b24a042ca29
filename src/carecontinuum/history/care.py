"""A patient's records of care as they are believed: what the events that hold them come to."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Generic, TypeVar

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
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


@attrs.frozen(order=False, kw_only=True)
class Recorded(Generic[R_co]):
    """A record of care with the event that it is believed by.

    Attributes:
        value: The record; never shown in a repr.
        at: When it was true; never shown in a repr.
        known_at: When it became known here, in UTC; never shown in a repr.
        event_id: The event.
        episode_id: The episode it concerns; `None` for the patient alone.
    """

    value: R_co = attrs.field(repr=False)
    at: When = attrs.field(repr=False)
    known_at: datetime = attrs.field(repr=False)
    event_id: str
    episode_id: str | None = None


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
        return CareRecords(kept)

    @cached_property
    def patient(self) -> Recorded[Patient] | None:
        """Who the patient is, as recorded last; `None` if it was not."""
        found = self._all(PatientRecorded, lambda body: body.patient)
        return found[-1] if found else None

    @cached_property
    def intakes(self) -> tuple[Recorded[IntakeAssessment], ...]:
        """Each intake assessment, as recorded last."""
        return _latest(self._all(IntakeRecorded, lambda body: body.intake), _id)

    @cached_property
    def assessments(self) -> tuple[Recorded[Assessment], ...]:
        """Each assessment by an instrument, as recorded last."""
        return _latest(self._all(AssessmentRecorded, lambda body: body.assessment), _id)

    @cached_property
    def treatment_plans(self) -> tuple[Recorded[TreatmentPlan], ...]:
        """Each treatment plan, as recorded last."""
        return _latest(self._all(TreatmentPlanRecorded, lambda body: body.plan), _id)

    @cached_property
    def relapse_prevention_plans(self) -> tuple[Recorded[RelapsePreventionPlan], ...]:
        """Each relapse-prevention plan, as recorded last."""
        return _latest(self._all(RelapsePreventionPlanRecorded, lambda body: body.plan), _id)

    @cached_property
    def aftercare_plans(self) -> tuple[Recorded[AftercarePlan], ...]:
        """Each aftercare plan, as recorded last."""
        return _latest(self._all(AftercarePlanRecorded, lambda body: body.plan), _id)

    @cached_property
    def authorizations(self) -> tuple[Recorded[Authorization], ...]:
        """Each authorisation, as recorded last."""
        return _latest(self._all(AuthorizationRecorded, lambda body: body.authorization), _id)

    @cached_property
    def consents(self) -> tuple[Recorded[Consent], ...]:
        """Each consent, as recorded last."""
        return _latest(self._all(ConsentRecorded, lambda body: body.consent), _id)

    @cached_property
    def sessions(self) -> tuple[Recorded[Session], ...]:
        """Each session, as recorded last, in the order they begin."""
        found = [
            _recorded(event, session)
            for event in self._by_body.get(AttendanceRecorded, ())
            if isinstance(event.body, AttendanceRecorded)
            for session in event.body.attendance.sessions
        ]
        return tuple(sorted(_latest(found, _id), key=lambda one: one.value.start))

    @cached_property
    def _by_body(self) -> Mapping[type, tuple[Event, ...]]:
        found: dict[type, list[Event]] = {}
        for event in self.events:
            found.setdefault(type(event.body), []).append(event)
        return MappingProxyType({body: tuple(events) for body, events in found.items()})

    def _all(self, kind: type[B], of: Callable[[B], R]) -> list[Recorded[R]]:
        return [
            _recorded(event, of(event.body))
            for event in self._by_body.get(kind, ())
            if isinstance(event.body, kind)
        ]


def _recorded(event: Event, value: R) -> Recorded[R]:
    return Recorded(
        value=value,
        at=event.occurred_at,
        known_at=event.recorded_at,
        event_id=event.id,
        episode_id=event.episode_id,
    )


def _id(value: object) -> str:
    found: str = getattr(value, "id")  # noqa: B009
    return found


def _latest(found: Iterable[Recorded[R]], id_of: Callable[[R], str]) -> tuple[Recorded[R], ...]:
    """Keep of records with one id the last, where it stands in the order of occurrence."""
    kept: dict[str, Recorded[R]] = {}
    for one in found:
        id = id_of(one.value)
        kept.pop(id, None)
        kept[id] = one
    return tuple(kept.values())
