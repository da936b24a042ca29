"""Moves that wait: proposed, answered by the receiving side, and decided again when made."""

from datetime import UTC
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.caseload import CannotBeProposed, Caseload, EpisodeNotNamed, NoSuchProposal
from carecontinuum.history import (
    Admitted,
    Discharged,
    EventConflict,
    EventInvalid,
    Moved,
    MoveProposed,
)
from carecontinuum.stores import MemoryStore
from caseload.every_command import DR, Clock, opened
from invented import DAY, START, event


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands five days after the admission."""
    return Clock(START + 5 * DAY)


@pytest.fixture
def caseload(clock: Clock) -> Caseload:
    """Give a caseload of a patient in intensive outpatient care."""
    found = opened(MemoryStore(), clock)
    found.admit("p-1", to="iop", at=START, by=DR, request_id="a-1", episode_id="e-1")
    return found


def wait(caseload: Caseload, id: str = "w-1", **more: Any) -> Any:
    """Propose a step down."""
    move = cc.step_down(to="op", reason_code="better", site=cc.Site(facility="east"))
    at = START + 5 * DAY
    return caseload.propose("p-1", move, at=at, by=DR, request_id=id, **more)


def test_a_move_waits_and_is_decided_as_of_now(caseload: Caseload) -> None:
    """What is forbidden today is proposed for another day, and the decision says so."""
    found = wait(caseload, target_date=START + 15 * DAY, priority="urgent")
    assert found.id == "w-1"
    assert found.decision.verdict is cc.Verdict.FORBID
    record = caseload.for_patient("p-1")
    assert record == found.record
    (pending,) = record.episode("e-1").pending
    assert (pending.id, pending.level, pending.priority) == ("w-1", "op", "urgent")
    assert pending.target_date == cc.When.of(START + 15 * DAY)
    assert (pending.reason_code, pending.site) == ("better", cc.Site(facility="east"))
    assert record.episode("e-1").level == "iop"
    assert record.by_id["w-1"].decision_id == "w-1/decision"
    assert record.by_id["w-1/decision"].body.decision == found.decision  # type: ignore[union-attr]


def test_a_proposal_is_accepted_and_carried_out(caseload: Caseload, clock: Clock) -> None:
    """The receiving side takes it; the move cites it, and it waits no longer."""
    wait(caseload)
    accepted = caseload.accept("p-1", "w-1", at=clock.at, by="bed-desk")
    assert accepted.episode("e-1").pending[0].accepted
    assert accepted.episode("e-1").level == "iop"
    clock.at = START + 20 * DAY
    outcome = caseload.carry_out("p-1", "w-1", at=clock.at, by=DR)
    assert outcome.decision.verdict is cc.Verdict.PERMIT
    episode = caseload.for_patient("p-1").episode("e-1")
    assert (episode.level, episode.site, episode.pending) == ("op", cc.Site(facility="east"), ())
    body = outcome.events[-1].body
    assert isinstance(body, Moved)
    assert body.proposal_id == "w-1"


def test_a_proposal_is_decided_again_when_carried_out(caseload: Caseload, clock: Clock) -> None:
    """What is not permitted then is refused, though it was accepted, and waits on."""
    wait(caseload)
    caseload.accept("p-1", "w-1", at=clock.at, by="bed-desk")
    with pytest.raises(cc.TransitionForbidden) as caught:
        caseload.carry_out("p-1", "w-1", at=clock.at, by=DR, request_id="x-1")
    record = caseload.for_patient("p-1")
    assert record.by_id["x-1/decision"].body.decision == caught.value.decision  # type: ignore[union-attr]
    assert record.episode("e-1").pending[0].accepted


@pytest.mark.parametrize("answer", ["decline", "withdraw"])
def test_a_proposal_that_is_refused_waits_no_longer(answer: str, caseload: Caseload) -> None:
    """Whoever refuses or withdraws says why, and nobody can carry it out any more."""
    wait(caseload)
    tell = getattr(caseload, answer)
    record = tell("p-1", "w-1", at=START + 5 * DAY, by="bed-desk", reason_code="full")
    assert record.episode("e-1").pending == ()
    assert record.events[-1].reason_code == "full"
    with pytest.raises(NoSuchProposal) as caught:
        caseload.carry_out("p-1", "w-1", at=START + 5 * DAY, by=DR)
    assert str(caught.value) == "CC703: no proposal `w-1` waits; waiting are none"


def test_what_waits_is_listed(caseload: Caseload) -> None:
    """Who names a proposal that does not wait is told which do."""
    wait(caseload)
    wait(caseload, "w-2")
    with pytest.raises(NoSuchProposal, match="`w-1`, `w-2`"):
        caseload.accept("p-1", "w-3", at=START + 5 * DAY, by=DR)
    with pytest.raises(NoSuchProposal):
        caseload.accept("p-1", "w-1", at=START + 5 * DAY, by=DR, episode_id="e-2")


def test_what_is_not_on_the_map_is_not_proposed(caseload: Caseload) -> None:
    """The refusal is recorded and raised; nothing waits."""
    with pytest.raises(cc.NotOnTheMap):
        caseload.propose("p-1", cc.aftercare(to="after"), at=START + DAY, by=DR, request_id="w-1")
    record = caseload.for_patient("p-1")
    assert record.events[-1].id == "w-1/decision"
    assert record.episode("e-1").pending == ()


def test_only_what_can_wait_is_proposed(caseload: Caseload) -> None:
    """A discharge or a leave is asked for when it happens."""
    before = caseload.for_patient("p-1").version
    for move in (cc.discharge(last_contact=cc.When.of(START)), cc.leave("pass")):
        with pytest.raises(CannotBeProposed, match="is not proposed"):
            caseload.propose("p-1", move, at=START + DAY, by=DR)
    assert caseload.for_patient("p-1").version == before


def test_an_admission_waits_and_is_carried_out(caseload: Caseload, clock: Clock) -> None:
    """Somebody who waits for a first place is planned, and then admitted to it."""
    found = caseload.propose("p-2", cc.admit(to="res"), at=clock.at, by=DR)
    (episode,) = caseload.for_patient("p-2").episodes.values()
    assert episode.status is cc.EpisodeStatus.PLANNED
    caseload.carry_out("p-2", found.id, at=clock.at, by=DR)
    assert caseload.for_patient("p-2").episode(episode.id).level == "res"


def test_an_admission_that_waited_is_as_it_was_proposed(caseload: Caseload, clock: Clock) -> None:
    """What the proposal said of the episode is so when it begins; told again, nothing is new."""
    before: dict[str, Any] = {"patient_id": "p-2", "episode_id": "e-0"}
    for body, day in ((Admitted(level="iop"), 0), (Discharged(kind="transfer"), 1)):
        caseload.report("p-2", event(body.TYPE, body, day, **before))
    move = cc.admit(to="res", readmission_of="e-0", confidentiality="standard")
    caseload.propose("p-2", move, at=clock.at, by=DR, request_id="w-1")
    for _ in range(2):
        caseload.carry_out("p-2", "w-1", at=clock.at, by=DR, request_id="c-1")
    episode = caseload.for_patient("p-2").episode("episode-w-1")
    assert (episode.readmission_of, episode.confidentiality) == ("e-0", "standard")


def test_a_proposal_of_one_id_in_two_episodes_needs_the_episode(caseload: Caseload) -> None:
    """Proposals from other systems may share an id; then the episode is named."""
    caseload.admit("p-1", to="iop", at=START, by=DR, episode_id="e-2")
    body = MoveProposed(proposal_id="w", kind=cc.TransitionKind.STEP_DOWN, level="op")
    for id in ("e-1", "e-2"):
        caseload.report("p-1", event(f"w-{id}", body, 1, episode_id=id))
    with pytest.raises(EpisodeNotNamed, match="`e-1`, `e-2`"):
        caseload.withdraw("p-1", "w", at=START + DAY, by=DR)
    record = caseload.withdraw("p-1", "w", at=START + DAY, by=DR, episode_id="e-2")
    assert record.episode("e-1").pending
    assert record.episode("e-2").pending == ()


def test_a_proposal_told_again_with_another_move_is_a_conflict(caseload: Caseload) -> None:
    """An id stands for one proposal."""
    wait(caseload)
    with pytest.raises(EventConflict):
        caseload.propose("p-1", cc.step_up(to="res"), at=START + DAY, by=DR, request_id="w-1")


@pytest.mark.parametrize("answer", ["accept", "decline", "withdraw"])
def test_a_proposal_is_answered_after_it_was_made(answer: str, caseload: Caseload) -> None:
    """An answer dated before it would leave it waiting; one told as a day begins with that day."""
    now = START + 5 * DAY
    wait(caseload)
    for at in (now - DAY, cc.When.on(now.date(), zone=UTC)):
        with pytest.raises(EventInvalid, match="the move was proposed later"):
            getattr(caseload, answer)("p-1", "w-1", at=at, by="bed-desk")
    getattr(caseload, answer)("p-1", "w-1", at=now, by="bed-desk")
