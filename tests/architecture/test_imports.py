"""What importing the library does, and what it must not do."""

import pytest

from running import run_python

RIM = (
    "statemachine",
    "asyncio",
    "sqlite3",
    "click",
    "rich",
    "cattrs",
    "hypothesis",
    "carecontinuum.cli",
    "carecontinuum.interchange",
    "carecontinuum.library",
    "carecontinuum.engine.machine",
)


def _run(code: str) -> str:
    done = run_python("-W", "error", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", RIM)
def test_import_loads_no_rim(name: str) -> None:
    """Importing the library loads neither the engine, nor files, nor any rim module."""
    out = _run(f"import sys, carecontinuum; print({name!r} in sys.modules)")
    assert out.strip() == "False"


def test_rim_names_are_there_when_asked_for() -> None:
    """A name of the rim is loaded when it is first used, and no other name exists."""
    code = (
        "import sys, carecontinuum as cc\n"
        "cc.shipped_program\n"
        "assert 'carecontinuum.library' in sys.modules\n"
        "assert 'statemachine' not in sys.modules\n"
        "cc.EpisodeMachine\n"
        "assert 'statemachine' in sys.modules\n"
        "assert not hasattr(cc, 'no_such_name')\n"
    )
    _run(code)


PURE = """
import sys
import carecontinuum as cc
from datetime import UTC, datetime, timedelta
from carecontinuum.continuum import Route, Track
from carecontinuum.facts import DaysAtLevel

heard = []
WATCHED = ("open", "socket", "subprocess", "os.", "sqlite3", "shutil", "tempfile", "glob", "time.")
sys.addaudithook(lambda name, args: heard.append(name) if name.startswith(WATCHED) else None)

levels = tuple(
    cc.LevelOfCare(code=code, display=code, setting=cc.Setting.AMBULATORY, intensity=rank)
    for code, rank in (("iop", 2), ("op", 1))
)
days = cc.Count("days_at_level")
program = cc.Program(
    id="pure", version="1",
    continuum=cc.Continuum(
        id="pure", version="1", levels=levels, entry=("iop",), leave_from=("iop",),
        discharge_from=("op",), routes=(Route(origin="iop", target="op"),),
    ),
    calendar=cc.Calendar(zone=zone),
    readings=(cc.Reading(days, DaysAtLevel()),),
    policies=(cc.requires(days >= 14, id="days", citation="illustrative", on=["step_down"]),),
    when_ungoverned=cc.Verdict.PERMIT,
)
start = datetime(2026, 3, 2, 15, tzinfo=UTC)
record = cc.PatientRecord.of("p")
ask = dict(program=program, episode_id="e", by="dr")
record = cc.request(record, cc.admit(to="iop"), id="1", at=start, **ask).record
early = start + timedelta(days=3)
record = cc.request(record, cc.step_down(to="op"), id="2", at=early, **ask).record
late = start + timedelta(days=20)
record = cc.request(record, cc.step_down(to="op"), id="3", at=late, **ask).record
cc.options(record, at=late, **ask)
cc.replay(record, program)
cc.discrepancies(record, program.continuum)
record.as_of(occurred=early, known=early).episode("e")
assert record.episode("e").level == "op"
print(heard)
"""


def test_core_is_pure() -> None:
    """Deciding, recording and judging again open no file, no socket and no clock."""
    code = "from zoneinfo import ZoneInfo\nzone = ZoneInfo('America/New_York')\n" + PURE
    assert _run(code).strip() == "[]"


def test_core_works_optimised() -> None:
    """Nothing depends on assertions or docstrings: the core works under `-OO`."""
    code = "from zoneinfo import ZoneInfo\nzone = ZoneInfo('America/New_York')\n" + PURE
    done = run_python("-OO", "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
