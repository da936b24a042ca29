"""JSON of everything that is kept or exchanged, with versions, and its JSON Schema."""

from carecontinuum.codec.documents import Kept, dumps, from_json, loads, to_json
from carecontinuum.codec.errors import CodecInvalid
from carecontinuum.codec.kinds import DOCUMENTS, SCHEMA
from carecontinuum.codec.schema import json_schema

__all__ = [
    "DOCUMENTS",
    "SCHEMA",
    "CodecInvalid",
    "Kept",
    "dumps",
    "from_json",
    "json_schema",
    "loads",
    "to_json",
]
