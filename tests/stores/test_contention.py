"""Writers in processes of their own, all on one patient: every event is there exactly once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from carecontinuum.stores import EventStore, SqliteStore, StoreError, StreamKey
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events
from databases import Server

WRITER = """
from datetime import UTC, datetime
from attrs import evolve
import sys
from carecontinuum.stores import SqliteStore, StreamChanged, StreamKey
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events

where, begin, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
store = SqlStore(where) if "://" in where else SqliteStore(where, wait=60)
key = StreamKey("north", "p-1")
for invented in invented_events(count, begin=begin):
    event = evolve(invented, recorded_at=datetime(2036, 1, 1, tzinfo=UTC))
    while True:
        try:
            store.append(key, [event], expected_version=store.version(key))
        except StreamChanged:
            continue
        break
store.close()
"""
KEY = StreamKey("north", "p-1")


def contend(store: EventStore, where: str, *, writers: int, each: int) -> int:
    """Let writers append events one by one, see that each is there once, and give how many."""
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, where, str(number * each), str(each)])
        for number in range(writers)
    ]
    assert [writer.wait() for writer in running] == [0] * writers
    ids = [event.id for event in store.load(KEY)]
    assert sorted(ids) == sorted(f"e-{number}" for number in range(writers * each))
    assert [item.event.id for item in store.feed(limit=len(ids) + 1)] == ids
    assert list(store.verify()) == []
    return len(ids)


def contend_in_sqlite(path: Path, *, writers: int, each: int) -> int:
    """Let writers contend for a patient in a file."""
    with SqliteStore(path) as store:
        return contend(store, str(path), writers=writers, each=each)


def contend_in_postgresql(server: Server, *, writers: int, each: int) -> int:
    """Let writers contend for a patient in a database."""
    url = server.database()
    with SqlStore(url) as store:
        store.migrate()
        return contend(store, url, writers=writers, each=each)


def test_three_processes_share_a_file(tmp_path: Path) -> None:
    """Three processes write to one patient in SQLite: every event is there once."""
    assert contend_in_sqlite(tmp_path / "care.db", writers=3, each=5) == 15


def test_three_processes_share_a_server(postgresql: Server) -> None:
    """Three processes write to one patient in PostgreSQL: every event is there once."""
    assert contend_in_postgresql(postgresql, writers=3, each=5) == 15


def open_at_once(path: Path, *, writers: int) -> list[int]:
    """Let writers open a new file at the same moment, and give what they end with."""
    (wait, go), children = os.pipe(), []
    for number in range(writers):
        child = os.fork()
        if not child:
            os.close(go)
            os.read(wait, 1)
            os._exit(_opened(path, f"p-{number}"))
        children.append(child)
    os.close(go)
    os.close(wait)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _opened(path: Path, name: str) -> int:
    try:
        events = invented_events(1, patient_id=name)
        SqliteStore(path).append(StreamKey("north", name), events, expected_version=0)
    except StoreError:
        return 1
    return 0


def test_processes_open_a_new_file_at_once(tmp_path: Path) -> None:
    """Of several that make a store at the same moment none fails, and each keeps its events."""
    for number in range(5):
        path = tmp_path / f"care-{number}.db"
        assert open_at_once(path, writers=6) == [0] * 6
        with SqliteStore(path) as store:
            assert len(list(store.streams())) == 6


@pytest.mark.slow
def test_eight_processes_share_a_patient(tmp_path: Path, postgresql: Server) -> None:
    """Eight processes write to one patient in each: every event is there once."""
    assert contend_in_sqlite(tmp_path / "care.db", writers=8, each=25) == 200
    assert contend_in_postgresql(postgresql, writers=8, each=25) == 200
