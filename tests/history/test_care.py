"""Records of care in a history: believed, corrected and retracted like any other event."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.history import (
    RECORD_BODIES,
    Admitted,
    AftercarePlanRecorded,
    AssessmentRecorded,
    AttendanceRecorded,
    AuthorizationRecorded,
    CareRecords,
    ConsentRecorded,
    Corrected,
    EventInvalid,
    IntakeRecorded,
    Moved,
    NotAmendable,
    PatientRecorded,
    RelapsePreventionPlanRecorded,
    Retracted,
    TreatmentPlanRecorded,
)
from carecontinuum.records import Assessment, Attendance, AttendanceStatus, Patient
from invented import DAY, START, event
from recorded import (
    ASSESSMENT,
    ATTENDANCE,
    INTAKE,
    MONDAY,
    PATIENT,
    aftercare_plan,
    authorization,
    consent,
    plan,
    relapse_plan,
    session,
)

BODIES: dict[str, Any] = {
    "intakes": IntakeRecorded(intake=INTAKE),
    "assessments": AssessmentRecorded(assessment=ASSESSMENT),
    "treatment_plans": TreatmentPlanRecorded(plan=plan()),
    "relapse_prevention_plans": RelapsePreventionPlanRecorded(plan=relapse_plan()),
    "aftercare_plans": AftercarePlanRecorded(plan=aftercare_plan()),
    "authorizations": AuthorizationRecorded(authorization=authorization()),
    "consents": ConsentRecorded(consent=consent()),
}


def assessed(id: str, rating: int = 0) -> AssessmentRecorded:
    """Make an event's body of an assessment."""
    return AssessmentRecorded(
        assessment=Assessment(
            id=id, instrument="invented", edition="1", at=MONDAY, ratings={"rest": rating}
        )
    )


def of(*events: cc.Event) -> cc.PatientRecord:
    """Make a record of events."""
    return cc.PatientRecord.of("p-1", events)


@pytest.mark.parametrize("name", BODIES)
def test_each_record_is_kept(name: str) -> None:
    """A record of care is kept with the event it came by and both its times."""
    body = BODIES[name]
    record = of(event("a", body, 1, known=3))
    (found,) = getattr(record.care, name)
    assert found.value in [getattr(body, key) for key in body.__slots__ if key[0] != "_"]
    assert (found.event_id, found.episode_id) == ("a", "e-1")
    assert found.at.instant == START + DAY
    assert found.known_at == START + 3 * DAY


def test_every_body_is_tested() -> None:
    """There is a test of each body that holds a record."""
    assert {type(body) for body in BODIES.values()} == RECORD_BODIES - {
        PatientRecorded,
        AttendanceRecorded,
    }


def test_who_the_patient_is() -> None:
    """Of what was recorded of the patient the last is believed; nothing recorded is nothing."""
    first, second = PatientRecorded(patient=Patient(id="p-1")), PatientRecorded(patient=PATIENT)
    record = of(event("a", first, episode_id=None), event("b", second, 1, episode_id=None))
    assert record.care.patient is not None
    assert record.care.patient.value is PATIENT
    assert of().care.patient is None


def test_a_record_makes_no_episode() -> None:
    """What is recorded of care neither begins an episode nor changes one."""
    record = of(event("a", assessed("x")), event("b", Admitted(level="iop"), 1))
    assert of(event("a", assessed("x"))).episodes == {}
    assert record.episode("e-1") == of(event("b", Admitted(level="iop"), 1)).episode("e-1")
    added = record.append(event("c", assessed("y"), 2))
    assert added.episodes == record.episodes
    assert [one.event_id for one in added.care.assessments] == ["a", "c"]


def test_a_record_said_anew_is_the_last() -> None:
    """Of records with one id the one that occurred last is believed, however late it was told."""
    record = of(
        event("a", TreatmentPlanRecorded(plan=plan(version=2)), 5),
        event("b", TreatmentPlanRecorded(plan=plan(version=1)), 1, known=9),
    )
    (found,) = record.care.treatment_plans
    assert found.value.version == 2
    early = record.as_of(occurred=START + 2 * DAY)
    assert [one.value.version for one in early.care.treatment_plans] == [1]
    assert record.as_of(known=START).care.treatment_plans == ()


def test_a_record_is_corrected_and_retracted() -> None:
    """A corrected record is believed as corrected, a retracted one not at all."""
    record = of(event("a", assessed("x", 1)), event("b", assessed("y", 2), 1))
    corrected = record.append(event("c", Corrected(event_id="a", body=assessed("x", 3)), 2))
    assert [one.value.rated["rest"] for one in corrected.care.assessments] == [3, 2]
    moved = record.append(event("c", Corrected(event_id="b", occurred_at=START - DAY), 2))
    assert [one.event_id for one in moved.care.assessments] == ["b", "a"]
    gone = corrected.append(event("d", Retracted(event_id="a"), 3))
    assert [one.event_id for one in gone.care.assessments] == ["b"]


@pytest.mark.parametrize(
    "body", [Admitted(level="iop"), PatientRecorded(patient=PATIENT)], ids=["change", "record"]
)
def test_a_record_stays_of_its_kind(body: Any) -> None:
    """A correction makes no record into another kind, or into a fact about an episode."""
    record = of(event("a", assessed("x")), event("b", Admitted(level="iop")))
    with pytest.raises(NotAmendable):
        record.append(event("c", Corrected(event_id="a", body=body), 2))
    with pytest.raises(NotAmendable):
        record.append(event("c", Corrected(event_id="b", body=assessed("x")), 2))


def test_what_concerns_the_patient_alone() -> None:
    """A record may name no episode, and so may its correction; a move may not."""
    record = of(event("a", assessed("x", 1), episode_id=None))
    correction = Corrected(event_id="a", body=assessed("x", 2))
    corrected = record.append(event("b", correction, 1, episode_id=None))
    assert corrected.care.assessments[0].value.rated == {"rest": 2}
    with pytest.raises(NotAmendable):
        record.append(event("b", correction, 1))
    with pytest.raises(EventInvalid):
        event("b", Moved(level="op"), 1, episode_id=None)


def test_the_records_of_an_episode() -> None:
    """Of an episode there are its own records and those of the patient alone."""
    record = of(
        event("a", assessed("x")),
        event("b", assessed("y"), episode_id="e-2"),
        event("c", assessed("z"), episode_id=None),
    )
    assert [one.event_id for one in record.care.about("e-1").assessments] == ["a", "c"]
    assert [one.event_id for one in record.care.about("e-3").assessments] == ["c"]


def test_sessions_are_said_anew() -> None:
    """What a later sheet says of a session holds, and sessions stand in the order they begin."""
    planned = Attendance(
        sessions=(
            session("2", 2, status=AttendanceStatus.PLANNED),
            session("1", 1, status=AttendanceStatus.PLANNED),
        )
    )
    told = Attendance(sessions=(session("1", 1), session("0", 0)))
    record = of(
        event("a", AttendanceRecorded(attendance=planned)),
        event("b", AttendanceRecorded(attendance=told), 1),
    )
    assert [(one.id, one.status.value) for one in record.care.sessions] == [
        ("0", "attended"),
        ("1", "attended"),
        ("2", "planned"),
    ]
    before = record.as_of(known=START)
    assert [one.id for one in before.care.sessions] == ["1", "2"]


@pytest.mark.parametrize("care", [CareRecords(), of().care], ids=["none", "empty"])
def test_nothing_recorded_is_nothing(care: CareRecords) -> None:
    """Without events there is no record of any kind."""
    assert [getattr(care, name) for name in BODIES] == [()] * len(BODIES)
    assert care.sessions == ()


def test_records_in_a_history_show_nobody() -> None:
    """Neither the events nor what they come to show anybody."""
    bodies = [
        *BODIES.values(),
        PatientRecorded(patient=PATIENT),
        AttendanceRecorded(attendance=ATTENDANCE),
    ]
    record = of(*(event(f"e-{n}", body, n) for n, body in enumerate(bodies)))
    shown = [repr(record.events), repr(record.care), repr(record.care.sessions)]
    shown += [repr(getattr(record.care, name)) for name in BODIES]
    assert [text for text in shown if "CANARY" in text] == []
    assert record.care.assessments[0].value.at.day() == date(2031, 3, 3)
    assert MONDAY + timedelta(0) == ASSESSMENT.at.instant


steps = st.lists(
    st.tuples(
        st.sampled_from(["assess", "correct", "retract", "attend", "admit"]),
        st.sampled_from(["x", "y"]),
        st.integers(0, 5),
    ),
    max_size=8,
)


def step_event(n: int, kind: str, id: str, day: int, before: list[cc.Event]) -> cc.Event:
    """Make one more event of a generated history, recorded a day after the one before it."""
    more: dict[str, Any] = {"occurred_at": START + day * DAY, "recorded_at": START + (6 + n) * DAY}
    targets = [one.id for one in before if isinstance(one.body, AssessmentRecorded)]
    if kind == "correct" and targets:
        return event(f"s-{n}", Corrected(event_id=targets[-1], body=assessed(id, n)), **more)
    if kind == "retract" and before:
        return event(f"s-{n}", Retracted(event_id=before[day % len(before)].id), **more)
    if kind == "attend":
        sheet = Attendance(sessions=(session(id, day),))
        return event(f"s-{n}", AttendanceRecorded(attendance=sheet), **more)
    if kind == "admit":
        return event(f"s-{n}", Admitted(level="iop"), **more)
    return event(f"s-{n}", assessed(id, n), **more)


@given(steps)
def test_adding_one_by_one_is_adding_all(steps: list[tuple[str, str, int]]) -> None:
    """Records of care are the same however the events of a history were added."""
    events: list[cc.Event] = []
    for n, (kind, id, day) in enumerate(steps):
        events.append(step_event(n, kind, id, day, events))
    whole = of(*events)
    grown = of()
    for one in events:
        grown = grown.append(one)
        assert len(grown.care.events) <= grown.version
    assert grown.care == whole.care
    assert grown.episodes == whole.episodes
    assert grown.care.assessments == whole.care.assessments
    assert grown.care.sessions == whole.care.sessions
