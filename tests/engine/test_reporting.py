"""What is told of a fact that is recorded: it is kept, and what does not fit is listed."""

from datetime import datetime

import attrs
import pytest

import carecontinuum as cc
from carecontinuum.history import (
    Admitted,
    AssessmentRecorded,
    Basis,
    Corrected,
    EventInvalid,
    Moved,
    MoveProposed,
    PatientsMerged,
    Referred,
    Retracted,
    ReturnToUse,
)
from carecontinuum.records import Assessment
from invented import DAY, START, continuum, event, program, record

MAP = continuum()
IOP = record(Admitted(level="iop"))


def assessed(at: datetime) -> AssessmentRecorded:
    """Say that an assessment was made at a moment."""
    found = Assessment(id="a", instrument="invented", edition="1", at=at, ratings={"rest": 1})
    return AssessmentRecorded(assessment=found)


def test_a_record_of_care_that_does_not_fit_is_told_when_it_is_reported() -> None:
    """An assessment that says another time, and one that is corrected to say so."""
    when = START + 5 * DAY
    right, wrong = (assessed(at) for at in (when, when + DAY))
    told = cc.report(IOP, event("x", wrong, 5), continuum=MAP)
    assert [(one.event_id, one.code) for one in told.discrepancies] == [("x", "another-time")]
    fits = cc.report(IOP, event("x", right, 5), continuum=MAP)
    assert fits.discrepancies == ()
    correction = event("y", Corrected(event_id="x", body=wrong), 9)
    corrected = cc.report(fits.record, correction, continuum=MAP)
    assert [(one.event_id, one.code) for one in corrected.discrepancies] == [("x", "another-time")]


def test_an_amendment_without_effect_is_told() -> None:
    """What is retracted already is not believed, whatever is said of it."""
    gone = IOP.append(event("x", ReturnToUse(), 5), event("r", Retracted(event_id="x"), 6))
    for body in (Retracted(event_id="x"), Corrected(event_id="x", occurred_at=START)):
        told = cc.report(gone, event("y", body, 9), continuum=MAP)
        assert [(one.event_id, one.code) for one in told.discrepancies] == [("y", "no-effect")]
        again = cc.report(told.record, event("y", body, 9), continuum=MAP)
        assert again.discrepancies == ()
    back = cc.report(gone, event("y", Retracted(event_id="r"), 9), continuum=MAP)
    assert back.discrepancies == ()


def test_a_move_is_held_against_the_decision_it_names() -> None:
    """It permits what is told as decided, refuses what is told as overridden, and says the same."""
    asked = {"program": program(), "episode_id": "e-1", "at": START + DAY, "by": "dr"}
    permitted = cc.request(IOP, cc.step_down(to="op"), id="yes", **asked)  # type: ignore[arg-type]
    refused = cc.request(IOP, cc.step_down(to="moon"), id="no", **asked)  # type: ignore[arg-type]
    whole = IOP.append(permitted.events[0], refused.events[0])
    for basis, decision, level, expected in (
        (Basis.DECIDED, "yes/decision", "op", []),
        (Basis.REPORTED, "yes/decision", "op", []),
        (Basis.REPORTED, "yes/decision", "res", []),
        (Basis.OVERRIDDEN, "yes/decision", "op", ["not-as-decided"]),
        (Basis.DECIDED, "no/decision", "moon", ["not-as-decided", "unknown-level"]),
        (Basis.DECIDED, "yes/decision", "res", ["not-as-decided"]),
        (Basis.DECIDED, "f-0", "op", ["no-such-decision"]),
        (Basis.DECIDED, "nope", "op", ["no-such-decision"]),
    ):
        told = attrs.evolve(
            event("x", Moved(level=level, kind=cc.TransitionKind.STEP_DOWN), 2),
            basis=basis,
            decision_id=decision,
            reason_code="stated",
        )
        found = cc.report(whole, told, continuum=MAP).discrepancies
        assert [one.code for one in found if one.code != "contradicts-ranks"] == expected


def test_a_correction_into_another_kind_is_told() -> None:
    """An admission that becomes a return to use is gone, though a referral stands before it."""
    whole = record(Referred(), Admitted(level="iop"))
    fixed = event("y", Corrected(event_id="f-1", body=ReturnToUse()), 9)
    told = cc.report(whole, fixed, continuum=MAP)
    assert [(one.event_id, one.code) for one in told.discrepancies] == [("y", "another-kind")]
    same = event("y", Corrected(event_id="f-1", body=Admitted(level="op")), 9)
    assert cc.report(whole, same, continuum=MAP).discrepancies == ()


def test_a_merge_that_is_taken_back_alone_is_told() -> None:
    """The other patient's record says so still."""
    merged = IOP.append(event("m", PatientsMerged(patient_id="p-2"), 5, episode_id=None))
    back = event("r", Retracted(event_id="m"), 6, episode_id=None)
    told = cc.report(merged, back, continuum=MAP)
    assert [one.code for one in told.discrepancies] == ["in-one-record"]
    with pytest.raises(EventInvalid, match="same-patient"):
        event("m", PatientsMerged(patient_id="p-1"), 5, episode_id=None)


def test_a_proposal_rests_on_no_decision_though_it_names_one() -> None:
    """A history that is told again elsewhere, event by event, fits as it did."""
    asked = {"program": program(), "episode_id": "e-1", "at": START + DAY, "by": "dr"}
    decided = cc.request(IOP, cc.step_down(to="op"), id="w", **asked).events[0]  # type: ignore[arg-type]
    proposed = MoveProposed(proposal_id="w", kind=cc.TransitionKind.STEP_DOWN, level="op")
    told = attrs.evolve(event("w", proposed, 2), decision_id="w/decision")
    assert cc.report(IOP.append(decided), told, continuum=MAP).discrepancies == ()
