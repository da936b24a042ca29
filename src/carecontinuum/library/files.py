"""From a path to the tables of a TOML file, refusing what is too large or is none."""

import re
import tomllib
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from carecontinuum.canonical import Problem
from carecontinuum.library.errors import FileUnreadable, ProgramFileUnreadable

__all__ = ["MAX_BYTES", "TOO_LONG", "format_problem", "read_text", "tables_of"]

MAX_BYTES = 1_048_576
"""The largest file that is read: one mebibyte."""
TOO_LONG = f"longer than {MAX_BYTES} bytes, the most that is read"
MAX_DOTS = 200
"""The most dots on a line: the parser's time grows with the square of the parts of a key."""


def read_text(
    path: str | PathLike[str],
    *,
    unreadable: type[FileUnreadable] = ProgramFileUnreadable,
    most: int = MAX_BYTES,
) -> str:
    """Read a text file in UTF-8.

    Args:
        path: The file.
        unreadable: What is raised where it cannot be read.
        most: How many bytes are read at the most.

    Raises:
        FileUnreadable: It is missing, too large, or not UTF-8.
    """
    name = fspath(path)
    raw = _bytes(name, unreadable, most)
    if len(raw) > most:
        raise unreadable(path=name, says=f"longer than {most} bytes, the most that is read")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        place = error.start
    says = f"not UTF-8: byte {place} begins no character; save the file as UTF-8"
    raise unreadable(path=name, says=says)


def _bytes(name: str, unreadable: type[FileUnreadable], most: int) -> bytes:
    try:
        if not Path(name).is_dir():
            with Path(name).open("rb") as file:
                return file.read(most + 1)
        why = "it is a folder; name a file in it"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not the name of a file"
        why = f"it cannot be opened: {why.lower()}"
    raise unreadable(path=name, says=why)


def format_problem(tables: dict[str, Any], known: int) -> Problem | None:
    """Say that the file is of another format; all else would only follow from that."""
    written = tables.get("format", known)
    if type(written) is not int or written == known:
        return None
    says = f"this version of the library reads format {known} alone"
    return Problem("format", "unknown-format", says)


def tables_of(
    text: str, path: str, *, unreadable: type[FileUnreadable] = ProgramFileUnreadable
) -> dict[str, Any]:
    """Read the text of a TOML file.

    Args:
        text: TOML, at most `MAX_BYTES` long as UTF-8.
        path: The file it came from, for messages; empty for none.
        unreadable: What is raised where it cannot be read.

    Raises:
        FileUnreadable: It is too large, or not TOML.
    """
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    _check(text, path, unreadable)
    try:
        return tomllib.loads(text)
    except RecursionError:
        why, where = "tables or lists are nested too deep", None
    except ValueError as error:
        why, where = str(error), _AT.search(str(error))
    place = {} if where is None else {"line": int(where[1]), "column": int(where[2])}
    says = f"not TOML: {why[0].lower()}{_AT.sub('', why[1:])}"
    raise unreadable(path=path, says=says, **place)


_AT = re.compile(r" \(at line (\d+), column (\d+)\)")


def _check(text: str, path: str, unreadable: type[FileUnreadable]) -> None:
    """Refuse what is no text, is too long, or would keep the parser busy for minutes."""
    if not text.strip():
        raise unreadable(path=path, says="it is empty")
    if any("\ud800" <= character <= "\udfff" for character in text):
        says = "it holds half of a surrogate pair, which is no text"
        raise unreadable(path=path, says=says)
    if len(text.encode()) > MAX_BYTES:
        raise unreadable(path=path, says=TOO_LONG)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MAX_DOTS:
            says = f"more than {MAX_DOTS} dots on one line"
            raise unreadable(path=path, says=says, line=number, column=1)
