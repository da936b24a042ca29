"""From bytes to resources, each with the path that leads to it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, cast

import attrs

from carecontinuum.interchange.fhir.r4.errors import FhirUnreadable, NotFhir

__all__ = ["MAX_BYTES", "Found", "Resource", "read_resources"]

MAX_BYTES = 512 * 1024 * 1024
"""The largest input that is read; larger exports are read in parts."""

Resource: TypeAlias = dict[str, Any]
"""A resource as JSON has it."""


@attrs.frozen(order=False, kw_only=True)
class Found:
    """A resource where it was found.

    Attributes:
        path: Where in the input, as in `entry[12].resource`; empty for the whole.
        url: The entry's `fullUrl`; `None` if it has none.
        resource: The resource.
    """

    path: str
    resource: Resource = attrs.field(repr=False)
    url: str | None = attrs.field(default=None, repr=False)

    @property
    def type(self) -> str:
        """Its resource type."""
        return str(self.resource["resourceType"])


def read_resources(source: Path | bytes, *, max_bytes: int = MAX_BYTES) -> tuple[Found, ...]:
    """Read a bundle, a single resource, a list of resources or one resource a line.

    Args:
        source: A file, or its content.
        max_bytes: The largest input that is read.

    Raises:
        FhirUnreadable: It is missing, empty, too large, not UTF-8 or not JSON.
        NotFhir: It is JSON and holds no resource.
    """
    content = _content(source, max_bytes)
    if len(content) > max_bytes:
        raise FhirUnreadable(says=f"larger than {max_bytes} bytes; read it in parts")
    whole = _parsed(_text(content))
    found = tuple(_resources(whole))
    if not found:
        raise NotFhir(says="no resource in it; accepted are a Bundle or resources of FHIR R4")
    return found


def _content(source: Path | bytes, max_bytes: int) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        with source.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
    raise FhirUnreadable(says=f"the file cannot be read: {reason}")


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        position = error.start
    else:
        if not text.strip():
            raise FhirUnreadable(says="empty; accepted is JSON with a FHIR R4 resource")
        return text
    raise FhirUnreadable(says=f"not UTF-8 at byte {position}")


class _NotFhirJson(ValueError):
    """JSON as some read it, and FHIR does not; the text holds nothing of the input."""


def _parsed(text: str) -> object:
    try:
        return _json(text)
    except json.JSONDecodeError as error:
        says = f"not JSON at line {error.lineno}, column {error.colno}"
        several = error.msg == "Extra data" and len(text.splitlines()) > 1
    except RecursionError:
        says, several = "nested too deeply to be FHIR", False
    except ValueError as error:
        says = str(error) if isinstance(error, _NotFhirJson) else "a number no computer can hold"
        several = False
    if several:
        lines = enumerate(text.splitlines(), start=1)
        return [_parsed_line(line, number) for number, line in lines if line.strip()]
    raise FhirUnreadable(says=says)


def _parsed_line(line: str, number: int) -> object:
    try:
        return _json(line)
    except (ValueError, RecursionError):
        says = f"not JSON on line {number}, though each line before it is"
    raise FhirUnreadable(says=says)


def _json(text: str) -> object:
    return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotFhirJson("a key stands twice in one object, so one of the two would be lost")
    return found


def _constant(_: str) -> NoReturn:
    raise _NotFhirJson("NaN and Infinity are not JSON")


def _resources(whole: object) -> Iterator[Found]:
    if isinstance(whole, list):
        for index, item in enumerate(cast("list[object]", whole)):
            yield from _single(item, f"[{index}]", None)
        return
    bundle = cast("Resource", whole) if isinstance(whole, dict) else None
    if bundle is None or not isinstance(bundle.get("resourceType"), str):
        raise NotFhir(says="JSON without a `resourceType`; accepted are resources of FHIR R4")
    if bundle["resourceType"] != "Bundle":
        yield Found(path="", resource=bundle)
        return
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise NotFhir(says="`entry` of the Bundle is not a list")
    for index, entry in enumerate(cast("list[object]", entries)):
        item = cast("Resource", entry) if isinstance(entry, dict) else {}
        url = item.get("fullUrl")
        path = f"entry[{index}].resource"
        yield from _single(item.get("resource"), path, url if isinstance(url, str) else None)


def _single(item: object, path: str, url: str | None) -> Iterator[Found]:
    resource = cast("Resource", item) if isinstance(item, dict) else {}
    if isinstance(resource.get("resourceType"), str):
        yield Found(path=path, resource=resource, url=url)
    else:
        yield Found(path=path, resource={"resourceType": "(none)"}, url=url)
