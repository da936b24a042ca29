"""From bytes to resources, each with the path that leads to it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, cast

import attrs

from carecontinuum.interchange.fhir.r4.errors import FhirUnreadable, NotFhir

__all__ = ["MAX_BYTES", "NOT_A_RESOURCE", "Found", "Resource", "read_resources"]

MAX_BYTES = 512 * 1024 * 1024
"""The largest input that is read; larger exports are read in parts."""

NOT_A_RESOURCE = "(none)"
"""The type of what stands where a resource should and names no type."""

Resource: TypeAlias = dict[str, Any]
"""A resource as JSON has it."""

_TYPE = re.compile(r"[A-Z][A-Za-z0-9]{0,63}")


@attrs.frozen(order=False, kw_only=True)
class Found:
    """A resource where it was found.

    Attributes:
        path: Where in the input, as in `entry[12].resource`; empty for the whole.
        url: The entry's `fullUrl`; `None` if it has none.
        resource: The resource.
        bundle: The Bundle it stands in; `None` if it stands in none.
    """

    path: str
    resource: Resource = attrs.field(repr=False)
    url: str | None = attrs.field(default=None, repr=False)
    bundle: "Found | None" = attrs.field(default=None, repr=False)

    @property
    def type(self) -> str:
        """Its resource type; `NOT_A_RESOURCE` if it names none."""
        name = self.resource.get("resourceType")
        return name if isinstance(name, str) and _TYPE.fullmatch(name) else NOT_A_RESOURCE

    def at(self, element: str) -> str:
        """Give the path of an element of it."""
        return f"{self.path}.{element}" if self.path else element


def read_resources(source: Path | bytes, *, max_bytes: int = MAX_BYTES) -> tuple[Found, ...]:
    """Read a bundle, a single resource, a list of resources or one resource a line.

    Bundles inside bundles are opened too.

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
    found = tuple(_resources(_parsed(_text(content))))
    if all(item.type == NOT_A_RESOURCE for item in found):
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
    except ValueError:
        reason = "no file can have this name"
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
    except (ValueError, RecursionError) as error:
        says = _why(error)
        one_a_line = _has_more_lines(error, text)
    if not one_a_line:
        raise FhirUnreadable(says=says)
    lines = enumerate(text.split("\n"), start=1)
    return [_parsed_line(line, number) for number, line in lines if line.strip()]


def _has_more_lines(error: Exception, text: str) -> bool:
    """Tell whether all that is wrong is that a value on one line is followed by more lines."""
    if not isinstance(error, json.JSONDecodeError) or error.msg != "Extra data":
        return False
    value = text[: error.pos].rstrip()
    return "\n" not in value.lstrip() and "\n" in text[len(value) : error.pos]


def _parsed_line(line: str, number: int) -> object:
    try:
        return _json(line)
    except json.JSONDecodeError as error:
        says = f"not JSON on line {number}, column {error.colno}"
    except (ValueError, RecursionError) as error:
        says = f"{_why(error)}, on line {number}"
    raise FhirUnreadable(says=says)


def _why(error: Exception) -> str:
    match error:
        case json.JSONDecodeError(lineno=line, colno=column):
            return f"not JSON at line {line}, column {column}"
        case RecursionError():
            return "nested too deeply to be FHIR"
        case _NotFhirJson():
            return str(error)
        case _:
            return "a number no computer can hold"


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
    """Give each resource, with a stack of its own: bundles may be nested deeply."""
    waiting = [Found(path="", resource=_dict(whole))]
    if isinstance(whole, list):
        items = enumerate(cast("list[object]", whole))
        waiting = [Found(path=f"[{index}]", resource=_dict(item)) for index, item in items][::-1]
    while waiting:
        found = waiting.pop()
        if found.type == "Bundle":
            waiting.extend(reversed(list(_entries(found))))
        else:
            yield found


def _entries(bundle: Found) -> Iterator[Found]:
    entries = bundle.resource.get("entry")
    for index, item in enumerate(
        cast("list[object]", entries) if isinstance(entries, list) else ()
    ):
        entry = _dict(item)
        url = entry.get("fullUrl")
        yield Found(
            path=bundle.at(f"entry[{index}].resource"),
            resource=_dict(entry.get("resource")),
            url=url if isinstance(url, str) else None,
            bundle=bundle,
        )


def _dict(value: object) -> Resource:
    return cast("Resource", value) if isinstance(value, dict) else {}
