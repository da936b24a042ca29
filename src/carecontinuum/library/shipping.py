"""The programs that come with the library."""

from functools import cache
from importlib.resources import files

from carecontinuum.library.errors import UnknownProgram
from carecontinuum.library.reading import parse_program
from carecontinuum.programs import Program

__all__ = ["shipped_program", "shipped_programs"]

_FOLDER = files("carecontinuum.library") / "programs"


@cache
def shipped_programs() -> tuple[str, ...]:
    """Give the names of the programs that come with the library, sorted."""
    names = [entry.name for entry in _FOLDER.iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def shipped_program(name: str) -> Program:
    """Give a program that comes with the library.

    Args:
        name: Its name, as in `community`.

    Raises:
        UnknownProgram: None of that name is shipped.
    """
    if name not in shipped_programs():
        raise UnknownProgram(name=name, programs=shipped_programs())
    file = f"{name}.toml"
    return parse_program((_FOLDER / file).read_text(encoding="utf-8"), path=file)
