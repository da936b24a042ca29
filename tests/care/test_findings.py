"""What in somebody's care does not fit the program, the intake or the consents."""

from datetime import date, time, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given

import carecontinuum as cc
from carecontinuum.care import CareFinding, care_findings
from carecontinuum.continuum import AgeGroup, ServiceHours
from carecontinuum.history import (
    Admitted,
    AttendanceRecorded,
    AuthorizationRecorded,
    Body,
    ConsentRecorded,
    IntakeRecorded,
    PatientRecorded,
    TreatmentPlanRecorded,
)
from carecontinuum.records import (
    Attendance,
    AttendanceStatus,
    AuthorizationStatus,
    ConsentPurpose,
    DailyRole,
    IntakeAssessment,
    Patient,
    PlanStatus,
    RecordInvalid,
    Role,
    WeeklySlot,
)
from invented import DAY, START, continuum, event, level, program
from recorded import CANARY, authorization, consent, plan, service, session
from strategies import histories

TODAY = date(2026, 3, 2)
HOURS = (
    ServiceHours(at_least=9, less_than=20, age_group=AgeGroup.ADULT),
    ServiceHours(at_least=6, less_than=20, age_group=AgeGroup.ADOLESCENT),
)
MAP = continuum(
    levels=tuple(
        attrs.evolve(one, hours=HOURS) if one.code == "iop" else one for one in continuum().levels
    )
)
PROGRAM = program(continuum=MAP)


def day(days: int) -> date:
    """Give the local day so many days after admission."""
    return TODAY + timedelta(days=days)


def found(*told: Body, at: float = 30) -> list[CareFinding]:
    """Look at what was told in order, a day apart, after an admission to `iop`."""
    events = [event("in", Admitted(level="iop"), 0)]
    events += [event(f"t-{n}", body, 1 + n) for n, body in enumerate(told)]
    record = cc.PatientRecord.of("p-1", events)
    return list(care_findings(record, START + at * DAY, program=PROGRAM))


def codes(*told: Body, at: float = 30) -> list[tuple[str, str]]:
    """Give the paths and codes of what is found."""
    return [(one.path, one.code) for one in found(*told, at=at)]


def granted(id: str, first: int, last: int | None, **changes: Any) -> AuthorizationRecorded:
    """Record an authorisation from one day to another."""
    given: dict[str, Any] = {
        "id": id,
        "first_day": day(first),
        "last_day": None if last is None else day(last),
    }
    return AuthorizationRecorded(authorization=authorization(**{**given, **changes}))


def allowed(id: str, *, revoked: int | None = None, **changes: Any) -> ConsentRecorded:
    """Record a consent without an end, perhaps revoked on a day."""
    given: dict[str, Any] = {
        "id": id,
        "signed_on": day(0),
        "expires_when": "",
        "never_expires": True,
        "expired_on": None,
        "revoked_on": None if revoked is None else day(revoked),
    }
    return ConsentRecorded(consent=consent(**{**given, **changes}))


def planned(hours: int = 9, **changes: Any) -> TreatmentPlanRecorded:
    """Record a plan of so many hours a week."""
    given: dict[str, Any] = {
        "starts": day(0),
        "ends": None,
        "interventions": (),
        "services": (service("s", sessions=hours, minutes=60),),
    }
    return TreatmentPlanRecorded(plan=plan(**{**given, **changes}))


def born(year: int) -> PatientRecorded:
    """Record who the patient is."""
    return PatientRecorded(patient=Patient(id="p-1", birth_date=date(year, 1, 1)))


def test_a_revoked_consent_that_a_payer_is_still_told_on_is_found() -> None:
    """A grant or a request goes on though nothing allows to tell the payer any more."""
    path = ("authorizations[0]", "revoked-consent")
    running = granted("a", 0, None)
    asked = granted("a", 0, None, status=AuthorizationStatus.REQUESTED, approved=None)
    assert codes(allowed("c", revoked=9), running) == [path]
    assert codes(allowed("c", revoked=9), asked) == [path]
    assert codes(allowed("c", revoked=30), running) == [path]
    (one,) = found(allowed("c", revoked=9), running)
    assert one.event_ids == ("t-0", "t-1")


@pytest.mark.parametrize(
    "told",
    [
        (allowed("c", revoked=31), granted("a", 0, None)),
        (allowed("c", never_expires=False, expires_on=day(9)), granted("a", 0, None)),
        (allowed("c", revoked=9), allowed("d"), granted("a", 0, None)),
        (allowed("c", revoked=9), granted("a", 0, 29)),
        (
            allowed("c", revoked=9, purpose=ConsentPurpose.TREATMENT),
            granted("a", 0, None),
        ),
        (granted("a", 0, None),),
        (
            allowed("c", revoked=9),
            granted("a", 0, None, status=AuthorizationStatus.DENIED, approved=None),
        ),
    ],
)
def test_nothing_relies_on_a_revoked_consent_where_another_holds_or_nothing_runs(
    told: tuple[Body, ...],
) -> None:
    """Revoked later, replaced, for something else, or with nothing running: nothing is found."""
    assert codes(*told) == []


def test_a_plan_that_ends_before_it_starts_is_refused_as_it_is_made() -> None:
    """The record itself refuses it, so that none is ever found."""
    with pytest.raises(RecordInvalid, match="the plan ends before it starts"):
        planned(ends=day(-1))


def test_a_plan_whose_hours_do_not_fit_its_level_is_found() -> None:
    """With the hours seen and those needed by the patient's age."""
    (one,) = found(born(1990), planned(7))
    assert (one.path, one.code) == ("treatment_plans[0].services", "hours-misfit")
    assert one.says == (
        "7.00 h a week are planned; level `iop` needs 9 to under 20 h a week (adult)"
    )
    assert codes(born(2010), planned(7)) == []
    assert codes(born(1990), planned(9)) == []
    assert len(codes(born(1990), planned(7, ends=day(30)))) == 1
    assert codes(born(1990), planned(7, level=None)) == [
        ("treatment_plans[0].services", "hours-misfit")
    ]


def test_hours_that_fit_one_age_only_are_undetermined_where_no_age_is_known() -> None:
    """They fit neither, or one: that is not the same."""
    (one,) = found(planned(7))
    assert one.code == "hours-undetermined"
    assert one.says.endswith("(adult), and the patient's age is not known")
    (none,) = found(planned(5))
    assert none.code == "hours-misfit"
    assert none.says.endswith(
        "9 to under 20 h a week (adult) or 6 to under 20 h a week (adolescent)"
    )


def test_hours_for_everybody_are_named_so() -> None:
    """A band that goes by no age says that it is everybody's."""
    everybody = continuum(
        levels=(level("iop", 1, hours=(ServiceHours(at_least=9),)),),
        routes=(),
        entry=("iop",),
        aftercare=(),
        discharge_from=(),
        leave_from=(),
    )
    record = cc.PatientRecord.of(
        "p-1", [event("in", Admitted(level="iop"), 0), event("t", planned(7), 1)]
    )
    (one,) = care_findings(record, START + 9 * DAY, program=program(continuum=everybody))
    assert one.says.endswith("(everybody)")


@pytest.mark.parametrize(
    "changes",
    [
        {"status": PlanStatus.DRAFT},
        {"ends": day(3)},
        {"level": "op"},
        {"level": "moon"},
    ],
)
def test_hours_are_looked_at_only_for_a_plan_in_force_and_a_level_that_sets_some(
    changes: dict[str, Any],
) -> None:
    """A draft, a plan that has ended and a level without hours have none that do not fit."""
    assert "hours-misfit" not in [code for _, code in codes(planned(1, **changes))]


def test_a_plan_for_another_level_is_found() -> None:
    """The patient is at one level and the plan is made for another."""
    (one,) = found(planned(1, level="op"))
    assert (one.path, one.code) == ("treatment_plans[0].level", "another-level")
    assert str(one) == (
        "treatment_plans[0].level: it is made for level `op`, and the patient is at `iop` "
        "[another-level]"
    )


def test_a_plan_of_the_patient_alone_is_of_no_episode() -> None:
    """It has the hours of the level it names, or of none."""
    told = [event("t", planned(1, level=None), episode_id=None)]
    record = cc.PatientRecord.of("p-1", told)
    assert care_findings(record, START + DAY, program=PROGRAM) == ()


def test_a_plan_that_takes_the_time_of_work_is_found() -> None:
    """By the latest intake, with how many times."""
    slots = (WeeklySlot(weekday=0, start=time(9), end=time(17)),)
    told = planned(services=(service("s", slots=slots),))
    work = IntakeRecorded(
        intake=IntakeAssessment(
            id="i", at=START, daily_roles=(DailyRole(role=Role.WORK, slots=slots),)
        )
    )
    (one,) = found(work, told)
    assert (one.path, one.code) == ("treatment_plans[0].services", "role-conflict")
    assert one.says.endswith("the same times: 1")
    free = IntakeRecorded(intake=IntakeAssessment(id="j", at=START, daily_roles=()))
    assert codes(work, free, told) == []


def test_sessions_to_come_that_take_the_time_of_work_are_found() -> None:
    """With on how many days; those that have begun, and those at another time, are not."""
    slots = (WeeklySlot(weekday=0, start=time(9), end=time(17)),)
    work = IntakeRecorded(
        intake=IntakeAssessment(
            id="i", at=START, daily_roles=(DailyRole(role=Role.WORK, slots=slots),)
        )
    )
    sheet = AttendanceRecorded(
        attendance=Attendance(
            sessions=tuple(
                session(
                    f"s-{days}",
                    status=AttendanceStatus.PLANNED,
                    start=START + days * DAY,
                    end=START + (days + 0.05) * DAY,
                )
                for days in (7, 14, 15, 21)
            )
        )
    )
    (one,) = found(work, sheet, at=8)
    assert (one.path, one.code, one.event_ids) == ("sessions", "session-conflict", ("t-0",))
    assert one.says.endswith("days: 2")
    assert codes(work, sheet, at=21) == []
    assert codes(sheet, at=8) == []


def test_what_has_not_happened_yet_is_not_looked_at() -> None:
    """A finding stands from the moment the second record does."""
    told = (born(1990), planned(1))
    assert [len(codes(*told, at=at)) for at in (1, 2)] == [0, 1]


def test_findings_show_nothing_of_the_patient() -> None:
    """Neither their texts nor their reprs repeat what stands in a record."""
    told = found(planned(1), granted(CANARY, 0, None), allowed("c", revoked=2))
    assert len(told) == 2
    assert CANARY not in repr(told) + " ".join(map(str, told))


@given(histories())
def test_a_history_without_records_of_care_has_no_findings(events: list[cc.Event]) -> None:
    """Whatever else was told."""
    record = cc.PatientRecord.of("p-1", events)
    assert care_findings(record, START + 90 * DAY, program=PROGRAM) == ()
