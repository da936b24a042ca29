"""Facts read from records of care: what each says, and what it says when too little is known."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.continuum import AgeGroup
from carecontinuum.facts import RecordView, Source
from carecontinuum.facts.attendance_sources import (
    DaysSinceContact,
    HoursFitLevel,
    HoursReceived,
    MissedInARow,
)
from carecontinuum.facts.errors import SourceInvalid
from carecontinuum.facts.record_sources import (
    AftercarePlanReady,
    AgeNow,
    AuthorizedDaysLeft,
    CheckInsOverdue,
    DaysSincePlanReview,
    GoalsMet,
    GoalsOpen,
    PlannedWeeklyHours,
    RelapsePreventionPlanReady,
)
from carecontinuum.facts.score_sources import InstrumentBand, InstrumentChange, InstrumentScore
from carecontinuum.history import (
    Admitted,
    AftercarePlanRecorded,
    AssessmentRecorded,
    AttendanceRecorded,
    AuthorizationRecorded,
    Body,
    LeaveStarted,
    Moved,
    PatientRecorded,
    RelapsePreventionPlanRecorded,
    Returned,
    TreatmentPlanRecorded,
)
from carecontinuum.records import (
    Achievement,
    Assessment,
    Attendance,
    AttendanceStatus,
    AuthorizationStatus,
    Band,
    Banding,
    CheckInOutcome,
    GoalLifecycle,
    Instrument,
    Item,
    ItemTotal,
    NotRated,
    Patient,
    PlanStatus,
    Session,
)
from carecontinuum.rules import Known, Span, Unknown
from invented import DAY, event, level
from recorded import aftercare_plan, authorization, check_in, goal, plan, relapse_plan, session

ZONE = ZoneInfo("America/New_York")
MONDAY = datetime(2031, 3, 3, 9, tzinfo=ZONE)
"""The day of admission: the first day of a week; on Sunday the clocks change."""
TODAY = MONDAY + 21 * DAY
INSTRUMENT = Instrument(
    id="invented",
    edition="1",
    items=(
        Item(id="rest", values=(0, 1, 2, 3)),
        Item(id="work", values=(0, 1, 2, 3)),
        Item(id="harm", values=(0, 1), must_assess=True),
    ),
    totals=(ItemTotal(id="total", items=("rest", "work", "harm")),),
    bandings=(
        Banding(
            id="bands",
            total="total",
            bands=(Band(code="low", lo=0, hi=3), Band(code="high", lo=4, hi=7)),
        ),
    ),
)
MAP = cc.Continuum(
    id="m",
    version="1",
    levels=(
        level("iop", 2, hours=(cc.ServiceHours(at_least=9, less_than=20),)),
        level("op", 1),
    ),
    routes=(cc.Route(origin="iop", target="op"),),
    entry=("iop",),
)


def told(id: str, body: Body, days: float, **more: Any) -> cc.Event:
    """Make an event so many days after admission."""
    return event(
        id,
        body,
        occurred_at=MONDAY + days * DAY,
        recorded_at=MONDAY + max(days, 0) * DAY,
        **more,
    )


def view(
    *bodies: tuple[Body, float],
    at: datetime = TODAY,
    others: tuple[cc.Event, ...] = (),
    **more: Any,
) -> RecordView:
    """Look at a record of things told so many days after admission to `iop`."""
    events = [told("in", Admitted(level="iop"), 0)]
    events += [told(f"t-{n}", body, days) for n, (body, days) in enumerate(bodies)]
    events += others
    record = cc.PatientRecord.of("p-1", sorted(events, key=lambda one: one.recorded_at))
    given: dict[str, Any] = {"calendar": cc.Calendar(zone=ZONE), "continuum": MAP}
    return RecordView(record=record, episode=record.episode("e-1"), at=at, **{**given, **more})


def bounds(found: Known[Any] | Unknown) -> tuple[Any, Any]:
    """Give the bounds of what is not known."""
    assert isinstance(found, Unknown)
    assert found.would_supply
    return found.lo, found.hi


def value(found: Known[Any] | Unknown) -> Any:
    """Give what is known."""
    assert isinstance(found, Known), found
    assert found.source
    return found.value


ALL: tuple[Source[Any], ...] = (
    InstrumentScore(instrument=INSTRUMENT),
    InstrumentChange(instrument=INSTRUMENT),
    InstrumentBand(instrument=INSTRUMENT, banding="bands"),
    HoursReceived(),
    HoursFitLevel(),
    MissedInARow(),
    DaysSinceContact(),
    DaysSincePlanReview(),
    PlannedWeeklyHours(),
    GoalsMet(),
    GoalsOpen(),
    RelapsePreventionPlanReady(),
    AftercarePlanReady(),
    CheckInsOverdue(),
    AuthorizedDaysLeft(),
    AgeNow(),
)


@pytest.mark.parametrize("source", ALL, ids=lambda source: type(source).__name__)
def test_nothing_recorded_is_unknown(source: Source[Any]) -> None:
    """Without a record nothing is known, not even a bound, and the reason says what to record."""
    assert bounds(source.read(view())) == (None, None)


@pytest.mark.parametrize("source", ALL, ids=lambda source: type(source).__name__)
def test_records_of_another_episode_say_nothing(source: Source[Any]) -> None:
    """What is recorded of another episode is not taken for this one's."""
    bodies: tuple[Body, ...] = (
        assessed(rest=1, work=1, harm=0),
        attended(session("s", 1)),
        TreatmentPlanRecorded(plan=plan(ends=None)),
        RelapsePreventionPlanRecorded(plan=relapse_plan()),
        AftercarePlanRecorded(plan=aftercare_plan()),
        AuthorizationRecorded(authorization=authorization()),
        PatientRecorded(patient=Patient(id="p-1", birth_date=date(2001, 1, 1))),
    )
    others = tuple(told(f"o-{n}", body, 1, episode_id="e-2") for n, body in enumerate(bodies))
    assert bounds(source.read(view(others=others))) == (None, None)


# ------------------------------------------------------------------------------- instruments


def assessed(id: str = "a", edition: str = "1", **ratings: int | NotRated) -> AssessmentRecorded:
    """Record an assessment."""
    assessment = Assessment(
        id=id, instrument="invented", edition=edition, at=MONDAY, ratings=ratings
    )
    return AssessmentRecorded(assessment=assessment)


def test_the_last_score_counts() -> None:
    """The total is that of the last assessment, and names the day it is of."""
    found = InstrumentScore(instrument=INSTRUMENT).read(
        view((assessed("b", rest=3, work=3, harm=1), 2), (assessed(rest=3, work=0, harm=1), 9))
    )
    assert value(found) == 4
    assert isinstance(found, Known)
    assert found.source == "`invented` on 2031-03-12"


def test_a_score_with_items_missing_has_bounds() -> None:
    """A missing item leaves bounds; a missing item that must be assessed leaves none."""
    source = InstrumentScore(instrument=INSTRUMENT)
    assert bounds(source.read(view((assessed(rest=2, harm=0), 1)))) == (2, 5)
    assert bounds(source.read(view((assessed(rest=2, work=2), 1)))) == (None, None)


@pytest.mark.parametrize(("within", "known"), [(None, True), (14, True), (13, False)])
def test_a_score_may_be_too_old(within: int | None, *, known: bool) -> None:
    """An assessment of so many local days ago will do, one of a day more will not."""
    source = InstrumentScore(instrument=INSTRUMENT, within_days=within)
    found = source.read(view((assessed(rest=1, work=1, harm=0), 7)))
    assert isinstance(found, Known) is known


def test_another_edition_is_not_taken_for_this_one() -> None:
    """The last assessment decides; if it is by another edition, nothing is known."""
    recorded = view(
        (assessed(rest=1, work=1, harm=0), 1), (assessed("b", "2", rest=1, work=1, harm=0), 2)
    )
    for source in ALL[:3]:
        assert bounds(source.read(recorded)) == (None, None)


def test_a_trend() -> None:
    """The change is that from the assessment before to the last; less is negative."""
    source = InstrumentChange(instrument=INSTRUMENT)
    one, two = assessed("b", rest=3, work=3, harm=0), assessed(rest=1, work=1, harm=1)
    assert bounds(source.read(view((one, 1)))) == (None, None)
    assert value(source.read(view((one, 1), (two, 8)))) == -3
    part = assessed("c", rest=2, harm=0)
    assert bounds(source.read(view((one, 1), (part, 8)))) == (-4, -1)


def test_a_band() -> None:
    """The band is known where all that the total can be lies in it."""
    source = InstrumentBand(instrument=INSTRUMENT, banding="bands")
    assert value(source.read(view((assessed(rest=0, harm=0), 1)))) == "low"
    assert bounds(source.read(view((assessed(rest=3, harm=0), 1)))) == (None, None)
    assert bounds(source.read(view((assessed(rest=0, work=0), 1)))) == (None, None)


def test_a_source_names_what_its_instrument_has() -> None:
    """A total or a banding that the instrument does not have is refused at once."""
    for make in (InstrumentScore, InstrumentChange):
        with pytest.raises(SourceInvalid, match="no total `sum`; it has `total`"):
            make(instrument=INSTRUMENT, total="sum")
    with pytest.raises(SourceInvalid, match="no banding `x`; it has `bands`"):
        InstrumentBand(instrument=INSTRUMENT, banding="x")


def test_a_rating_that_cannot_be_is_not_taken_for_a_missing_one() -> None:
    """An assessment that does not fit its instrument raises where it is read."""
    with pytest.raises(cc.Invalid):
        InstrumentScore(instrument=INSTRUMENT).read(view((assessed(rest=9), 1)))


# -------------------------------------------------------------------------------- attendance


def attended(*sessions: Session) -> AttendanceRecorded:
    """Record sessions."""
    return AttendanceRecorded(attendance=Attendance(sessions=sessions))


def at(id: str, days: float, **more: Any) -> Session:
    """Make a session so many days after admission, at 17 o'clock there."""
    start = datetime(2031, 3, 3, 17, tzinfo=ZONE) + days * DAY
    return session(id, start=start, end=start + timedelta(hours=more.pop("hours", 3)), **more)


SHEET = attended(at("a", 0), at("b", 2), at("c", 9), at("d", 14, hours=2), at("e", 16))
"""Six, three and five hours in the three weeks before `TODAY`, a Monday."""


@pytest.mark.parametrize(("weeks", "hours"), [(1, "5.00"), (2, "4.00"), (3, "4.66")])
def test_hours_of_whole_weeks(weeks: int, hours: str) -> None:
    """Hours a week are the average of the last whole weeks, rounded down to two places."""
    assert value(HoursReceived(weeks=weeks).read(view((SHEET, 20)))) == Decimal(hours)


def test_weeks_are_weeks_at_the_level() -> None:
    """A week that began before the level did is no week at the level."""
    assert bounds(HoursReceived(weeks=4).read(view((SHEET, 20)))) == (None, None)
    moved = view((Moved(level="op"), 14.01), (SHEET, 20))
    assert value(HoursReceived(weeks=1).read(moved)) == Decimal("5.00")
    assert bounds(HoursReceived(weeks=2).read(moved)) == (None, None)
    later = view((Moved(level="op"), 15), (SHEET, 20))
    assert bounds(HoursReceived(weeks=1).read(later)) == (None, None)


def test_without_a_level_there_are_no_weeks() -> None:
    """Somebody who is at no level has no weeks at it."""
    unplaced = cc.PatientRecord.of("p-1", [told("in", Admitted(), 0), told("s", SHEET, 20)])
    looked = RecordView(
        record=unplaced,
        episode=unplaced.episode("e-1"),
        at=TODAY,
        calendar=cc.Calendar(zone=ZONE),
        continuum=MAP,
    )
    assert bounds(HoursReceived().read(looked)) == (None, None)
    assert bounds(HoursFitLevel().read(looked)) == (None, None)


@pytest.mark.parametrize(("counts", "weeks", "hours"), [(True, 2, "4.00"), (False, 2, "5.50")])
def test_a_week_with_leave_may_be_passed_over(weeks: int, hours: str, *, counts: bool) -> None:
    """Where days on leave do not count as days at the level, their weeks are passed over."""
    away = (LeaveStarted(), 10.0), (Returned(), 11.0)
    calendar = cc.Calendar(zone=ZONE, leave_counts=counts)
    looked = view(*away, (SHEET, 20), calendar=calendar)
    assert value(HoursReceived(weeks=weeks).read(looked)) == Decimal(hours)


def test_leave_that_lasts_passes_over_all_weeks_since() -> None:
    """While on leave there is no whole week since it began."""
    calendar = cc.Calendar(zone=ZONE, leave_counts=False)
    looked = view((LeaveStarted(), 13.0), (SHEET, 20), calendar=calendar)
    assert value(HoursReceived(weeks=1).read(looked)) == Decimal("6.00")


def test_hours_of_sessions_without_an_outcome() -> None:
    """A session of which nobody has told leaves bounds, and with them whether the hours fit."""
    open_ = attended(at("f", 18, hours=5, status=AttendanceStatus.PLANNED))
    looked = view((SHEET, 20), (open_, 20))
    assert bounds(HoursReceived().read(looked)) == (Decimal("5.00"), Decimal("10.00"))
    assert bounds(HoursFitLevel().read(looked)) == (None, None)
    assert value(HoursFitLevel(weeks=3).read(looked)) is False


@pytest.mark.parametrize(
    ("minutes", "fits"),
    [(539, False), (540, True), (1199, True), (1200, False)],
)
def test_hours_fit_the_band_to_the_minute(minutes: int, *, fits: bool) -> None:
    """A minute too few does not fit the level's band, nor does the first that is too many."""
    looked = view((attended(at("x", 14, hours=minutes / 60)), 20))
    assert value(HoursFitLevel(age_group=AgeGroup.ADOLESCENT).read(looked)) is fits
    hours = value(HoursReceived().read(looked))
    assert (9 <= hours < 20) is fits


def test_a_level_may_have_no_band() -> None:
    """Where the map sets no hours, or is not at hand, it is not known whether they fit."""
    moved = view((Moved(level="op"), 7), (SHEET, 20))
    assert bounds(HoursFitLevel().read(moved)) == (None, None)
    assert bounds(HoursFitLevel().read(view((SHEET, 20), continuum=None))) == (None, None)


@pytest.mark.parametrize("weeks", [0, -1])
def test_there_is_at_least_one_week(weeks: int) -> None:
    """Hours of no week are refused."""
    for make in (HoursReceived, HoursFitLevel):
        with pytest.raises(SourceInvalid, match="`weeks` is 1 or more"):
            make(weeks=weeks)


ATTENDED, MISSED = AttendanceStatus.ATTENDED, AttendanceStatus.MISSED
EXCUSED, CANCELLED = AttendanceStatus.EXCUSED, AttendanceStatus.CANCELLED
PLANNED = AttendanceStatus.PLANNED


@pytest.mark.parametrize(
    ("statuses", "found"),
    [
        ((MISSED, ATTENDED), (0, 0)),
        ((MISSED, MISSED), (2, 2)),
        ((ATTENDED, MISSED, EXCUSED, CANCELLED, MISSED), (2, 2)),
        ((MISSED, PLANNED, MISSED), (1, 3)),
        ((ATTENDED, PLANNED), (0, 1)),
        ((MISSED, ATTENDED, MISSED, PLANNED), (0, 2)),
    ],
)
def test_sessions_missed_in_a_row(
    statuses: tuple[AttendanceStatus, ...], found: tuple[int, int]
) -> None:
    """Missed sessions count back to the last attended; one without an outcome leaves bounds."""
    sheet = attended(*(at(str(n), n, status=status) for n, status in enumerate(statuses)))
    read = MissedInARow().read(view((sheet, 20)))
    assert (bounds(read) if isinstance(read, Unknown) else (read.value, read.value)) == found


@given(
    st.lists(
        st.sampled_from([ATTENDED, MISSED, EXCUSED, CANCELLED, PLANNED]), min_size=1, max_size=6
    )
)
def test_bounds_are_all_that_outcomes_could_make(statuses: list[AttendanceStatus]) -> None:
    """The bounds of what is missed are those of all outcomes that sessions could still have."""
    choices = [(ATTENDED, MISSED) if s is PLANNED else (s,) for s in statuses]
    counts = {_in_a_row(list(outcome)) for outcome in product(*choices)}
    sheet = attended(*(at(str(n), n, status=status) for n, status in enumerate(statuses)))
    read = MissedInARow().read(view((sheet, 20)))
    found = Span(read.lo, read.hi) if isinstance(read, Unknown) else Span(read.value, read.value)
    assert found == Span(min(counts), max(counts))


def _in_a_row(statuses: list[AttendanceStatus]) -> int:
    text = "".join("x" if s is MISSED else "o" for s in statuses if s in (MISSED, ATTENDED))
    return len(text.rpartition("o")[2])


def test_sessions_to_come_are_not_missed() -> None:
    """A session that has not begun counts for nothing."""
    sheet = attended(at("a", 1), at("b", 30, status=PLANNED))
    assert value(MissedInARow().read(view((sheet, 20)))) == 0
    assert value(DaysSinceContact().read(view((sheet, 20)))) == 20
    only = attended(at("b", 30, status=PLANNED))
    assert bounds(MissedInARow().read(view((only, 20)))) == (None, None)


def test_the_last_contact() -> None:
    """The last contact is the last session attended, or the last check-in that reached them."""
    reached = check_in("r", done=date(2031, 3, 20), outcome=CheckInOutcome.REACHED)
    tried = check_in("t", done=date(2031, 3, 23), outcome=CheckInOutcome.NOT_REACHED)
    plans = AftercarePlanRecorded(plan=aftercare_plan(check_ins=(reached, tried)))
    sheet = attended(at("a", 3), at("b", 19, status=MISSED))
    assert value(DaysSinceContact().read(view((sheet, 20)))) == 18
    assert value(DaysSinceContact().read(view((sheet, 20), (plans, 20)))) == 4


@pytest.mark.parametrize(
    ("sessions", "found"),
    [
        ((at("a", 3), at("b", 19, status=PLANNED)), (2, 18)),
        ((at("b", 19, status=PLANNED),), (2, None)),
    ],
    ids=["after one", "first"],
)
def test_a_contact_that_may_have_been(
    sessions: tuple[Session, ...], found: tuple[int, int | None]
) -> None:
    """A session of which nobody has told may have been the last contact."""
    assert bounds(DaysSinceContact().read(view((attended(*sessions), 20)))) == found


def test_an_open_session_before_the_last_contact_changes_nothing() -> None:
    """What is certain since makes it no matter what came of an earlier session."""
    sheet = attended(at("a", 3, status=PLANNED), at("b", 19))
    assert value(DaysSinceContact().read(view((sheet, 20)))) == 2


# ------------------------------------------------------------------------------------- plans


def planned(**changes: Any) -> TreatmentPlanRecorded:
    """Record a treatment plan."""
    return TreatmentPlanRecorded(plan=plan(**{"ends": None, **changes}))


def test_days_since_the_plan_was_reviewed() -> None:
    """A plan that is recorded again, changed or not, was reviewed."""
    source = DaysSincePlanReview()
    assert value(source.read(view((planned(), 1)))) == 20
    assert value(source.read(view((planned(), 1), (planned(), 15)))) == 6


def test_a_plan_in_force() -> None:
    """A plan that ended, was revoked or completed is not in force; the last other one is."""
    old = planned(id="old")
    for over in (
        planned(ends=date(2031, 3, 23)),
        planned(status=PlanStatus.REVOKED),
        planned(status=PlanStatus.COMPLETED),
    ):
        assert bounds(DaysSincePlanReview().read(view((over, 2)))) == (None, None)
        assert value(DaysSincePlanReview().read(view((old, 1), (over, 2)))) == 20
    assert value(DaysSincePlanReview().read(view((planned(ends=TODAY.date()), 2)))) == 19


def test_planned_hours() -> None:
    """The hours planned are those of the services that count."""
    assert value(PlannedWeeklyHours().read(view((planned(), 1)))) == Decimal("9.00")


def test_goals_are_met_or_open() -> None:
    """Goals that are pursued count; one that nobody has judged may be either."""
    judged = (
        goal("a", achievement=Achievement.ACHIEVED),
        goal("b", achievement=Achievement.SUSTAINING, lifecycle=GoalLifecycle.COMPLETED),
        goal("c", achievement=Achievement.NOT_ACHIEVED),
        goal("d", achievement=Achievement.ACHIEVED, lifecycle=GoalLifecycle.CANCELLED),
        goal("e", lifecycle=GoalLifecycle.PROPOSED),
    )
    whole = view((planned(goals=judged, interventions=()), 1))
    assert (value(GoalsMet().read(whole)), value(GoalsOpen().read(whole))) == (2, 1)
    part = view((planned(goals=(*judged, goal("f")), interventions=()), 1))
    assert bounds(GoalsMet().read(part)) == (2, 3)
    assert bounds(GoalsOpen().read(part)) == (1, 2)


def test_a_relapse_prevention_plan_is_ready_without_gaps() -> None:
    """A plan with a gap is not ready; the last one counts."""
    full = RelapsePreventionPlanRecorded(plan=relapse_plan())
    gap = RelapsePreventionPlanRecorded(plan=relapse_plan(routines=()))
    source = RelapsePreventionPlanReady()
    assert value(source.read(view((full, 1)))) is True
    assert value(source.read(view((full, 1), (gap, 2)))) is False


@pytest.mark.parametrize(
    ("due", "outcome", "ready", "overdue"),
    [
        (date(2031, 3, 23), None, False, 1),
        (date(2031, 3, 24), None, True, 0),
        (date(2031, 3, 25), None, True, 0),
        (date(2031, 3, 23), CheckInOutcome.DECLINED, False, 0),
        (date(2031, 3, 25), CheckInOutcome.DECLINED, False, 0),
    ],
)
def test_check_ins(due: date, outcome: CheckInOutcome | None, overdue: int, *, ready: bool) -> None:
    """A check-in is to come up to its day, and overdue from the day after."""
    one = check_in("a", due=due, outcome=outcome)
    looked = view((AftercarePlanRecorded(plan=aftercare_plan(check_ins=(one,))), 1))
    assert value(AftercarePlanReady().read(looked)) is ready
    assert value(CheckInsOverdue().read(looked)) == overdue


def test_a_plan_without_check_ins_is_not_ready() -> None:
    """An aftercare plan in which nobody asks is not ready."""
    looked = view((AftercarePlanRecorded(plan=aftercare_plan(check_ins=())), 1))
    assert value(AftercarePlanReady().read(looked)) is False


# ----------------------------------------------------------------------------- authorisations


def authorized(id: str, first: int, last: int | None, **more: Any) -> AuthorizationRecorded:
    """Record an authorisation from one day of March to another."""
    days = {
        "first_day": date(2031, 3, 1) + (first - 1) * DAY,
        "last_day": None if last is None else date(2031, 3, 1) + (last - 1) * DAY,
    }
    return AuthorizationRecorded(authorization=authorization(id=id, **{**days, **more}))


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        (((1, 23),), 0),
        (((1, 24),), 1),
        (((1, 30),), 7),
        (((1, 24), (25, 30)), 7),
        (((1, 24), (26, 30)), 1),
        (((25, 30),), 0),
        (((1, 40), (20, 28)), 17),
    ],
)
def test_authorised_days_left(spans: tuple[tuple[int, int], ...], left: int) -> None:
    """Days are counted from today, which is 24 March, to the first that is not covered."""
    bodies = [(authorized(str(n), *span), 1.0) for n, span in enumerate(spans)]
    assert value(AuthorizedDaysLeft().read(view(*bodies))) == left


def test_authorisations_of_the_level() -> None:
    """One of another level says nothing; one of none is for every level; denied is none."""
    source = AuthorizedDaysLeft()
    other = authorized("a", 1, 30, level="op")
    assert bounds(source.read(view((other, 1)))) == (None, None)
    assert value(source.read(view((authorized("a", 1, 30, level=None), 1)))) == 7
    denied = authorized("a", 1, 30, status=AuthorizationStatus.DENIED, approved=None)
    assert value(source.read(view((denied, 1)))) == 0


def test_an_authorisation_without_a_last_day() -> None:
    """How many days are left is not known where no last day is set."""
    assert bounds(AuthorizedDaysLeft().read(view((authorized("a", 1, None), 1)))) == (None, None)


def test_an_age() -> None:
    """The age is known from the birth date, and not without one."""
    known = PatientRecorded(patient=Patient(id="p-1", birth_date=date(2004, 3, 25)))
    assert value(AgeNow().read(view((known, 1)))) == 26
    assert value(AgeNow().read(view((known, 1), at=TODAY + DAY))) == 27
    unknown = PatientRecorded(patient=Patient(id="p-1"))
    assert bounds(AgeNow().read(view((known, 1), (unknown, 2)))) == (None, None)


# -------------------------------------------------------------------------------- both clocks


def test_facts_are_read_as_they_were_known() -> None:
    """A session told late is in the facts only since it was told."""
    record = cc.PatientRecord.of(
        "p-1",
        [
            told("in", Admitted(level="iop"), 0),
            told("a", attended(at("a", 1)), 2),
            told("b", attended(at("b", 5)), 10),
        ],
    )
    found = []
    for known in (7, 12):
        now = record.as_of(known=MONDAY + known * DAY)
        looked = RecordView(
            record=now,
            episode=now.episode("e-1"),
            at=MONDAY + 7 * DAY,
            calendar=cc.Calendar(zone=ZONE),
        )
        found.append(value(DaysSinceContact().read(looked)))
    assert found == [6, 2]


def test_values_are_in_no_repr() -> None:
    """What a source found is not shown."""
    read = InstrumentScore(instrument=INSTRUMENT).read(view((assessed(rest=1, work=1, harm=0), 7)))
    assert repr(read) == "Known()"
