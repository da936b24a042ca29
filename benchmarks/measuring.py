"""How time and memory are measured."""

import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import timeit
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs

from carecontinuum.canonical import canonical_json

__all__ = ["Speed", "held", "import_times", "peak_growth", "sizes", "speeds"]

HERE = Path(__file__).parent
ROUNDS = 25
SLICE = 0.02
"""Seconds that a candidate runs in each round."""


@attrs.frozen(kw_only=True)
class Speed:
    """Microseconds that something takes.

    Attributes:
        least: In the best round.
        median: In the middle one.
    """

    least: float
    median: float


def speeds(candidates: Mapping[str, tuple[Callable[[], object], int]]) -> dict[str, Speed]:
    """Time candidates in rounds, in which all take turns.

    Args:
        candidates: What to call, and how many events one call makes, by name.
    """
    numbers = {name: _number(call) for name, (call, _) in candidates.items()}
    found: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS):
        for name, (call, events) in candidates.items():
            seconds = timeit.timeit(call, number=numbers[name])
            found[name].append(seconds / numbers[name] / events * 1e6)
    return {
        name: Speed(least=min(rounds), median=statistics.median(rounds))
        for name, rounds in found.items()
    }


def _number(call: Callable[[], object]) -> int:
    call()
    return max(1, int(SLICE / (timeit.timeit(call, number=5) / 5)))


def import_times(modules: Sequence[str]) -> dict[str, float]:
    """Give the median milliseconds that importing each module takes in a fresh interpreter."""
    found: dict[str, list[float]] = {name: [] for name in modules}
    with tempfile.TemporaryDirectory() as cache:
        for name in modules:
            _import_time(name, cache)
        for _ in range(11):
            for name in modules:
                found[name].append(_import_time(name, cache))
    return {name: statistics.median(times) for name, times in found.items()}


def _import_time(module: str, cache: str) -> float:
    """Time one import; compiled modules are kept in a folder of their own."""
    code = (
        "import time; start = time.perf_counter(); "
        f"import {module}; print((time.perf_counter() - start) * 1e3)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env=environment | {"PYTHONPYCACHEPREFIX": cache},
    )
    return float(run.stdout)


def sizes(make: Callable[[], Sequence[object]]) -> dict[str, float]:
    """Give the bytes of one of many things: beside the others in memory, and written alone."""
    in_memory, made = held(make)
    return {
        "in memory": in_memory,
        "pickled": sum(len(pickle.dumps(item)) for item in made) / len(made),
        "as JSON": sum(len(canonical_json(item)) for item in made) / len(made),
    }


def held(make: Callable[[], Sequence[object]]) -> tuple[float, Sequence[object]]:
    """Give the bytes of Python memory that one of many things holds beside the others, and them."""
    tracemalloc.start()
    made = make()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / len(made), made


def peak_growth(before: str, work: str) -> float:
    """Give the KiB by which the peak memory of a fresh process grows through some code.

    Args:
        before: Code that runs first and does not count.
        work: The code that counts; imports are a part of it.

    Raises:
        subprocess.CalledProcessError: This is not Linux, which alone tells a process its peak.
    """
    code = f"{PEAK}\n{before}\nstart = peak()\n{work}\nprint(peak() - start)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=HERE)
    return float(run.stdout)


PEAK = """
def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
"""
