"""What there is JSON of: a closed registry, made from the classes and their closed unions.

A class added to a union of the library needs nothing here.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin

import attrs

import carecontinuum.facts
from carecontinuum.decisions import Decision
from carecontinuum.facts import Source
from carecontinuum.history import Event, PatientRecord
from carecontinuum.policies import CombinedPolicy, RulePolicy, TransitionPolicy
from carecontinuum.programs import Program
from carecontinuum.rules import (
    Age,
    All,
    AnyOf,
    AtLeast,
    Choice,
    Count,
    Criterion,
    Date,
    DaysBetween,
    Expression,
    Fact,
    Flag,
    Not,
    NumberFact,
    OneOf,
    Ordinal,
    Quantity,
    Span,
    Term,
    Total,
    Value,
)
from carecontinuum.rules.comparisons import Compare

__all__ = [
    "CODE",
    "DOCUMENTS",
    "SCHEMA",
    "OpaquePolicy",
    "bare",
    "fields_of",
    "key_of",
    "parts_of",
    "tag_of",
]

SCHEMA = 1
"""The version of the JSON that is written."""

DOCUMENTS: dict[type, str] = {
    Event: "event",
    PatientRecord: "record",
    Decision: "decision",
    Program: "program",
}
"""What stands by itself: each says its version and its kind, wherever it stands."""


@attrs.frozen(order=False, kw_only=True)
class OpaquePolicy:
    """How a policy that is code stands in JSON: by its name alone.

    Attributes:
        id: Its id.
        version: Its version.
    """

    TYPE: ClassVar[str] = "opaque"
    id: str
    version: str


CODE: tuple[type, ...] = (OpaquePolicy, Criterion)
"""What is code, stands by its id and version, and is given again by whoever reads it."""

_NUMBERS = (NumberFact, Count, Age, Ordinal, Quantity)
_SOURCES = tuple(
    kind
    for kind in map(vars(carecontinuum.facts).get, carecontinuum.facts.__all__)
    if isinstance(kind, type) and attrs.has(kind) and hasattr(kind, "TYPE")
)
_FAMILIES: dict[Any, tuple[Any, ...]] = {
    Any: get_args(Value),
    Fact: (*_NUMBERS, Flag, Choice, Date),
    Expression: (All, AnyOf, AtLeast, Not, Compare, OneOf, Flag, Criterion),
    Term: (*_NUMBERS, Date, Total, DaysBetween),
    Source: _SOURCES,
    TransitionPolicy: (RulePolicy, CombinedPolicy, OpaquePolicy),
}
"""What may stand where an abstract class is declared."""
_SORTS: dict[Any, tuple[Any, ...]] = {NumberFact: _NUMBERS}
"""What may stand in a union where a class is declared that others are made from."""

_TAGS: dict[Any, str] = {Decimal: "decimal", date: "date", Span: "span"}


def parts_of(kind: Any) -> tuple[Any, ...] | None:
    """Give the kinds that a union or an abstract class stands for; `None` for one of neither."""
    family = _FAMILIES.get(get_origin(kind) or kind)
    if family is not None:
        return (*family, NoneType) if kind is Any else family
    if get_origin(kind) in (UnionType, Union):
        return tuple(_flat(kind))
    return None


def _flat(kind: Any) -> Iterator[Any]:
    for part in get_args(kind):
        yield from (part,) if part is Any else parts_of(part) or _SORTS.get(part, (part,))


def bare(kind: Any) -> Any:
    """Take the parameters off a generic class; those of a container stay."""
    origin = get_origin(kind)
    return origin if isinstance(origin, type) and attrs.has(origin) else kind


def tag_of(kind: Any) -> str | None:
    """Give the name that a kind is told by among others; `None` where its JSON tells it."""
    found: str | None = _TAGS.get(kind) or getattr(kind, "TYPE", None)
    return found


def key_of(field: "attrs.Attribute[Any]") -> str:
    """Give the key of an attribute."""
    return (field.alias or field.name).removesuffix("_")


def fields_of(kind: Any) -> "tuple[attrs.Attribute[Any], ...]":
    """Give the attributes of a class that are written, their types resolved."""
    attrs.resolve_types(kind)
    return tuple(field for field in attrs.fields(kind) if field.init)
