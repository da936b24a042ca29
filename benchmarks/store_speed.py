"""How fast histories are kept in SQLite, beside sqlite3 itself with the same durability.

`store_speed.py`: events a second appended one by one and by a hundred, loading, and a request from
end to end. The candidates take turns; trust the ratios.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.codec import dumps
from carecontinuum.history import Event, PatientRecord
from carecontinuum.stores import SqliteStore, StreamKey
from carecontinuum.testing.store_checks import invented_events

ROUNDS = 9
EVENTS = 300
"""How many events each candidate writes in a round."""

Writer = Callable[[list[list[Event]]], None]


def raw_writer(path: Path) -> Writer:
    """Write rows with sqlite3 alone: the floor."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL,"
        " version INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (stream, version))"
    )

    def write(batches: list[list[Event]]) -> None:
        stream, version = f"s-{time.perf_counter_ns()}", 0
        for batch in batches:
            connection.execute("BEGIN IMMEDIATE")
            for event in batch:
                version += 1
                connection.execute(
                    "INSERT INTO events (stream, version, body) VALUES (?, ?, ?)",
                    (stream, version, dumps(event)),
                )
            connection.execute("COMMIT")

    return write


def store_writer(path: Path) -> Writer:
    """Write through the store: checks, chain and all."""
    store = SqliteStore(path)

    def write(batches: list[list[Event]]) -> None:
        key, version = StreamKey(f"t-{time.perf_counter_ns()}", "p-1"), 0
        for batch in batches:
            version = store.append(key, batch, expected_version=version)

    return write


def rate(writer: Writer, size: int) -> float:
    """Give how many events a second are written, in batches of a size."""
    events = invented_events(EVENTS)
    batches = [events[at : at + size] for at in range(0, EVENTS, size)]
    begun = time.perf_counter()
    writer(batches)
    return EVENTS / (time.perf_counter() - begun)


def show_appends(folder: Path) -> None:
    """Compare appending, the candidates in turn."""
    raw, ours = raw_writer(folder / "raw.db"), store_writer(folder / "store.db")
    for size in (1, 100):
        pairs = [(rate(raw, size), rate(ours, size)) for _ in range(ROUNDS)]
        floor, kept = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(
            f"append by {size:>3}: sqlite3 {floor:>8,.0f}/s, store {kept:>8,.0f}/s, "
            f"ratio {kept / floor:.2f}"
        )


def show_load(folder: Path) -> None:
    """Time loading and folding a hundred events, beside reading their rows."""
    store, key = SqliteStore(folder / "load.db"), StreamKey("", "p-1")
    store.append(key, invented_events(100), expected_version=0)
    rows = sqlite3.connect(folder / "load.db")
    read = "SELECT body FROM events WHERE tenant = '' AND stream = 'p-1' ORDER BY version"
    floor = median(lambda: rows.execute(read).fetchall())
    ours = median(lambda: PatientRecord.of("p-1", store.load(key)).episodes)
    print(f"load 100: rows {floor * 1e3:.2f} ms, loaded and folded {ours * 1e3:.2f} ms")
    rows.close()


def show_requests(folder: Path) -> None:
    """Time requests through a caseload, from end to end."""
    caseload = Caseload(
        [cc.shipped_program("community")],
        store=SqliteStore(folder / "care.db"),
        clock=lambda: datetime(2026, 3, 2, 16, tzinfo=UTC),
    )
    monday = datetime(2026, 3, 2, 15, tzinfo=UTC)
    took = sorted(
        timed(
            lambda n=n: caseload.admit(  # type: ignore[misc]
                f"p-{n}", to="detox", at=monday, by="dr-example", request_id=f"r-{n}"
            )
        )
        for n in range(300)
    )
    middle, late = took[len(took) // 2], took[len(took) * 99 // 100]
    print(f"a request through a caseload: p50 {middle * 1e3:.2f} ms, p99 {late * 1e3:.2f} ms")


def timed(call: Callable[[], object]) -> float:
    """Give the seconds that a call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def median(call: Callable[[], object]) -> float:
    """Give the seconds that a call takes in the middle of some rounds."""
    return statistics.median(timed(call) for _ in range(ROUNDS * 3))


def main(
    shows: Iterable[Callable[[Path], None]] = (show_appends, show_load, show_requests),
) -> None:
    """Measure all, and print it."""
    for show in shows:
        with tempfile.TemporaryDirectory() as folder:
            show(Path(folder))


if __name__ == "__main__":
    main()
