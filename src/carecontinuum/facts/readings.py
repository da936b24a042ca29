"""Facts bound to their sources, and what they say at a moment."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Generic, TypeVar

import attrs

from carecontinuum.facts.sources import RecordView, Source
from carecontinuum.rules import Fact, Facts, Known, Unknown
from carecontinuum.rules.facts import check_bounds

__all__ = ["Reading", "facts_at"]

V_co = TypeVar("V_co", covariant=True)


@attrs.frozen(order=False)
class Reading(Generic[V_co]):
    """A fact bound to its source: what a program holds.

    Attributes:
        fact: The fact.
        source: Where it is read.
    """

    fact: Fact[V_co]
    source: Source[V_co]


def facts_at(sources: Mapping[str, Source[Any]], view: RecordView) -> Facts:
    """Give the facts of a record at a moment; each is read when it is first asked for.

    A fact without a source is unknown. A value that does not fit its fact raises, since a wrong
    value must not be taken for a missing one.

    Args:
        sources: The source of each fact, by the fact's id, as `Program.sources` gives them.
        view: The record at the moment.

    Raises:
        FactValueInvalid: On reading, when the source's value does not fit the fact.
    """
    return Facts(partial(_read, sources, view))


def _read(
    sources: Mapping[str, Source[Any]], view: RecordView, fact: Fact[Any]
) -> Known[Any] | Unknown:
    source = sources.get(fact.id)
    if source is None:
        return Unknown(would_supply="the program names no source for it")
    found = source.read(view)
    if isinstance(found, Unknown):
        return found if found.lo is None and found.hi is None else check_bounds(fact, found)
    if not fact.fits(found.value):
        fact.check(found.value)
    return found
