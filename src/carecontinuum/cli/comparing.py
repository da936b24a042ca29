"""`carecontinuum compare`: what another version of a program would answer."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from carecontinuum.canonical import plain
from carecontinuum.cli.output import print_json
from carecontinuum.library import read_program
from carecontinuum.records import Instrument
from carecontinuum.verification import what_if

__all__ = ["compare_files"]


def compare_files(
    out: Console,
    before: Path,
    after: Path,
    *,
    as_json: bool,
    instruments: Sequence[Instrument] = (),
) -> bool:
    """Compare two program files and print what differs; tell whether nothing does.

    Args:
        out: Where to print.
        before: The one file.
        after: The other.
        as_json: Whether to print JSON.
        instruments: Those that the programs may name besides the shipped ones.
    """
    found = what_if(*(read_program(path, instruments=instruments) for path in (before, after)))
    if as_json:
        print_json(out, plain(found))
    else:
        out.print(found.text(), markup=False, highlight=False)
    return found.is_same
