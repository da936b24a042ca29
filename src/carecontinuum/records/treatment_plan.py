"""The treatment plan: problems, goals, and the services planned to reach them."""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from fractions import Fraction

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Actor, Coding, When, actor, moment
from carecontinuum.records.checking import (
    a_day,
    a_member,
    a_text,
    a_whole,
    each_once,
    in_order,
    refuse,
)
from carecontinuum.records.schedule import WeeklySlot

__all__ = [
    "Achievement",
    "Goal",
    "GoalLifecycle",
    "Intervention",
    "Objective",
    "PlanStatus",
    "PlannedService",
    "ServiceKind",
    "Signature",
    "TreatmentPlan",
    "TreatmentProblem",
]


class PlanStatus(Enum):
    """FHIR's status of a request, which is that of a CarePlan."""

    DRAFT = "draft"
    ACTIVE = "active"
    ON_HOLD = "on-hold"
    REVOKED = "revoked"
    COMPLETED = "completed"
    ENTERED_IN_ERROR = "entered-in-error"
    UNKNOWN = "unknown"


class GoalLifecycle(Enum):
    """FHIR's life-cycle status of a goal."""

    PROPOSED = "proposed"
    PLANNED = "planned"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"
    REJECTED = "rejected"


class Achievement(Enum):
    """FHIR's achievement status of a goal."""

    IN_PROGRESS = "in-progress"
    IMPROVING = "improving"
    WORSENING = "worsening"
    NO_CHANGE = "no-change"
    ACHIEVED = "achieved"
    SUSTAINING = "sustaining"
    NOT_ACHIEVED = "not-achieved"
    NO_PROGRESS = "no-progress"
    NOT_ATTAINABLE = "not-attainable"

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached, now or still."""
        return self in (Achievement.ACHIEVED, Achievement.SUSTAINING)


class ServiceKind(Enum):
    """What a service is; a coding says it more exactly."""

    INDIVIDUAL_COUNSELLING = "individual-counselling"
    GROUP_THERAPY = "group-therapy"
    COGNITIVE_BEHAVIOURAL_THERAPY = "cognitive-behavioural-therapy"
    SKILL_BUILDING = "skill-building"
    FAMILY = "family"
    MEDICATION_MANAGEMENT = "medication-management"
    PSYCHIATRIC_COORDINATION = "psychiatric-coordination"
    CASE_MANAGEMENT = "case-management"
    PEER_SUPPORT = "peer-support"
    EDUCATION = "education"
    DRUG_TESTING = "drug-testing"
    OTHER = "other"


@attrs.frozen(order=False, kw_only=True)
class Signature:
    """Somebody signed.

    Attributes:
        by: Who, in what role; an id alone tells no role. Never shown in a repr.
        at: When; never shown in a repr.
    """

    by: Actor = attrs.field(converter=actor, repr=False)
    at: When = attrs.field(converter=moment, repr=False)


@attrs.frozen(order=False, kw_only=True)
class TreatmentProblem:
    """What the plan is about.

    Attributes:
        id: Its id in the plan; never shown in a repr.
        description: In words; never shown in a repr.
        coding: The same, coded; `None` if it is not. Never shown in a repr.
    """

    id: str = attrs.field(repr=False)
    description: str = attrs.field(repr=False)
    coding: Coding | None = attrs.field(default=None, repr=False)


@attrs.frozen(order=False, kw_only=True)
class Objective:
    """A step towards a goal that can be measured.

    Attributes:
        id: Its id in the goal; never shown in a repr.
        description: In words; never shown in a repr.
        target: What would be measured, and what would be enough; never shown in a repr.
        due: The day by which; `None` if none is set. Never shown in a repr.
        achievement: How far it has come; `None` if not judged yet. Never shown in a repr.
    """

    id: str = attrs.field(repr=False)
    description: str = attrs.field(repr=False)
    target: str = attrs.field(default="", repr=False)
    due: date | None = attrs.field(default=None, repr=False)
    achievement: Achievement | None = attrs.field(default=None, repr=False)


@attrs.frozen(order=False, kw_only=True)
class Goal:
    """What is to be reached.

    Attributes:
        id: Its id in the plan; never shown in a repr.
        description: In words; never shown in a repr.
        lifecycle: Where it is in its life.
        achievement: How far it has come; `None` if not judged yet. Never shown in a repr.
        problems: The ids of the problems it addresses; never shown in a repr.
        objectives: The steps towards it; never shown in a repr.
    """

    id: str = attrs.field(repr=False)
    description: str = attrs.field(repr=False)
    lifecycle: GoalLifecycle = GoalLifecycle.ACTIVE
    achievement: Achievement | None = attrs.field(default=None, repr=False)
    problems: tuple[str, ...] = attrs.field(default=(), repr=False)
    objectives: tuple[Objective, ...] = attrs.field(default=(), repr=False)

    @property
    def is_pursued(self) -> bool:
        """Whether it counts: it was agreed on, and neither dropped nor entered in error."""
        return self.lifecycle in _PURSUED


_PURSUED = (
    GoalLifecycle.ACCEPTED,
    GoalLifecycle.ACTIVE,
    GoalLifecycle.ON_HOLD,
    GoalLifecycle.COMPLETED,
)


@attrs.frozen(order=False, kw_only=True)
class Intervention:
    """What is done towards goals.

    Attributes:
        id: Its id in the plan; never shown in a repr.
        description: In words; never shown in a repr.
        goals: The ids of the goals it serves; never shown in a repr.
        services: The ids of the planned services it is part of; never shown in a repr.
        coding: The same, coded; `None` if it is not. Never shown in a repr.
    """

    id: str = attrs.field(repr=False)
    description: str = attrs.field(repr=False)
    goals: tuple[str, ...] = attrs.field(default=(), repr=False)
    services: tuple[str, ...] = attrs.field(default=(), repr=False)
    coding: Coding | None = attrs.field(default=None, repr=False)


@attrs.frozen(order=False, kw_only=True)
class PlannedService:
    """A service that is to be given again and again.

    Attributes:
        id: Its id in the plan; sessions name it. Never shown in a repr.
        kind: What it is.
        sessions: How many sessions in each so many weeks.
        every_weeks: In how many weeks; 1 for so many sessions a week.
        minutes: How long a session is planned to last.
        provider_role: Who gives it, as in `licensed-counsellor`; empty if not told.
        counts: Whether its time counts into the hours of the level of care.
        slots: The hours of the week it is planned for; empty if not told. Never shown in a repr.
        coding: The service, coded; `None` if it is not. Never shown in a repr.

    Raises:
        RecordInvalid: With every problem found.
    """

    id: str = attrs.field(repr=False)
    kind: ServiceKind
    sessions: int = 1
    every_weeks: int = 1
    minutes: int
    provider_role: str = attrs.field(default="", repr=False)
    counts: bool = True
    slots: tuple[WeeklySlot, ...] = attrs.field(default=(), repr=False)
    coding: Coding | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the planned service", _service_problems(self))

    @property
    def weekly_minutes(self) -> Fraction:
        """How many minutes a week it takes on average."""
        return Fraction(self.sessions * self.minutes, self.every_weeks)


def _service_problems(service: PlannedService) -> Iterator[Problem]:
    yield from a_text("id", service.id)
    yield from a_member("kind", service.kind, ServiceKind)
    yield from a_whole("sessions", service.sessions, lo=1)
    yield from a_whole("every_weeks", service.every_weeks, lo=1)
    yield from a_whole("minutes", service.minutes, lo=1, hi=24 * 60)


@attrs.frozen(order=False, kw_only=True)
class TreatmentPlan:
    """One version of a patient's treatment plan.

    A review that changes nothing records the same version again.

    Attributes:
        id: Its id, which all its versions share; never shown in a repr.
        version: 1, 2, 3 and so on.
        status: Where it is in its life.
        level: The code of the level of care it is made for; `None` if for none.
        starts: The first day it holds; `None` if not told. Never shown in a repr.
        ends: The last day it holds; `None` if not told. Never shown in a repr.
        problems: What it is about; never shown in a repr.
        goals: What is to be reached; never shown in a repr.
        interventions: What is done; never shown in a repr.
        services: The services planned.
        focus_areas: What care attends to, as trauma or anxiety; never shown in a repr.
        review_due: The day by which it is to be reviewed; `None` if not set. Never in a repr.
        signatures: Who signed; never shown in a repr.
        note: Free text; never shown in a repr.

    Raises:
        RecordInvalid: With every problem found.

    Examples:
        >>> plan = TreatmentPlan(
        ...     id="plan",
        ...     services=(
        ...         PlannedService(id="g", kind=ServiceKind.GROUP_THERAPY, sessions=3, minutes=180),
        ...         PlannedService(
        ...             id="m", kind=ServiceKind.MEDICATION_MANAGEMENT, every_weeks=2, minutes=30
        ...         ),
        ...     ),
        ... )
        >>> print(plan.weekly_hours)
        37/4
    """

    id: str = attrs.field(repr=False)
    version: int = 1
    status: PlanStatus = PlanStatus.ACTIVE
    level: str | None = None
    starts: date | None = attrs.field(default=None, repr=False)
    ends: date | None = attrs.field(default=None, repr=False)
    problems: tuple[TreatmentProblem, ...] = attrs.field(default=(), repr=False)
    goals: tuple[Goal, ...] = attrs.field(default=(), repr=False)
    interventions: tuple[Intervention, ...] = attrs.field(default=(), repr=False)
    services: tuple[PlannedService, ...] = ()
    focus_areas: tuple[Coding, ...] = attrs.field(default=(), repr=False)
    review_due: date | None = attrs.field(default=None, repr=False)
    signatures: tuple[Signature, ...] = attrs.field(default=(), repr=False)
    note: str = attrs.field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the treatment plan", _plan_problems(self))

    @property
    def weekly_hours(self) -> Fraction:
        """The hours a week of the services that count into the level's, exactly."""
        return sum((s.weekly_minutes for s in self.services if s.counts), Fraction()) / 60

    def is_signed_by(self, role: str) -> bool:
        """Tell whether somebody in a role has signed it."""
        return any(signature.by.role == role for signature in self.signatures)

    def conflicts(self, taken: tuple[WeeklySlot, ...]) -> tuple[tuple[WeeklySlot, WeeklySlot], ...]:
        """Give the planned slots that share time with what is taken, each with what takes it.

        Args:
            taken: Hours of the week that care has to leave, as `IntakeAssessment.commitments`.
        """
        planned = [slot for service in self.services for slot in service.slots]
        return tuple((mine, other) for mine in planned for other in taken if mine.overlaps(other))


def _plan_problems(plan: TreatmentPlan) -> Iterator[Problem]:
    yield from a_text("id", plan.id)
    yield from a_whole("version", plan.version, lo=1)
    yield from a_member("status", plan.status, PlanStatus)
    for key in ("starts", "ends", "review_due"):
        yield from a_day(key, getattr(plan, key))
    yield from in_order("ends", plan.starts, plan.ends, "the plan ends before it starts")
    for key in ("problems", "goals", "interventions", "services"):
        yield from each_once(key, (part.id for part in getattr(plan, key)))
    yield from _part_problems(plan)
    yield from _reference_problems(plan)


def _part_problems(plan: TreatmentPlan) -> Iterator[Problem]:
    for n, problem in enumerate(plan.problems):
        yield from _told(f"problems[{n}]", problem)
    for n, goal in enumerate(plan.goals):
        yield from goal_problems(f"goals[{n}]", goal)
    for n, intervention in enumerate(plan.interventions):
        yield from _told(f"interventions[{n}]", intervention)


def goal_problems(path: str, goal: Goal) -> Iterator[Problem]:
    """Give what is wrong with a goal and its objectives."""
    yield from _told(path, goal)
    yield from a_member(f"{path}.lifecycle", goal.lifecycle, GoalLifecycle)
    yield from _achievement(path, goal.achievement)
    yield from each_once(f"{path}.objectives", (step.id for step in goal.objectives))
    for n, step in enumerate(goal.objectives):
        yield from _told(f"{path}.objectives[{n}]", step)
        yield from a_day(f"{path}.objectives[{n}].due", step.due)
        yield from _achievement(f"{path}.objectives[{n}]", step.achievement)


def _told(path: str, part: TreatmentProblem | Goal | Objective | Intervention) -> Iterator[Problem]:
    yield from a_text(f"{path}.id", part.id)
    yield from a_text(f"{path}.description", part.description)


def _achievement(path: str, value: Achievement | None) -> Iterator[Problem]:
    if value is not None:
        yield from a_member(f"{path}.achievement", value, Achievement)


def _reference_problems(plan: TreatmentPlan) -> Iterator[Problem]:
    """Say where a part of the plan names another that the plan does not have."""
    problems = {problem.id for problem in plan.problems}
    goals = {goal.id for goal in plan.goals}
    services = {service.id for service in plan.services}
    for n, goal in enumerate(plan.goals):
        yield from _named(f"goals[{n}].problems", goal.problems, problems)
    for n, intervention in enumerate(plan.interventions):
        yield from _named(f"interventions[{n}].goals", intervention.goals, goals)
        yield from _named(f"interventions[{n}].services", intervention.services, services)


def _named(path: str, ids: tuple[str, ...], known: set[str]) -> Iterator[Problem]:
    for n, id in enumerate(ids):
        if id not in known:
            yield Problem(f"{path}[{n}]", "not-in-the-plan", "the plan has nothing of that id")
