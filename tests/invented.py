"""Invented programs, people and events that the tests share."""

from datetime import UTC, datetime, timedelta
from typing import Any

import carecontinuum as cc
from carecontinuum.continuum import LevelOfCare, Route, Setting, Track, TransitionKind
from carecontinuum.facts import DaysAtLevel
from carecontinuum.history import Body, Change
from carecontinuum.library import shipped_instrument

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)

DAYS = cc.Count("days_at_level", unit="days")
RISK = cc.Ordinal("withdrawal_risk", hi=4)
STABLE = cc.Flag("stable")
SETTING = cc.Choice("living", codes=("home", "shelter", "street"))


def level(code: str, intensity: int, **more: Any) -> LevelOfCare:
    """Make a level of care."""
    return LevelOfCare(
        code=code,
        display=more.pop("display", code.upper()),
        setting=more.pop("setting", Setting.AMBULATORY),
        intensity=intensity,
        **more,
    )


def continuum(**changes: Any) -> cc.Continuum:
    """Make a map of four levels: residential, intensive outpatient, outpatient, aftercare."""
    given: dict[str, Any] = {
        "id": "invented",
        "version": "1",
        "levels": (
            level("res", 3, setting=Setting.RESIDENTIAL),
            level("iop", 2),
            level("op", 1),
            level("after", 0, track=Track.RECOVERY, setting=Setting.COMMUNITY),
        ),
        "routes": (
            Route(origin="res", target="iop"),
            Route(origin="iop", target="op"),
            Route(origin="iop", target="res"),
            Route(origin="op", target="iop"),
            Route(origin="op", target="after"),
            Route(origin="after", target="op", kind=TransitionKind.STEP_UP),
        ),
        "entry": ("res", "iop"),
        "aftercare": ("after",),
        "discharge_from": ("op", "after"),
        "leave_from": ("res", "iop"),
    }
    return cc.Continuum(**{**given, **changes})


def program(*policies: cc.TransitionPolicy, **changes: Any) -> cc.Program:
    """Make a program on the invented map; without policies every move on it is permitted."""
    given: dict[str, Any] = {
        "id": "invented",
        "version": "1",
        "continuum": continuum(),
        "calendar": cc.Calendar(zone="America/New_York"),
        "when_ungoverned": cc.Verdict.PERMIT,
        "readings": (cc.Reading(DAYS, DaysAtLevel()),),
        "policies": policies,
    }
    return cc.Program(**{**given, **changes})


def event(
    id: str, body: Body, days: float = 0, *, known: float | None = None, **more: Any
) -> cc.Event:
    """Make an event so many days after the start, known then or later."""
    given: dict[str, Any] = {
        "patient_id": "p-1",
        "episode_id": "e-1",
        "occurred_at": START + days * DAY,
        "recorded_at": START + (days if known is None else known) * DAY,
        "by": "field",
    }
    return cc.Event(id=id, body=body, **{**given, **more})


def record(*changes: Change | tuple[Change, float]) -> cc.PatientRecord:
    """Make a record of facts, a day apart unless each says its day."""
    events = []
    for index, item in enumerate(changes):
        body, days = item if isinstance(item, tuple) else (item, float(index))
        events.append(event(f"f-{index}", body, days))
    return cc.PatientRecord.of("p-1", events)


def settings(source: str, fact: str) -> dict[str, Any]:
    """Give what a built-in source cannot be without, to read a fact of that id."""
    instrument = shipped_instrument("phq-9")
    needed: dict[str, dict[str, Any]] = {
        "stated": {"fact": fact},
        "level-elsewhere": {"levels": ("res", "iop")},
        "instrument-score": {"instrument": instrument},
        "instrument-change": {"instrument": instrument},
        "instrument-band": {"instrument": instrument, "banding": "severity"},
    }
    return needed.get(source, {})
