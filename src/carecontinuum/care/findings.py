"""What in a patient's care does not fit the program, the intake or the consents of today.

What does not fit among the records themselves, whenever it is looked at and by whatever program,
is listed by `carecontinuum.history.care_discrepancies`.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain

import attrs

from carecontinuum.care.fitting import (
    age_group_on,
    plan_conflicts,
    planned_hours,
    session_conflicts,
)
from carecontinuum.datatypes import utc
from carecontinuum.facts.attendance_sources import hundredths
from carecontinuum.history import (
    EpisodeOfCare,
    PatientRecord,
    Recorded,
)
from carecontinuum.programs import Program
from carecontinuum.records import (
    AuthorizationStatus,
    ConsentPurpose,
    PlanStatus,
    TreatmentPlan,
)

__all__ = ["CareFinding", "care_findings"]


@attrs.frozen(order=False, kw_only=True)
class CareFinding:
    """Something that does not fit; it names nobody.

    Attributes:
        path: Where it stands in `PatientRecord.care`, as in `treatment_plans[0].services`.
        code: A stable word for the kind of finding, as in `hours-misfit`.
        says: What was seen and what is needed.
        event_ids: The events of the records.
    """

    path: str
    code: str
    says: str
    event_ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.path}: {self.says} [{self.code}]"


@attrs.frozen(order=False, kw_only=True)
class _Records:
    """The records as of a moment, and the program by which they are looked at."""

    view: PatientRecord = attrs.field(repr=False)
    program: Program
    at: datetime
    today: date


def care_findings(
    record: PatientRecord, at: datetime, *, program: Program
) -> tuple[CareFinding, ...]:
    """List what in a patient's care does not fit the program, the intake or the consents.

    - `hours-misfit`: the hours a week of a plan in force are not those of its level.
    - `hours-undetermined`: they are for one age group, and the patient's age is not known.
    - `another-level`: the plan in force is made for a level that the patient is not at.
    - `role-conflict`: it takes times that work, school or care for others takes.
    - `session-conflict`: sessions still to come take such times.
    - `revoked-consent`: an authorisation runs, and the consent to tell the payer was revoked.

    Args:
        record: The patient's record.
        at: The moment, an aware datetime; what happened later is not looked at.
        program: The program: its map has the hours of the levels, its calendar the days.

    Raises:
        NaiveDatetime: The moment has no zone.
    """
    moment = utc(at)
    view = record.as_of(occurred=moment)
    records = _Records(view=view, program=program, at=moment, today=program.calendar.day(moment))
    parts = (_consents, _plans, _planned_sessions)
    return tuple(chain.from_iterable(part(records) for part in parts))


_PAYMENT = (ConsentPurpose.PAYMENT, ConsentPurpose.TREATMENT_PAYMENT_OPERATIONS)


def _consents(records: _Records) -> Iterator[CareFinding]:
    """Look for authorisations that go on though the consent to tell the payer was revoked."""
    consents = [one for one in records.view.care.consents if one.value.purpose in _PAYMENT]
    if any(one.value.is_in_force(records.today) for one in consents):
        return
    revoked = [
        one
        for one in consents
        if one.value.revoked_on is not None and one.value.revoked_on <= records.today
    ]
    for n, relying in enumerate(records.view.care.authorizations):
        asked = relying.value.status is AuthorizationStatus.REQUESTED
        running = relying.value.is_granted or asked
        if revoked and running and not relying.value.has_expired(records.today):
            yield CareFinding(
                path=f"authorizations[{n}]",
                code="revoked-consent",
                says="the consent to disclose to a payer was revoked, and none is in force",
                event_ids=(revoked[-1].event_id, relying.event_id),
            )


def _plans(records: _Records) -> Iterator[CareFinding]:
    for n, one in enumerate(records.view.care.treatment_plans):
        over = one.value.ends is not None and one.value.ends < records.today
        if one.value.status is PlanStatus.ACTIVE and not over:
            yield from _level_findings(records, f"treatment_plans[{n}]", one)
            yield from _hours_findings(records, f"treatment_plans[{n}]", one)
            yield from _role_findings(records, f"treatment_plans[{n}]", one)


def _episode(records: _Records, one: Recorded[TreatmentPlan]) -> EpisodeOfCare | None:
    return records.view.episodes.get(one.episode_id or "")


def _level_findings(
    records: _Records, path: str, one: Recorded[TreatmentPlan]
) -> Iterator[CareFinding]:
    episode = _episode(records, one)
    there = None if episode is None else episode.level
    if there is not None and one.value.level not in (None, there):
        says = f"it is made for level `{one.value.level}`, and the patient is at `{there}`"
        yield CareFinding(
            path=f"{path}.level", code="another-level", says=says, event_ids=(one.event_id,)
        )


def _hours_findings(
    records: _Records, path: str, one: Recorded[TreatmentPlan]
) -> Iterator[CareFinding]:
    episode = _episode(records, one)
    code = one.value.level or (None if episode is None else episode.level)
    if code is None or code not in records.program.continuum:
        return
    patient = records.view.care.patient
    group = age_group_on(None if patient is None else patient.value, records.today)
    level = records.program.continuum.level(code)
    hours = planned_hours(one.value, level, age_group=group)
    misfits = [found for found in hours if not found.fits]
    if misfits:
        needed = " or ".join(
            f"{found.needed} a week ({found.age_group.value if found.age_group else 'everybody'})"
            for found in misfits
        )
        sure = len(misfits) == len(hours)
        says = f"{hundredths(misfits[0].seen)} h a week are planned; level `{code}` needs {needed}"
        yield CareFinding(
            path=f"{path}.services",
            code="hours-misfit" if sure else "hours-undetermined",
            says=says if sure else f"{says}, and the patient's age is not known",
            event_ids=(one.event_id,),
        )


def _role_findings(
    records: _Records, path: str, one: Recorded[TreatmentPlan]
) -> Iterator[CareFinding]:
    intakes = records.view.care.intakes
    if not intakes:
        return
    if conflicts := plan_conflicts(one.value, intakes[-1].value):
        yield CareFinding(
            path=f"{path}.services",
            code="role-conflict",
            says=f"services and daily roles of the intake take the same times: {len(conflicts)}",
            event_ids=(intakes[-1].event_id, one.event_id),
        )


def _planned_sessions(records: _Records) -> Iterator[CareFinding]:
    intakes = records.view.care.intakes
    if not intakes:
        return
    to_come = [session for session in records.view.care.sessions if session.start > records.at]
    conflicts = session_conflicts(to_come, intakes[-1].value, calendar=records.program.calendar)
    if conflicts:
        count = len({conflict.on for conflict in conflicts})
        yield CareFinding(
            path="sessions",
            code="session-conflict",
            says=f"sessions and daily roles of the intake take the same times; days: {count}",
            event_ids=(intakes[-1].event_id,),
        )
