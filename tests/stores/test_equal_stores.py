"""Every kind of store answers alike, whatever is asked of it in whatever order."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

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
from carecontinuum.history import Event
from carecontinuum.stores import EventStore, FeedItem, MemoryStore, SqliteStore, StreamKey
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events
from databases import Server

KEYS = [StreamKey(tenant, name) for tenant in ("", "north") for name in ("p-1", "p-2")]
keys = st.sampled_from(KEYS)


class Stores(RuleBasedStateMachine):
    """A store in memory and those in databases, asked the same."""

    server: ClassVar[Server]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        self.memory = MemoryStore()
        self.file = SqliteStore(folder / "care.db")
        self.sql = [SqlStore(f"sqlite:///{folder / 'sql.db'}"), SqlStore(emptied(self.server))]
        for store in self.sql:
            store.migrate()
        self.others: list[SqliteStore | SqlStore] = [self.file, *self.sql]

    def all(self, method: str, *given: Any, **more: Any) -> None:
        """Ask all; answers and refusals are equal."""
        expected = self.answer(self.memory, method, *given, **more)
        for store in self.others:
            assert self.answer(store, method, *given, **more) == expected

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
        self.all("append", key, events, expected_version=expected)

    @rule(after=st.integers(0, 20), limit=st.integers(0, 4))
    def feed(self, after: int, limit: int) -> None:
        """Read a page of the feed; a cursor means something to its own store alone."""
        expected = places(self.memory.feed(after=after, limit=limit))
        for store in self.others:
            before = store.feed(limit=after)
            cursor = before[-1].cursor if before else 0
            assert places(store.feed(after=cursor, limit=limit)) == expected

    @rule(key=keys, keep=st.booleans())
    def within(self, *, key: StreamKey, keep: bool) -> None:
        """Append in an application's own transaction, which is kept or not."""
        version = self.memory.version(key)
        first = invented_events(1, patient_id=key.patient_id)
        last = [*first, *self.memory.load(key)][-1].recorded_at
        event = evolve(first[0], id=f"within-{version}", recorded_at=last)
        for store in self.sql:
            with store.engine.connect() as connection:
                inside = store.within(connection)
                assert inside.append(key, [event], expected_version=version) == version + 1
                if keep:
                    connection.commit()
        if keep:
            for other in (self.memory, self.file):
                other.append(key, [event], expected_version=version)

    @rule(key=keys)
    def read(self, key: StreamKey) -> None:
        """Read a stream, and which there are."""
        self.all("load", key)
        self.all("version", key)
        self.all("streams")

    @rule()
    def reopen(self) -> None:
        """Close all; they are opened again by themselves."""
        for store in self.others:
            store.close()

    @invariant()
    def they_are_equal(self) -> None:
        """Heads are the same, so all that is before them is; and there are no faults."""
        self.all("heads")
        heads = list(self.memory.heads())
        self.all("verify", heads)
        assert list(self.memory.verify(heads)) == []

    def teardown(self) -> None:
        """Leave nothing behind."""
        for store in self.others:
            store.close()
        self.folder.cleanup()


def places(items: Iterable[FeedItem]) -> list[tuple[StreamKey, int, Event]]:
    """Give what a page of the feed holds."""
    return [(item.key, item.version, item.event) for item in items]


def emptied(server: Server) -> str:
    """Take everything out of a server's first database, and give its URL."""
    server.ask("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return f"{server.url}&options=-c%20synchronous_commit%3Doff"


def run(server: Server, examples: int, steps: int) -> None:
    """Run the machine."""
    machine = type("Stores", (Stores,), {"server": server})
    how = settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    run_state_machine_as_test(machine, settings=how)


def test_stores_answer_alike(postgresql: Server) -> None:
    """Two thousand steps: every store is the store in memory."""
    run(postgresql, 100, 20)


@pytest.mark.slow
def test_stores_answer_alike_for_long(postgresql: Server) -> None:
    """Twenty thousand steps: every store is the store in memory."""
    run(postgresql, 400, 50)
