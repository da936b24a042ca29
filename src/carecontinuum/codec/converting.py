"""Functions that write and read each kind, made from its class when it is first needed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, TypeAlias, cast, get_args, get_origin
from zoneinfo import ZoneInfo

from cattrs import Converter
from cattrs.errors import BaseValidationError, IterableValidationError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from carecontinuum.canonical import Json
from carecontinuum.codec import scalars
from carecontinuum.codec.errors import Misfit
from carecontinuum.codec.kinds import (
    CODE,
    DOCUMENTS,
    SCHEMA,
    OpaquePolicy,
    bare,
    fields_of,
    key_of,
    parts_of,
    tag_of,
)
from carecontinuum.codec.scalars import wrong
from carecontinuum.codec.upcasting import upcast
from carecontinuum.datatypes import When
from carecontinuum.errors import CareContinuumError, listed
from carecontinuum.history import PatientRecord

__all__ = ["Code", "Conversion", "Give", "Take", "each", "untold"]

Give: TypeAlias = Callable[[Any], Any]
Take: TypeAlias = Callable[[Any, Any], Any]
Code: TypeAlias = Mapping[tuple[type, str, str], object]
"""What is code, by its class in JSON, its id and its version."""

_SCALARS: dict[Any, tuple[Give, Take]] = {
    str: (scalars.give_text, scalars.take_text),
    int: (scalars.give_whole, scalars.take_whole),
    bool: (scalars.give_bool, scalars.take_bool),
    float: (scalars.give_number, scalars.take_number),
    date: (scalars.give_day, scalars.take_day),
    time: (scalars.give_time, scalars.take_time),
    datetime: (scalars.give_instant, scalars.take_instant),
    Decimal: (scalars.give_decimal, scalars.take_decimal),
    When: (scalars.give_when, scalars.take_when),
    ZoneInfo: (scalars.give_zone, scalars.take_zone),
}
_REFUSALS = (
    Misfit,
    BaseValidationError,
    CareContinuumError,
    AttributeError,
    TypeError,
    ValueError,
)


class Conversion:
    """The functions for some kinds and all that they hold; those of a class are made once."""

    def __init__(self, kinds: Iterable[type], code: Code | None = None) -> None:
        """Make them all, so that threads may share them.

        Args:
            kinds: What is to be written and read.
            code: The policies and criteria that are code and may be named in what is read.
        """
        self._code: Code = {} if code is None else code
        self._cattrs = Converter(detailed_validation=True)
        self._givers: dict[Any, Give] = {}
        self._takers: dict[Any, Take] = {}
        for kind in kinds:
            self.giver(kind)
            self.taker(kind)

    # ----------------------------------------------------------------------------------- writing

    def giver(self, kind: Any) -> Give:
        """Give the function that writes values of a kind."""
        if kind not in self._givers and (kind := bare(kind)) not in self._givers:
            # A class that holds itself asks for its function while that is being made.
            self._givers[kind] = lambda value: self._givers[kind](value)  # noqa: PLW0108
            self._givers[kind] = self._new_giver(kind)
        return self._givers[kind]

    def _new_giver(self, kind: Any) -> Give:
        if kind in _SCALARS:
            return _SCALARS[kind][0]
        if (parts := parts_of(kind)) is not None:
            return self._union_giver(parts)
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is tuple and arguments[-1] is not ...:
            each = [self.giver(part) for part in arguments]
            return lambda value: [give(item) for give, item in zip(each, value, strict=True)]
        if origin is tuple:
            return _list_giver(self.giver(arguments[0]))
        if origin is frozenset:
            one = self.giver(arguments[0])
            return lambda value: sorted(map(one, value))
        if origin is Mapping:
            return _mapping_giver(self.giver(arguments[1]))
        if issubclass(kind, Enum):
            return scalars.give_value
        return _give_code if kind in CODE else self._class_giver(kind)

    def _union_giver(self, parts: Sequence[Any]) -> Give:
        kinds = [part for part in parts if part is not NoneType]
        if len(kinds) == 1:
            one = self.giver(kinds[0])
            return lambda value: None if value is None else one(value)
        givers = {kind: _told(kind, self.giver(kind)) for kind in kinds}
        givers |= {NoneType: lambda _: None} if NoneType in parts else {}
        otherwise = _give_code if OpaquePolicy in kinds else None

        def give(value: Any) -> Any:
            found = givers.get(type(value)) or otherwise or _inherited(givers, value)
            return found(value)

        return give

    def _class_giver(self, kind: type[Any]) -> Give:
        options: dict[str, Any] = {
            field.name: override(
                rename=key_of(field),
                omit_if_default=_is_empty(field.default),
                unstruct_hook=self.giver(field.type),
            )
            for field in fields_of(kind)
        }
        made = make_dict_unstructure_fn(kind, self._cattrs, **options)
        told: dict[str, Json] = {}
        if (tag := DOCUMENTS.get(kind) or tag_of(kind)) is not None:
            told["type"] = tag
        if kind in DOCUMENTS:
            told["schema"] = SCHEMA

        def give(value: Any) -> Any:
            if type(value) is not kind:  # What a class made from it has besides would be lost.
                raise wrong(f"a `{kind.__name__}`")
            return {**told, **made(value)}

        return give

    # ----------------------------------------------------------------------------------- reading

    def taker(self, kind: Any) -> Take:
        """Give the function that reads values of a kind."""
        if kind not in self._takers and (kind := bare(kind)) not in self._takers:
            self._takers[kind] = lambda value, _: self._takers[kind](value, _)  # noqa: PLW0108
            self._takers[kind] = self._new_taker(kind)
        return self._takers[kind]

    def _new_taker(self, kind: Any) -> Take:
        if kind in _SCALARS:
            return _SCALARS[kind][1]
        if (parts := parts_of(kind)) is not None:
            return self._union_taker(parts)
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is tuple and arguments[-1] is not ...:
            return _tuple_taker([self.taker(part) for part in arguments])
        if origin is tuple or origin is frozenset:
            return _list_taker(self.taker(arguments[0]), origin)
        if origin is Mapping:
            return _mapping_taker(self.taker(arguments[1]))
        if issubclass(kind, Enum):
            return lambda value, _: scalars.take_member(value, kind)
        if kind in CODE:
            return self._code_taker(kind)
        return self._document_taker(kind) if kind in DOCUMENTS else self.class_taker(kind)

    def _union_taker(self, parts: Sequence[Any]) -> Take:
        kinds = [part for part in parts if part is not NoneType]
        if len(kinds) == 1:
            one = self.taker(kinds[0])
            return lambda value, _: None if value is None else one(value, _)
        tagged = {tag: self._told(kind) for kind in kinds if (tag := tag_of(kind)) is not None}
        bare = {kind: self.taker(kind) for kind in kinds if tag_of(kind) is None}
        bare |= {NoneType: lambda _, __: None} if NoneType in parts else {}

        def take(value: Any, _: Any) -> Any:
            if type(value) is not dict:
                found = bare.get(type(value))
            else:
                tag = cast("dict[str, Json]", value).get("type")
                found = tagged.get(tag) if isinstance(tag, str) else None
            if found is None:
                raise Misfit("unknown-kind", f"needed is a `type` of {listed(tagged)}")
            return found(value, _)

        return take

    def _told(self, kind: Any) -> Take:
        """Read a scalar that is told by its name among others: `{"type": ..., "value": ...}`."""
        one = self.taker(kind)
        if kind not in _SCALARS:
            return one

        def take(value: dict[str, Json], _: Any) -> Any:
            if value.keys() != {"type", "value"}:
                raise wrong("an object of `type` and `value`")
            return one(value["value"], _)

        return take

    def class_taker(self, kind: type[Any]) -> Take:
        """Give the function that reads an object, and collects what is wrong with its places."""
        tag = None if kind in DOCUMENTS else tag_of(kind)
        options: dict[str, Any] = {
            field.name: override(rename=key_of(field), struct_hook=self.taker(field.type))
            for field in fields_of(kind)
        }
        options["_cattrs_forbid_extra_keys"] = True
        made = make_dict_structure_fn(_filled(kind), self._cattrs, **options)

        def take(value: object, _: object) -> Any:
            if not isinstance(value, dict):
                raise wrong("an object")
            given = cast("dict[str, Json]", value)
            return made(given if tag is None else untold(given, tag), kind)

        return take

    def _document_taker(self, kind: type[Any]) -> Take:
        name = DOCUMENTS[kind]
        made = self.class_taker(kind)

        def take(value: Any, _: Any) -> Any:
            found = made(upcast(value, name), kind)
            if isinstance(found, PatientRecord):
                PatientRecord.of(found.patient_id, found.events)
            return found

        return take

    def _code_taker(self, kind: type[Any]) -> Take:
        """Find what is code among what was given; a name alone makes no rule."""
        made = self.class_taker(OpaquePolicy)

        def take(value: dict[str, Json], _: Any) -> Any:
            named = made({**value, "type": OpaquePolicy.TYPE}, kind)
            found = self._code.get((kind, named.id, named.version))
            if found is None:
                says = f"`{named.id}` v{named.version} is code, not data; give it with `code=`"
                raise Misfit("opaque", says)
            return found

        return take


def _filled(kind: Any) -> Any:
    """Give a generic class some parameter: the types of its attributes are told one by one."""
    return kind[Any] if getattr(kind, "__parameters__", ()) else kind


def _is_empty(default: object) -> bool:
    """Tell whether a default says nothing, so that its absence says the same for ever."""
    if isinstance(default, str | tuple | frozenset):
        return not default
    return default is None or default is False


def _told(kind: Any, give: Give) -> Give:
    tag = tag_of(kind)
    if tag is None or kind not in _SCALARS:
        return give
    return lambda value: {"type": tag, "value": give(value)}


def _inherited(givers: Mapping[Any, Give], value: object) -> Give:
    for kind, give in givers.items():
        if isinstance(value, kind):
            return give
    raise Misfit("unknown-kind", f"a `{type(value).__name__}` has no JSON here")


def _give_code(value: Any) -> Json:
    ref = getattr(value, "ref", value)
    tag = getattr(value, "TYPE", "") if type(value) in CODE else OpaquePolicy.TYPE
    id, version = scalars.give_text(ref.id), scalars.give_text(ref.version)
    return {"type": tag, "id": id, "version": version}


def _list_giver(each: Give) -> Give:
    return lambda value: [each(item) for item in value]


def _mapping_giver(each: Give) -> Give:
    return lambda value: {scalars.give_text(key): each(item) for key, item in value.items()}


def untold(value: dict[str, Json], tag: str | None) -> dict[str, Json]:
    """Give an object without the name of its kind.

    Raises:
        Misfit: It has another name, or none.
    """
    rest = value.copy()
    if rest.pop("type", None) != tag:
        raise Misfit("unknown-kind", f"needed is the `type` `{tag}`")
    return rest


def each(items: Iterable[tuple[str | int, Any]], take: Take) -> list[Any]:
    """Read, or write, items, and collect what is refused with its place."""
    found: list[Any] = []
    refused: list[Exception] = []
    for place, item in items:
        try:
            found.append(take(item, None))
        except _REFUSALS as error:
            error.add_note(IterableValidationNote("an item", place, None))
            refused.append(error)
    if refused:
        raise IterableValidationError("items", refused, list)  # pyright: ignore[reportCallIssue]
    return found


def _list_taker(take: Take, make: Callable[[Iterable[Any]], Any]) -> Take:
    def read(value: object, _: object) -> Any:
        if not isinstance(value, list):
            raise wrong("a list")
        return make(each(enumerate(cast("list[object]", value)), take))

    return read


def _tuple_taker(takes: Sequence[Take]) -> Take:
    def read(value: object, _: object) -> Any:
        items = cast("list[object]", value) if isinstance(value, list) else []
        if len(items) != len(takes):
            raise wrong(f"a list of {len(takes)}")
        pairs = enumerate(zip(takes, items, strict=True))
        return tuple(each(pairs, lambda pair, _: pair[0](pair[1], _)))

    return read


def _mapping_taker(take: Take) -> Take:
    def read(value: object, _: object) -> Any:
        if not isinstance(value, dict):
            raise wrong("an object")
        items = {
            scalars.take_text(key): item for key, item in cast("dict[str, Any]", value).items()
        }
        return dict(zip(items, each(items.items(), take), strict=True))

    return read
