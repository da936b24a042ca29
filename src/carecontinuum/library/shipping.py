"""The programs, and templates of programs, that come with the library."""

from functools import cache
from importlib.resources import files

from carecontinuum.library.errors import UnknownProgram
from carecontinuum.library.reading import parse_program
from carecontinuum.programs import Program

__all__ = ["shipped_program", "shipped_programs", "shipped_template", "shipped_templates"]

_FOLDER = files("carecontinuum.library") / "programs"
_TEMPLATES = files("carecontinuum.library") / "templates"


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


@cache
def shipped_templates() -> tuple[str, ...]:
    """Give the file names of the templates that come with the library, sorted."""
    return tuple(sorted(entry.name for entry in _TEMPLATES.iterdir() if "." in entry.name))


def shipped_template(name: str) -> str:
    """Give the text of a template: a file to begin one's own with.

    Args:
        name: Its file name, as in `seven-dimensions.toml`.

    Raises:
        UnknownProgram: None of that name is shipped.
    """
    if name not in shipped_templates():
        raise UnknownProgram(name=name, programs=shipped_templates())
    return (_TEMPLATES / name).read_text(encoding="utf-8")
