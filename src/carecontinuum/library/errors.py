"""What can be wrong with a file, and with the name of what is shipped."""

from collections.abc import Iterable
from typing import ClassVar

from carecontinuum.canonical import Invalid, Problem
from carecontinuum.errors import CareContinuumError
from carecontinuum.library.words import unknown

__all__ = [
    "FileUnreadable",
    "InstalledPoliciesInvalid",
    "InstrumentFileInvalid",
    "InstrumentFileUnreadable",
    "ProgramFileInvalid",
    "ProgramFileUnreadable",
    "UnknownInstrument",
    "UnknownProgram",
]


class ProgramFileInvalid(Invalid):
    """A program file has problems; all of them are listed, each where its author finds it."""

    code = "CC230"
    path: str

    def __init__(self, *, path: str, problems: Iterable[Problem], subject: str = "") -> None:
        """Name the file, empty for a text that is in none, and give all its problems."""
        self.path = path
        super().__init__(subject=subject or _subject(path), problems=problems, path=path)


class FileUnreadable(CareContinuumError):
    """A file cannot be read at all; of programs and instruments, one of the classes under it."""

    code = "CC140"
    WHAT: ClassVar[str] = ""
    path: str
    says: str
    line: int | None
    column: int | None

    def __init__(
        self, *, path: str, says: str, line: int | None = None, column: int | None = None
    ) -> None:
        """Name the file, say why, and where if it is known; both count from 1."""
        self.path = path
        self.says = says
        self.line = line
        self.column = column
        super().__init__(path=path, says=says, line=line, column=column)

    def message(self) -> str:
        """Name the file, the place and the cause."""
        where = "" if self.line is None else f", line {self.line}, column {self.column}"
        return f"{_subject(self.path, self.WHAT)}{where}: {self.says}"


class ProgramFileUnreadable(FileUnreadable):
    """A program file cannot be read at all: it is missing, too large, or not TOML."""

    code = "CC231"
    WHAT: ClassVar[str] = "program"


class InstrumentFileUnreadable(FileUnreadable):
    """An instrument file cannot be read at all: it is missing, too large, or not TOML."""

    code = "CC141"
    WHAT: ClassVar[str] = "instrument"


class InstrumentFileInvalid(Invalid):
    """An instrument file has problems; all of them are listed, each where its author finds it."""

    code = "CC142"
    path: str

    def __init__(self, *, path: str, problems: Iterable[Problem], subject: str = "") -> None:
        """Name the file, empty for a text that is in none, and give all its problems."""
        self.path = path
        whole = subject or _subject(path, "instrument")
        super().__init__(subject=whole, problems=problems, path=path)


class UnknownInstrument(CareContinuumError):
    """No instrument of that name is shipped."""

    code = "CC143"
    name: str
    instruments: tuple[str, ...]

    def __init__(self, *, name: str, instruments: tuple[str, ...]) -> None:
        """Give the name that was asked for and those that exist."""
        self.name = name
        self.instruments = instruments
        super().__init__(name=name, instruments=instruments)

    def message(self) -> str:
        """Name it and those that exist."""
        return unknown("shipped instrument", self.name, self.instruments)


class UnknownProgram(CareContinuumError):
    """No program or template of that name is shipped."""

    code = "CC232"
    name: str
    programs: tuple[str, ...]

    def __init__(self, *, name: str, programs: tuple[str, ...]) -> None:
        """Give the name that was asked for and those that exist."""
        self.name = name
        self.programs = programs
        super().__init__(name=name, programs=programs)

    def message(self) -> str:
        """Name it and those that exist."""
        kind = "template" if any("." in name for name in self.programs) else "program"
        return unknown(f"shipped {kind}", self.name, self.programs)


class InstalledPoliciesInvalid(Invalid):
    """Policies that installed packages offer cannot be used; all that is wrong is listed."""

    code = "CC233"

    def __init__(
        self, *, subject: str = "what installed packages offer", problems: Iterable[Problem]
    ) -> None:
        """Give all the problems, each under its distribution and entry point."""
        super().__init__(subject=subject, problems=problems)


def _subject(path: str, what: str = "program") -> str:
    of = f"{what} " if what else ""
    return f"{of}file `{path}`" if path else f"the {of}text"
