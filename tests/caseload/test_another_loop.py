"""Every command runs in another loop, an asynchronous one, without a line of it being changed."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.history import Event, ReturnToUse
from carecontinuum.stores import MemoryStore, StreamChanged, StreamKey
from caseload.every_command import COMMANDS, DR, FIRST_COMMANDS, NOW, Call, begun, opened
from invented import START, event

ALL = {**COMMANDS, **FIRST_COMMANDS}


class Loaded(MemoryStore):
    """What was loaded of one patient, and what a command would append to it."""

    def __init__(self, events: tuple[Event, ...]) -> None:
        """Take what was loaded."""
        super().__init__()
        self.events = events
        self.new: tuple[Event, ...] = ()

    def load(self, key: StreamKey) -> tuple[Event, ...]:
        """Give it."""
        return self.events

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Keep what is new aside."""
        self.new = tuple(events)
        return expected_version + len(self.new)


async def awaited(
    store: MemoryStore, key: StreamKey, command: Call, *, meanwhile: Callable[[], object]
) -> Any:
    """Load, run a command on what was loaded, and append, with others running in between."""
    while True:
        await asyncio.sleep(0)
        loaded = Loaded(store.load(key))
        answer, refused = None, None
        try:
            answer = command(opened(loaded))
        except cc.TransitionRefused as error:
            refused = error
        meanwhile()
        await asyncio.sleep(0)
        try:
            store.append(key, loaded.new, expected_version=len(loaded.events))
        except StreamChanged:
            continue
        if refused is not None:
            raise refused
        return answer


@pytest.mark.parametrize("name", ALL)
def test_a_command_keeps_the_same_in_another_loop(name: str) -> None:
    """What is kept is what the caseload's own loop keeps, also behind a lost race."""
    usual, other = MemoryStore(), MemoryStore()
    begun(usual)
    begun(other)
    patient = "p-1" if name in COMMANDS else "p-2"
    key = StreamKey("north", patient)
    use = event("first", ReturnToUse(), 0, patient_id=patient, recorded_at=NOW)
    if name in COMMANDS:
        usual.append(key, [use], expected_version=usual.version(key))
    first = iter([True] if name in COMMANDS else [])

    def meanwhile() -> None:
        if next(first, False):
            other.append(key, [use], expected_version=other.version(key))

    ALL[name](opened(usual))
    asyncio.run(awaited(other, key, ALL[name], meanwhile=meanwhile))
    assert other.load(key) == usual.load(key)


def test_a_refusal_is_kept_and_raised_in_another_loop() -> None:
    """The decision is appended before the refusal is told."""
    store = MemoryStore()
    begun(store)
    key = StreamKey("north", "p-1")

    def ask(caseload: Caseload) -> Any:
        return caseload.request("p-1", cc.step_down(to="op"), at=START, by=DR, request_id="x-1")

    with pytest.raises(cc.TransitionForbidden):
        asyncio.run(awaited(store, key, ask, meanwhile=lambda: None))
    assert store.load(key)[-1].id == "x-1/decision"
