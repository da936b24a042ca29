"""What is due: by when, how late, and when it is due no longer."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.care import Deadlines, Due, DueKind, due
from carecontinuum.continuum import TransitionKind
from carecontinuum.history import (
    Admitted,
    AftercarePlanRecorded,
    AssessmentRecorded,
    AttendanceRecorded,
    AuthorizationRecorded,
    Body,
    ConsentRecorded,
    Discharged,
    IntakeRecorded,
    LeaveStarted,
    Moved,
    MoveProposed,
    PlacementReviewed,
    Referred,
    RelapsePreventionPlanRecorded,
    ReturnToUse,
    TreatmentPlanRecorded,
)
from carecontinuum.records import (
    Assessment,
    Attendance,
    AttendanceStatus,
    AuthorizationStatus,
    CheckIn,
    CheckInOutcome,
    ConsentPurpose,
    IntakeAssessment,
    PlanStatus,
    Session,
    Signature,
)
from invented import DAY, START, event
from recorded import CANARY, aftercare_plan, authorization, consent, plan, relapse_plan, session
from strategies import histories

CALENDAR = cc.Calendar(zone="America/New_York")
TODAY = date(2026, 3, 2)
"""The local day of admission."""
SIGNED = (Signature(by="dr-sample", at=START),)
QUIET = Deadlines(contact=10_000, treatment_plan=10_000)
"""Deadlines that leave contact and the missing plan out of the way."""


def day(days: int) -> date:
    """Give the local day so many days after admission."""
    return TODAY + timedelta(days=days)


def found(
    *told: tuple[Body, float] | cc.Event,
    at: float,
    level: str = "iop",
    deadlines: Deadlines | None = QUIET,
) -> list[Due]:
    """List what is due so many days after an admission, of what was told in order."""
    events = [event("in", Admitted(level=level), 0)]
    events += [
        one if isinstance(one, cc.Event) else event(f"t-{n}", *one) for n, one in enumerate(told)
    ]
    record = cc.PatientRecord.of("p-1", events)
    return list(due(record, START + at * DAY, calendar=CALENDAR, deadlines=deadlines))


def kinds(*told: tuple[Body, float] | cc.Event, at: float, **more: Any) -> list[DueKind]:
    """Give the kinds of what is due."""
    return [one.kind for one in found(*told, at=at, **more)]


def a_plan(**changes: Any) -> TreatmentPlanRecorded:
    """Record a signed plan, to be reviewed on day 30."""
    given: dict[str, Any] = {
        "starts": day(0),
        "ends": None,
        "review_due": day(30),
        "signatures": SIGNED,
    }
    return TreatmentPlanRecorded(plan=plan(**{**given, **changes}))


def granted(first: int, last: int | None, **changes: Any) -> AuthorizationRecorded:
    """Record an authorisation from one day to another, to be reviewed five days before."""
    given: dict[str, Any] = {
        "id": f"au-{first}",
        "first_day": day(first),
        "last_day": None if last is None else day(last),
        "review_lead_days": 5,
    }
    return AuthorizationRecorded(authorization=authorization(**{**given, **changes}))


def allowed(last: int | None, **changes: Any) -> ConsentRecorded:
    """Record a consent that was signed on day 0 and holds to a day."""
    given: dict[str, Any] = {
        "id": f"c-{last}",
        "signed_on": day(0),
        "expires_on": None if last is None else day(last),
        "expires_when": "",
        "never_expires": last is None,
        "expired_on": None,
        "revoked_on": None,
        "purpose": ConsentPurpose.TREATMENT_PAYMENT_OPERATIONS,
    }
    return ConsentRecorded(consent=consent(**{**given, **changes}))


def test_a_return_to_use_asks_for_a_reassessment_and_ends_nothing() -> None:
    """It is due within the days set, says that a step up may follow, and that care goes on."""
    (one,) = found((ReturnToUse(), 5), at=9)
    assert (one.kind, one.by, one.days_overdue) == (DueKind.REASSESSMENT, day(8), 1)
    assert one.is_overdue
    assert one.episode_id == "e-1"
    assert "step up" in one.because
    assert "never ends care by itself" in one.because


@pytest.mark.parametrize(
    "answer",
    [
        PlacementReviewed(levels=("iop",), settled=True, track=cc.Track.TREATMENT),
        AssessmentRecorded(
            assessment=Assessment(
                id="a", instrument="x", edition="1", at=START + 6 * DAY, ratings={"i": 1}
            )
        ),
        IntakeRecorded(intake=IntakeAssessment(id="i", at=START + 6 * DAY)),
    ],
)
def test_an_assessment_after_it_settles_a_return_to_use(answer: Body) -> None:
    """A review, an assessment or an intake since then is a reassessment; one before is none."""
    assert kinds((ReturnToUse(), 5), (answer, 6), at=9) == []
    assert kinds((answer, 6), (ReturnToUse(), 7), at=9) == [DueKind.REASSESSMENT]


def test_an_assessment_that_is_still_to_come_settles_nothing() -> None:
    """One dated later is none yet; at its own moment, and at that of the return, it counts."""
    later = AssessmentRecorded(
        assessment=Assessment(
            id="a", instrument="x", edition="1", at=START + 9 * DAY, ratings={"i": 1}
        )
    )
    told = ((ReturnToUse(), 5), (later, 6))
    assert kinds(*told, at=8.9) == [DueKind.REASSESSMENT]
    assert kinds(*told, at=9) == []
    assert kinds((ReturnToUse(), 9), (later, 9), at=9) == []


def test_an_assessment_on_the_day_of_a_return_told_as_a_day_settles_nothing() -> None:
    """Whether it was before or after is not known, so that one is still due."""
    told = event("r", ReturnToUse(), occurred_at=cc.When.on(day(5), zone=CALENDAR.zone), known=5)
    review = PlacementReviewed(levels=("iop",), settled=True, track=cc.Track.TREATMENT)
    assert kinds(told, (review, 5.2), at=9) == [DueKind.REASSESSMENT]
    assert kinds(told, (review, 6), at=9) == []


def test_an_ended_episode_asks_for_no_reassessment() -> None:
    """Where care has ended, a return to use is a matter of a new admission."""
    assert kinds((Discharged(kind="planned"), 4), (ReturnToUse(), 5), at=9) == []


def test_contact_is_due_so_many_days_after_the_last() -> None:
    """It is due from the last contact known, whatever that was."""
    deadlines = Deadlines(contact=7, treatment_plan=10_000, ahead=0)
    assert kinds(at=6, deadlines=deadlines) == []
    (today,) = found(at=7, deadlines=deadlines)
    assert (today.kind, today.days_overdue) == (DueKind.CONTACT, 0)
    assert not today.is_overdue
    assert today.because == "the last contact known was an admission"
    seen = AttendanceRecorded(attendance=Attendance(sessions=(on(3),)))
    (late,) = found((seen, 3), at=12, deadlines=deadlines)
    assert (late.by, late.days_overdue) == (day(10), 2)
    assert late.because == "the last contact known was a session"


def on(days: int, status: AttendanceStatus = AttendanceStatus.ATTENDED) -> Session:
    """Make a session so many days after admission."""
    start = START + days * DAY
    return session(f"s-{days}", status=status, start=start, end=start + DAY / 24)


def test_contact_says_where_a_later_session_may_have_been_one() -> None:
    """A session of which nobody has told is no contact, and is not passed over either."""
    planned = AttendanceRecorded(attendance=Attendance(sessions=(on(9, AttendanceStatus.PLANNED),)))
    deadlines = Deadlines(contact=7, treatment_plan=10_000, ahead=0)
    late, outcome = found((planned, 1), at=12, deadlines=deadlines)
    assert late.because.endswith("; nobody has told of a later session")
    assert (outcome.kind, outcome.by) == (DueKind.SESSION_OUTCOME, day(9))


def test_nobody_is_missed_while_on_leave_or_out_of_care() -> None:
    """A known leave, a referral and an end ask for no contact; absence without leave does."""
    deadlines = Deadlines(contact=1, treatment_plan=10_000)
    away = [LeaveStarted(kind=kind) for kind in ("medical", "awol", None)]
    told = [kinds((leave, 1), at=9, deadlines=deadlines) for leave in away]
    assert told == [[], [DueKind.CONTACT], [DueKind.CONTACT]]
    assert kinds((Discharged(kind="planned"), 1), at=9, deadlines=deadlines) == []
    referred = cc.PatientRecord.of("p-1", [event("r", Referred())])
    assert due(referred, START + 9 * DAY, calendar=CALENDAR) == ()


def test_contact_is_due_at_once_where_none_is_recorded() -> None:
    """A person in care of whom no contact is recorded is to be contacted today."""
    moved = cc.PatientRecord.of("p-1", [event("m", Moved(level="iop"))])
    told = due(moved, START + 9 * DAY, calendar=CALENDAR)
    assert [(one.kind, one.by) for one in told] == [(DueKind.CONTACT, day(9))]
    assert told[0].because == "no contact is recorded"


def test_check_ins_of_aftercare_are_due_on_their_days_also_after_an_end() -> None:
    """An open one is told of ahead, on its day, and when it is overdue; a done one never."""
    checks = (
        CheckIn(id="a", due=day(5), done=day(5), outcome=CheckInOutcome.REACHED),
        CheckIn(id="b", due=day(20)),
        CheckIn(id="c", due=day(90)),
    )
    body = AftercarePlanRecorded(plan=aftercare_plan(check_ins=checks))
    ended = (Discharged(kind="planned"), 6)
    told = [found((body, 1), ended, at=at) for at in (7, 20, 21)]
    assert [[one.days_overdue for one in one_day] for one_day in told] == [[0], [0], [1]]
    assert kinds((body, 1), ended, at=5) == []
    assert told[0][0].kind is DueKind.CHECK_IN


def test_a_plan_is_due_where_there_is_none() -> None:
    """In care without a plan in force one is due; a draft is none, an aftercare plan is enough."""
    (one,) = found(at=9, deadlines=Deadlines(contact=10_000))
    assert (one.kind, one.by, one.days_overdue) == (DueKind.TREATMENT_PLAN, day(7), 2)
    deadlines = Deadlines(contact=10_000)
    draft = a_plan(status=PlanStatus.DRAFT)
    over = a_plan(ends=day(3))
    after = AftercarePlanRecorded(plan=aftercare_plan(check_ins=()))
    assert kinds((draft, 1), at=9, deadlines=deadlines) == [DueKind.TREATMENT_PLAN]
    assert kinds((over, 1), at=9, deadlines=deadlines) == [DueKind.TREATMENT_PLAN]
    assert kinds((after, 1), at=9, deadlines=deadlines) == []
    assert kinds((a_plan(), 1), at=9, deadlines=deadlines) == []
    assert kinds((a_plan(ends=day(9)), 1), at=9, deadlines=deadlines) == []


def test_a_plan_is_due_for_review_on_the_day_it_names() -> None:
    """The day it names counts; where it names none, so many days after it was written."""
    (named,) = found((a_plan(), 1), at=31)
    assert (named.kind, named.by, named.days_overdue) == (DueKind.PLAN_REVIEW, day(30), 1)
    (unnamed,) = found((a_plan(review_due=None), 1), at=20)
    assert (unnamed.by, unnamed.because) == (
        day(31),
        "the treatment plan names no day of its review",
    )
    assert kinds((a_plan(), 1), (Discharged(kind="planned"), 5), at=31) == []


def test_a_relapse_prevention_plan_is_due_for_review_too() -> None:
    """It is while its episode goes on, if it names a day."""
    body = RelapsePreventionPlanRecorded(plan=relapse_plan(review_due=day(30)))
    never = RelapsePreventionPlanRecorded(plan=relapse_plan(review_due=None))
    assert kinds((body, 1), at=31) == [DueKind.PLAN_REVIEW]
    assert kinds((never, 1), at=31) == []
    assert kinds((body, 1), (Discharged(kind="planned"), 5), at=31) == []


def test_a_plan_that_nobody_signed_is_due_to_be() -> None:
    """One signature is enough."""
    (one,) = found((a_plan(signatures=()), 1), at=9)
    assert (one.kind, one.by, one.days_overdue) == (DueKind.SIGNATURE, day(8), 1)
    assert one.event_id == "t-0"


def test_a_proposed_move_is_due_on_its_day() -> None:
    """One with no day is never late."""
    wished = MoveProposed(
        proposal_id="a", kind=TransitionKind.STEP_DOWN, level="op", target_date=START + 5 * DAY
    )
    whenever = MoveProposed(proposal_id="b", kind=TransitionKind.STEP_DOWN, level="op")
    (one,) = found((wished, 1), (whenever, 1), at=7)
    assert (one.kind, one.by, one.days_overdue) == (DueKind.PENDING_MOVE, day(5), 2)


def test_an_authorisation_is_due_for_review_and_ends() -> None:
    """The review is due the lead days before, the end on the last day; then only the end is."""
    body = granted(0, 29)
    ahead = Deadlines(contact=10_000, treatment_plan=10_000, ahead=0)
    assert kinds((body, 0), at=23, deadlines=ahead) == []
    assert [one.by for one in found((body, 0), at=24, deadlines=ahead)] == [day(24)]
    assert kinds((body, 0), at=29, deadlines=ahead) == [
        DueKind.AUTHORIZATION_REVIEW,
        DueKind.AUTHORIZATION_END,
    ]
    (late,) = found((body, 0), at=30, deadlines=ahead)
    assert (late.kind, late.days_overdue) == (DueKind.AUTHORIZATION_END, 1)


def test_an_authorisation_without_lead_days_has_no_review() -> None:
    """Only its end is due then."""
    body = granted(0, 29, review_lead_days=0)
    assert kinds((body, 0), at=29) == [DueKind.AUTHORIZATION_END]


def test_what_follows_an_authorisation_settles_it() -> None:
    """A grant that carries on settles both; a request only the review, and the end says so."""
    first = (granted(0, 29), 0)
    assert kinds(first, (granted(30, None), 1), at=29) == []
    assert kinds(first, (granted(31, None), 1), at=29) != []
    assert [one.by for one in found(first, (granted(30, 30), 1), at=19)] == [day(25), day(30)]
    asked = granted(30, 59, status=AuthorizationStatus.REQUESTED, approved=None)
    (one,) = found(first, (asked, 1), at=29)
    assert one.kind is DueKind.AUTHORIZATION_END
    assert one.because.endswith("the payer has not answered")
    denied = granted(30, 59, status=AuthorizationStatus.DENIED, approved=None)
    assert len(found(first, (denied, 1), at=29)) == 2


def test_only_authorisations_of_the_level_matter() -> None:
    """One for a level that was left, one with no end and one of an ended episode are not due."""
    body = granted(0, 29)
    assert kinds((body, 0), (Moved(level="op"), 3), at=40) == []
    assert kinds((granted(0, 29, level=None), 0), (Moved(level="op"), 3), at=40) != []
    assert kinds((granted(0, None), 0), at=40) == []
    assert kinds((body, 0), (Discharged(kind="planned"), 3), at=40) == []


def test_a_consent_that_ends_is_due_to_be_renewed() -> None:
    """Unless one for the same purpose goes on; a revoked or incomplete one is not renewed."""
    (one,) = found((allowed(20), 0), at=21)
    assert (one.kind, one.by, one.days_overdue) == (DueKind.CONSENT_END, day(20), 1)
    assert kinds((allowed(20), 0), (allowed(None), 0), at=21) == []
    assert kinds((allowed(20, revoked_on=day(3)), 0), at=21) == []
    assert kinds((allowed(20, what=""), 0), at=21) == []
    assert kinds((allowed(20), 0), (Discharged(kind="planned"), 3), at=21) == []


def test_what_is_due_on_one_day_is_in_the_order_of_kinds_and_events() -> None:
    """The order does not hang on the order in which it was told."""
    checks = [
        event(id, AftercarePlanRecorded(plan=aftercare_plan(id=id, check_ins=(one,))), n)
        for n, id in enumerate(("z", "y"), start=1)
        for one in (CheckIn(id="c", due=day(9)),)
    ]
    assert [one.event_id for one in found(*checks, at=9)] == ["y", "z"]


def test_nothing_is_due_of_somebody_who_has_died() -> None:
    """No check-in, no contact and no paper is asked of them."""
    checks = AftercarePlanRecorded(plan=aftercare_plan())
    told = [(ReturnToUse(), 1.0), (checks, 2.0), (Discharged(kind="death"), 3.0)]
    assert kinds(*told, at=4000, deadlines=None) == []  # type: ignore[arg-type]


def test_what_is_due_shows_nothing_of_the_patient() -> None:
    """Neither names nor days stand in a repr."""
    told = found((a_plan(signatures=()), 1), (granted(0, 29), 1), at=28, deadlines=None)
    assert len(told) > 2
    assert CANARY not in repr(told)
    assert "2026" not in repr(told)


@given(histories(), st.integers(-5, 60), st.integers(0, 30))
def test_what_is_due_is_in_order_within_reach_and_counted(
    events: list[cc.Event], days: int, ahead: int
) -> None:
    """Of any history: sorted by day, none further ahead than asked, and each day late counted."""
    record = cc.PatientRecord.of("p-1", events)
    at = START + days * DAY
    today = CALENDAR.day(at)
    told = due(record, at, calendar=CALENDAR, deadlines=Deadlines(ahead=ahead))
    assert [one.by for one in told] == sorted(one.by for one in told)
    assert all(one.by <= today + timedelta(days=ahead) for one in told)
    assert all(one.days_overdue == max((today - one.by).days, 0) for one in told)
    assert told == due(
        record.as_of(occurred=at), at, calendar=CALENDAR, deadlines=Deadlines(ahead=ahead)
    )
