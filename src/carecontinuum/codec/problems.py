"""From what the converter raises to problems with paths, none of which repeats a value."""

import re
from collections.abc import Iterable, Iterator
from inspect import getdoc
from typing import TypeAlias

import attrs
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)

from carecontinuum.canonical import Invalid, Problem
from carecontinuum.codec.errors import Misfit
from carecontinuum.errors import CareContinuumError

__all__ = ["Path", "joined", "problems_of", "unknown_in"]

Path: TypeAlias = tuple[str | int, ...]
"""The keys and places that lead to a part of JSON."""


def problems_of(error: Exception, path: Path = ()) -> Iterator[Problem]:
    """Give every problem that an error holds, each with its path."""
    where = joined(path)
    match error:
        case BaseValidationError():
            for part in error.exceptions:
                yield from problems_of(part, _below(path, part))
        case ForbiddenExtraKeysError():
            says = 'no such key here; `unknown="keep"` keeps what a later version wrote'
            for key in sorted(error.extra_fields, key=str):
                yield Problem(joined((*path, key)), "unknown-key", says)
        case Misfit():
            yield Problem(where, error.code, error.says)
        case Invalid():
            for problem in error.problems:
                yield attrs.evolve(problem, path=".".join(filter(None, (where, problem.path))))
        case CareContinuumError():
            yield Problem(where, error.code, (getdoc(type(error)) or "").partition("\n")[0])
        case KeyError():
            yield Problem(where, "missing", "missing, and it has no default")
        case _:
            yield Problem(where, "invalid", "no value can be made of it")


def unknown_in(error: Exception, path: Path = ()) -> Iterator[Path]:
    """Give the path of each key that no class has."""
    if isinstance(error, BaseValidationError):
        for part in error.exceptions:
            yield from unknown_in(part, _below(path, part))
    elif isinstance(error, ForbiddenExtraKeysError):
        for key in sorted(error.extra_fields, key=str):
            yield (*path, key)


def _below(path: Path, error: Exception) -> Path:
    note = (getattr(error, "__notes__", None) or [None])[-1]
    if isinstance(note, AttributeValidationNote):
        return (*path, note.name.removesuffix("_"))
    return (*path, note.index) if isinstance(note, IterableValidationNote) else path


_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,60}")


def joined(path: Iterable[str | int]) -> str:
    """Write a path, as in `body.plan.goals[1].due`; a key that is no name is left out as `?`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = step if _PLAIN.fullmatch(step) else "?"
            text += f".{name}" if text else name
    return text
