"""Every command and every query of a caseload, each ready to be told to a patient in care."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.history import LeaveStarted, PatientsMerged, ReturnToUse
from carecontinuum.policies import PlacementCriteria, PlacementRule
from carecontinuum.stores import EventStore
from invented import DAY, DAYS, RISK, START, event, program

STEADY = cc.requires(
    DAYS >= 14, id="time", citation="invented", on=["step_down"], overridable_by=["physician"]
)
CRITERIA = PlacementCriteria(
    id="c", version="1", rules=(PlacementRule(id="a", level="res", rule=RISK >= 3),), default="op"
)
PROGRAM = program(STEADY, placement=CRITERIA)
NOW = START + 20 * DAY
DR = cc.Actor("dr-example", role="physician")

Call = Callable[..., Any]


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime = NOW) -> None:
        """Put it somewhere."""
        self.at = at

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at


def opened(store: EventStore, clock: Clock | None = None, *, tenant: str = "north") -> Caseload:
    """Give a caseload of one organisation."""
    return Caseload([PROGRAM], store=store, tenant=tenant, clock=clock or Clock())


def begun(store: EventStore, clock: Clock | None = None, *, tenant: str = "north") -> Caseload:
    """Give a caseload of a patient in care, with a refusal, two proposals and a return to use."""
    caseload = opened(store, clock, tenant=tenant)
    caseload.admit("p-1", to="iop", at=START, by=DR, request_id="a-1", episode_id="e-1")
    with contextlib.suppress(cc.TransitionForbidden):
        caseload.request("p-1", cc.step_down(to="op"), at=START + DAY, by=DR, request_id="no-1")
    caseload.propose("p-1", cc.step_down(to="op"), at=START + DAY, by=DR, request_id="w-1")
    caseload.propose("p-1", cc.step_up(to="res"), at=START + DAY, by=DR, request_id="w-2")
    caseload.record("p-1", ReturnToUse(), at=START + 2 * DAY, by=DR, id="u-1")
    return caseload


COMMANDS: dict[str, Call] = {
    "request": lambda one, key="x-1": one.request(
        "p-1", cc.step_down(to="op"), at=NOW, by=DR, request_id=key
    ),
    "request an end": lambda one, key="x-1": one.request(
        "p-1",
        cc.discharge("against-advice", last_contact=cc.When.of(START)),
        at=NOW,
        by=DR,
        request_id=key,
    ),
    "propose": lambda one, key="x-1": one.propose(
        "p-1", cc.step_up(to="res"), at=NOW, by=DR, request_id=key, target_date=NOW + 3 * DAY
    ),
    "accept": lambda one, key="x-1": one.accept("p-1", "w-1", at=NOW, by=DR, id=key),
    "decline": lambda one, key="x-1": one.decline(
        "p-1", "w-1", at=NOW, by=DR, reason_code="full", id=key
    ),
    "withdraw": lambda one, key="x-1": one.withdraw("p-1", "w-2", at=NOW, by=DR, id=key),
    "carry out": lambda one, key="x-1": one.carry_out("p-1", "w-1", at=NOW, by=DR, request_id=key),
    "report": lambda one, key="x-1": one.report("p-1", event(key, LeaveStarted(kind="pass"), 19)),
    "record": lambda one, key="x-1": one.record("p-1", ReturnToUse(), at=NOW, by=DR, id=key),
    "correct": lambda one, key="x-1": one.correct("p-1", "u-1", occurred_at=START, by=DR, id=key),
    "retract": lambda one, key="x-1": one.retract("p-1", "u-1", by=DR, id=key),
    "override": lambda one, key="x-1": one.override(
        "p-1", "no-1/decision", by=DR, reason_code="clinical", id=key
    ),
    "review": lambda one, key="x-1": one.review(
        "p-1", at=NOW, by=DR, stated={RISK: 0}, selected="op", id=key
    ),
    "record a merge": lambda one, key="x-1": one.record(
        "p-1", PatientsMerged(patient_id="p-7"), at=NOW, by=DR, id=key
    ),
}
"""Each changes the patient of `begun`, with the id `x-1` unless another is given."""

FIRST_COMMANDS: dict[str, Call] = {
    "admit": lambda one, key="x-1": one.admit("p-2", to="iop", at=NOW, by=DR, request_id=key),
    "refer": lambda one, key="x-1": one.refer("p-2", at=NOW, by=DR, request_id=key),
    "propose an admission": lambda one, key="x-1": one.propose(
        "p-2", cc.admit(to="iop"), at=NOW, by=DR, request_id=key
    ),
}
"""Each begins the history of another patient, with the id `x-1` unless another is given."""

QUERIES: dict[str, Call] = {
    "consider": lambda one: one.consider("p-1", cc.step_down(to="op"), at=NOW, by=DR),
    "options": lambda one: one.options("p-1", at=NOW, by=DR),
    "recommend": lambda one: one.recommend("p-1", at=NOW, stated={RISK: 0}),
}
"""Each asks about the patient of `begun`, and which episode is left to be found."""
