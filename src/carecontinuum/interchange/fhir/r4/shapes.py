"""Which elements are read, and a walk that counts all others and lists the misshapen ones."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias, cast

from carecontinuum.canonical import Json
from carecontinuum.interchange.fhir.r4.account import Account
from carecontinuum.interchange.fhir.r4.reading import Found
from carecontinuum.interchange.fhir.r4.values import text

__all__ = ["READ", "bundles_of", "check_shape", "next_pages", "what_is_read"]

Shape: TypeAlias = "str | list[Shape] | dict[str, Shape]"
"""`TEXT`, `LISTED`, `OPEN`, a list of one shape, or an object's elements that are read."""

TEXT: Final = "text"
LISTED: Final = "listed"
"""A text of which its reader lists what is wrong."""
OPEN: Final = "open"
"""Not looked into here."""

_META: Shape = {"lastUpdated": TEXT}
_PERIOD: Shape = {"start": LISTED, "end": LISTED}
_REFERENCE: Shape = {"reference": TEXT}
_CONCEPT: Shape = {"coding": [{"system": TEXT, "code": TEXT, "display": TEXT}]}
_IDENTIFIER: Shape = {"system": TEXT, "value": TEXT}

READ: Final[dict[str, dict[str, Shape]]] = {
    "Bundle": {
        "resourceType": TEXT,
        "id": TEXT,
        "type": TEXT,
        "link": [{"relation": TEXT, "url": TEXT}],
        "entry": [{"fullUrl": TEXT, "resource": OPEN}],
    },
    "Patient": {"resourceType": TEXT, "id": TEXT, "meta": _META, "deceasedDateTime": LISTED},
    "EpisodeOfCare": {
        "resourceType": TEXT,
        "id": TEXT,
        "meta": _META,
        "identifier": [_IDENTIFIER],
        "status": LISTED,
        "statusHistory": [{"status": LISTED, "period": _PERIOD}],
        "type": [_CONCEPT],
        "patient": _REFERENCE,
        "managingOrganization": _REFERENCE,
        "period": _PERIOD,
    },
    "Encounter": {
        "resourceType": TEXT,
        "id": TEXT,
        "meta": _META,
        "status": LISTED,
        "type": [_CONCEPT],
        "serviceType": _CONCEPT,
        "subject": _REFERENCE,
        "episodeOfCare": [_REFERENCE],
        "period": _PERIOD,
        "serviceProvider": _REFERENCE,
    },
}
"""The elements that are read, by resource type; every other one is counted."""

_LISTED = frozenset(
    {
        "EpisodeOfCare.patient",
        "EpisodeOfCare.period",
        "EpisodeOfCare.statusHistory.period",
        "Encounter.subject",
        "Encounter.period",
    }
)
"""The objects of which their readers list what is wrong."""

_ELEMENT = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")


def check_shape(found: Found, account: Account) -> None:
    """Count the elements of a resource that are not read; list those of an unreadable shape."""
    shape = READ.get(found.type)
    if shape is None:
        account.passed(found.type, "resource type not read")
    else:
        _check(found.resource, shape, found.path, found.type, account)


def _check(value: object, shape: Shape, path: str, name: str, account: Account) -> None:
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            if name not in _LISTED:
                account.problem(path, "not-an-object", "an object is needed; it was passed over")
            return
        _check_elements(cast("dict[str, object]", value), shape, path, name, account)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            account.problem(path, "not-a-list", "a list is needed; it was passed over")
            return
        for index, item in enumerate(cast("list[object]", value)):
            _check(item, shape[0], f"{path}[{index}]", name, account)
    elif shape == TEXT and (not isinstance(value, str) or not value):
        account.problem(path, "not-text", "a text is needed; it was passed over")


def _check_elements(
    value: dict[str, object], shape: dict[str, Shape], path: str, name: str, account: Account
) -> None:
    for key, item in value.items():
        if key in shape:
            _check(item, shape[key], f"{path}.{key}" if path else key, f"{name}.{key}", account)
        else:
            shown = key if _ELEMENT.fullmatch(key) else "(not an element)"
            account.passed(f"{name}.{shown}", "element not read")


def what_is_read(found: Found) -> Json:
    """Give a resource without the elements that are not read, its id and its `meta`.

    Two resources that agree in it say the same, as far as this library understands them.
    """
    shape = {key: item for key, item in READ[found.type].items() if key not in {"id", "meta"}}
    return _kept(found.resource, shape)


def _kept(value: object, shape: Shape) -> Json:
    if isinstance(shape, dict) and isinstance(value, dict):
        elements = cast("dict[str, object]", value)
        return {key: _kept(elements[key], part) for key, part in shape.items() if key in elements}
    if isinstance(shape, list) and isinstance(value, list):
        return [_kept(item, shape[0]) for item in cast("list[object]", value)]
    return text(value) if shape in (TEXT, LISTED) else None


def bundles_of(found: Iterable[Found]) -> tuple[Found, ...]:
    """Give the bundles that resources stand in, and those that these stand in, each once."""
    bundles: dict[int, Found] = {}
    for item in found:
        bundle = item.bundle
        while bundle is not None and id(bundle) not in bundles:
            bundles[id(bundle)] = bundle
            bundle = bundle.bundle
    return tuple(bundles.values())


def next_pages(found: Found) -> Iterator[int]:
    """Give the places of the links of a Bundle that lead to more of it."""
    links = found.resource.get("link")
    for index, link in enumerate(cast("list[object]", links) if isinstance(links, list) else ()):
        if isinstance(link, dict) and cast("dict[str, object]", link).get("relation") == "next":
            yield index
