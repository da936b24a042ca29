"""What in a patient's records of care does not fit: with each other, or with their instruments."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import TypeAlias, TypeVar

from carecontinuum.errors import listed
from carecontinuum.history.care import CareRecords, Recorded
from carecontinuum.history.events import Event
from carecontinuum.history.record import PatientRecord
from carecontinuum.history.record_bodies import (
    AftercarePlanRecorded,
    AttendanceRecorded,
    RelapsePreventionPlanRecorded,
    TreatmentPlanRecorded,
)
from carecontinuum.history.review import Discrepancy
from carecontinuum.records import (
    Assessment,
    AssessmentMisfit,
    AttendanceStatus,
    Instrument,
    PlannedService,
    Session,
    score,
)

__all__ = ["care_discrepancies"]

R = TypeVar("R")


_Misfit: TypeAlias = tuple[str, str | None, str, str]
_Told: TypeAlias = tuple[Event, Session]


def care_discrepancies(
    record: PatientRecord, *, instruments: Iterable[Instrument] | None = None
) -> tuple[Discrepancy, ...]:
    """List every believed record of care that does not fit, by its kind.

    Args:
        record: The patient's record.
        instruments: Those that are known, to compare assessments with; `None` compares none.
    """
    care = record.care
    found = chain(
        _episodes(record),
        _assessments(care.assessments),
        () if instruments is None else _by_instruments(care.assessments, tuple(instruments)),
        _authorizations(care),
        _consents(care),
        _versions(care.events),
        _sessions(care),
    )
    return tuple(
        Discrepancy(event_id=event, episode_id=episode, code=code, says=says)
        for event, episode, code, says in found
    )


def _misfit(one: Recorded[R], code: str, says: str) -> _Misfit:
    return one.event_id, one.episode_id, code, says


def _episodes(record: PatientRecord) -> Iterator[_Misfit]:
    begun = {id for id, one in record.episodes.items() if one.is_begun}
    for event in record.care.events:
        if event.episode_id is not None and event.episode_id not in begun:
            says = f"it concerns episode `{event.episode_id}`, which nobody began"
            yield event.id, event.episode_id, "no-such-episode", says


def _assessments(assessments: Sequence[Recorded[Assessment]]) -> Iterator[_Misfit]:
    seen: set[tuple[object, ...]] = set()
    for one in assessments:
        key = (one.value.instrument, one.at.instant, one.at.precision)
        if key in seen:
            yield _misfit(one, "two-at-once", "another assessment by that instrument is as old")
        seen.add(key)
        if one.value.at != one.at:
            yield _misfit(one, "another-time", "it says another time than its event does")


def _by_instruments(
    assessments: Iterable[Recorded[Assessment]], instruments: Iterable[Instrument]
) -> Iterator[_Misfit]:
    known = {(one.id, one.edition): one for one in instruments}
    for one in assessments:
        instrument = known.get((one.value.instrument, one.value.edition))
        if instrument is None:
            says = "its instrument is not known in that edition"
            yield _misfit(one, "unknown-instrument", says)
            continue
        try:
            score(instrument, one.value)
        except AssessmentMisfit as misfit:
            yield _misfit(one, "misfit", "; ".join(map(str, misfit.problems)))


def _authorizations(care: CareRecords) -> Iterator[_Misfit]:
    found = care.authorizations
    for n, one in enumerate(found):
        if any(one.value.overlaps(earlier.value) for earlier in found[:n]):
            says = "another authorisation for that level covers some of its days"
            yield _misfit(one, "overlap", says)


def _consents(care: CareRecords) -> Iterator[_Misfit]:
    for one in care.consents:
        if lacking := one.value.lacking:
            yield _misfit(one, "incomplete", f"it does not say {listed(lacking)}")


def _versions(events: Iterable[Event]) -> Iterator[_Misfit]:
    """Find plans that were recorded in an older version than one that occurred before."""
    newest: dict[tuple[type, str], int] = {}
    for event in events:
        body = event.body
        if isinstance(
            body, TreatmentPlanRecorded | RelapsePreventionPlanRecorded | AftercarePlanRecorded
        ):
            key = (type(body), body.plan.id)
            if body.plan.version < newest.get(key, 0):
                says = "a plan of that id had a higher version before"
                yield event.id, event.episode_id, "version-backwards", says
            newest[key] = max(body.plan.version, newest.get(key, 0))


def _sessions(care: CareRecords) -> Iterator[_Misfit]:
    planned = {service.id for event in care.events for service in _services(event)}
    told = {
        session.id: (event, session)
        for event in care.events
        if isinstance(event.body, AttendanceRecorded)
        for session in event.body.attendance.sessions
    }
    for event, session in told.values():
        for code, says in _session_misfits(event, session, planned):
            yield event.id, event.episode_id, code, says
    yield from _in_two_at_once(told.values())


def _services(event: Event) -> tuple[PlannedService, ...]:
    """Give the services that a plan holds, of treatment or of aftercare."""
    match event.body:
        case TreatmentPlanRecorded(plan=plan):
            return plan.services
        case AftercarePlanRecorded(plan=plan):
            return plan.therapy
        case _:
            return ()


def _session_misfits(
    event: Event, session: Session, planned: set[str]
) -> Iterator[tuple[str, str]]:
    attended = session.status is AttendanceStatus.ATTENDED
    if session.service is not None and session.service not in planned:
        yield "unknown-service", "it belongs to a service that no plan has"
    if session.service is None and attended and planned:
        yield "not-planned", "it was attended and belongs to no planned service"
    if attended and session.start > event.recorded_at:
        yield "not-yet", "it was recorded as attended before it began"


def _in_two_at_once(told: Iterable[_Told]) -> Iterator[_Misfit]:
    times = [
        (there, n, event)
        for n, (event, session) in enumerate(told)
        if (there := session.present) is not None
    ]
    until: datetime | None = None
    for (came, went), _, event in sorted(times, key=lambda one: one[:2]):
        if until is not None and came < until:
            says = "the patient was in another session at that time"
            yield event.id, event.episode_id, "in-two-at-once", says
        until = went if until is None else max(until, went)
