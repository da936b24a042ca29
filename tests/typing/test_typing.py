"""Right programs pass the type checkers; each wrong line is caught by what it names, no other."""

import importlib.util
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from running import run_python

HERE = Path(__file__).parent
WRONG = sorted((HERE / "wrong").glob("*.py"))
EACH = pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
MARKER = re.compile(r"\s*# caught by ")

Lines = dict[int, set[str]]


def marked(path: Path, by: str) -> Lines:
    """Give the lines that must be caught by a tool, each with the rules it names."""
    found: Lines = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if MARKER.match(line) and (named := re.search(rf"\b{by}: (\w[\w-]*)", line)):
            found[number + 1] = {named[1]}
    return found


@cache
def mypy(target: Path) -> tuple[tuple[str, int, str], ...]:
    """Give what mypy says under `--strict` and no other setting: file, line and rule."""
    plain = ("--strict", "--config-file=", "--no-pretty", "--no-error-summary")
    done = run_python("-m", "mypy", *plain, target)
    assert done.stderr == ""
    told = re.findall(r"^(.*?):(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE)
    return tuple((Path(file).name, int(line), rule) for file, line, rule in told)


@cache
def pyright(folder: Path) -> tuple[tuple[str, int, str], ...]:
    """Give what pyright says in strict mode: file, line and rule."""
    settings = ("--outputjson", "--pythonpath", sys.executable, "--project", folder)
    done = run_python("-m", "pyright", *settings)
    told = json.loads(done.stdout)
    assert told["summary"]["filesAnalyzed"] == len(list(folder.glob("*.py"))), done.stdout
    return tuple(
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1, each.get("rule", "syntax"))
        for each in told["generalDiagnostics"]
    )


def caught(path: Path, told: tuple[tuple[str, int, str], ...]) -> Lines:
    """Give the rules that a checker named in a file, by line."""
    found: Lines = {}
    for file, line, rule in told:
        if file == path.name:
            found.setdefault(line, set()).add(rule)
    return found


def agrees(found: Lines, expected: Lines) -> bool:
    """Tell whether exactly the marked lines were caught, each by the rule it names at least."""
    return found.keys() == expected.keys() and all(
        rules <= found[line] for line, rules in expected.items()
    )


def mistakes(path: Path) -> Iterator[tuple[Callable[[], object], int]]:
    """Give each function of a file with the line it begins on."""
    spec = importlib.util.spec_from_file_location(f"wrong_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for found in vars(module).values():
        if getattr(found, "__module__", "") == module.__name__:
            yield found, found.__code__.co_firstlineno


def raised(mistake: Callable[[], object], path: Path) -> Lines:
    """Give the line of a file at which a function raised, with the error; nothing if it did not."""
    try:
        mistake()
    except Exception as error:  # noqa: BLE001  the test compares what it is
        frames = traceback.extract_tb(error.__traceback__)
        line = next(frame.lineno for frame in reversed(frames) if frame.filename == str(path))
        return {line or 0: {type(error).__name__}}
    return {}


@pytest.mark.parametrize("check", [mypy, pyright])
def test_right_programs_pass(check: Callable[[Path], tuple[object, ...]]) -> None:
    """Programs as users write them are clean under mypy and pyright, both strict."""
    assert check(HERE / "right") == ()


@EACH
def test_mypy_catches_what_it_must(path: Path) -> None:
    """Mypy refuses each line that names it, by the rule it names, and no other line."""
    assert agrees(found := caught(path, mypy(HERE / "wrong")), marked(path, "mypy")), found


@EACH
def test_pyright_catches_what_it_must(path: Path) -> None:
    """Pyright refuses each line that names it, by the rule it names, and no other line."""
    assert agrees(found := caught(path, pyright(HERE / "wrong")), marked(path, "pyright")), found


@EACH
def test_import_catches_what_it_must(path: Path) -> None:
    """Each line that says so raises the error it names when it runs, and no other line raises."""
    found: Lines = {}
    for mistake, _ in mistakes(path):
        found |= raised(mistake, path)
    assert found == marked(path, "import")


@EACH
def test_each_mistake_is_caught_by_something(path: Path) -> None:
    """Every function of a file has one mistake, and says what catches it."""
    starts = sorted(line for _, line in mistakes(path))
    lines = sorted(marked(path, "mypy") | marked(path, "pyright") | marked(path, "import"))
    assert len(starts) == len(lines)
    assert all(start < line for start, line in zip(starts, lines, strict=True))
    assert all(line < start for line, start in zip(lines, starts[1:], strict=False))
