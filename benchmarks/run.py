"""Speed and memory beside the peers, in one run: `run.py [--json FILE]`.

All candidates take turns, so that a machine that slows down slows all of them: trust the ratios
more than the microseconds. Nothing is asserted about time.
"""

import argparse
import json
import platform
import timeit
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from facts_speed import fact_figures, show_facts
from measuring import ROUNDS, Speed, import_times, sizes, speeds
from peers import chart, chart_events, flat, guards
from rule_speed import rule_figures, show_rules
from store_speed import show_stores, store_figures
from workload import (
    ANSWERS,
    AT,
    BY,
    EPISODE,
    EVENT,
    MOVE,
    READ,
    RECORD,
    STATED,
    event,
    events,
)

import carecontinuum as cc
from carecontinuum.engine.machine import EpisodeMachine
from carecontinuum.history import Moved, apply, fold

OURS = "decide, facts read + apply"
FLAT = "transitions, an event"
CHART = "python-statemachine, an event"

Calls = dict[str, tuple[Callable[[], object], int]]


def decide_read() -> cc.Decision:
    """Decide with three policies, whose facts are read from the record."""
    return cc.decide(RECORD, MOVE, program=READ, episode_id="e-1", at=AT, by=BY)


def decide_stated() -> cc.Decision:
    """Decide with three policies; two facts are stated with the request."""
    return cc.decide(RECORD, MOVE, program=STATED, episode_id="e-1", at=AT, by=BY, stated=ANSWERS)


def both(decide: Callable[[], cc.Decision]) -> Callable[[], object]:
    """Decide, and apply the move that is permitted."""

    def call() -> None:
        decide()
        apply(EPISODE, EVENT)

    return call


def request() -> cc.Outcome:
    """Decide, and record the decision and the move."""
    return cc.request(RECORD, MOVE, program=READ, episode_id="e-1", id="r", at=AT, by=BY)


def options() -> tuple[cc.Decision, ...]:
    """Decide every way on from here."""
    return cc.options(RECORD, program=READ, episode_id="e-1", at=AT, by=BY)


def machine() -> EpisodeMachine:
    """Make a live machine where the episode stands."""
    return EpisodeMachine(READ, RECORD, "e-1")


def check() -> None:
    """See that the work is done: every reason with its evidence, words and citation."""
    for decision in (decide_read(), decide_stated()):
        decision.require()
        assert len(decision.reasons) == 3
        assert all(r.seen and r.says and r.citation for r in decision.reasons)
    assert apply(EPISODE, EVENT).level == "op"


def our_calls() -> Calls:
    """Give what is timed of the library."""
    long = cc.PatientRecord.of("p-1", events(100))
    assert long.episodes
    late = event("late", Moved(level="op"), AT)
    ways = len(options())
    return {
        OURS: (both(decide_read), 1),
        "decide, facts stated + apply": (both(decide_stated), 1),
        "decide, facts read": (decide_read, 1),
        "decide, facts stated": (decide_stated, 1),
        "apply": (lambda: apply(EPISODE, EVENT), 1),
        "request: decide, record both, apply": (request, 1),
        f"options: each of {ways} ways on": (options, ways),
        "append to a record of 100 events": (lambda: long.append(late), 1),
        "EpisodeMachine made": (machine, 1),
        "EpisodeMachine made + a request": (
            lambda: machine().request(MOVE, id="r", at=AT, by=BY),
            1,
        ),
    }


def peer_calls() -> Calls:
    """Give what is timed of the peers."""
    names = chart_events()

    def two(of: Any, there: str, back: str) -> tuple[Callable[[], object], int]:
        go, come = getattr(of, there), getattr(of, back)

        def call() -> None:
            go()
            come()

        return call, 2

    return {
        FLAT: two(flat([]), "to_op", "to_iop"),
        "transitions, three conditions": two(flat(guards()), "to_op", "to_iop"),
        CHART: two(chart([]), names["down"], names["up"]),
        "python-statemachine, three conditions": two(chart(guards()), names["down"], names["up"]),
        "python-statemachine, leave or return": two(chart([]), names["leave"], names["back"]),
    }


def history(number: int) -> dict[str, float]:
    """Give the microseconds an event that a long history takes, each the least of three."""
    stream = events(number)
    record = cc.PatientRecord.of("p-1", stream)
    streamed = record.streams["e-1"]
    steps: dict[str, Callable[[], object]] = {
        "made": lambda: events(number),
        "taken into a record": lambda: cc.PatientRecord.of("p-1", stream),
        "folded": lambda: fold("e-1", streamed),
        "from events to episodes": lambda: cc.PatientRecord.of("p-1", stream).episodes,
    }
    return {
        name: min(timeit.repeat(step, number=1, repeat=3)) / number * 1e6
        for name, step in steps.items()
    }


def decisions() -> list[cc.Event]:
    """Make many recorded decisions."""
    return [request().events[0] for _ in range(2_000)]


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here as well")
    arguments = parser.parse_args()
    check()
    timed = speeds(our_calls() | peer_calls())
    packages = ("attrs", "transitions", "python-statemachine")
    figures: dict[str, Any] = {
        "versions": {"python": platform.python_version()} | {p: version(p) for p in packages},
        "microseconds": {name: {"least": s.least, "median": s.median} for name, s in timed.items()},
        "ratios": {
            f"{CHART} / ({OURS})": timed[CHART].least / timed[OURS].least,
            f"({OURS}) / {FLAT}": timed[OURS].least / timed[FLAT].least,
        },
        "microseconds an event": {str(n): history(n) for n in (100, 10_000, 100_000)},
        "bytes": {"a move": sizes(lambda: events(10_000)), "a decision": sizes(decisions)},
        "milliseconds to import": import_times(
            ("attrs", "carecontinuum", "transitions", "statemachine")
        ),
    }
    show(figures, timed)
    figures["placement table"] = rule_figures()
    show_rules(figures["placement table"])
    figures["facts of records"] = fact_figures()
    show_facts(figures["facts of records"])
    figures["stores"] = store_figures()
    show_stores(figures["stores"])
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def show(figures: dict[str, Any], timed: dict[str, Speed]) -> None:
    """Print the figures as tables."""
    print(", ".join(f"{name} {number}" for name, number in figures["versions"].items()))
    print(
        f"\n{f'microseconds, {ROUNDS} rounds':<42}{'least':>10}{'median':>10}{'x transitions':>15}"
    )
    for name, speed in timed.items():
        ratio = speed.least / timed[FLAT].least
        print(f"{name:<42}{speed.least:>10.2f}{speed.median:>10.2f}{ratio:>15.1f}")
    print()
    for name, ratio in figures["ratios"].items():
        print(f"{name:<77}{ratio:.1f}")
    grid("microseconds an event, in a history of", figures["microseconds an event"])
    grid("bytes", figures["bytes"])
    print("\nmilliseconds to import")
    for name, milliseconds in figures["milliseconds to import"].items():
        print(f"{name:<42}{milliseconds:>10.1f}")


def grid(title: str, rows: dict[str, dict[str, float]]) -> None:
    """Print rows that share their columns."""
    columns = list(next(iter(rows.values())))
    print(f"\n{title:<42}" + "".join(f"{name:>25}" for name in columns))
    for name, row in rows.items():
        print(f"{name:<42}" + "".join(f"{row[column]:>25.2f}" for column in columns))


if __name__ == "__main__":
    main()
