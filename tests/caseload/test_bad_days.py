"""Many threads, several processes, long histories, and stores that fail."""

import os
import signal
import time
import warnings
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event as Flag, Thread

import pytest

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.caseload.desk import Turns
from carecontinuum.engine import ListenerFailedWarning
from carecontinuum.history import Admitted, Event, PatientsMerged, ReturnToUse
from carecontinuum.stores import MemoryStore, SqliteStore, StoreUnavailable, StreamKey
from caseload.every_command import COMMANDS, DR, NOW, PROGRAM, Clock, begun, opened
from invented import DAY, START, event, program


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_many_threads_move_one_patient(kind: str, tmp_path: Path) -> None:
    """Of sixteen who ask for the same move at once, one moves the patient; all are answered."""
    store = MemoryStore() if kind == "memory" else SqliteStore(tmp_path / "care.db")
    caseload = begun(store)

    def ask(number: int) -> bool:
        try:
            caseload.request("p-1", cc.step_down(to="op"), at=NOW, by=DR, request_id=f"t-{number}")
        except cc.NotOnTheMap:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        moved = list(pool.map(ask, range(16)))
    assert sum(moved) == 1
    record = caseload.for_patient("p-1")
    assert sum(event.id.startswith("t-") for event in record.events) == 17
    assert [stay.level for stay in record.episode("e-1").stays] == ["iop", "op"]
    assert list(store.verify()) == []


def test_many_threads_tell_the_same_request(tmp_path: Path) -> None:
    """Sixteen retries of one request at once have one effect and one answer."""
    store = SqliteStore(tmp_path / "care.db")
    version = begun(store).for_patient("p-1").version
    ticks = count()
    caseload = Caseload(
        [PROGRAM], store=store, tenant="north", clock=lambda: NOW + next(ticks) * DAY / 1000
    )
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: COMMANDS["request"](caseload), range(16)))
    assert len({outcome.decision.request.at for outcome in found}) == 1
    assert caseload.for_patient("p-1").version == version + 2
    assert sum(bool(outcome.events) for outcome in found) == 1


def test_a_request_told_twice_at_once_is_answered_twice() -> None:
    """Who loses a race against the same request, a moment earlier, gets the first answer."""

    class Doubled(MemoryStore):
        doubles = False

        def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
            """Let another tell the same a moment before."""
            if self.doubles:
                self.doubles = False
                COMMANDS["request"](opened(self, Clock(NOW)))
            return super().append(key, events, expected_version=expected_version)

    store = Doubled()
    begun(store)
    store.doubles = True
    outcome = COMMANDS["request"](opened(store, Clock(NOW + DAY)))
    assert outcome.events == ()
    assert [item.event.id for item in store.feed()][-2:] == ["x-1/decision", "x-1"]


def test_threads_of_one_process_lose_no_races() -> None:
    """They take turns with a patient, so that none decides in vain, however many they are."""

    class Counted(MemoryStore):
        loads = 0

        def load(self, key: StreamKey) -> tuple[Event, ...]:
            """Count it."""
            self.loads += 1
            return super().load(key)

    store = Counted()
    caseload = begun(store)
    store.loads = 0
    with ThreadPoolExecutor(32) as pool:
        list(
            pool.map(
                lambda n: caseload.record("p-1", ReturnToUse(), at=NOW, by=DR, id=f"t-{n}"),
                range(64),
            )
        )
    assert store.loads == 64


def test_a_listener_may_tell_the_caseload_more() -> None:
    """It is called when the turn is over, and may go on with the same patient."""
    store = MemoryStore()

    def follow(key: StreamKey, event: Event, record: cc.PatientRecord) -> None:
        if event.id == "x-1":
            opened(store).record("p-1", ReturnToUse(), at=NOW, by=DR, id="followed")
            caseload.record("p-1", ReturnToUse(), at=NOW, by=DR, id="followed too")

    caseload = Caseload([PROGRAM], store=store, tenant="north", clock=Clock(), listeners=[follow])
    caseload.admit("p-1", to="iop", at=START, by=DR, request_id="x-1")
    assert caseload.for_patient("p-1").version == 4


def test_a_fork_while_a_thread_has_its_turn_does_not_wait_for_ever(tmp_path: Path) -> None:
    """A child does not wait for a thread that only its parent has."""
    caseload = begun(SqliteStore(tmp_path / "care.db"))
    key = StreamKey("north", "p-1")
    held, done = Flag(), Flag()

    def hold() -> None:
        with caseload._turns.of(key):
            held.set()
            done.wait()

    thread = Thread(target=hold)
    thread.start()
    held.wait()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of fork beside threads, from 3.12
        child = os.fork()
    if not child:
        signal.alarm(20)
        caseload.record("p-1", ReturnToUse(), at=NOW, by=DR, id="child")
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    done.set()
    thread.join()
    assert os.waitstatus_to_exitcode(status) == 0
    assert "child" in caseload.for_patient("p-1").by_id


def test_a_child_has_turns_of_its_own() -> None:
    """In another process the turns of the one before count no longer."""
    turns, key = Turns(), StreamKey("", "p-1")
    first = turns.of(key)
    assert turns.of(key) is first
    turns._process = 0
    assert turns.of(key) is not first
    assert turns.of(key) is turns.of(key)


def test_threads_ask_while_others_tell(tmp_path: Path) -> None:
    """Queries see whole histories while patients come and go on."""
    caseload = opened(SqliteStore(tmp_path / "care.db"))

    def tell(number: int) -> None:
        caseload.admit(f"p-{number}", to="iop", at=START, by=DR, episode_id="e-1")
        caseload.record(f"p-{number}", ReturnToUse(), at=NOW, by=DR, episode_id="e-1")

    def ask(_: int) -> int:
        for record in caseload.records():
            assert record.version in {2, 3}
        return caseload.census(NOW).in_care

    with ThreadPoolExecutor(8) as pool:
        told = pool.map(tell, range(12))
        asked = pool.map(ask, range(6))
        list(told)
        assert all(0 <= found <= 12 for found in asked)
    assert caseload.census(NOW).by_level == {"iop": 12}


def test_a_caseload_goes_on_in_a_fork(tmp_path: Path) -> None:
    """Parent and child tell the same patient things, and both are kept."""
    caseload = begun(SqliteStore(tmp_path / "care.db"))
    version = caseload.for_patient("p-1").version
    child = os.fork()
    if not child:
        caseload.record("p-1", ReturnToUse(), at=NOW, by=DR, id="child")
        os._exit(0)
    caseload.record("p-1", ReturnToUse(), at=NOW, by=DR, id="parent")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    record = caseload.for_patient("p-1")
    assert record.version == version + 2
    assert {"child", "parent"} <= set(record.by_id)


class Away(MemoryStore):
    """A store that cannot be written."""

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Fail."""
        raise StoreUnavailable(says="the disk is full")


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_not_kept_is_not_told(name: str) -> None:
    """A command on a store that cannot be written raises, and no listener hears of it."""
    store, away, heard = MemoryStore(), Away(), []
    before = begun(store)
    away._streams = store._streams
    caseload = Caseload(
        before._programs,
        store=away,
        tenant="north",
        clock=Clock(),
        listeners=[lambda *told: heard.append(told)],
    )
    with pytest.raises(StoreUnavailable, match="nothing was written"):
        COMMANDS[name](caseload)
    assert heard == []


def test_a_listener_that_fails_stops_no_other_and_no_command() -> None:
    """Each failure is reported with the listener's name and the kind of error, and nothing else."""
    heard: list[str] = []

    class Broken:
        def __call__(self, *_: object) -> None:
            raise ValueError("Kim Sample")

    caseload = Caseload(
        [program()],
        store=MemoryStore(),
        clock=Clock(),
        listeners=[Broken(), lambda key, event, record: heard.append(event.id)],
    )
    with pytest.warns(ListenerFailedWarning) as warned:
        caseload.admit("p-1", to="iop", at=START, by=DR, request_id="x-1")
    assert heard == ["x-1/decision", "x-1"]
    assert len(warned) == 2
    assert all("Broken raised ValueError" in str(one.message) for one in warned)
    assert all("Kim" not in str(one.message) for one in warned)


def test_what_concerns_the_patient_alone_needs_no_program_to_be_named() -> None:
    """A caseload of several programs takes a merge, and its retraction, with none named."""
    programs = [program(), program(id="other")]
    caseload = Caseload(programs, store=MemoryStore(), clock=Clock())
    for one in ("p-1", "p-7"):
        caseload.refer(one, at=START, by=DR, program_id="other")
    caseload.merge("p-1", "p-7", at=START, by=DR, id="m")
    assert caseload.for_patient("p-1").merged_with == ("p-7",)
    caseload.retract("p-1", "m", by=DR)
    assert caseload.for_patient("p-1").merged_with == ()
    with pytest.raises(cc.CareContinuumError):
        Caseload([], store=MemoryStore(), clock=Clock()).report(
            "p-1", event("m", PatientsMerged(patient_id="p-7"), episode_id=None)
        )


def test_a_report_that_lost_a_race_is_kept_behind_the_other() -> None:
    """A fact noted just before another wrote is recorded no earlier than what it follows."""
    caseload = begun(MemoryStore())
    found = caseload.report("p-1", event("early", ReturnToUse(), 1))
    assert found.record.events[-1].recorded_at == NOW
    assert found.record.events[-1].occurred_at == cc.When.of(START + DAY)


def took(caseload: Caseload, patient: str) -> float:
    """Give the seconds of a command."""
    begun_at = time.perf_counter()
    caseload.record(patient, ReturnToUse(), at=NOW, by=DR)
    return time.perf_counter() - begun_at


def filled(store: SqliteStore, length: int) -> str:
    """Keep an episode of so many events."""
    patient = f"p-{length}"
    events = [event("a", Admitted(level="iop"), 0, patient_id=patient)]
    events += [
        event(f"u-{number}", ReturnToUse(), number * 19 / length, patient_id=patient)
        for number in range(1, length)
    ]
    store.append(StreamKey("north", patient), events, expected_version=0)
    return patient


def test_a_command_takes_time_by_the_length_of_a_history(tmp_path: Path) -> None:
    """Ten times the events take about ten times as long, not a hundred times."""
    store = SqliteStore(tmp_path / "care.db")
    caseload = opened(store)
    short, long = filled(store, 1_000), filled(store, 10_000)
    first = min(took(caseload, short) for _ in range(3))
    second = min(took(caseload, long) for _ in range(2))
    assert second < 40 * first


@pytest.mark.slow
def test_an_episode_of_a_hundred_thousand_events_goes_on(tmp_path: Path) -> None:
    """A command on it is answered, in about ten times what a tenth of it takes."""
    store = SqliteStore(tmp_path / "care.db")
    caseload = opened(store)
    tenth, whole = filled(store, 10_000), filled(store, 100_000)
    assert took(caseload, whole) < 25 * took(caseload, tenth)
    assert caseload.for_patient(whole).version == 100_001
