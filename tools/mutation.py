"""Change rules and policies in one small way at a time, and see that a test fails: `make mutation`.

`mutmut` makes the changes and tries each in a process forked from one that has imported everything.
What lives through that is tried again in a process of its own, on more tests: a change to what
happens at import shows only there. Each survivor is printed; a score under the limit is a failure.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MUTANTS = Path("mutants")
LIMIT = 95.0
SECONDS = 300
"""How long the tests may take before a change counts as found: it made them go on for ever."""
MORE_TESTS = (
    "tests/test_errors.py",
    "tests/policies",
    "tests/rules",
    "tests/programs",
    "tests/library",
)
_LIVED = (0, 5, 33)
"""What `mutmut` keeps of a change that no test failed on, or that no test ran."""
_FORKED = {"HYPOTHESIS_PROFILE": "mutation"}


def results() -> Iterator[tuple[str, bool]]:
    """Give each change that was tried, and whether it lived."""
    for path in sorted(MUTANTS.rglob("*.meta")):
        kept = json.loads(path.read_text(encoding="utf-8"))
        for name, code in kept["exit_code_by_key"].items():
            if code is not None:
                yield name, code in _LIVED


def lives(name: str) -> bool:
    """Try one change in a process of its own; tell whether every test still passes."""
    source = (MUTANTS / "src").resolve()
    environment = {
        **os.environ,
        **_FORKED,
        "MUTANT_UNDER_TEST": name,
        "PYTHONPATH": str(source),
    }
    command = (sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-m", "not slow and not wheel")
    try:
        found = subprocess.run(
            (*command, "-p", "no:sybil", "-p", "no:cacheprovider", *MORE_TESTS),
            cwd=MUTANTS,
            env=environment,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return found.returncode == 0


def shown(name: str) -> str:
    """Give the lines that a change took away and put there."""
    command = (sys.executable, "-m", "mutmut", "show", name)
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = (line for line in text.splitlines() if line[:1] in {"+", "-"})
    return "\n".join(f"    {line}" for line in lines if line[:3] not in {"+++", "---"})


def module(name: str) -> str:
    """Give the module that a change was made in."""
    return name.removeprefix("carecontinuum.").rpartition(".")[0]


def report(names: list[str], survivors: list[str]) -> float:
    """Print each survivor and the score of each module; give the score of all."""
    for name in survivors:
        print(f"{name}\n{shown(name)}")
    made, lived = Counter(map(module, names)), Counter(map(module, survivors))
    print(f"\n{'module':<36}{'changes':>10}{'lived':>8}{'score':>9}")
    for where in made:
        score = 100 * (1 - lived[where] / made[where])
        print(f"{where:<36}{made[where]:>10}{lived[where]:>8}{score:>8.1f}%")
    whole = 100 * (1 - len(survivors) / len(names))
    print(f"{'all':<36}{len(names):>10}{len(survivors):>8}{whole:>8.1f}%")
    return whole


def main() -> int:
    """Make the changes, try them, and tell whether enough were found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", help="names of changes; `*` stands for any text")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    shutil.rmtree(MUTANTS, ignore_errors=True)
    command = (sys.executable, "-m", "mutmut", "run", "--max-children", str(asked.processes))
    with Path(".venv/mutmut.txt").open("w", encoding="utf-8") as log:
        subprocess.run(
            (*command, *asked.only), env={**os.environ, **_FORKED}, stdout=log, check=True
        )
    found = dict(results())
    lived = [name for name, still in found.items() if still]
    print(f"{len(found)} changes, {len(lived)} lived at first; each of those again, by itself")
    with ThreadPoolExecutor(asked.processes) as pool:
        survivors = [
            name for name, still in zip(lived, pool.map(lives, lived), strict=True) if still
        ]
    score = report(list(found), survivors)
    return 0 if score >= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
