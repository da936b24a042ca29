"""Facts read from a patient's records of care: cold, from a record just made, and again."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import carecontinuum as cc
from carecontinuum.facts import (
    AftercarePlanReady,
    AuthorizedDaysLeft,
    DaysSinceContact,
    DaysSincePlanReview,
    HoursFitLevel,
    HoursReceived,
    InstrumentScore,
    MissedInARow,
    Reading,
    RecordView,
    RelapsePreventionPlanReady,
    facts_at,
)
from carecontinuum.history import (
    Admitted,
    AssessmentRecorded,
    AttendanceRecorded,
    Body,
    ReturnToUse,
)
from carecontinuum.library import shipped_instrument
from carecontinuum.records import Assessment, Attendance, AttendanceStatus, ServiceKind, Session
from carecontinuum.rules import Count, Flag, Quantity

__all__ = ["fact_figures", "show_facts"]

START = datetime(2026, 3, 2, 15, tzinfo=UTC)
PHQ_9 = shipped_instrument("phq-9")
ROUNDS = 9
SIZES = ((125, 500, 50), (250, 1_000, 100), (500, 2_000, 200))
"""Assessments, sessions and other events of a record."""
SOURCES: dict[str, Any] = {
    "phq_9": InstrumentScore(instrument=PHQ_9),
    "hours": HoursReceived(weeks=4),
    "fit": HoursFitLevel(),
    "missed": MissedInARow(),
    "contact": DaysSinceContact(),
    "review": DaysSincePlanReview(),
    "relapse": RelapsePreventionPlanReady(),
    "aftercare": AftercarePlanReady(),
    "paid": AuthorizedDaysLeft(),
}
FACTS = (
    Count("phq_9", hi=27),
    Quantity("hours", unit="h"),
    Flag("fit"),
    Count("missed"),
    Count("contact"),
    Count("review"),
    Flag("relapse"),
    Flag("aftercare"),
    Count("paid"),
)
READINGS = tuple(Reading(fact, SOURCES[fact.id]) for fact in FACTS)


def _session(number: int) -> Session:
    start = START + timedelta(hours=6 * number)
    return Session(
        id=f"s-{number}",
        kind=ServiceKind.GROUP_THERAPY,
        start=start,
        end=start + timedelta(hours=3),
        status=AttendanceStatus.MISSED if number % 9 == 0 else AttendanceStatus.ATTENDED,
    )


def _assessment(number: int) -> Assessment:
    return Assessment(
        id=f"a-{number}",
        instrument="phq-9",
        edition=PHQ_9.edition,
        at=START + timedelta(hours=number),
        by="dr-sample",
        ratings={item.id: number % 3 for item in PHQ_9.items},
    )


def record(assessments: int, sessions: int, others: int) -> cc.PatientRecord:
    """Make the record of an invented patient."""
    bodies: list[Body] = [Admitted(level="iop")]
    bodies += [AssessmentRecorded(assessment=_assessment(n)) for n in range(assessments)]
    some = [_session(n) for n in range(sessions)]
    bodies += [
        AttendanceRecorded(attendance=Attendance(sessions=tuple(some[n : n + 10])))
        for n in range(0, sessions, 10)
    ]
    bodies += [ReturnToUse() for _ in range(others)]
    late = START + timedelta(days=900)
    return cc.PatientRecord.of(
        "p-1",
        [
            cc.Event(
                id=f"e-{n}",
                patient_id="p-1",
                episode_id="e-1",
                occurred_at=START + timedelta(minutes=n),
                recorded_at=late,
                by="dr-sample",
                body=body,
            )
            for n, body in enumerate(bodies)
        ],
    )


def _reading(made: cc.PatientRecord) -> Callable[[], None]:
    program = cc.shipped_program("community")
    view = RecordView(
        record=made,
        episode=made.episode("e-1"),
        at=START + timedelta(days=400),
        calendar=program.calendar,
        continuum=program.continuum,
    )
    sources = {reading.fact.id: reading.source for reading in READINGS}

    def read() -> None:
        facts = facts_at(sources, view)
        for reading in READINGS:
            facts[reading.fact]

    return read


def fact_figures() -> dict[str, dict[str, float]]:
    """Give the milliseconds of reading nine facts, the first time of a record and again."""
    found: dict[str, dict[str, float]] = {}
    for size in SIZES:
        cold: list[float] = []
        again: list[float] = []
        for _ in range(ROUNDS):
            made = record(*size)
            read = _reading(made)
            made.episodes  # noqa: B018  the fold is measured elsewhere
            for times in (cold, again):
                began = time.perf_counter()
                read()
                times.append((time.perf_counter() - began) * 1e3)
        name = "{} assessments, {} sessions, {} others".format(*size)
        found[name] = {"first": min(cold), "again": min(again)}
    return found


def show_facts(figures: dict[str, dict[str, float]]) -> None:
    """Print the figures."""
    print(f"\n{'milliseconds for nine facts of a record of':<58}{'first':>10}{'again':>10}")
    for name, row in figures.items():
        print(f"{name:<58}{row['first']:>10.2f}{row['again']:>10.2f}")


if __name__ == "__main__":
    show_facts(fact_figures())
