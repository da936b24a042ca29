"""What the patient's plans and authorisations say, and the patient's age."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

import attrs

from carecontinuum.facts.attendance_sources import hundredths
from carecontinuum.facts.sources import RecordView, days_counted
from carecontinuum.history import Recorded
from carecontinuum.records import Authorization, Goal, PlanStatus, TreatmentPlan
from carecontinuum.rules import Known, Unknown

__all__ = [
    "AftercarePlanReady",
    "AgeNow",
    "AuthorizedDaysLeft",
    "CheckInsOverdue",
    "DaysSincePlanReview",
    "GoalsMet",
    "GoalsOpen",
    "PlannedWeeklyHours",
    "RelapsePreventionPlanReady",
]

NO_PLAN = Unknown(would_supply="a treatment plan in force; none is recorded")
NO_AFTERCARE = Unknown(would_supply="an aftercare plan; none is recorded")


def _plan(view: RecordView) -> Recorded[TreatmentPlan] | None:
    """Give the treatment plan in force: the active one that was recorded last, unless it ended."""
    for one in reversed(view.care.treatment_plans):
        over = one.value.ends is not None and one.value.ends < view.today
        if one.value.status is PlanStatus.ACTIVE and not over:
            return one
    return None


def _words(view: RecordView, one: Recorded[TreatmentPlan]) -> str:
    return f"treatment plan of {one.at.day(view.calendar.zone)}, version {one.value.version}"


@attrs.frozen(order=False)
class DaysSincePlanReview:
    """Days since the treatment plan in force was written, changed or reviewed."""

    TYPE: ClassVar[str] = "days-since-plan-review"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        plan = _plan(view)
        return NO_PLAN if plan is None else days_counted(view, plan.at, "review of the plan")


@attrs.frozen(order=False)
class PlannedWeeklyHours:
    """Hours a week of the services of the treatment plan in force that count into the level's.

    A number of two places, rounded down: compared with a bound of at most two places it is exact.
    """

    TYPE: ClassVar[str] = "planned-weekly-hours"

    def read(self, view: RecordView, /) -> Known[Decimal] | Unknown:
        """Add them up."""
        plan = _plan(view)
        if plan is None:
            return NO_PLAN
        return Known(hundredths(plan.value.weekly_hours), source=_words(view, plan))


@attrs.frozen(order=False)
class GoalsMet:
    """How many goals of the treatment plan in force are met, of those that are pursued.

    Unknown between bounds while nobody has judged how far one has come.
    """

    TYPE: ClassVar[str] = "goals-met"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        return _goals(view, lambda goal: goal.achievement is not None and goal.achievement.is_met)


@attrs.frozen(order=False)
class GoalsOpen:
    """How many goals of the treatment plan in force are pursued and not met.

    Unknown between bounds while nobody has judged how far one has come.
    """

    TYPE: ClassVar[str] = "goals-open"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        return _goals(
            view, lambda goal: goal.achievement is not None and not goal.achievement.is_met
        )


def _goals(view: RecordView, counts: Callable[[Goal], bool]) -> Known[int] | Unknown:
    plan = _plan(view)
    if plan is None:
        return NO_PLAN
    pursued = [goal for goal in plan.value.goals if goal.is_pursued]
    count = sum(map(counts, pursued))
    unjudged = sum(goal.achievement is None for goal in pursued)
    source = _words(view, plan)
    if not unjudged:
        return Known(count, source=source)
    says = "how far each goal of the treatment plan has come"
    return Unknown(would_supply=says, lo=count, hi=count + unjudged, source=source)


@attrs.frozen(order=False)
class RelapsePreventionPlanReady:
    """Whether each part of the relapse-prevention plan that was recorded last says something."""

    TYPE: ClassVar[str] = "relapse-prevention-plan-ready"

    def read(self, view: RecordView, /) -> Known[bool] | Unknown:
        """Look for gaps."""
        plans = view.care.relapse_prevention_plans
        if not plans:
            return Unknown(would_supply="a relapse-prevention plan; none is recorded")
        day = plans[-1].at.day(view.calendar.zone)
        return Known(not plans[-1].value.gaps, source=f"relapse-prevention plan of {day}")


@attrs.frozen(order=False)
class AftercarePlanReady:
    """Whether the aftercare plan that was recorded last has a check-in that is still to come."""

    TYPE: ClassVar[str] = "aftercare-plan-ready"

    def read(self, view: RecordView, /) -> Known[bool] | Unknown:
        """Look for one."""
        plans = view.care.aftercare_plans
        if not plans:
            return NO_AFTERCARE
        to_come = (
            one.outcome is None and one.due >= view.today for one in plans[-1].value.check_ins
        )
        day = plans[-1].at.day(view.calendar.zone)
        return Known(any(to_come), source=f"aftercare plan of {day}")


@attrs.frozen(order=False)
class CheckInsOverdue:
    """How many check-ins of the aftercare plan that was recorded last are overdue."""

    TYPE: ClassVar[str] = "check-ins-overdue"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        plans = view.care.aftercare_plans
        if not plans:
            return NO_AFTERCARE
        day = plans[-1].at.day(view.calendar.zone)
        return Known(len(plans[-1].value.overdue(view.today)), source=f"aftercare plan of {day}")


@attrs.frozen(order=False)
class AuthorizedDaysLeft:
    """How many days without a gap are authorised for the level in force, today included.

    Unknown where an authorisation that covers one of them has no last day.
    """

    TYPE: ClassVar[str] = "authorized-days-left"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        level = view.episode.level
        found = [one.value for one in view.care.authorizations if one.value.level in (None, level)]
        if not found:
            return Unknown(would_supply="an authorisation for the level in force; none is recorded")
        until = _covered_until(found, view.today)
        if until is None:
            return Unknown(would_supply="the last day of the authorisation; none is set")
        return Known((until - view.today).days, source=f"authorisations, to before {until}")


def _covered_until(authorizations: list[Authorization], day: date) -> date | None:
    """Give the first day from a day on that is not covered; `None` where there is no last day."""
    while covering := [one for one in authorizations if one.covers(day)]:
        ends = [one.last_day for one in covering if one.last_day is not None]
        if len(ends) < len(covering):
            return None
        day = max(ends) + timedelta(days=1)
    return day


@attrs.frozen(order=False)
class AgeNow:
    """The patient's age in completed years."""

    TYPE: ClassVar[str] = "age"

    def read(self, view: RecordView, /) -> Known[int] | Unknown:
        """Count them."""
        patient = view.care.patient
        age = None if patient is None else patient.value.age_on(view.today)
        if age is None:
            return Unknown(would_supply="the patient's birth date")
        return Known(age, source="the patient's birth date")
