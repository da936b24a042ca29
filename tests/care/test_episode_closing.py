"""Closing an episode: all that hangs on it is listed, and closed or handed over."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.care import Closing, Handling, HangingKind, closing
from carecontinuum.continuum import TransitionKind
from carecontinuum.history import (
    Admitted,
    AftercarePlanRecorded,
    AttendanceRecorded,
    AuthorizationRecorded,
    Body,
    Discharged,
    MoveProposed,
    NoSuchEpisode,
    RelapsePreventionPlanRecorded,
    ServiceEnded,
    ServiceStarted,
    TreatmentPlanRecorded,
)
from carecontinuum.records import Attendance, AttendanceStatus, AuthorizationStatus, PlanStatus
from invented import DAY, START, event
from recorded import CANARY, aftercare_plan, authorization, check_in, plan, relapse_plan, session

CALENDAR = cc.Calendar(zone="America/New_York")
TODAY = date(2026, 3, 2)
END = START + 30 * DAY
CLOSED, OVER, OPEN = Handling.CLOSED, Handling.HANDED_OVER, Handling.OPEN


def day(days: int) -> date:
    """Give the local day so many days after admission."""
    return TODAY + timedelta(days=days)


def record(*told: Body | cc.Event) -> cc.PatientRecord:
    """Make a record of things told in order, minutes apart, after an admission."""
    events = [event("in", Admitted(level="iop"), 0)]
    events += [
        one if isinstance(one, cc.Event) else event(f"t-{n}", one, (1 + n) / 1440)
        for n, one in enumerate(told)
    ]
    return cc.PatientRecord.of("p-1", events)


def closed(*told: Body | cc.Event, **more: Any) -> Closing:
    """Close the episode thirty days after admission."""
    given: dict[str, Any] = {"calendar": CALENDAR, "id": "close", "by": "dr-sample"}
    return closing(record(*told), "e-1", END, **{**given, **more})


def items(found: Closing) -> list[tuple[HangingKind, Handling]]:
    """Give what hangs on the episode, and what becomes of it."""
    return [(item.kind, item.handling) for item in found.items]


def a_plan(**changes: Any) -> TreatmentPlanRecorded:
    """Record a plan from day 0 on."""
    return TreatmentPlanRecorded(plan=plan(**{"starts": day(0), "ends": None, **changes}))


def paid(first: int, last: int | None, **changes: Any) -> AuthorizationRecorded:
    """Record an authorisation."""
    given: dict[str, Any] = {
        "id": f"au-{first}",
        "first_day": day(first),
        "last_day": None if last is None else day(last),
    }
    return AuthorizationRecorded(authorization=authorization(**{**given, **changes}))


def sheet(*days: int) -> AttendanceRecorded:
    """Record planned sessions."""
    sessions = tuple(
        session(
            f"s-{days}",
            status=AttendanceStatus.PLANNED,
            start=START + days * DAY,
            end=START + days * DAY + DAY / 24,
        )
        for days in days
    )
    return AttendanceRecorded(attendance=Attendance(sessions=sessions))


HOUSING = ServiceStarted(service_id="a", service=cc.Coding(code="housing"))
KEPT = ServiceStarted(service_id="b", service=cc.Coding(code="housing"), ends_with_episode=False)
ALL: tuple[Body, ...] = (
    a_plan(),
    RelapsePreventionPlanRecorded(plan=relapse_plan()),
    AftercarePlanRecorded(plan=aftercare_plan()),
    paid(0, 60),
    sheet(29, 40),
    HOUSING,
    KEPT,
    MoveProposed(proposal_id="m", kind=TransitionKind.STEP_DOWN, level="op"),
)


def test_all_that_hangs_on_an_episode_is_listed_with_what_becomes_of_it() -> None:
    """Plans, authorisations, sessions, services and moves: each is closed, handed over or open."""
    found = closed(*ALL)
    assert items(found) == [
        (HangingKind.TREATMENT_PLAN, CLOSED),
        (HangingKind.RELAPSE_PREVENTION_PLAN, OVER),
        (HangingKind.AFTERCARE_PLAN, OVER),
        (HangingKind.AUTHORIZATION, CLOSED),
        (HangingKind.SESSION, OPEN),
        (HangingKind.SESSION, CLOSED),
        (HangingKind.SERVICE, CLOSED),
        (HangingKind.SERVICE, OVER),
        (HangingKind.PENDING_MOVE, CLOSED),
    ]
    two = AftercarePlanRecorded(plan=aftercare_plan(check_ins=(check_in("a"), check_in("b"))))
    assert closed(two).items[0].because.endswith("still open: 2")
    assert [item.kind for item in found.handled(OPEN)] == [HangingKind.SESSION]
    assert "still open: 1" in found.items[2].because
    assert all(item.because for item in found.items)
    care, episode = record(*ALL).care, record(*ALL).episode("e-1")
    assert [item.item for item in found.items] == [
        care.treatment_plans[0].value,
        care.relapse_prevention_plans[0].value,
        care.aftercare_plans[0].value,
        care.authorizations[0].value,
        *care.sessions,
        *episode.services,
        *episode.pending,
    ]


def test_closing_records_nothing_by_itself() -> None:
    """The events are returned, for the record as it was; appended, they say what was listed."""
    before = record(*ALL)
    found = closing(before, "e-1", END, calendar=CALENDAR, id="close", by="dr-sample")
    assert before == record(*ALL)
    assert [one.episode_id for one in found.events] == ["e-1", None, None, "e-1", "e-1"]
    care = before.append(*found.events).care
    assert care.treatment_plans[0].value.status is PlanStatus.COMPLETED
    assert care.treatment_plans[0].value.ends == day(30)
    assert care.authorizations[0].value.last_day == day(30)
    assert [one.status for one in care.sessions] == [
        AttendanceStatus.PLANNED,
        AttendanceStatus.CANCELLED,
    ]
    assert care.aftercare_plans[0].episode_id is None


def test_what_is_handed_over_goes_to_the_episode_that_takes_over() -> None:
    """Where one does, the plans that go on are of that one from then on."""
    found = closed(*ALL, to="e-2")
    assert [one.episode_id for one in found.events] == ["e-1", "e-2", "e-2", "e-1", "e-1"]


def test_a_plan_ends_as_what_it_was() -> None:
    """Carried out or not; a draft and one that has not begun are revoked; an end stays an end."""

    def ended(**changes: Any) -> list[tuple[PlanStatus, date | None]]:
        completed = changes.pop("completed", True)
        return [
            (item.body.plan.status, item.body.plan.ends)
            for item in closed(a_plan(**changes), completed=completed).items
            if isinstance(item.body, TreatmentPlanRecorded)
        ]

    assert ended(completed=False) == [(PlanStatus.REVOKED, day(30))]
    assert ended(status=PlanStatus.DRAFT) == [(PlanStatus.REVOKED, None)]
    assert ended(starts=day(40)) == [(PlanStatus.REVOKED, None)]
    assert ended(starts=day(30)) == [(PlanStatus.COMPLETED, day(30))]
    assert ended(starts=None, ends=day(20)) == [(PlanStatus.COMPLETED, day(20))]
    assert ended(ends=day(50)) == [(PlanStatus.COMPLETED, day(30))]
    assert ended(status=PlanStatus.COMPLETED) == []


def test_an_authorisation_ends_or_is_withdrawn() -> None:
    """What has begun ends on the day; what was asked for, or begins later, is withdrawn."""
    later = closed(paid(31, 60, approved=None)).items[0]
    asked = closed(paid(0, 60, status=AuthorizationStatus.REQUESTED, approved=None)).items[0]
    for item in (later, asked):
        assert isinstance(item.body, AuthorizationRecorded)
        assert item.body.authorization.status is AuthorizationStatus.WITHDRAWN
        assert item.because == "the authorisation is withdrawn"
    (today,) = closed(paid(30, 60)).items
    assert today.because == "the authorisation ends with the last day of the episode"
    expired = paid(0, 29)
    denied = paid(0, 60, status=AuthorizationStatus.DENIED, approved=None)
    assert closed(expired).items == ()
    assert closed(denied).items == ()


def test_what_has_ended_already_does_not_hang_on_the_episode() -> None:
    """A service that ended and a session that was attended are nobody's to close."""
    attended = AttendanceRecorded(
        attendance=Attendance(sessions=(session("s", start=START, end=END),))
    )
    assert closed(HOUSING, ServiceEnded(service_id="a"), attended).items == ()


def test_records_of_the_patient_alone_hang_on_the_only_open_episode() -> None:
    """With another open beside it, they stay as they are."""
    alone = event("t", a_plan(), 1, episode_id=None)
    assert items(closed(alone)) == [(HangingKind.TREATMENT_PLAN, CLOSED)]
    other = event("other", Admitted(level="op"), 0.5, episode_id="e-2")
    assert items(closed(other, alone)) == []


def test_what_came_of_a_session_counts_wherever_it_was_told() -> None:
    """A session of the episode that was settled for the patient alone hangs on it no longer."""
    settled = AttendanceRecorded(
        attendance=Attendance(
            sessions=(session("s-29", start=START + 29 * DAY, end=START + 29.04 * DAY),)
        )
    )
    other = event("other", Admitted(level="op"), 0.5, episode_id="e-2")
    told = (sheet(29), other, event("t", settled, 29.5, episode_id=None))
    assert items(closed(*told)) == []


def test_only_an_episode_there_is_can_be_closed() -> None:
    """Another id is refused, and so is a moment before the episode began."""
    with pytest.raises(NoSuchEpisode):
        closing(record(), "e-9", END, calendar=CALENDAR, id="x", by="a")
    with pytest.raises(NoSuchEpisode):
        closing(record(), "e-1", START - DAY, calendar=CALENDAR, id="x", by="a")


def test_a_closing_shows_nothing_of_the_patient() -> None:
    """Neither its items nor its own repr repeat what stands in a record."""
    found = closed(*ALL)
    assert CANARY not in repr(found) + "".join(item.because for item in found.items)


@given(st.lists(st.sampled_from(ALL), unique_by=id), st.booleans())
def test_after_closing_and_discharge_nothing_closable_hangs_on_the_episode(
    told: list[Body], late: bool
) -> None:
    """Closed once, an episode has left what is open for somebody to tell, and what was kept."""
    found = closed(*told, recorded_at=END + DAY if late else None)
    after = record(*told).append(
        *found.events,
        event("out", Discharged(kind="planned"), 30, known=31),
    )
    again = closing(after, "e-1", END + DAY, calendar=CALENDAR, id="again", by="dr-sample")
    assert again.events == ()
    kept = [(HangingKind.SESSION, OPEN)] * (ALL[4] in told)
    kept += [(HangingKind.SERVICE, OVER)] * (KEPT in told)
    assert items(again) == kept
