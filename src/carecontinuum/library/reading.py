"""Reading program files."""

from collections.abc import Iterable
from os import PathLike, fspath

from carecontinuum.library.building import program_of
from carecontinuum.library.documents import FORMAT
from carecontinuum.library.errors import ProgramFileInvalid
from carecontinuum.library.files import MAX_BYTES, format_problem, read_text, tables_of
from carecontinuum.library.structuring import document_of
from carecontinuum.programs import Program
from carecontinuum.records import Instrument

__all__ = ["MAX_BYTES", "parse_program", "read_program"]


def read_program(path: str | PathLike[str], *, instruments: Iterable[Instrument] = ()) -> Program:
    """Read a program file.

    Args:
        path: The file: TOML in UTF-8, at most `MAX_BYTES` long.
        instruments: Those that its facts may name besides the shipped ones, and before them.

    Raises:
        ProgramFileUnreadable: It is missing, too large, or not TOML in UTF-8.
        ProgramFileInvalid: With every problem, each where its author finds it.
    """
    return parse_program(read_text(path), path=fspath(path), instruments=instruments)


def parse_program(text: str, *, path: str = "", instruments: Iterable[Instrument] = ()) -> Program:
    """Read the text of a program file.

    Args:
        text: TOML, at most `MAX_BYTES` long as UTF-8.
        path: The file it came from, for messages; empty for none.
        instruments: Those that its facts may name besides the shipped ones, and before them.

    Raises:
        ProgramFileUnreadable: It is too large, or not TOML.
        ProgramFileInvalid: With every problem, each where its author finds it.
    """
    tables = tables_of(text, path)
    if problem := format_problem(tables, FORMAT):
        raise ProgramFileInvalid(path=path, problems=[problem])
    document = document_of(tables)
    made = document if isinstance(document, tuple) else program_of(document, instruments)
    if isinstance(made, tuple):
        raise ProgramFileInvalid(path=path, problems=made)
    return made
