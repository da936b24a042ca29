"""`carecontinuum schema`: the JSON Schema of what is kept or exchanged."""

import json

from carecontinuum.codec import DOCUMENTS, json_schema

__all__ = ["KINDS", "schema_text"]

KINDS: dict[str, type] = {name: kind for kind, name in DOCUMENTS.items()}
"""What there is a schema of, by its name."""


def schema_text(name: str) -> str:
    """Give the JSON Schema of a kind as text."""
    return json.dumps(json_schema(KINDS[name]), indent=2, ensure_ascii=False)
