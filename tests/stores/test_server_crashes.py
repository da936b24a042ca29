"""A server that stops at once, at any moment: nothing acknowledged is lost, nothing is torn."""

import random
import threading
import time
from datetime import UTC, datetime
from itertools import groupby

import pytest
from attrs import evolve

from carecontinuum.stores import StoreError, StreamChanged, StreamKey
from carecontinuum.stores.errors import OutcomeUnknown
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events
from databases import Server, server

KEY = StreamKey("north", "p-1")
LATER = datetime(2026, 4, 2, tzinfo=UTC)
SIZES = {"a": 3, "b": 1, "c": 1}
"""How many events each writer appends at a time: one goes another way than several."""


def write(url: str, name: str, over: threading.Event, acknowledged: list[str]) -> None:
    """Append batches until told to stop; after an unknown outcome the same again."""
    with SqlStore(url) as store:
        number = 0
        while not over.is_set():
            batch = [
                evolve(e, id=f"{name}-{number}-{e.id}", recorded_at=LATER)
                for e in invented_events(SIZES[name[-1]])
            ]
            try:
                store.append(KEY, batch, expected_version=store.version(KEY))
            except (StreamChanged, OutcomeUnknown):
                continue
            except StoreError:
                time.sleep(0.02)
                continue
            acknowledged += [event.id for event in batch]
            number += 1


def run(running: Server, stops: int, seed: int) -> int:
    """Stop the server at random moments under three writers, and check what is there."""
    chance = random.Random(seed)  # noqa: S311  not for secrets
    url = running.database()
    acknowledged: list[str] = []
    with SqlStore(url) as store:
        store.migrate()
        for stop in range(stops):
            over = threading.Event()
            writers = [
                threading.Thread(target=write, args=(url, f"{stop}{side}", over, acknowledged))
                for side in SIZES
            ]
            for writer in writers:
                writer.start()
            time.sleep(0.2 + chance.random() * 0.3)
            running.crash()
            time.sleep(0.1)
            over.set()
            for writer in writers:
                writer.join()
            store.close()
            ids = [event.id for event in store.load(KEY)]
            assert set(acknowledged) <= set(ids)
            assert len(ids) == len(set(ids)) == store.version(KEY)
            for batch, whole in groupby(ids, lambda one: one.rsplit("-e-", 1)[0]):
                assert len(list(whole)) == SIZES[batch.split("-")[0][-1]]
            assert list(store.verify()) == []
    return len(acknowledged)


@pytest.mark.slow
def test_three_stops_of_a_server_lose_nothing() -> None:
    """Three immediate stops: what was acknowledged is there, in whole batches."""
    with server() as running:
        assert run(running, stops=3, seed=1) > 0
