"""The aftercare plan: what carries on after treatment, and who asks how it goes."""

from collections.abc import Iterator
from datetime import date
from enum import Enum

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.records.checking import a_day, a_member, a_text, a_whole, each_once, refuse
from carecontinuum.records.patient import Contact
from carecontinuum.records.treatment_plan import Goal, PlannedService, Signature, goal_problems

__all__ = ["AftercarePlan", "CheckIn", "CheckInOutcome", "SupportGroup"]


class CheckInOutcome(Enum):
    """What came of a check-in."""

    REACHED = "reached"
    NOT_REACHED = "not-reached"
    DECLINED = "declined"
    RESCHEDULED = "rescheduled"


@attrs.frozen(order=False, kw_only=True)
class SupportGroup:
    """A group of peers.

    Attributes:
        name: Which; never shown in a repr.
        times_a_week: How often it is meant to be attended; `None` if not told. Never in a repr.
    """

    name: str = attrs.field(repr=False)
    times_a_week: int | None = attrs.field(default=None, repr=False)


@attrs.frozen(order=False, kw_only=True)
class CheckIn:
    """A day on which somebody asks how it goes.

    Attributes:
        id: Its id in the plan; never shown in a repr.
        due: The day by which; never shown in a repr.
        done: The day it took place; `None` if it has not. Never shown in a repr.
        outcome: What came of it; `None` while it is open. Never shown in a repr.
        with_: Who asks; `None` if not told. Never shown in a repr.
        note: Free text; never shown in a repr.
    """

    id: str = attrs.field(repr=False)
    due: date = attrs.field(repr=False)
    done: date | None = attrs.field(default=None, repr=False)
    outcome: CheckInOutcome | None = attrs.field(default=None, repr=False)
    with_: Contact | None = attrs.field(default=None, repr=False)
    note: str = attrs.field(default="", repr=False)

    def is_overdue(self, today: date) -> bool:
        """Tell whether it is open though its day has passed; on the day itself it is not yet."""
        return self.outcome is None and self.due < today


@attrs.frozen(order=False, kw_only=True)
class AftercarePlan:
    """One version of a patient's aftercare plan.

    Attributes:
        id: Its id, which all its versions share; never shown in a repr.
        version: 1, 2, 3 and so on.
        therapy: The services that carry on.
        support_groups: The groups of peers; never shown in a repr.
        lifestyle_goals: What else is to be reached; never shown in a repr.
        check_ins: The days on which somebody asks; never shown in a repr.
        signatures: Who signed; never shown in a repr.

    Raises:
        RecordInvalid: With every problem found.

    Examples:
        >>> plan = AftercarePlan(
        ...     id="ac",
        ...     check_ins=(
        ...         CheckIn(id="1", due=date(2026, 5, 4), outcome=CheckInOutcome.DECLINED),
        ...         CheckIn(id="2", due=date(2026, 6, 1)),
        ...     ),
        ... )
        >>> [check_in.id for check_in in plan.overdue(date(2026, 6, 2))]
        ['2']
    """

    id: str = attrs.field(repr=False)
    version: int = 1
    therapy: tuple[PlannedService, ...] = ()
    support_groups: tuple[SupportGroup, ...] = attrs.field(default=(), repr=False)
    lifestyle_goals: tuple[Goal, ...] = attrs.field(default=(), repr=False)
    check_ins: tuple[CheckIn, ...] = attrs.field(default=(), repr=False)
    signatures: tuple[Signature, ...] = attrs.field(default=(), repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the aftercare plan", _problems(self))

    def overdue(self, today: date) -> tuple[CheckIn, ...]:
        """Give the check-ins that are open though their day has passed."""
        return tuple(check_in for check_in in self.check_ins if check_in.is_overdue(today))


def _problems(plan: AftercarePlan) -> Iterator[Problem]:
    yield from a_text("id", plan.id)
    yield from a_whole("version", plan.version, lo=1)
    for key in ("therapy", "lifestyle_goals", "check_ins"):
        yield from each_once(key, (part.id for part in getattr(plan, key)))
    for n, group in enumerate(plan.support_groups):
        yield from _group_problems(f"support_groups[{n}]", group)
    for n, goal in enumerate(plan.lifestyle_goals):
        yield from goal_problems(f"lifestyle_goals[{n}]", goal)
    for n, check_in in enumerate(plan.check_ins):
        yield from _check_in_problems(f"check_ins[{n}]", check_in)


def _group_problems(path: str, group: SupportGroup) -> Iterator[Problem]:
    yield from a_text(f"{path}.name", group.name)
    if group.times_a_week is not None:
        yield from a_whole(f"{path}.times_a_week", group.times_a_week, lo=1)


def _check_in_problems(path: str, check_in: CheckIn) -> Iterator[Problem]:
    yield from a_text(f"{path}.id", check_in.id)
    yield from a_day(f"{path}.due", check_in.due)
    yield from a_day(f"{path}.done", check_in.done)
    if check_in.outcome is not None:
        yield from a_member(f"{path}.outcome", check_in.outcome, CheckInOutcome)
    elif check_in.done is not None:
        yield Problem(f"{path}.outcome", "no-outcome", "it took place; say what came of it")
    if check_in.outcome is CheckInOutcome.REACHED and check_in.done is None:
        yield Problem(f"{path}.done", "no-day", "the patient was reached; say on which day")
