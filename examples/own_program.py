"""A program in Python: two levels, one rule as data and one as a function."""

from datetime import UTC, datetime, timedelta

import carecontinuum as cc
from carecontinuum.facts import DaysAtLevel

days = cc.Count("days_at_level", unit="days")
sessions = cc.Count("family_sessions", unit="sessions")


@cc.policy(
    id="acme.family-session",
    version="1",
    citation="Acme handbook 4.2 (illustrative)",
    reads=[sessions],
    on=["step_down"],
)
def family_session_first(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
    """Ask for a family session before a step down."""
    match facts[sessions]:
        case cc.Known(value=n) if n >= 1:
            return cc.permit()
        case cc.Known():
            return cc.forbid("no family session yet")
        case cc.Unknown():
            return cc.undetermined("family sessions not recorded", needs=[sessions])


levels = (
    cc.LevelOfCare(
        code="iop", display="Intensive outpatient", setting=cc.Setting.AMBULATORY, intensity=2
    ),
    cc.LevelOfCare(code="op", display="Outpatient", setting=cc.Setting.AMBULATORY, intensity=1),
)
program = cc.Program(
    id="acme",
    version="1",
    continuum=cc.Continuum(
        id="acme",
        version="1",
        levels=levels,
        entry=("iop",),
        routes=(cc.Route(origin="iop", target="op"), cc.Route(origin="op", target="iop")),
        discharge_from=("op",),
    ),
    calendar=cc.Calendar(zone="America/New_York"),
    readings=(cc.Reading(days, DaysAtLevel()),),
    policies=(
        cc.requires(
            days >= 14,
            id="acme.time",
            citation="Acme handbook 3.1 (illustrative)",
            on=["step_down"],
        ),
        family_session_first,
    ),
    when_ungoverned=cc.Verdict.PERMIT,
)

start = datetime(2026, 3, 2, 15, tzinfo=UTC)
record = cc.request(
    cc.PatientRecord.of("kim-sample"),
    cc.admit(to="iop"),
    program=program,
    episode_id="e-1",
    id="r-1",
    at=start,
    by="dr-sample",
).record
decision = cc.decide(
    record,
    cc.step_down(to="op"),
    program=program,
    episode_id="e-1",
    at=start + timedelta(days=20),
    by="dr-sample",
)
print(decision.explain())
