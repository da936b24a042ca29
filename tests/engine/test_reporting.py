"""What is told of a fact that is recorded: it is kept, and what does not fit is listed."""

from datetime import datetime

import carecontinuum as cc
from carecontinuum.history import (
    Admitted,
    AssessmentRecorded,
    Corrected,
    Retracted,
    ReturnToUse,
)
from carecontinuum.records import Assessment
from invented import DAY, START, continuum, event, record

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
