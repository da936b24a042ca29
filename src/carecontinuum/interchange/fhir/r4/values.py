"""Reading the elements of a resource; what is wrong goes to the account."""

import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import cast

import attrs

from carecontinuum.datatypes import Coding, Identifier, Site, UnreadableDate, When
from carecontinuum.interchange.fhir.r4.account import Account
from carecontinuum.interchange.fhir.r4.reading import Found, Resource

__all__ = ["References", "Span", "codings", "dicts", "identifiers", "read_when", "span", "text"]

_REFERENCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/.*)?")


@attrs.frozen(order=False, kw_only=True)
class Span:
    """A FHIR period: its end is the last moment that belongs to it.

    Attributes:
        start: When it began.
        end: When it ended; `None` while it lasts.
    """

    start: When
    end: When | None = None


class References:
    """Which resource a reference means, within one input."""

    def __init__(self, found: Iterable[Found]) -> None:
        """Index resources by their urls."""
        self._keys = {item.url: self.key(item) for item in found if item.url is not None}

    @staticmethod
    def key(found: Found) -> str:
        """Give a resource's type and id, as in `Patient/example`; its url if it has no id."""
        id = found.resource.get("id")
        return f"{found.type}/{id}" if isinstance(id, str) and id else (found.url or found.path)

    def resolve(self, element: object) -> str | None:
        """Give the type and id a reference element means; `None` if it says neither."""
        if not isinstance(element, dict):
            return None
        reference = cast("Resource", element).get("reference")
        if not isinstance(reference, str):
            return None
        if reference in self._keys:
            return self._keys[reference]
        match = _REFERENCE.fullmatch(reference)
        return f"{match[1]}/{match[2]}" if match else reference

    def site(self, element: object) -> Site | None:
        """Give the place that a reference to an organization means."""
        key = self.resolve(element)
        return None if key is None else Site(organisation=key)


def dicts(value: object) -> Iterator[tuple[int, Resource]]:
    """Give the objects of a list with their places; anything else in it is passed over."""
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            if isinstance(item, dict):
                yield index, cast("Resource", item)


def text(value: object) -> str | None:
    """Give a text that is not empty."""
    return value if isinstance(value, str) and value else None


def codings(concepts: object) -> tuple[Coding, ...]:
    """Give the codings of one CodeableConcept, or of a list of them."""
    alone = cast("object", [concepts]) if isinstance(concepts, dict) else concepts
    listed = [concept for _, concept in dicts(alone)]
    return tuple(
        Coding(code=code, system=text(item.get("system")), display=text(item.get("display")))
        for concept in listed
        for _, item in dicts(concept.get("coding"))
        if (code := text(item.get("code"))) is not None
    )


def identifiers(value: object) -> tuple[Identifier, ...]:
    """Give the identifiers that have a value."""
    return tuple(
        Identifier(system=text(item.get("system")), value=found)
        for _, item in dicts(value)
        if (found := text(item.get("value"))) is not None
    )


def read_when(value: object, path: str, account: Account, zone: tzinfo) -> When | None:
    """Read a date or dateTime; one that cannot be read is a problem, a missing one is not."""
    if value is None:
        return None
    try:
        return When.parse(value if isinstance(value, str) else "", zone=zone)
    except UnreadableDate as error:
        account.problem(path, "unreadable-date", error.message())
        return None


def span(value: object, path: str, account: Account, zone: tzinfo) -> Span | None:
    """Read a period; one without a start, or that ends before it begins, is a problem."""
    if not isinstance(value, dict):
        account.problem(path, "no-period", "a period with a start is needed")
        return None
    period = cast("Resource", value)
    start = read_when(period.get("start"), f"{path}.start", account, zone)
    end = read_when(period.get("end"), f"{path}.end", account, zone)
    if start is None:
        if period.get("start") is None:
            account.problem(f"{path}.start", "no-start", "a period with a start is needed")
        return None
    if end is not None and end.instant < start.instant:
        account.problem(path, "ends-before-start", "the period ends before it begins")
        return None
    if end is None and period.get("end") is not None:
        return None
    return Span(start=start, end=end)
