"""Writers that are killed at any moment: nothing acknowledged is lost, nothing is torn."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from carecontinuum.stores import SqliteStore, StreamKey

WRITER = """
import sys
from carecontinuum.stores import SqliteStore, StreamChanged, StreamKey
from carecontinuum.testing.store_checks import invented_events

path, name = sys.argv[1:]
store, key = SqliteStore(path, wait=30), StreamKey("north", "p-1")
number = 0
while True:
    version = store.version(key)
    batch = invented_events(3, begin=version)
    events = [type(e)(id=f"{name}-{version}-{n}", patient_id=e.patient_id, episode_id=e.episode_id,
                      occurred_at=e.occurred_at, recorded_at=e.recorded_at, by=e.by, body=e.body)
              for n, e in enumerate(batch)]
    try:
        store.append(key, events, expected_version=version)
    except StreamChanged:
        continue
    print(*(event.id for event in events), flush=True)
"""
KEY = StreamKey("north", "p-1")


def writer_of(path: Path, name: str) -> "subprocess.Popen[str]":
    """Start a writer."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name], stdout=subprocess.PIPE, text=True
    )


def run(path: Path, kills: int, seed: int) -> int:
    """Let two writers contend, kill them at random moments, and check what is there."""
    chance = random.Random(seed)  # noqa: S311  not for secrets
    SqliteStore(path).close()
    acknowledged: set[str] = set()
    for number in range(kills):
        writers = [writer_of(path, f"{number}{side}") for side in "ab"]
        for writer in writers:
            assert writer.stdout is not None
            acknowledged.update(writer.stdout.readline().split())
        time.sleep(chance.random() * 0.05)
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
        for writer in writers:
            out, _ = writer.communicate()
            lines = out.split("\n")
            for line in lines[:-1]:
                acknowledged.update(line.split())
        with SqliteStore(path) as store:
            ids = [event.id for event in store.load(KEY)]
            assert list(store.verify()) == []
        assert acknowledged <= set(ids)
        assert len(ids) == len(set(ids))
        assert len(ids) % 3 == 0
        batches = [ids[at : at + 3] for at in range(0, len(ids), 3)]
        assert all(len({id.rsplit("-", 1)[0] for id in batch}) == 1 for batch in batches)
    return len(acknowledged)


def test_a_killed_writer_loses_nothing(tmp_path: Path) -> None:
    """Two kills: what was acknowledged is there, in whole batches, and the chain holds."""
    assert run(tmp_path / "care.db", kills=2, seed=1) > 0


@pytest.mark.slow
def test_twenty_kills(tmp_path: Path) -> None:
    """Twenty kills at random moments with two contending writers lose nothing and tear nothing."""
    assert run(tmp_path / "care.db", kills=20, seed=2) > 0
