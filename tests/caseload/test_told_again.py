"""A command told again is kept once, whatever happened in between."""

import contextlib
from collections.abc import Callable, Iterable
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.caseload import Caseload, NoProgram
from carecontinuum.history import Admitted, Discharged, Event, EventConflict, ReturnToUse
from carecontinuum.stores import MemoryStore, StoreUnavailable, StreamKey
from caseload.every_command import COMMANDS, DR, FIRST_COMMANDS, NOW, QUERIES, Call, Clock, begun
from invented import DAY, START, event, program

ALL = {**COMMANDS, **FIRST_COMMANDS}
PATIENT = StreamKey("north", "p-1")
PROGRAM_2 = program(version="2")


class Watched(MemoryStore):
    """A store that notes what is asked of it, and may lose its answer, or let another go first."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        super().__init__()
        self.asked: list[str] = []
        self.loses_the_answer = False
        self.first: Callable[[Watched], object] | None = None

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Note that a stream was loaded."""
        self.asked.append("load")
        return super().load(key)

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Note it; let another write first; keep; and lose the answer, as told."""
        self.asked.append("append")
        if self.first is not None:
            first, self.first = self.first, None
            first(self)
        version = super().append(key, events, expected_version=expected_version)
        if self.loses_the_answer:
            self.loses_the_answer = False
            raise StoreUnavailable(says="the connection was lost")
        return version


@pytest.fixture
def clock() -> Clock:
    """Give a clock."""
    return Clock()


@pytest.fixture
def store() -> Watched:
    """Give a store that notes what is asked of it."""
    return Watched()


@pytest.fixture
def caseload(store: Watched, clock: Clock) -> Caseload:
    """Give a caseload of a patient in care."""
    return begun(store, clock)


def kept(store: MemoryStore) -> list[str]:
    """Give the ids of all events, in the order they were kept."""
    return [item.event.id for item in store.feed()]


@pytest.mark.parametrize("name", ALL)
def test_a_command_told_again_is_kept_once(
    name: str, caseload: Caseload, store: Watched, clock: Clock
) -> None:
    """The same command, later, answers as before and keeps nothing more."""
    first = ALL[name](caseload)
    after = kept(store)
    assert after.count("x-1") == 1
    clock.at += DAY
    again = ALL[name](caseload)
    assert kept(store) == after
    for part in ("decision", "recommendation", "discrepancies", "id"):
        assert getattr(again, part, None) == getattr(first, part, None)


@pytest.mark.parametrize("name", ALL)
def test_a_command_is_told_again_when_its_answer_was_lost(
    name: str, caseload: Caseload, store: Watched, clock: Clock
) -> None:
    """What was kept before a crash, and never acknowledged, is found and not kept twice."""
    store.loses_the_answer = True
    with pytest.raises(StoreUnavailable):
        ALL[name](caseload)
    after = kept(store)
    clock.at += DAY
    ALL[name](caseload)
    assert kept(store) == after


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_told_again_after_the_episode_has_ended(
    name: str, caseload: Caseload, store: Watched, clock: Clock
) -> None:
    """The episode it was about is still found when none is open any more."""
    COMMANDS[name](caseload)
    clock.at += 2 * DAY
    caseload.report("p-1", event("end", Discharged(kind="against-advice"), 21))
    after = kept(store)
    COMMANDS[name](caseload)
    assert kept(store) == after


@pytest.mark.parametrize("name", COMMANDS)
def test_an_id_is_not_used_for_two_things(
    name: str, caseload: Caseload, store: Watched, clock: Clock
) -> None:
    """An id that another event has is a conflict, and nothing is kept."""
    caseload.record("p-1", ReturnToUse(), at=START + 3 * DAY, by="other", id="x-1")
    after = kept(store)
    with pytest.raises(EventConflict):
        COMMANDS[name](caseload)
    assert kept(store) == after


@pytest.mark.parametrize("name", ALL)
def test_a_command_loads_once_and_appends_once(
    name: str, caseload: Caseload, store: Watched
) -> None:
    """Nothing of the store is asked in between, so that another loop can go around each step."""
    store.asked.clear()
    ALL[name](caseload)
    assert store.asked == ["load", "append"]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_loads_once(name: str, caseload: Caseload, store: Watched) -> None:
    """Nothing else of the store is asked."""
    store.asked.clear()
    QUERIES[name](caseload)
    assert store.asked == ["load"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_lost_race_is_made_again_on_what_the_other_wrote(
    name: str, caseload: Caseload, store: Watched
) -> None:
    """Both are kept, the other's first, and the command stands behind it."""
    version = store.version(PATIENT)

    def use(store: Watched) -> None:
        told = event("first", ReturnToUse(), 20)
        MemoryStore.append(store, PATIENT, [told], expected_version=version)

    store.first = use
    store.asked.clear()
    COMMANDS[name](caseload)
    assert store.asked == ["load", "append", "load", "append"]
    assert kept(store)[version] == "first"
    assert "x-1" in kept(store)[version:]
    assert list(store.verify()) == []


def test_a_move_another_has_made_is_decided_again(caseload: Caseload, store: Watched) -> None:
    """A move that lost a race is refused where the other has moved the patient."""
    version = store.version(PATIENT)

    def end(store: Watched) -> None:
        told = event("first", Discharged(kind="against-advice"), 20)
        MemoryStore.append(store, PATIENT, [told], expected_version=version)

    store.first = end
    with pytest.raises(cc.NotOnTheMap):
        caseload.request(
            "p-1", cc.step_down(to="op"), at=NOW, by=DR, request_id="x-1", episode_id="e-1"
        )
    assert kept(store)[version:] == ["first", "x-1/decision"]


def test_a_refusal_told_again_is_the_same(caseload: Caseload, store: Watched, clock: Clock) -> None:
    """It is raised again with the first decision, though it would be permitted by now."""

    def ask() -> Any:
        at = START + 5 * DAY
        return caseload.request("p-1", cc.step_down(to="op"), at=at, by=DR, request_id="x-1")

    with pytest.raises(cc.TransitionForbidden) as first:
        ask()
    after = kept(store)
    clock.at += 9 * DAY
    with pytest.raises(cc.TransitionForbidden) as again:
        ask()
    assert again.value.decision == first.value.decision
    assert kept(store) == after


def test_a_request_is_answered_again_when_its_program_is_no_longer_held(
    caseload: Caseload, store: Watched, clock: Clock
) -> None:
    """What was acknowledged is acknowledged again, a refusal as well."""
    first = COMMANDS["request"](caseload)
    newer = Caseload([PROGRAM_2], store=store, tenant="north", clock=clock)
    before = kept(store)
    assert COMMANDS["request"](newer).decision == first.decision
    with pytest.raises(cc.TransitionForbidden):
        newer.request("p-1", cc.step_down(to="op"), at=START + DAY, by=DR, request_id="no-1")
    with pytest.raises(NoProgram):
        COMMANDS["request"](newer, "x-2")
    assert kept(store) == before


def test_an_admission_from_a_referral_is_told_again(
    caseload: Caseload, store: Watched, clock: Clock
) -> None:
    """The referral it went on with is found again, and no second episode begins."""
    caseload.refer("p-2", at=NOW, by=DR, request_id="r-1")
    FIRST_COMMANDS["admit"](caseload)
    after = kept(store)
    clock.at += DAY
    FIRST_COMMANDS["admit"](caseload)
    assert kept(store) == after
    assert list(caseload.for_patient("p-2").episodes) == ["episode-r-1"]


def test_a_review_told_again_is_made_on_what_was_known(
    caseload: Caseload, store: Watched, clock: Clock
) -> None:
    """What was recorded since does not make it another review."""
    COMMANDS["review"](caseload)
    clock.at += DAY
    caseload.record("p-1", ReturnToUse(), at=START + 3 * DAY, by=DR, id="late")
    again = COMMANDS["review"](caseload)
    assert again.events == ()
    assert again.record.version == store.version(PATIENT)


def test_a_move_to_come_is_not_recorded(caseload: Caseload, store: Watched) -> None:
    """What happens after now is refused, and the history is not dated ahead."""
    after = kept(store)
    with pytest.raises(cc.Invalid):
        caseload.request("p-1", cc.step_down(to="op"), at=NOW + DAY, by=DR)
    with pytest.raises(cc.Invalid):
        caseload.record("p-1", ReturnToUse(), at=NOW + DAY, by=DR)
    assert kept(store) == after


@pytest.mark.parametrize("name", ALL)
def test_the_clock_may_go_backwards(
    name: str, caseload: Caseload, store: Watched, clock: Clock
) -> None:
    """What is recorded is recorded no earlier than what it follows, and told again as well."""
    caseload.record("p-1", ReturnToUse(), at=NOW, by=DR, id="before")
    caseload.record("p-2", Admitted(level="iop"), at=NOW, by=DR, id="x", episode_id="e-0")
    clock.at = START - 9 * DAY
    with contextlib.suppress(cc.TransitionRefused):
        ALL[name](caseload)
    for key in store.streams():
        recorded = [found.recorded_at for found in store.load(key)]
        assert recorded == sorted(recorded)
        assert min(recorded) == NOW


def call_of(name: str) -> Call:
    """Give a command or a query."""
    return {**COMMANDS, **QUERIES}[name]


UNNAMED = ("request", "request an end", "propose", "record", "review", *QUERIES)


@pytest.mark.parametrize("name", UNNAMED)
def test_several_open_episodes_are_listed(name: str, caseload: Caseload, store: Watched) -> None:
    """A call about the patient is refused with those that are open, and keeps nothing."""
    caseload.admit("p-1", to="res", at=START, by=DR, episode_id="e-2")
    after = kept(store)
    with pytest.raises(cc.CareContinuumError) as caught:
        call_of(name)(caseload)
    assert getattr(caught.value, "episodes", None) == ("e-1", "e-2")
    assert kept(store) == after
