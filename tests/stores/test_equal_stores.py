"""Every kind of store answers alike, whatever is asked of it in whatever order."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from carecontinuum.errors import CareContinuumError
from carecontinuum.stores import EventStore, MemoryStore, SqliteStore, StreamKey
from carecontinuum.testing.store_checks import invented_events

KEYS = [StreamKey(tenant, name) for tenant in ("", "north") for name in ("p-1", "p-2")]
keys = st.sampled_from(KEYS)


class Stores(RuleBasedStateMachine):
    """A store in memory and one in a file, asked the same."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.file = SqliteStore(Path(self.folder.name) / "care.db")
        self.memory = MemoryStore()

    def both(self, method: str, *given: Any, **more: Any) -> None:
        """Ask both; answers and refusals are equal."""
        assert self.answer(self.file, method, *given, **more) == self.answer(
            self.memory, method, *given, **more
        )

    def answer(self, store: EventStore, method: str, *given: Any, **more: Any) -> object:
        """Give what a store answers or raises."""
        try:
            found = getattr(store, method)(*given, **more)
        except CareContinuumError as error:
            return error
        return list(found) if hasattr(found, "__next__") else found

    @rule(
        key=keys,
        begin=st.integers(0, 8),
        count=st.integers(0, 3),
        wrong=st.sampled_from([0, 0, 0, 1]),
        note=st.sampled_from(["", "", "changed"]),
        whose=st.sampled_from([None, None, None, "p-9"]),
    )
    def append(
        self, *, key: StreamKey, begin: int, count: int, wrong: int, note: str, whose: str | None
    ) -> None:
        """Append some events, new or not, changed or not, with the version that is there or not."""
        events = [
            evolve(event, note=note)
            for event in invented_events(count, begin=begin, patient_id=whose or key.patient_id)
        ]
        expected = self.memory.version(key) + wrong
        self.both("append", key, events, expected_version=expected)

    @rule(after=st.integers(0, 20), limit=st.integers(0, 4))
    def feed(self, after: int, limit: int) -> None:
        """Read a page of the feed."""
        self.both("feed", after=after, limit=limit)

    @rule()
    def reopen(self) -> None:
        """Close the file; it is opened again by itself."""
        self.file.close()

    @invariant()
    def they_are_equal(self) -> None:
        """Streams, versions, heads and faults are the same."""
        for key in KEYS:
            self.both("load", key)
            self.both("version", key)
        for method in ("streams", "heads", "feed"):
            self.both(method)
        heads = list(self.memory.heads())
        assert list(self.file.verify(heads)) == list(self.memory.verify(heads)) == []

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.file.close()
        self.folder.cleanup()


def test_stores_answer_alike() -> None:
    """Two thousand steps: the store in a file is the store in memory."""
    how = settings(max_examples=100, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(Stores, settings=how)


@pytest.mark.slow
def test_stores_answer_alike_for_long() -> None:
    """Twenty thousand steps: the store in a file is the store in memory."""
    how = settings(max_examples=400, stateful_step_count=50, deadline=None)
    run_state_machine_as_test(Stores, settings=how)
