"""The intake assessment: what is asked of everybody before a plan is made.

A part that is `None` was not asked; an empty one was asked, and there was nothing.
"""

from collections.abc import Iterator
from enum import Enum
from itertools import chain

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Actor, Coding, When, actor, moment, optional_moment
from carecontinuum.records.checking import a_member, a_text, a_whole, refuse
from carecontinuum.records.patient import Contact
from carecontinuum.records.schedule import WeeklySlot

__all__ = [
    "DailyRole",
    "IntakeAssessment",
    "MentalHealthHistory",
    "Role",
    "Stressor",
    "SubstanceUse",
    "UseFrequency",
]


class UseFrequency(Enum):
    """How often something was used in the month before."""

    NONE = "none"
    SOME = "some"
    DAILY = "daily"


class Role(Enum):
    """What somebody's day is made of besides care."""

    WORK = "work"
    SCHOOL = "school"
    CAREGIVING = "caregiving"
    OTHER = "other"


@attrs.frozen(order=False, kw_only=True)
class MentalHealthHistory:
    """A condition or a treatment in the past or the present.

    Attributes:
        description: What it is; never shown in a repr.
        condition: The condition, coded; `None` if it is not. Never shown in a repr.
        since: When it began; `None` if not told. Never shown in a repr.
        is_current: Whether it is still so; `None` if not known. Never shown in a repr.
        medication: Whether medication is taken for it; `None` if not known. Never shown in a repr.

    Raises:
        RecordInvalid: The description is empty.
    """

    description: str = attrs.field(repr=False)
    condition: Coding | None = attrs.field(default=None, repr=False)
    since: When | None = attrs.field(default=None, converter=optional_moment, repr=False)
    is_current: bool | None = attrs.field(default=None, repr=False)
    medication: bool | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the mental-health history", a_text("description", self.description))


@attrs.frozen(order=False, kw_only=True)
class SubstanceUse:
    """The pattern of use of one substance.

    Attributes:
        substance: The substance, coded; never shown in a repr.
        frequency: How often in the month before; `None` if not told. Never shown in a repr.
        last_use: When it was last used; `None` if not told. Never shown in a repr.
        age_at_first_use: In completed years; `None` if not told. Never shown in a repr.
        pattern: Amount, route and occasions, in words; never shown in a repr.

    Raises:
        RecordInvalid: With every problem found.
    """

    substance: Coding = attrs.field(repr=False)
    frequency: UseFrequency | None = attrs.field(default=None, repr=False)
    last_use: When | None = attrs.field(default=None, converter=optional_moment, repr=False)
    age_at_first_use: int | None = attrs.field(default=None, repr=False)
    pattern: str = attrs.field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the substance use", _use_problems(self))


def _use_problems(use: SubstanceUse) -> Iterator[Problem]:
    if use.frequency is not None:
        yield from a_member("frequency", use.frequency, UseFrequency)
    if use.age_at_first_use is not None:
        yield from a_whole("age_at_first_use", use.age_at_first_use, lo=0, hi=150)


@attrs.frozen(order=False, kw_only=True)
class Stressor:
    """Something that weighs on the patient.

    Attributes:
        description: What it is; never shown in a repr.
        coding: The same, coded; `None` if it is not. Never shown in a repr.

    Raises:
        RecordInvalid: The description is empty.
    """

    description: str = attrs.field(repr=False)
    coding: Coding | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the stressor", a_text("description", self.description))


@attrs.frozen(order=False, kw_only=True)
class DailyRole:
    """Work, school, care for others: what care has to leave room for.

    Attributes:
        role: What it is; never shown in a repr.
        description: In words; never shown in a repr.
        slots: The hours of the week it takes; empty if not told. Never shown in a repr.

    Raises:
        RecordInvalid: The role is not one of `Role`.
    """

    role: Role = attrs.field(repr=False)
    description: str = attrs.field(default="", repr=False)
    slots: tuple[WeeklySlot, ...] = attrs.field(default=(), repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the daily role", a_member("role", self.role, Role))


PARTS = ("mental_health_history", "substance_use", "stressors", "supports", "daily_roles")


@attrs.frozen(order=False, kw_only=True)
class IntakeAssessment:
    """What was found at intake.

    Attributes:
        id: Its id; never shown in a repr.
        at: When it was done: an aware datetime or a `When`. Never shown in a repr.
        by: Who did it: an `Actor`, or an id; `None` if not told. Never shown in a repr.
        mental_health_history: Conditions and treatments; `None` if not asked.
        substance_use: The pattern of use of each substance; `None` if not asked.
        stressors: What weighs on the patient; `None` if not asked.
        supports: Who stands by the patient; `None` if not asked.
        daily_roles: Work, school and care for others; `None` if not asked.
        note: Free text; never shown in a repr.

    Raises:
        RecordInvalid: The id is empty.
        NaiveDatetime: The time has no zone.

    Examples:
        >>> from datetime import UTC, datetime
        >>> intake = IntakeAssessment(
        ...     id="i-1",
        ...     at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        ...     stressors=(Stressor(description="a court date"),),
        ...     supports=(),
        ... )
        >>> intake.not_asked
        ('mental_health_history', 'substance_use', 'daily_roles')
    """

    id: str = attrs.field(repr=False)
    at: When = attrs.field(converter=moment, repr=False)
    by: Actor | None = attrs.field(
        default=None, converter=attrs.converters.optional(actor), repr=False
    )
    mental_health_history: tuple[MentalHealthHistory, ...] | None = attrs.field(
        default=None, repr=False
    )
    substance_use: tuple[SubstanceUse, ...] | None = attrs.field(default=None, repr=False)
    stressors: tuple[Stressor, ...] | None = attrs.field(default=None, repr=False)
    supports: tuple[Contact, ...] | None = attrs.field(default=None, repr=False)
    daily_roles: tuple[DailyRole, ...] | None = attrs.field(default=None, repr=False)
    note: str = attrs.field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        refuse("the intake assessment", a_text("id", self.id))

    @property
    def not_asked(self) -> tuple[str, ...]:
        """The parts that were not asked."""
        return tuple(name for name in PARTS if getattr(self, name) is None)

    @property
    def commitments(self) -> tuple[WeeklySlot, ...]:
        """The hours of the week that the daily roles are known to take."""
        return tuple(chain.from_iterable(role.slots for role in self.daily_roles or ()))
