"""Every command and every query of a caseload, each ready to be told to a patient in care."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.history import LeaveStarted, ReturnToUse
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

Call = Callable[[Caseload], Any]


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
    "request": lambda one: one.request(
        "p-1", cc.step_down(to="op"), at=NOW, by=DR, request_id="x-1"
    ),
    "request an end": lambda one: one.request(
        "p-1",
        cc.discharge("against-advice", last_contact=cc.When.of(START)),
        at=NOW,
        by=DR,
        request_id="x-1",
    ),
    "propose": lambda one: one.propose(
        "p-1", cc.step_up(to="res"), at=NOW, by=DR, request_id="x-1", target_date=NOW + 3 * DAY
    ),
    "accept": lambda one: one.accept("p-1", "w-1", at=NOW, by=DR, id="x-1"),
    "decline": lambda one: one.decline("p-1", "w-1", at=NOW, by=DR, reason_code="full", id="x-1"),
    "withdraw": lambda one: one.withdraw("p-1", "w-2", at=NOW, by=DR, id="x-1"),
    "carry out": lambda one: one.carry_out("p-1", "w-1", at=NOW, by=DR, request_id="x-1"),
    "report": lambda one: one.report("p-1", event("x-1", LeaveStarted(kind="pass"), 19)),
    "record": lambda one: one.record("p-1", ReturnToUse(), at=NOW, by=DR, id="x-1"),
    "correct": lambda one: one.correct("p-1", "u-1", occurred_at=START, by=DR, id="x-1"),
    "retract": lambda one: one.retract("p-1", "u-1", by=DR, id="x-1"),
    "override": lambda one: one.override(
        "p-1", "no-1/decision", by=DR, reason_code="clinical", id="x-1"
    ),
    "review": lambda one: one.review(
        "p-1", at=NOW, by=DR, stated={RISK: 0}, selected="op", id="x-1"
    ),
    "merge": lambda one: one.merge("p-1", "p-7", at=NOW, by=DR, id="x-1"),
}
"""Each changes the patient of `begun`, with the id `x-1`."""

FIRST_COMMANDS: dict[str, Call] = {
    "admit": lambda one: one.admit("p-2", to="iop", at=NOW, by=DR, request_id="x-1"),
    "refer": lambda one: one.refer("p-2", at=NOW, by=DR, request_id="x-1"),
    "propose an admission": lambda one: one.propose(
        "p-2", cc.admit(to="iop"), at=NOW, by=DR, request_id="x-1"
    ),
}
"""Each begins the history of another patient, with the id `x-1`."""

QUERIES: dict[str, Call] = {
    "consider": lambda one: one.consider("p-1", cc.step_down(to="op"), at=NOW, by=DR),
    "options": lambda one: one.options("p-1", at=NOW, by=DR),
    "recommend": lambda one: one.recommend("p-1", at=NOW, stated={RISK: 0}),
}
"""Each asks about the patient of `begun`, and which episode is left to be found."""
