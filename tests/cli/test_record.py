"""`carecontinuum record`: what was asked for and not permitted."""

from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.cli.app import app
from carecontinuum.cli.refusals import reasons_in_short
from carecontinuum.codec import dumps
from carecontinuum.stores import MemoryStore
from invented import DAY, DAYS, RISK, START, program

WAIT = cc.requires(
    DAYS >= 14,
    id="time",
    citation="invented",
    says="14 days first",
    on=["step_down"],
    overridable_by=["physician"],
)
PROGRAM = program(WAIT)
DR = cc.Actor("dr-example", role="physician")


def run(*arguments: str | Path) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refused(caseload: Caseload, move: cc.Move, **more: Any) -> None:
    """Ask for a move that is refused."""
    with pytest.raises(cc.TransitionRefused):
        caseload.request("p-1", move, at=START + 3 * DAY, by="dr", **more)


def test_a_record_shows_what_was_not_permitted(tmp_path: Path) -> None:
    """What was refused is shown with moment, move, answer and why, also after an override."""
    now = [START]
    caseload = Caseload([PROGRAM], store=MemoryStore(), clock=lambda: now[0])
    caseload.admit("p-1", to="iop", at=START, by="dr", episode_id="e-1")
    now[0] = START + 3 * DAY
    refused(caseload, cc.step_down(to="op"), request_id="r-1")
    refused(caseload, cc.step_down(to="moon"))
    refused(caseload, cc.admit(to="op"), episode_id="e-2")
    caseload.propose("p-1", cc.step_down(to="op"), at=START + 2 * DAY, by="dr")
    file = tmp_path / "p-1.json"
    file.write_text(dumps(caseload.for_patient("p-1")), encoding="utf-8")
    shown = " ".join(run("record", file).output.split())
    assert "2026-03-05 10:00 step_down op forbid 14 days first" in shown
    assert "2026-03-04 10:00 step_down op forbid, proposed 14 days first" in shown
    assert shown.index("2026-03-04 10:00") < shown.index("2026-03-05 10:00")
    assert "has no level `moon`" in shown
    assert "no episode began" in shown
    assert "no episode begins at `op`" in shown
    assert "possible from here" not in shown
    assert "overridden" not in shown
    caseload.override("p-1", "r-1/decision", by=DR, reason_code="bed-closed")
    for _ in range(12):
        refused(caseload, cc.step_up(to="moon"))
    file.write_text(dumps(caseload.for_patient("p-1")), encoding="utf-8")
    shown = " ".join(run("record", file).output.split())
    assert "forbid: 14 days first; overridden by physician: bed-closed" in shown
    assert "and 5 before these" in shown
    earlier = run("record", file, "--at", "2026-03-02T18:00:00+0000").output
    assert "Not permitted" not in earlier
    assert "admit to `iop`: permit" in " ".join(earlier.split())


def test_a_reason_without_words_is_named_by_its_policy() -> None:
    """A policy that says nothing is still shown as what stood against the move."""
    silent = cc.requires(RISK <= 1, id="silent", citation="x", on=["admit"])
    outcome = cc.request(
        cc.PatientRecord.of("p-1"),
        cc.admit(to="iop"),
        program=program(silent),
        episode_id="e-1",
        id="r",
        at=START,
        by="dr",
        stated={RISK: 4},
    )
    said = attrs.evolve(outcome.decision.reasons[0], says="")
    assert reasons_in_short(attrs.evolve(outcome.decision, reasons=(said,))) == "silent v1"
