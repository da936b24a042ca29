"""What does not fit among a patient's records of care is listed, and believed all the same."""

from datetime import date
from typing import Any

import carecontinuum as cc
from carecontinuum.history import (
    Admitted,
    AftercarePlanRecorded,
    AssessmentRecorded,
    AttendanceRecorded,
    AuthorizationRecorded,
    Body,
    ConsentRecorded,
    RelapsePreventionPlanRecorded,
    TreatmentPlanRecorded,
    care_discrepancies,
)
from carecontinuum.records import (
    Assessment,
    Attendance,
    AttendanceStatus,
    Instrument,
    Item,
    ItemTotal,
    Session,
)
from invented import DAY, START, event
from recorded import (
    CANARY,
    MONDAY,
    aftercare_plan,
    authorization,
    consent,
    plan,
    relapse_plan,
    service,
    session,
)

INSTRUMENT = Instrument(
    id="invented",
    edition="1",
    items=(Item(id="rest", values=(0, 1)),),
    totals=(ItemTotal(id="total", items=("rest",)),),
)
DAYS = (MONDAY - START) / DAY


def found(*bodies: tuple[Body, float], **more: Any) -> list[tuple[str, str]]:
    """Give the event and the code of each misfit of things told so many days after `MONDAY`."""
    events = [event(f"e-{n}", body, DAYS + days) for n, (body, days) in enumerate(bodies)]
    record = cc.PatientRecord.of("p-1", [event("begun", Admitted(level="iop"), 0), *events])
    misfits = care_discrepancies(record, **more)
    assert all(CANARY not in one.says and CANARY not in repr(one) for one in misfits)
    assert all(one.says and one.episode_id == "e-1" for one in misfits)
    return [(one.event_id, one.code) for one in misfits]


def assessed(id: str, days: float = 0, **changes: Any) -> AssessmentRecorded:
    """Record an assessment."""
    given = {
        "id": id,
        "instrument": "invented",
        "edition": "1",
        "at": MONDAY + days * DAY,
        "ratings": {"rest": 1},
    }
    return AssessmentRecorded(assessment=Assessment(**{**given, **changes}))


def sheet(*sessions: Session) -> AttendanceRecorded:
    """Record sessions."""
    return AttendanceRecorded(attendance=Attendance(sessions=sessions))


def test_what_fits_is_not_listed() -> None:
    """Records that agree with each other give nothing."""
    whole = (
        (TreatmentPlanRecorded(plan=plan()), 0),
        (assessed("a"), 0),
        (assessed("b", 7), 7),
        (sheet(session("s", 1, service="s"), session("t", 2, service="s")), 9),
        (AuthorizationRecorded(authorization=authorization()), 9),
        (ConsentRecorded(consent=consent()), 9),
    )
    assert found(*whole, instruments=[INSTRUMENT]) == []


def test_two_assessments_at_one_instant() -> None:
    """Two by one instrument at one instant are told; by two instruments they are two."""
    other = assessed("c", instrument="other")
    assert found((assessed("a"), 0), (assessed("b"), 0), (other, 0)) == [("e-1", "two-at-once")]


def test_an_assessment_that_contradicts_its_event() -> None:
    """The time of an assessment is that of its event."""
    assert found((assessed("a", 1), 2)) == [("e-0", "another-time")]


def test_instruments_that_nobody_knows() -> None:
    """An instrument, an edition or a rating that is not known is told where it can be."""
    bodies = (
        (assessed("a", 0, instrument="other"), 0),
        (assessed("b", 1, edition="2"), 1),
        (assessed("c", 2, ratings={"rest": 7}), 2),
    )
    assert found(*bodies) == []
    assert found(*bodies, instruments=[INSTRUMENT]) == [
        ("e-0", "unknown-instrument"),
        ("e-1", "unknown-instrument"),
        ("e-2", "misfit"),
    ]


def test_authorisations_that_overlap() -> None:
    """Two for one level that share a day are told, at the later one."""
    later = authorization(id="b", first_day=date(2031, 4, 1), last_day=None)
    after = authorization(id="c", level="op")
    bodies = [
        (AuthorizationRecorded(authorization=one), 0.0) for one in (authorization(), later, after)
    ]
    assert found(*bodies) == [("e-1", "overlap")]


def test_a_consent_that_lacks_an_element() -> None:
    """A consent that does not say all it must is told."""
    assert found((ConsentRecorded(consent=consent(what="")), 0)) == [("e-0", "incomplete")]


def test_a_version_before_another() -> None:
    """A plan that goes back to a lower version is told; the same version again is a review."""
    versions = [
        (TreatmentPlanRecorded(plan=plan(version=n)), float(d))
        for d, n in enumerate((1, 2, 2, 1, 3))
    ]
    relapse = (RelapsePreventionPlanRecorded(plan=relapse_plan(version=1)), 9.0)
    assert found(*versions, relapse) == [("e-3", "version-backwards")]


def test_sessions_that_nobody_planned() -> None:
    """A session of a service that no plan has, or of none, is told once there is a plan."""
    loose = sheet(session("a", 0), session("b", 1, service="x"))
    missed = sheet(session("c", 2, status=AttendanceStatus.MISSED))
    assert found((loose, 3), (missed, 3)) == [("e-0", "unknown-service")]
    assert found((loose, 3), (missed, 3), (TreatmentPlanRecorded(plan=plan()), 4)) == [
        ("e-0", "not-planned"),
        ("e-0", "unknown-service"),
    ]


def test_a_session_of_the_therapy_that_carries_on_is_planned() -> None:
    """What an aftercare plan has is planned as much as what a treatment plan has."""
    after = AftercarePlanRecorded(plan=aftercare_plan(therapy=(service("x"),)))
    assert found((after, 0), (sheet(session("b", 1, service="x")), 3)) == []


def test_a_session_that_was_corrected_is_not_told() -> None:
    """What a later sheet says of a session is what is looked at."""
    wrong, right = sheet(session("a", 0, service="x")), sheet(session("a", 0, service="s"))
    plans = (TreatmentPlanRecorded(plan=plan()), 3.0)
    assert found((wrong, 1), (right, 2), plans) == []


def test_a_session_told_before_it_began() -> None:
    """Nobody has attended what has not begun."""
    assert found((sheet(session("a", 2)), 1)) == [("e-0", "not-yet")]
    assert found((sheet(session("a", 1)), 1)) == []


def test_nobody_is_in_two_sessions_at_once() -> None:
    """Sessions on two sheets that share time are told, each that begins within another."""
    long = sheet(session("a", 0, hours=10))
    short = sheet(session("b", 1 / 24, hours=1), session("c", 3 / 24, hours=1))
    assert found((long, 5), (short, 6)) == [("e-1", "in-two-at-once"), ("e-1", "in-two-at-once")]
    assert found((sheet(session("a", 0)), 5), (sheet(session("b", 3 / 24)), 6)) == []


def test_a_record_of_an_episode_that_nobody_began_is_listed() -> None:
    """A mistyped episode has a record of care, and nobody was referred or admitted to it."""
    told = event("x", assessed("a"), DAYS, episode_id="e-l")
    record = cc.PatientRecord.of("p-1", [event("begun", Admitted(level="iop"), 0), told])
    (misfit,) = care_discrepancies(record)
    assert (misfit.event_id, misfit.episode_id, misfit.code) == ("x", "e-l", "no-such-episode")
    alone = event("x", assessed("a"), DAYS, episode_id=None)
    assert care_discrepancies(cc.PatientRecord.of("p-1", [alone])) == ()
