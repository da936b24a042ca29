"""How things are printed: tables of one look, as wide as the terminal."""

import json
import textwrap

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from carecontinuum.canonical import Json

__all__ = ["WIDTH", "console", "hanging", "print_json", "printable", "table"]

WIDTH = 100
"""The width where the terminal has none, as in a pipe."""


def console() -> Console:
    """Give the console; in a pipe it prints plain text of a fixed width."""
    probe = Console(highlight=False)
    return probe if probe.is_terminal else Console(highlight=False, width=WIDTH)


def table(title: str, *columns: str, fold: str = "") -> Table:
    """Make an empty table; the columns named in `fold`, joined by `|`, share what room there is."""
    made = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for column in columns:
        wide = column in fold.split("|")
        made.add_column(column, overflow="fold", ratio=1 if wide else None, no_wrap=not wide)
    return made


def print_json(out: Console, data: Json) -> None:
    """Print JSON as it is: no colours, no wrapping."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def printable(text: str) -> str:
    """Give a text without anything that a terminal would obey."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def hanging(text: str, width: int) -> str:
    """Wrap lines so that what does not fit hangs deeper than the line it belongs to."""
    return "\n".join(_wrapped(line, width) for line in text.splitlines())


def _wrapped(line: str, width: int) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(
        line.strip(), width, initial_indent=indent, subsequent_indent=indent + "    "
    )
