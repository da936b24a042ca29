"""The intake assessment, and the hours that daily roles take."""

from datetime import UTC, time
from typing import Any

import pytest

from carecontinuum.records import (
    DailyRole,
    IntakeAssessment,
    MentalHealthHistory,
    RecordInvalid,
    Role,
    Stressor,
    SubstanceUse,
    WeeklySlot,
)
from recorded import CODING, EVENING, INTAKE, MONDAY, plan, problems, service


def test_not_asked_is_not_nothing() -> None:
    """A part that nobody asked about is told apart from one where nothing was found."""
    asked = IntakeAssessment(id="i", at=MONDAY, stressors=(), daily_roles=())
    assert asked.not_asked == ("mental_health_history", "substance_use", "supports")
    assert INTAKE.not_asked == ()


def test_daily_roles_take_hours_of_the_week() -> None:
    """The hours that work, school and care for others take are those of all the roles."""
    morning = WeeklySlot(weekday=2, start=time(8), end=time(12, 30))
    roles = (
        DailyRole(role=Role.WORK, slots=(EVENING,)),
        DailyRole(role=Role.OTHER, slots=(morning,)),
    )
    intake = IntakeAssessment(id="i", at=MONDAY, daily_roles=roles)
    assert intake.commitments == (EVENING, morning)
    assert IntakeAssessment(id="i", at=MONDAY).commitments == ()
    assert morning.minutes == 270
    assert morning.text == "Wednesday 08:00 to 12:30"


@pytest.mark.parametrize(
    ("made", "changes", "told"),
    [
        (IntakeAssessment, {"id": "", "at": MONDAY}, [("id", "empty")]),
        (MentalHealthHistory, {"description": ""}, [("description", "empty")]),
        (Stressor, {"description": " "}, [("description", "empty")]),
        (DailyRole, {"role": "work"}, [("role", "unknown-value")]),
        (
            SubstanceUse,
            {"substance": CODING, "frequency": "daily", "age_at_first_use": 151},
            [("frequency", "unknown-value"), ("age_at_first_use", "out-of-range")],
        ),
        (
            WeeklySlot,
            {"weekday": 7, "start": time(9), "end": time(9)},
            [("weekday", "out-of-range"), ("end", "backwards")],
        ),
        (
            WeeklySlot,
            {"weekday": 0, "start": time(9, tzinfo=UTC), "end": time(10)},
            [("", "has-zone")],
        ),
    ],
)
def test_problems_are_told(made: Any, changes: dict[str, Any], told: object) -> None:
    """Each part of an intake tells all that is wrong with it."""
    with pytest.raises(RecordInvalid) as caught:
        made(**changes)
    assert list(problems(caught.value)) == told


@pytest.mark.parametrize(
    ("weekday", "start", "end", "shared"),
    [
        (0, 16, 17, False),
        (0, 16, 18, True),
        (0, 18, 19, True),
        (0, 16, 21, True),
        (0, 20, 21, False),
        (1, 17, 20, False),
    ],
)
def test_schedules_that_conflict(weekday: int, start: int, end: int, *, shared: bool) -> None:
    """A planned slot conflicts with work where they share time, not where they only touch."""
    work = WeeklySlot(weekday=weekday, start=time(start), end=time(end))
    made = plan(interventions=(), services=(service("s", slots=(EVENING,)),))
    assert made.conflicts((work,)) == (((EVENING, work),) if shared else ())


def test_a_substance_may_be_all_that_is_told() -> None:
    """Of a use nothing need be known but the substance."""
    assert SubstanceUse(substance=CODING).frequency is None
