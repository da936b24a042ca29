"""Speed and memory beside the peers, in one run: `run.py [--json FILE]`.

Each figure is the least of several rounds, in which all candidates take turns, so that a machine
that slows down slows all of them. Trust the ratios, not the microseconds.
"""

import argparse
import json
import pickle
import platform
import statistics
import subprocess
import sys
import timeit
import tracemalloc
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from workload import AT, BY, EVENT, MOVE, PROGRAM, RECORD, Peers, events

import carecontinuum as cc
from carecontinuum.engine.machine import EpisodeMachine
from carecontinuum.history import apply, fold

ROUNDS = 7


def decide_and_apply() -> None:
    """Decide with three policies and all reasons, evidence included, and apply the move."""
    decision = cc.decide(RECORD, MOVE, program=PROGRAM, episode_id="e-1", at=AT, by=BY)
    assert len(decision.reasons) == 3
    apply(RECORD.episodes["e-1"], EVENT)


def decide_only() -> None:
    """Decide with three policies and all reasons, evidence included."""
    cc.decide(RECORD, MOVE, program=PROGRAM, episode_id="e-1", at=AT, by=BY)


def apply_only() -> None:
    """Apply one move."""
    apply(RECORD.episodes["e-1"], EVENT)


def options() -> None:
    """Decide every move from here."""
    cc.options(RECORD, program=PROGRAM, episode_id="e-1", at=AT, by=BY)


def machine() -> None:
    """Bind a live machine to an episode."""
    EpisodeMachine(PROGRAM, RECORD, "e-1")


def timed(candidates: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Give the least microseconds a call of each candidate, taking turns."""
    found: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS):
        for name, (call, number) in candidates.items():
            found[name].append(timeit.timeit(call, number=number) / number * 1e6)
    return {name: min(rounds) for name, rounds in found.items()}


def import_time(statement: str) -> float:
    """Give the median milliseconds a fresh interpreter takes for a statement, start included."""
    code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    runs = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(7)
    ]
    return statistics.median(runs) * 1e3


def history_figures(number: int) -> dict[str, float]:
    """Give what a long history costs in time and memory."""
    tracemalloc.start()
    stream = events(number)
    held = tracemalloc.get_traced_memory()[0] / number
    tracemalloc.stop()
    made = timeit.timeit(lambda: cc.PatientRecord.of("p-1", stream), number=1)
    record = cc.PatientRecord.of("p-1", stream)
    folded = timeit.timeit(lambda: fold("e-1", record.streams["e-1"]), number=1)
    return {
        "bytes an event in memory": held,
        "bytes an event pickled": len(pickle.dumps(stream)) / number,
        "us an event, record made": made / number * 1e6,
        "us an event, believed and folded": folded / number * 1e6,
    }


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    peers = Peers()
    speeds = timed(
        {
            "decide, three policies, all reasons + apply": (decide_and_apply, 3_000),
            "decide alone": (decide_only, 3_000),
            "apply alone": (apply_only, 5_000),
            "options, every way on": (options, 300),
            "EpisodeMachine bound": (machine, 100),
            "transitions, a bare event": (peers.transitions_event, 3_000),
            "python-statemachine, an event": (peers.statemachine_event, 300),
        }
    )
    ours = speeds["decide, three policies, all reasons + apply"]
    figures = {
        "python": platform.python_version(),
        "peers": {name: version(name) for name in ("transitions", "python-statemachine")},
        "microseconds": speeds,
        "ratios": {
            "python-statemachine event / (decide + apply)": speeds["python-statemachine, an event"]
            / ours,
            "(decide + apply) / transitions event": ours / speeds["transitions, a bare event"],
        },
        "milliseconds to import": {
            "attrs": import_time("import attrs"),
            "carecontinuum": import_time("import carecontinuum"),
            "python-statemachine": import_time("import statemachine"),
        },
        "history of 10,000 events": history_figures(10_000),
        "history of 100,000 events": history_figures(100_000),
    }
    _print(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def _print(figures: Mapping[str, object], indent: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"\n{indent}{name}")
            _print(value, indent + "  ")
        else:
            shown = f"{value:10.2f}" if isinstance(value, float) else f"{value!s:>10}"
            print(f"{indent}{name:<48}{shown}")


if __name__ == "__main__":
    main()
