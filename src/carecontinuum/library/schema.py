"""The JSON Schema of a program file, made from the classes of its documents.

Editors that know TOML use it to complete and to check what is being written. It says less than
reading the file does: it knows neither whether a level exists nor what a rule's text means.
`python -m carecontinuum.library.schema` writes the shipped file again.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from inspect import getdoc
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

import attrs

from carecontinuum.canonical import Json, plain
from carecontinuum.library.documents import FORMAT, PolicyDocument, ProgramDocument
from carecontinuum.library.structuring import key_of

__all__ = ["SCHEMA_FILE", "program_schema", "schema_text"]

SCHEMA_FILE = Path(__file__).with_name("program.schema.json")
"""The schema as a file, shipped beside this module."""

Table = dict[str, Json]

_PLAIN: Mapping[object, Table] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
}


def program_schema() -> Table:
    """Give the schema, JSON Schema 2020-12; a day is a text in the form YYYY-MM-DD."""
    tables: Table = {}
    whole = _reference(ProgramDocument, tables)
    tables["PolicyDocument"] = {
        **_table(PolicyDocument, tables),
        "oneOf": [{"required": ["requires"]}, {"required": ["forbids"]}],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"carecontinuum program file, format {FORMAT}",
        **whole,
        "properties": {"format": {"const": FORMAT}},
        "$defs": tables,
    }


def schema_text() -> str:
    """Give the text of the shipped file."""
    return json.dumps(program_schema(), indent=2, ensure_ascii=False) + "\n"


def _reference(kind: type[Any], tables: Table) -> Table:
    """Describe a class among the definitions once, and refer to it."""
    name = kind.__name__
    if name not in tables:
        tables[name] = {}
        tables[name] = _table(kind, tables)
    return {"$ref": f"#/$defs/{name}"}


def _table(kind: type[Any], tables: Table) -> Table:
    words = _words(kind)
    fields = attrs.fields(kind)
    return {
        "type": "object",
        "description": (getdoc(kind) or "").partition("\n")[0],
        "properties": {
            key_of(field.name): {
                **_shape(field.type, tables),
                "description": words.get(field.name, ""),
                **_default(field.default),
            }
            for field in fields
        },
        "required": [key_of(field.name) for field in fields if field.default is attrs.NOTHING],
        "additionalProperties": False,
    }


def _shape(kind: Any, tables: Table) -> Table:
    if kind in _PLAIN:
        return _PLAIN[kind]
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _shape(get_args(kind)[0], tables)}
    if parts := [part for part in get_args(kind) if part is not NoneType]:
        shapes: list[Json] = [_shape(part, tables) for part in parts]
        return _shape(parts[0], tables) if len(parts) == 1 else {"anyOf": shapes}
    if issubclass(kind, Enum):
        return {"enum": [plain(member) for member in kind]}
    return _reference(kind, tables)


def _default(default: object) -> Table:
    if default is not attrs.NOTHING and isinstance(default, Enum | bool | str) and default != "":
        return {"default": plain(default)}
    return {}


_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


def _words(kind: type[Any]) -> dict[str, str]:
    """Give the words that a class's docstring has for each attribute."""
    _, _, listing = (getdoc(kind) or "").partition("Attributes:\n")
    return {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(listing)}


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
