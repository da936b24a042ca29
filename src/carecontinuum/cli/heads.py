"""Reading the heads that `carecontinuum store heads` printed."""

import json
from pathlib import Path
from typing import Any, cast

from carecontinuum.library.errors import FileUnreadable
from carecontinuum.library.files import read_text
from carecontinuum.stores import Head, StoreUnavailable, StreamKey

__all__ = ["heads_in", "heads_of"]

_LONGEST = 512 * 1024 * 1024
"""The longest file of heads that is read, in bytes."""
_KINDS = {"tenant": str, "patient_id": str, "version": int, "hash": str}
_MOST = 2**31 - 1
"""The highest version that a database keeps."""


def heads_in(file: Path) -> tuple[Head, ...]:
    """Read a file of heads.

    Raises:
        FileUnreadable: It cannot be read.
        StoreUnavailable: It holds something else, or no head.
    """
    return heads_of(read_text(file, unreadable=FileUnreadable, most=_LONGEST))


def heads_of(text: str) -> tuple[Head, ...]:
    """Read heads as they were printed, at least one: against none nothing would be compared.

    Raises:
        StoreUnavailable: The text is something else, or holds no head.
    """
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    items = cast("list[dict[str, Any]]", found)
    if not isinstance(found, list) or not all(map(_is_head, items)):
        raise StoreUnavailable(says="the file of heads is not one that `store heads` printed")
    if not items:
        raise StoreUnavailable(says="the file of heads holds none, so that nothing was compared")
    return tuple(
        Head(
            key=StreamKey(item["tenant"], item["patient_id"]),
            version=item["version"],
            hash=item["hash"],
        )
        for item in items
    )


def _is_head(item: object) -> bool:
    if not isinstance(item, dict) or item.keys() != _KINDS.keys():
        return False
    found = cast("dict[str, Any]", item)
    is_of_kind = all(type(found[key]) is kind for key, kind in _KINDS.items())
    return is_of_kind and 1 <= found["version"] <= _MOST and _is_unicode(found)


def _is_unicode(item: dict[str, Any]) -> bool:
    try:
        "".join((item["tenant"], item["patient_id"], item["hash"])).encode()
    except UnicodeEncodeError:
        return False
    return True
