"""The map, the programs and the invented patient that every candidate works on."""

from datetime import UTC, datetime, timedelta

import carecontinuum as cc
from carecontinuum.continuum import Route, TransitionKind
from carecontinuum.facts import DaysAtLevel, OtherOpenEpisodes, ReturnsToUse
from carecontinuum.history import Admitted, Body, Moved

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
AT = START + timedelta(days=20)
BY = cc.Actor("dr-sample", role="physician")
CODES = ("detox", "inpatient", "res", "php", "iop", "op", "after")
CITED = "illustrative, not medical advice"

CONTINUUM = cc.Continuum(
    id="bench",
    version="1",
    levels=tuple(
        cc.LevelOfCare(
            code=code, display=code, setting=cc.Setting.AMBULATORY, intensity=len(CODES) - rank
        )
        for rank, code in enumerate(CODES)
    ),
    routes=tuple(Route(origin=a, target=b) for a in CODES for b in CODES if a != b),
    entry=CODES,
    discharge_from=CODES,
    leave_from=CODES,
)
"""Seven levels with a route from each to every other."""

DAYS = cc.Count("days_at_level", unit="days")
RETURNS = cc.Count("returns_to_use")
OTHERS = cc.Count("other_open_episodes")
RISK = cc.Ordinal("withdrawal_risk", hi=4)
STABLE = cc.Flag("medically_stable")


def _program(*policies: cc.TransitionPolicy) -> cc.Program:
    return cc.Program(
        id="bench",
        version="1",
        continuum=CONTINUUM,
        calendar=cc.Calendar(zone="America/New_York"),
        when_ungoverned=cc.Verdict.PERMIT,
        readings=(
            cc.Reading(DAYS, DaysAtLevel()),
            cc.Reading(RETURNS, ReturnsToUse(within_days=30)),
            cc.Reading(OTHERS, OtherOpenEpisodes()),
        ),
        policies=policies,
    )


READ = _program(
    cc.requires(DAYS >= 14, id="time", citation=CITED, on=["step_down"]),
    cc.requires(RETURNS < 1, id="use", citation=CITED, on=["step_down"]),
    cc.requires(OTHERS < 2, id="overlap", citation=CITED, on=["step_down"]),
)
"""Three policies whose facts are read from the record."""
STATED = _program(
    cc.requires(DAYS >= 14, id="time", citation=CITED, on=["step_down"]),
    cc.requires(RISK <= 1, id="risk", citation=CITED, on=["step_down"]),
    cc.requires(STABLE, id="stable", citation=CITED, on=["step_down"]),
)
"""Three policies: one fact is read from the record, two are stated with the request."""
ANSWERS = {RISK: 1, STABLE: True}
MOVE = cc.step_down(to="op")


def event(id: str, body: Body, at: datetime) -> cc.Event:
    """Make an event of the invented patient, recorded as it occurred."""
    return cc.Event(
        id=id,
        patient_id="p-1",
        episode_id="e-1",
        occurred_at=at,
        recorded_at=at,
        by=BY,
        body=body,
        program=READ.ref,
    )


RECORD = cc.PatientRecord.of("p-1", [event("a", Admitted(level="iop"), START)])
EPISODE = RECORD.episode("e-1")
EVENT = event("b", Moved(level="op", kind=TransitionKind.STEP_DOWN), AT)


def events(number: int) -> list[cc.Event]:
    """Make a long history: an admission, and then a move every hour."""
    hour = timedelta(hours=1)
    moves = (
        event(f"m-{n}", Moved(level=("op", "iop")[n % 2]), START + n * hour)
        for n in range(1, number)
    )
    return [event("m-0", Admitted(level="iop"), START), *moves]
