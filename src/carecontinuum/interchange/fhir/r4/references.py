"""Who and what a reference means: an id counts on its own server only."""

import re
from collections.abc import Iterable, Iterator
from typing import cast

import attrs

from carecontinuum.canonical import digest
from carecontinuum.datatypes import Site
from carecontinuum.interchange.fhir.r4.reading import Found, Resource
from carecontinuum.interchange.fhir.r4.shapes import READ, what_is_read

__all__ = ["References", "Target"]

_LOCAL = r"(?P<local>(?P<type>[A-Z][A-Za-z]+)/[^/?#\s]+)(?:/_history/[^/?#\s]+)?"
_RELATIVE = re.compile(_LOCAL)
_ABSOLUTE = re.compile(rf"(?P<base>https?://\S+)/{_LOCAL}")
_ID = re.compile(r"[^/?#\s]+")

_REFERRING = ("patient", "subject", "episodeOfCare", "managingOrganization", "serviceProvider")


@attrs.frozen(order=False, kw_only=True)
class Target:
    """What a reference means.

    Attributes:
        key: The resource, as in `Patient/example`; its url where that is needed to tell it apart.
        type: Its resource type; `None` if neither the input nor the reference says it.
    """

    key: str = attrs.field(repr=False)
    type: str | None


class References:
    """Which resource a reference means, within one input.

    Where one type and id stand there from several servers, these are several resources: each is
    named by its url, and a relative reference means the one of its own server.
    """

    def __init__(self, found: Iterable[Found]) -> None:
        """Index resources by their urls."""
        everything = tuple(found)
        origins: dict[str, set[str]] = {}
        for local, origin in _origins(everything):
            origins.setdefault(local, set()).add(origin)
        self._several = {local for local, known in origins.items() if _are_several(known)}
        self._targets = {
            item.url: Target(key=self.key(item), type=item.type)
            for item in everything
            if item.url is not None
        }

    def key(self, found: Found) -> str:
        """Give a resource's type and id, or its url; what is read of it if it has neither."""
        local = _local(found)
        if local is not None and (local not in self._several or not _is_shown(found.url)):
            return local
        if found.url is not None and _is_shown(found.url):
            return _without_history(found.url)
        known = what_is_read(found) if found.type in READ else None
        return f"{found.type}/{digest(known)}"

    def target(self, element: object, within: Found) -> Target | None:
        """Give what a reference element means; `None` if that cannot be told."""
        reference = _reference(element)
        if reference is None:
            return None
        if reference in self._targets:
            return self._targets[reference]
        if match := _ABSOLUTE.fullmatch(reference):
            url = f"{match['base']}/{match['local']}"
            key = url if match["local"] in self._several else match["local"]
            return self._targets.get(url) or Target(key=key, type=match["type"])
        if match := _RELATIVE.fullmatch(reference):
            return self._relative(match, within)
        return Target(key=reference, type=None) if reference.startswith("urn:") else None

    def _relative(self, match: re.Match[str], within: Found) -> Target | None:
        """Resolve a relative reference against the server its resource is from."""
        if match["local"] not in self._several:
            return Target(key=match["local"], type=match["type"])
        home = _ABSOLUTE.fullmatch(within.url or "")
        if home is None:
            return None
        return Target(key=f"{home['base']}/{match['local']}", type=match["type"])

    def patient(self, element: object, within: Found) -> str | None:
        """Give the patient a reference means; `None` if that cannot be told, or it is no patient.

        A contained resource is nobody outside the one it is in.
        """
        target = self.target(element, within)
        return target.key if target is not None and target.type in {"Patient", None} else None

    def site(self, element: object, within: Found) -> Site | None:
        """Give the place that a reference to an organization means."""
        target = self.target(element, within)
        return None if target is None else Site(organisation=target.key)


def _are_several(origins: Iterable[str]) -> bool:
    """Tell whether origins are several servers, or several urls that name no server."""
    servers = [origin.startswith("http") for origin in origins]
    return servers.count(True) > 1 or servers.count(False) > 1


def _local(found: Found) -> str | None:
    id = found.resource.get("id")
    if isinstance(id, str) and _ID.fullmatch(id) and id.isprintable():
        return f"{found.type}/{id}"
    return None


def _reference(element: object) -> str | None:
    value = cast("Resource", element).get("reference") if isinstance(element, dict) else None
    return value if isinstance(value, str) and _is_shown(value) else None


def _is_shown(value: str | None) -> bool:
    """Tell whether a text can be printed as it is, and so can name something."""
    return value is not None and value != "" and value.isprintable()


def _without_history(url: str) -> str:
    match = _ABSOLUTE.fullmatch(url)
    return f"{match['base']}/{match['local']}" if match else url


def _origins(found: Iterable[Found]) -> Iterator[tuple[str, str]]:
    """Give each type and id with the server, or the url, that it comes from."""
    for item in found:
        local = _local(item)
        if local is not None and item.url is not None and item.type in READ:
            match = _ABSOLUTE.fullmatch(item.url)
            yield local, match["base"] if match else item.url
        for name in _REFERRING:
            yield from _referred(item.resource.get(name))


def _referred(element: object) -> Iterator[tuple[str, str]]:
    elements = cast("list[object]", element) if isinstance(element, list) else [element]
    for one in elements:
        if match := _ABSOLUTE.fullmatch(_reference(one) or ""):
            yield match["local"], match["base"]
