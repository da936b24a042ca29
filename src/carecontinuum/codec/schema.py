"""JSON Schema of what is written, made from the same classes as the functions that write it."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from inspect import getdoc
from types import NoneType
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

import attrs

from carecontinuum.canonical import Json
from carecontinuum.codec.documents import check_kind
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
from carecontinuum.datatypes import Precision, When

__all__ = ["json_schema"]

Table = dict[str, Json]

_INSTANT: Table = {"type": "string", "format": "date-time"}
_SCALARS: dict[Any, Table] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time-of-day"},
    datetime: _INSTANT,
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?([Ee][+-]?[0-9]+)?$"},
    ZoneInfo: {"type": "string"},
    NoneType: {"type": "null"},
    When: {
        "anyOf": [
            _INSTANT,
            {
                "type": "object",
                "properties": {
                    "instant": _INSTANT,
                    "precision": {"enum": [member.value for member in Precision]},
                    "zone": {"type": "string"},
                },
                "required": ["instant", "precision", "zone"],
                "additionalProperties": False,
            },
        ]
    },
}


def json_schema(kind: type) -> Table:
    """Give the JSON Schema, 2020-12, of an event, a record, a decision or a program.

    Every value that is written fits it. It says less than reading does, which also knows what a
    class refuses.

    Args:
        kind: `Event`, `PatientRecord`, `Decision` or `Program`.

    Raises:
        CodecInvalid: It is none of them.

    Examples:
        >>> from carecontinuum.history import Event
        >>> json_schema(Event)["title"]
        'carecontinuum event, schema 1'
    """
    check_kind(kind)
    tables: Table = {}
    whole = _shape(kind, tables)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"carecontinuum {DOCUMENTS[kind]}, schema {SCHEMA}",
        **whole,
        "$defs": tables,
    }


def _shape(kind: Any, tables: Table) -> Table:
    kind = bare(kind)
    if kind in _SCALARS:
        return _SCALARS[kind]
    if (parts := parts_of(kind)) is not None:
        return _union(parts, tables)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and arguments[-1] is not ...:
        items: list[Json] = [_shape(part, tables) for part in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
    if origin is tuple or origin is frozenset:
        return {"type": "array", "items": _shape(arguments[0], tables)}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _shape(arguments[1], tables)}
    if issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    return _reference(kind, tables)


def _union(parts: tuple[Any, ...], tables: Table) -> Table:
    kinds = [part for part in parts if part is not NoneType]
    told = len(kinds) > 1
    shapes: list[Json] = [_told(part, tables) if told else _shape(part, tables) for part in kinds]
    return {"anyOf": [*shapes, *([_SCALARS[NoneType]] if NoneType in parts else [])]}


def _told(kind: Any, tables: Table) -> Table:
    """Describe one kind among others: a scalar that has a name stands in an object with it."""
    if kind not in _SCALARS or tag_of(kind) is None:
        return _shape(kind, tables)
    return {
        "type": "object",
        "properties": {"type": {"const": tag_of(kind)}, "value": _SCALARS[kind]},
        "required": ["type", "value"],
        "additionalProperties": False,
    }


def _reference(kind: type[Any], tables: Table) -> Table:
    """Describe a class among the definitions once, and refer to it."""
    name = kind.__name__
    if name not in tables:
        tables[name] = {}
        tables[name] = _table(kind, tables)
    return {"$ref": f"#/$defs/{name}"}


def _table(kind: type[Any], tables: Table) -> Table:
    fields = fields_of(OpaquePolicy if kind in CODE else kind)
    properties: Table = {key_of(field): _shape(field.type, tables) for field in fields}
    required = [key_of(field) for field in fields if field.default is attrs.NOTHING]
    if kind in DOCUMENTS:
        properties["schema"] = {"const": SCHEMA}
        required.append("schema")
    if (tag := DOCUMENTS.get(kind) or tag_of(kind)) is not None:
        properties["type"] = {"const": tag}
        required.append("type")
    return {
        "type": "object",
        "description": (getdoc(kind) or "").partition("\n")[0],
        "properties": properties,
        "required": list[Json](required),
        "additionalProperties": False,
    }
