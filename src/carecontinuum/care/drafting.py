"""A draft treatment plan, proposed from an intake assessment and the level of care.

What is proposed is illustrative, not medical advice. A draft is never applied by itself: it is a
plan with the status `draft` that somebody reads, changes and signs. Each of its parts stands in a
line that says why; what the intake does not tell gives a line that says so.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import TypeVar

import attrs

from carecontinuum.care.fitting import in_band
from carecontinuum.care.lines import ILLUSTRATIVE, Line
from carecontinuum.care.proposing import proposals
from carecontinuum.continuum import AgeGroup, LevelOfCare, ServiceHours
from carecontinuum.datatypes import Coding
from carecontinuum.records import (
    Goal,
    IntakeAssessment,
    PlannedService,
    PlanStatus,
    ServiceKind,
    TreatmentPlan,
)

__all__ = ["PlanDraft", "draft_plan"]

LONGEST_GROUP = 180
"""Minutes; longer groups are split into more sessions."""

P = TypeVar("P")


@attrs.frozen(order=False, kw_only=True)
class PlanDraft:
    """A treatment plan that is proposed, line by line; it changes nothing by itself.

    Attributes:
        id: The id of the plan; never shown in a repr.
        level: The code of the level it is made for.
        band: The hours a week of the level; `None` if it sets none.
        lines: What is proposed or missing, and why.
    """

    id: str = attrs.field(repr=False)
    level: str
    band: ServiceHours | None = None
    lines: tuple[Line, ...] = attrs.field(repr=False)

    @cached_property
    def plan(self) -> TreatmentPlan:
        """The plan that the lines come to, with the status `draft`."""
        return TreatmentPlan(
            id=self.id,
            status=PlanStatus.DRAFT,
            level=self.level,
            goals=self._proposed(Goal),
            services=self._proposed(PlannedService),
            focus_areas=tuple(dict.fromkeys(self._proposed(Coding))),
        )

    @property
    def missing(self) -> tuple[Line, ...]:
        """The lines that propose nothing: each says what is missing or left out."""
        return tuple(line for line in self.lines if line.proposes is None)

    @property
    def fits(self) -> bool | None:
        """Whether the hours of the plan lie in the band; `None` where the level sets none."""
        if self.band is None:
            return None
        return in_band(self.plan.weekly_hours, self.band)

    def _proposed(self, kind: type[P]) -> tuple[P, ...]:
        return tuple(line.proposes for line in self.lines if isinstance(line.proposes, kind))


def draft_plan(
    intake: IntakeAssessment | None,
    level: LevelOfCare,
    *,
    id: str,
    age_group: AgeGroup | None = None,
) -> PlanDraft:
    """Propose a treatment plan whose hours lie in the band of its level.

    The services that the intake suggests are taken in order while they stay under the band; one
    that does not is left out, and a line says so. Group therapy then makes up what is short of it.
    A band of an hour or more is always met, exactly: at least `at_least` and under `less_than`.

    Args:
        intake: The intake assessment; `None` if none was made.
        level: The level of care.
        id: The id that the plan is to have.
        age_group: Whose hours count where a level has several; `None` if it is not known.

    Examples:
        >>> from carecontinuum import Setting
        >>> from carecontinuum.continuum import ServiceHours
        >>> iop = LevelOfCare(
        ...     code="iop",
        ...     display="Intensive outpatient",
        ...     setting=Setting.AMBULATORY,
        ...     intensity=2,
        ...     hours=(ServiceHours(at_least=9, less_than=20),),
        ... )
        >>> draft = draft_plan(None, iop, id="plan")
        >>> for service in draft.plan.services:
        ...     print(service.kind.value, service.sessions, "x", service.minutes)
        individual-counselling 1 x 60
        skill-building 1 x 90
        group-therapy 3 x 130
        >>> print(draft.plan.weekly_hours, draft.plan.status.value)
        9 draft
        >>> [line.because for line in draft.missing]
        ['no intake assessment is recorded; make one, then draft anew']
    """
    band = _band(level, age_group)
    lines = (*_within(proposals(intake), band), *_hours_missing(level, age_group))
    draft = PlanDraft(id=id, level=level.code, band=band, lines=lines)
    return attrs.evolve(draft, lines=(*draft.lines, *_to_reach(draft)))


def _band(level: LevelOfCare, age_group: AgeGroup | None) -> ServiceHours | None:
    """Give the band that counts; with no age group known, only one that is everybody's."""
    if age_group is not None:
        return level.hours_for(age_group)
    return level.hours[0] if _for_everybody(level) else None


def _for_everybody(level: LevelOfCare) -> bool:
    return len(level.hours) == 1 and level.hours[0].age_group is None


def _hours_missing(level: LevelOfCare, age_group: AgeGroup | None) -> Iterator[Line]:
    if age_group is None and level.hours and not _for_everybody(level):
        yield Line(because="the hours of the level go by age group, and that is not known")
    elif _band(level, age_group) is None:
        yield Line(because="the level sets no hours a week; none are reached for")


def _within(lines: Iterable[Line], band: ServiceHours | None) -> Iterator[Line]:
    """Leave out, with a line that says so, the services that do not stay under the band."""
    hours = Fraction()
    for line in lines:
        if not isinstance(line.proposes, PlannedService):
            yield line
            continue
        more = line.proposes.weekly_minutes / 60 if line.proposes.counts else Fraction()
        if band is None or band.less_than is None or hours + more < band.less_than:
            hours += more
            yield line
        else:
            words = line.proposes.kind.value
            because = f"{words} is left out, as the hours of the level are taken: {line.because}"
            yield Line(because=because)


def _to_reach(draft: PlanDraft) -> Iterator[Line]:
    """Make up with group therapy what is short of the band."""
    band = draft.band
    if band is None or band.at_least is None:
        return
    short = (Fraction(band.at_least) - draft.plan.weekly_hours) * 60
    if short <= 0:
        return
    group = _group(short)
    if in_band(draft.plan.weekly_hours + group.weekly_minutes / 60, band):
        because = f"with it the hours of the level are reached: {band}"
        yield Line(proposes=group, because=because, citation=band.citation or ILLUSTRATIVE)
    else:
        yield Line(because=f"no group sessions of whole minutes meet the hours exactly: {band}")


def _group(minutes: Fraction) -> PlannedService:
    sessions = ceil(minutes / LONGEST_GROUP)
    return PlannedService(
        id=ServiceKind.GROUP_THERAPY.value,
        kind=ServiceKind.GROUP_THERAPY,
        sessions=sessions,
        minutes=ceil(minutes / sessions),
    )
