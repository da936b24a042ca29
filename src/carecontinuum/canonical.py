"""The canonical form of a value, its digest, and problems with the path that leads to each."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any, TypeAlias, cast
from zoneinfo import ZoneInfo

import attrs

from carecontinuum.errors import CareContinuumError

__all__ = ["Invalid", "Json", "Problem", "canonical_json", "digest", "plain"]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""JSON data: what `json.dumps` takes."""


def plain(value: object) -> Json:
    """Turn a value of this library into JSON data.

    A field that holds an empty default (`None`, no text, nothing in a list, false) is left out, so
    that a field added later does not change the digest of what was written before. A class may
    name itself with a class variable `TYPE`, which becomes the key `type`; it may also say all of
    it in `to_plain()`.

    Raises:
        TypeError: The value is of a kind that has no canonical form.
    """
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | int() | str():
            return value
        case float():
            if not isfinite(value):
                raise TypeError(f"no canonical form for {value}")
            return int(value) if value.is_integer() else value
        case Decimal():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case ZoneInfo():
            return value.key
        case Mapping():
            return _mapping(cast("Mapping[object, object]", value))
        case AbstractSet():
            members = cast("AbstractSet[object]", value)
            return sorted((plain(item) for item in members), key=canonical_json)
        case list() | tuple():
            return [plain(item) for item in cast("Sequence[object]", value)]
        case _:
            return _object(value)


def _mapping(value: Mapping[object, object]) -> dict[str, Json]:
    found = {str(plain(key)): plain(item) for key, item in value.items()}
    if len(found) != len(value):
        raise TypeError("no canonical form for a mapping of which two keys have one text")
    return dict(sorted(found.items()))


def _object(value: object) -> Json:
    own = getattr(value, "to_plain", None)
    if own is not None:
        return plain(own())
    if not attrs.has(type(value)):
        raise TypeError(f"no canonical form for {type(value).__name__}")
    found: dict[str, Json] = {}
    if (name := getattr(value, "TYPE", None)) is not None:
        found["type"] = name
    for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(value))):
        item = getattr(value, field.name)
        if field.init and field.eq is not False and not _is_empty_default(field, item):
            found[field.alias or field.name] = plain(item)
    return found


def _is_empty_default(field: "attrs.Attribute[Any]", item: object) -> bool:
    default: object = field.default
    if isinstance(default, (str, tuple, frozenset)):
        return not default and item == default
    return (default is None or default is False) and item is default


def canonical_json(value: object) -> str:
    """Write a value as JSON text that is the same on every machine and in every run."""
    data = plain(value)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """Give the SHA-256 of the canonical form, as `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(canonical_json(value).encode()).hexdigest()


@attrs.frozen(order=False)
class Problem:
    """One thing wrong with a definition.

    Attributes:
        path: Where it stands, as in `levels[2].hours[0].at_least`; empty for the whole.
        code: A stable word for the kind of problem, as in `unknown-level`.
        says: What was seen and what is accepted.
    """

    path: str
    code: str
    says: str

    def __str__(self) -> str:
        return f"{self.path or '(whole)'}: {self.says} [{self.code}]"


class Invalid(CareContinuumError):
    """A definition has problems; all of them are listed, each with its path."""

    code = "CC100"
    subject: str
    problems: tuple[Problem, ...]

    def __init__(self, *, subject: str, problems: Iterable[Problem], **more: object) -> None:
        """Name what was being defined and give all its problems."""
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__(subject=subject, problems=self.problems, **more)

    def message(self) -> str:
        """Count the problems and list each on a line of its own."""
        count = len(self.problems)
        lines = [f"{self.subject} has {count} problem{'' if count == 1 else 's'}"]
        return "\n  ".join([*lines, *map(str, self.problems)])
