"""What an intake assessment suggests, and what it does not tell: lines, the weightiest first."""

from collections.abc import Callable, Iterator

from carecontinuum.care.lines import Line
from carecontinuum.datatypes import Coding
from carecontinuum.records import (
    Goal,
    GoalLifecycle,
    IntakeAssessment,
    MentalHealthHistory,
    Objective,
    PlannedService,
    ServiceKind,
    UseFrequency,
)

__all__ = ["proposals"]


def proposals(intake: IntakeAssessment | None) -> Iterator[Line]:
    """Give a line for each thing that is suggested by an intake, and for each that it lacks.

    Services come in the order in which they are kept where a level has few hours.

    Args:
        intake: The intake assessment; `None` if none was made.
    """
    yield from _for_everybody()
    if intake is None:
        yield Line(because="no intake assessment is recorded; make one, then draft anew")
        return
    for part in _PARTS:
        yield from part(intake)
    for name in intake.not_asked:
        yield Line(because=f"`{name}` was not asked at intake; ask, then draft anew")


def _for_everybody() -> Iterator[Line]:
    yield _service(
        ServiceKind.INDIVIDUAL_COUNSELLING, 60, "each plan has somebody to talk with alone"
    )
    yield _service(
        ServiceKind.SKILL_BUILDING, 90, "skills for stress and emotions are of use to everybody"
    )


def _service(kind: ServiceKind, minutes: int, because: str, *, every_weeks: int = 1) -> Line:
    service = PlannedService(
        id=kind.value,
        kind=kind,
        minutes=minutes,
        every_weeks=every_weeks,
        counts=kind is not ServiceKind.PEER_SUPPORT,
    )
    return Line(proposes=service, because=because)


def _goal(id: str, description: str, because: str, *steps: Objective) -> Line:
    goal = Goal(id=id, description=description, lifecycle=GoalLifecycle.PROPOSED, objectives=steps)
    return Line(proposes=goal, because=because)


def _mental_health(intake: IntakeAssessment) -> Iterator[Line]:
    history = intake.mental_health_history or ()
    current = [item for item in history if item.is_current]
    if current:
        because = f"co-occurring needs: {_words(current)} is current"
        yield _service(ServiceKind.PSYCHIATRIC_COORDINATION, 30, because)
    if any(item.medication for item in current):
        because = "medication is taken for a current condition"
        yield _service(ServiceKind.MEDICATION_MANAGEMENT, 30, because, every_weeks=4)
    for item in current:
        focus = item.condition or Coding(code="mental-health", display=item.description)
        yield Line(proposes=focus, because=f"{item.description} is current")
    yield from _untold(history)


def _words(items: list[MentalHealthHistory]) -> str:
    return ", ".join(item.description for item in items)


def _untold(history: tuple[MentalHealthHistory, ...]) -> Iterator[Line]:
    for item in history:
        if item.is_current is None:
            yield Line(because=f"whether {item.description} is current was not told")
        elif item.is_current and item.medication is None:
            yield Line(because=f"whether medication is taken for {item.description} was not told")


def _substance_use(intake: IntakeAssessment) -> Iterator[Line]:
    if not intake.substance_use:
        return
    yield _service(
        ServiceKind.COGNITIVE_BEHAVIOURAL_THERAPY, 60, "substance use was told of at intake"
    )
    yield _goal(
        "relapse-prevention",
        "Know what leads back to use, and what helps against it",
        "substance use was told of at intake",
        Objective(
            id="plan",
            description="Write a relapse-prevention plan",
            target="each part of the relapse-prevention plan says something",
        ),
    )
    for use in intake.substance_use:
        words = use.substance.display or use.substance.code
        match use.frequency:
            case None:
                yield Line(because=f"how often {words} was used was not told")
            case UseFrequency.NONE:
                pass
            case frequency:
                because = f"use of {words} in the month before: {frequency.value}"
                yield Line(proposes=use.substance, because=because)


def _stressors(intake: IntakeAssessment) -> Iterator[Line]:
    for stressor in intake.stressors or ():
        focus = stressor.coding or Coding(code="stressor", display=stressor.description)
        yield Line(proposes=focus, because=f"{stressor.description} weighs on the patient")


def _supports(intake: IntakeAssessment) -> Iterator[Line]:
    if intake.supports:
        because = "somebody stands by the patient"
        yield _service(ServiceKind.FAMILY, 60, because, every_weeks=2)
    elif intake.supports is not None:
        because = "nobody stands by the patient"
        yield _service(ServiceKind.PEER_SUPPORT, 60, because)
        yield _goal("supports", "Find people who stand by", because)


def _daily_roles(intake: IntakeAssessment) -> Iterator[Line]:
    if not intake.daily_roles:
        return
    because = "they were told of at intake; care has to leave room for them"
    yield _goal("daily-roles", "Keep up work, school and care for others", because)
    for role in intake.daily_roles:
        if not role.slots:
            words = role.description or role.role.value
            yield Line(because=f"the hours of the week that {words} takes were not told")


_PARTS: tuple[Callable[[IntakeAssessment], Iterator[Line]], ...] = (
    _mental_health,
    _substance_use,
    _supports,
    _stressors,
    _daily_roles,
)
