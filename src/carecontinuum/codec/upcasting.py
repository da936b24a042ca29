"""JSON of earlier versions becomes that of the latest, one version at a time."""

from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from carecontinuum.canonical import Json
from carecontinuum.codec.errors import Misfit
from carecontinuum.codec.kinds import SCHEMA
from carecontinuum.codec.scalars import wrong

__all__ = ["UPCASTERS", "Upcaster", "upcast"]

Upcaster: TypeAlias = Callable[[dict[str, Json]], dict[str, Json]]
"""Makes of a document of one version that of the next; it leaves what it is given as it is."""

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""By kind and the version it begins at; a kind that did not change at a version has none."""


def upcast(
    value: object,
    kind: str,
    *,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
    latest: int = SCHEMA,
) -> dict[str, Json]:
    """Give a document as the latest version writes it, without its version and kind.

    Args:
        value: The document.
        kind: The kind it must be of, as in `event`.
        upcasters: What each version changed.
        latest: The latest version.

    Raises:
        Misfit: It is no document of that kind, or of a version that is not known.
    """
    if type(value) is not dict:
        raise wrong("an object")
    found = cast("dict[str, Json]", value)
    if found.get("type") != kind:
        raise Misfit("unknown-kind", f"needed is the `type` `{kind}`")
    version = found.get("schema")
    if type(version) is not int or version < 1:
        raise Misfit("no-schema", "`schema` is the version it was written by, from 1")
    if version > latest:
        says = f"it has schema {version}, this version of the library reads up to {latest}"
        raise Misfit("newer-schema", says)
    rest = found.copy()
    del rest["type"], rest["schema"]
    for step in range(version, latest):
        rest = upcasters.get((kind, step), dict)(rest)
    return rest
