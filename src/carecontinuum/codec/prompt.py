"""Reading what is as it should be; at the first thing that is not, something is raised.

It takes a third of the time of reading that collects every problem with its place.
"""

from enum import Enum
from functools import lru_cache
from types import NoneType
from typing import Any, get_args

from carecontinuum.codec.converting import Conversion, Take, untold
from carecontinuum.codec.kinds import DOCUMENTS, fields_of, key_of, parts_of, tag_of
from carecontinuum.datatypes import Actor, Site
from carecontinuum.decisions import ProgramRef
from carecontinuum.history import Change

__all__ = ["PromptConversion", "is_text"]

_REPEATED = frozenset({Actor, Site, ProgramRef, *get_args(Change)})
"""What says codes and opaque ids, of which histories have few and the same ones often."""
_MANY = 1024


class PromptConversion(Conversion):
    """The functions of a `Conversion`; those that read raise whatever the first problem raises."""

    def _new_taker(self, kind: Any) -> Take:
        if not _is_enum(kind):
            return super()._new_taker(kind)
        members = {member.value: member for member in kind}
        return lambda value, _: members[value]

    def class_taker(self, kind: type[Any]) -> Take:
        """Give the function that reads an object; small values that are repeated are shared."""
        take = self.object_taker(kind, None if kind in DOCUMENTS else tag_of(kind))
        shared = kind in _REPEATED and all(_is_code(field.type) for field in fields_of(kind))
        return _sharing(take) if shared else take

    def object_taker(self, kind: type[Any], tag: str | None) -> Take:
        """Give the function that reads an object, told by a name among others or by none."""
        takers = {
            key_of(field): (field.alias, self.taker(field.type), is_text(field.type))
            for field in fields_of(kind)
        }

        def take(value: dict[str, Any], _: object) -> Any:
            given: dict[Any, Any] = {}
            for key, item in value.items():
                name, read, of_text = takers[key]
                # Most are plain texts, and to call a function for each takes as long as the rest.
                plain = of_text and type(item) is str and item.isascii()
                given[name] = item if plain else read(item, None)
            return kind(**given)

        def take_told(value: dict[str, Any], _: object) -> Any:
            return take(untold(value, tag), None)

        return take if tag is None else take_told


def is_text(kind: Any) -> bool:
    """Tell whether values of a kind are texts, or nothing."""
    return all(part in (str, NoneType) for part in parts_of(kind) or (kind,))


def _is_code(kind: Any) -> bool:
    """Tell whether JSON of a kind is a text or nothing."""
    parts = parts_of(kind) or (kind,)
    return all(part in (str, NoneType) or _is_enum(part) for part in parts)


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _sharing(take: Take) -> Take:
    """Give the same value again for the same texts."""

    @lru_cache(_MANY)
    def made(items: tuple[tuple[str, Any], ...]) -> Any:
        return take(dict(items), None)

    return lambda value, _: made(tuple(value.items()))
