"""Events that say all that an event can, for the checks of stores."""

from datetime import UTC, datetime, timedelta
from typing import Any

from carecontinuum.datatypes import Actor, Identifier, Precision, Site, When
from carecontinuum.decisions import ProgramRef
from carecontinuum.history import (
    Admitted,
    AssessmentRecorded,
    Event,
    EventSource,
    LeaveStarted,
    Returned,
)
from carecontinuum.records import Assessment

__all__ = ["varied_events"]

START = datetime(2026, 3, 2, 15, tzinfo=UTC)


def varied_events(count: int) -> list[Event]:
    """Make events that say all that an event can, some entered late, to the microsecond."""
    return [_varied_event(number) for number in range(count)]


def _varied_event(number: int) -> Event:
    recorded = START + timedelta(days=number, microseconds=number + 1)
    occurred = recorded - timedelta(days=7 * (number % 3), microseconds=1)
    made: dict[str, Any] = {}
    if number % 2:
        made = {
            "program": ProgramRef(id="example", version="1", digest="0" * 64),
            "decision_id": f"d-{number}",
            "site": Site(organisation="example", facility=f"house-{number}", unit="b"),
            "identifiers": (Identifier(system="urn:example", value=f"visit-{number}"),),
            "source": EventSource(system="urn:example:adt", message_id=f"m-{number}"),
            "reason_code": "step-down-from-residential",
            "note": 'kept as it is: \u00e9 \N{SNOWMAN} \U0001f642 \\ " \n\t\u2028',
        }
    return Event(
        id=f"v-{number} \N{SNOWMAN}",
        patient_id="p-1",
        episode_id=f"episode-{number % 2}",
        occurred_at=When(occurred, Precision.DAY) if number % 5 == 4 else occurred,
        recorded_at=recorded,
        by=Actor("dr-example", role="clinician"),
        body=_BODIES[number % len(_BODIES)],
        **made,
    )


_RATINGS = {"rest": 2, "work": 0}
_BODIES = (
    Admitted(candidates=("iop", "php")),
    AssessmentRecorded(
        assessment=Assessment(
            id="a-1", instrument="example", edition="1", at=START, ratings=_RATINGS, note="\u00e9"
        )
    ),
    LeaveStarted(kind="pass", expected_return=START + timedelta(microseconds=7)),
    Returned(level="op"),
)
