"""`carecontinuum check`: every problem of a program file at once."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from carecontinuum.canonical import Invalid, Json, Problem
from carecontinuum.cli.output import print_json, table
from carecontinuum.errors import CareContinuumError
from carecontinuum.library import read_program

__all__ = ["check_files"]


def check_files(out: Console, files: Iterable[Path], *, as_json: bool) -> bool:
    """Check program files and print what was found; tell whether all are well."""
    found = {str(path): _problems(path) for path in files}
    if as_json:
        print_json(out, {path: [_plain(p) for p in problems] for path, problems in found.items()})
    else:
        for path, problems in found.items():
            _print(out, path, problems)
    return not any(found.values())


def _problems(path: Path) -> tuple[Problem, ...]:
    try:
        read_program(path)
    except Invalid as invalid:
        return invalid.problems
    except CareContinuumError as error:
        return (Problem("", error.code, error.message()),)
    return ()


def _plain(problem: Problem) -> Json:
    return {"path": problem.path, "code": problem.code, "says": problem.says}


def _print(out: Console, path: str, problems: tuple[Problem, ...]) -> None:
    if not problems:
        out.print(f"{path}: no problems", markup=False)
        return
    count = len(problems)
    title = f"{path}: {count} problem{'' if count == 1 else 's'}"
    listing = table(escape(title), "where", "what is wrong", "code", fold="what is wrong")
    for problem in problems:
        where = problem.path or "(whole file)"
        listing.add_row(escape(where), escape(problem.says), problem.code)
    out.print(listing)
