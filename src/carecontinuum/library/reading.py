"""Reading program files."""

import re
import tomllib
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from carecontinuum.canonical import Problem
from carecontinuum.library.building import program_of
from carecontinuum.library.documents import FORMAT
from carecontinuum.library.errors import ProgramFileInvalid, ProgramFileUnreadable
from carecontinuum.library.structuring import document_of
from carecontinuum.programs import Program

__all__ = ["MAX_BYTES", "TOO_LONG", "parse_program", "read_program", "read_text"]

MAX_BYTES = 1_048_576
"""The largest program file that is read: one mebibyte."""
TOO_LONG = f"longer than {MAX_BYTES} bytes, the most that is read"
MAX_DOTS = 200
"""The most dots on a line: the parser's time grows with the square of the parts of a key."""


def read_program(path: str | PathLike[str]) -> Program:
    """Read a program file.

    Args:
        path: The file: TOML in UTF-8, at most `MAX_BYTES` long.

    Raises:
        ProgramFileUnreadable: It is missing, too large, or not TOML in UTF-8.
        ProgramFileInvalid: With every problem, each where its author finds it.
    """
    return parse_program(read_text(path), path=fspath(path))


def read_text(path: str | PathLike[str]) -> str:
    """Read a text file in UTF-8, at most `MAX_BYTES` long.

    Raises:
        ProgramFileUnreadable: It is missing, too large, or not UTF-8.
    """
    name = fspath(path)
    raw = _bytes(name)
    if len(raw) > MAX_BYTES:
        raise ProgramFileUnreadable(path=name, says=TOO_LONG)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        place = error.start
    says = f"not UTF-8: byte {place} begins no character; save the file as UTF-8"
    raise ProgramFileUnreadable(path=name, says=says)


def _bytes(name: str) -> bytes:
    try:
        if not Path(name).is_dir():
            with Path(name).open("rb") as file:
                return file.read(MAX_BYTES + 1)
        why = "it is a folder; name a file in it"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not the name of a file"
        why = f"it cannot be opened: {why.lower()}"
    raise ProgramFileUnreadable(path=name, says=why)


def parse_program(text: str, *, path: str = "") -> Program:
    """Read the text of a program file.

    Args:
        text: TOML, at most `MAX_BYTES` long as UTF-8.
        path: The file it came from, for messages; empty for none.

    Raises:
        ProgramFileUnreadable: It is too large, or not TOML.
        ProgramFileInvalid: With every problem, each where its author finds it.
    """
    tables = _tables(text, path)
    if problem := _format_problem(tables):
        raise ProgramFileInvalid(path=path, problems=[problem])
    document = document_of(tables)
    made = document if isinstance(document, tuple) else program_of(document)
    if isinstance(made, tuple):
        raise ProgramFileInvalid(path=path, problems=made)
    return made


def _format_problem(tables: dict[str, Any]) -> Problem | None:
    """Say that the file is of another format; all else would only follow from that."""
    written = tables.get("format", FORMAT)
    if type(written) is not int or written == FORMAT:
        return None
    says = f"this version of the library reads format {FORMAT} alone"
    return Problem("format", "unknown-format", says)


def _tables(text: str, path: str) -> dict[str, Any]:
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    _check(text, path)
    try:
        return tomllib.loads(text)
    except RecursionError:
        why, where = "tables or lists are nested too deep", None
    except ValueError as error:
        why, where = str(error), _AT.search(str(error))
    place = {} if where is None else {"line": int(where[1]), "column": int(where[2])}
    says = f"not TOML: {why[0].lower()}{_AT.sub('', why[1:])}"
    raise ProgramFileUnreadable(path=path, says=says, **place)


_AT = re.compile(r" \(at line (\d+), column (\d+)\)")


def _check(text: str, path: str) -> None:
    """Refuse what is no text, is too long, or would keep the parser busy for minutes."""
    if not text.strip():
        raise ProgramFileUnreadable(path=path, says="it is empty")
    if any("\ud800" <= character <= "\udfff" for character in text):
        says = "it holds half of a surrogate pair, which is no text"
        raise ProgramFileUnreadable(path=path, says=says)
    if len(text.encode()) > MAX_BYTES:
        raise ProgramFileUnreadable(path=path, says=TOO_LONG)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MAX_DOTS:
            says = f"more than {MAX_DOTS} dots on one line"
            raise ProgramFileUnreadable(path=path, says=says, line=number, column=1)
