"""`carecontinuum compare`: what another version of a program would answer."""

from pathlib import Path

from rich.console import Console

from carecontinuum.canonical import plain
from carecontinuum.cli.output import print_json
from carecontinuum.library import read_program
from carecontinuum.verification import what_if

__all__ = ["compare_files"]


def compare_files(out: Console, before: Path, after: Path, *, as_json: bool) -> bool:
    """Compare two program files and print what differs; tell whether nothing does."""
    found = what_if(read_program(before), read_program(after))
    if as_json:
        print_json(out, plain(found))
    else:
        out.print(found.text(), markup=False, highlight=False)
    return found.is_same
