"""From the tables of a file to its documents: strict, and every misfit at once.

Nothing is coerced: a number is no text, `true` is no number, and a key that no document has is
refused.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from enum import Enum
from types import GenericAlias
from typing import Any, TypeVar, cast, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from carecontinuum.canonical import Problem
from carecontinuum.errors import listed
from carecontinuum.library.documents import Codes, ProgramDocument, SourceDocument
from carecontinuum.library.words import shown, unknown

__all__ = ["MAX_ITEMS", "document_of", "key_of", "structured"]

LIMIT = 2**63
"""A whole number of TOML is at least the negative of this, and less than this."""
MAX_ITEMS = 1_000
"""The longest list that is read."""

T = TypeVar("T")
Hook = Callable[[Any, Any], Any]


class _Misfit(Exception):
    """A value that does not fit where it stands."""

    def __init__(self, code: str, says: str) -> None:
        self.code = code
        self.says = says
        super().__init__(says)


def document_of(tables: object) -> ProgramDocument | tuple[Problem, ...]:
    """Give the document of a program's tables, or every problem that keeps it from being one."""
    return structured(tables, ProgramDocument)


def structured(tables: object, kind: type[T]) -> T | tuple[Problem, ...]:
    """Make an object of a class out of a file's tables, or give every problem with them."""
    try:
        return _CONVERTER.structure(tables, kind)
    except BaseValidationError as error:
        return tuple(_problems(error, ""))


def key_of(name: str) -> str:
    """Give the key that a file has for the name of an attribute."""
    return name.removesuffix("_")


def _problems(error: Exception, path: str) -> Iterator[Problem]:
    match error:
        case BaseValidationError():
            for part in error.exceptions:
                yield from _problems(part, _below(path, part))
        case ForbiddenExtraKeysError():
            keys = [key_of(field.name) for field in attrs.fields(error.cl)]
            for key in sorted(error.extra_fields):
                says = unknown("key", key, keys)
                yield Problem(_joined(path, _written(key)), "unknown-key", says)
        case _Misfit():
            yield Problem(path, error.code, error.says)
        case _:
            yield Problem(path, "missing", f"missing; needed is {_needed(_note(error))}")


def _note(error: Exception) -> AttributeValidationNote | IterableValidationNote | None:
    notes = getattr(error, "__notes__", ())
    ours = (AttributeValidationNote, IterableValidationNote)
    return next((note for note in notes if isinstance(note, ours)), None)


def _below(path: str, error: Exception) -> str:
    note = _note(error)
    if isinstance(note, AttributeValidationNote):
        return _joined(path, key_of(note.name))
    return path if note is None else f"{path}[{note.index}]"


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _written(key: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", key):
        return key
    return f'"{shown(key)[1:-1]}"'


_WORDS: dict[object, str] = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "`true` or `false`",
    date: "a day, as in 2026-03-02, without quotes",
    Codes: "a code, a list of codes, or `*`",
    str | SourceDocument: "the name of a source, or a table",
}


def _needed(kind: object) -> str:
    """Say in words what belongs where a type is declared."""
    if isinstance(kind, AttributeValidationNote | IterableValidationNote):
        return _needed(kind.type)
    if kind in _WORDS:
        return _WORDS[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"one of {listed(str(member.value) for member in kind)}"
    return "a list" if get_origin(kind) is tuple else "a table"


_SEEN: tuple[tuple[type, str], ...] = (
    (bool, "`true` or `false`"),
    (int, "a whole number"),
    (float, "a number with a fraction"),
    (str, "a text"),
    (datetime, "a day with a time"),
    (date, "a day"),
    (time, "a time"),
    (list, "a list"),
    (dict, "a table"),
)


def _refuse(value: object, kind: object) -> _Misfit:
    seen = next(words for type_, words in _SEEN if isinstance(value, type_))
    return _Misfit("wrong-type", f"{seen} was given; needed is {_needed(kind)}")


_PLAIN: dict[type[Any], tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    float: (float, int),
    bool: (bool,),
    date: (date,),
}


def _plain(value: object, kind: type[Any]) -> object:
    """Take a plain value: one of exactly the type that is declared, as it is."""
    if issubclass(kind, Enum):  # of texts: the converter finds the hook of a text first
        return _member(value, kind)
    if type(value) not in _PLAIN[kind]:
        raise _refuse(value, kind)
    if isinstance(value, int) and not -LIMIT <= value < LIMIT:
        raise _Misfit("out-of-range", "a whole number of TOML has at most 64 bits")
    return value


def _member(value: object, kind: type[Enum]) -> Enum:
    """Take a member of an enumeration by its value."""
    if not isinstance(value, str):
        raise _refuse(value, kind)
    for member in kind:
        if member.value == value:
            return member
    raise _Misfit("unknown-value", unknown("value", value, [str(m.value) for m in kind]))


def _codes(value: object, kind: object) -> object:
    """Take the code of a level or a list of codes."""
    if not isinstance(value, str | list):
        raise _refuse(value, kind)
    if isinstance(value, str):
        return value
    return _CONVERTER.structure(value, tuple[str, ...])


def _source(value: object, kind: object) -> object:
    """Take the name of a source or its table."""
    if not isinstance(value, str | dict):
        raise _refuse(value, kind)
    return value if isinstance(value, str) else _CONVERTER.structure(value, SourceDocument)


def _is_tuple(kind: object) -> bool:
    return get_origin(kind) is tuple


def _listed(kind: Any, converter: Converter) -> Hook:
    """Make the hook of a list."""
    inner = GenericAlias(list, get_args(kind)[:1])
    each = converter.get_structure_hook(inner)

    def take(value: object, _: object) -> object:
        if not isinstance(value, list):
            raise _refuse(value, kind)
        items = cast("list[object]", value)
        if len(items) > MAX_ITEMS:
            raise _Misfit("too-many", f"{len(items)} items; at most {MAX_ITEMS} are read")
        return tuple(each(items, inner))

    return take


def _table(kind: type[Any], converter: Converter) -> Hook:
    """Make the hook of a table."""
    options: dict[str, Any] = {
        field.name: override(rename=key_of(field.name)) for field in attrs.fields(kind)
    }
    options["_cattrs_forbid_extra_keys"] = True
    made = make_dict_structure_fn(kind, converter, **options)

    def take(value: object, _: object) -> object:
        if not isinstance(value, dict):
            raise _refuse(value, kind)
        return made(cast("dict[str, Any]", value), kind)

    return take


def _converter() -> Converter:
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    for kind in _PLAIN:
        converter.register_structure_hook(kind, _plain)
    converter.register_structure_hook_func(_is_enum, _member)
    converter.register_structure_hook(Codes, _codes)
    converter.register_structure_hook(str | SourceDocument, _source)
    converter.register_structure_hook_factory(_is_tuple, _listed)
    converter.register_structure_hook_factory(attrs.has, _table)
    return converter


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


_CONVERTER = _converter()
