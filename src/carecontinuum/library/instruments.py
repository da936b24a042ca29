"""Instruments as files, and those that come with the library."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files
from os import PathLike, fspath
from typing import Any

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Coding
from carecontinuum.library.errors import (
    InstrumentFileInvalid,
    InstrumentFileUnreadable,
    UnknownInstrument,
)
from carecontinuum.library.files import format_problem, read_text, tables_of
from carecontinuum.library.policies import Declared, rule_of
from carecontinuum.library.structuring import structured
from carecontinuum.records import (
    Banding,
    Indicator,
    Instrument,
    InstrumentInvalid,
    Item,
    ItemTotal,
)
from carecontinuum.rules import Fact, FactInvalid

__all__ = [
    "FORMAT",
    "parse_instrument",
    "read_instrument",
    "shipped_instrument",
    "shipped_instruments",
]

FORMAT = 1
"""The format of instrument files that this version reads."""
_FOLDER = files("carecontinuum.library") / "instruments"


@attrs.frozen(order=False, kw_only=True)
class ItemDocument:
    """An item of the instrument.

    Attributes:
        id: Its id, which rules can name: small letters, digits and underscores.
        label: A short neutral label.
        values: The ratings that it can have, ascending; those of the file when left out.
        anchors: The words of each of the values; those of the file when both are left out.
        reversed: Whether a total counts it from the other end.
        must_assess: Whether no total is a total without it, by any rule for missing items.
        when_skipped: The rating it stands for when the instrument's own instructions skip it.
    """

    id: str
    label: str = ""
    values: tuple[int, ...] | None = None
    anchors: tuple[str, ...] | None = None
    reversed: bool = False
    must_assess: bool = False
    when_skipped: int | None = None


@attrs.frozen(order=False, kw_only=True)
class TotalDocument:
    """A sum of items.

    Attributes:
        id: Its id.
        title: Its words.
        items: The ids of the items it adds; all of them when left out.
        mean_for: For so many missing items at most, the mean of the others stands in.
        higher_is_better: Whether more is better.
        coding: Its code in an outside system.
        citation: Where it comes from.
    """

    id: str
    title: str = ""
    items: tuple[str, ...] | None = None
    mean_for: int = 0
    higher_is_better: bool = False
    coding: Coding | None = None
    citation: str = ""


@attrs.frozen(order=False, kw_only=True)
class IndicatorDocument:
    """Something to look at that no total tells.

    Attributes:
        id: Its id.
        says: What it means when it holds.
        rule: A rule's text over the items.
        citation: Where it comes from.
    """

    id: str
    says: str
    rule: str
    citation: str = ""


@attrs.frozen(order=False, kw_only=True)
class InstrumentDocument:
    """An instrument file, whole.

    Attributes:
        format: The format of the file; this version reads 1.
        id: The instrument's id.
        edition: Its edition.
        title: Its words.
        rights: Whose it is, and what may be done with it.
        citations: Where it comes from.
        values: The ratings of every item that names none of its own.
        anchors: The words of each of them.
        items: The items, in their order.
        totals: The sums.
        bandings: What the totals mean.
        indicators: What to look at besides.
    """

    format: int
    id: str
    edition: str
    title: str = ""
    rights: str = ""
    citations: tuple[str, ...] = ()
    values: tuple[int, ...] = ()
    anchors: tuple[str, ...] = ()
    items: tuple[ItemDocument, ...]
    totals: tuple[TotalDocument, ...] = ()
    bandings: tuple[Banding, ...] = ()
    indicators: tuple[IndicatorDocument, ...] = ()


def read_instrument(path: str | PathLike[str]) -> Instrument:
    """Read an instrument file.

    Args:
        path: The file: TOML in UTF-8, at most `MAX_BYTES` long.

    Raises:
        InstrumentFileUnreadable: It is missing, too large, or not TOML in UTF-8.
        InstrumentFileInvalid: With every problem, each where its author finds it.
    """
    text = read_text(path, unreadable=InstrumentFileUnreadable)
    return parse_instrument(text, path=fspath(path))


def parse_instrument(text: str, *, path: str = "") -> Instrument:
    """Read the text of an instrument file.

    Args:
        text: TOML, at most `MAX_BYTES` long as UTF-8.
        path: The file it came from, for messages; empty for none.

    Raises:
        InstrumentFileUnreadable: It is too large, or not TOML.
        InstrumentFileInvalid: With every problem, each where its author finds it.
    """
    tables = tables_of(text, path, unreadable=InstrumentFileUnreadable)
    if problem := format_problem(tables, FORMAT):
        raise InstrumentFileInvalid(path=path, problems=[problem])
    document = structured(tables, InstrumentDocument)
    made = document if isinstance(document, tuple) else _instrument_of(document)
    if isinstance(made, tuple):
        raise InstrumentFileInvalid(path=path, problems=made)
    return made


def _instrument_of(document: InstrumentDocument) -> Instrument | tuple[Problem, ...]:
    found: list[Problem] = []
    items = tuple(_item(item, document) for item in document.items)
    every = tuple(item.id for item in items)
    try:
        instrument = Instrument(
            id=document.id,
            edition=document.edition,
            title=document.title,
            items=items,
            totals=tuple(_total(total, every) for total in document.totals),
            bandings=document.bandings,
            indicators=tuple(_indicators(document.indicators, _declared(items), found)),
            rights=document.rights,
            citations=document.citations,
        )
    except InstrumentInvalid as invalid:
        return (*found, *invalid.problems)
    return tuple(found) or instrument


def _item(item: ItemDocument, document: InstrumentDocument) -> Item:
    inherits = item.values is None
    anchors = document.anchors if inherits else ()
    return Item(
        id=item.id,
        label=item.label,
        values=document.values if item.values is None else item.values,
        anchors=anchors if item.anchors is None else item.anchors,
        reversed=item.reversed,
        must_assess=item.must_assess,
        when_skipped=item.when_skipped,
    )


def _total(total: TotalDocument, every: tuple[str, ...]) -> ItemTotal:
    return ItemTotal(
        id=total.id,
        title=total.title,
        items=every if total.items is None else total.items,
        mean_for=total.mean_for,
        higher_is_better=total.higher_is_better,
        coding=total.coding,
        citation=total.citation,
    )


def _declared(items: Iterable[Item]) -> Declared:
    """Give the items as facts that rules can name, apart from those that are broken themselves."""
    facts: dict[str, Fact[Any]] = {}
    for item in items:
        with suppress(FactInvalid, IndexError):
            facts[item.id] = item.fact
    broken = frozenset(item.id for item in items) - facts.keys()
    return Declared(facts=facts, codes={}, broken=broken)


def _indicators(
    documents: Iterable[IndicatorDocument], declared: Declared, found: list[Problem]
) -> Iterator[Indicator]:
    for n, told in enumerate(documents):
        rule = rule_of(told.rule, f"indicators[{n}].rule", declared, found)
        if rule is not None:
            yield Indicator(id=told.id, says=told.says, rule=rule, citation=told.citation)


@cache
def shipped_instruments() -> tuple[str, ...]:
    """Give the names of the instruments that come with the library, sorted.

    Examples:
        >>> "phq-9" in shipped_instruments()
        True
    """
    names = [entry.name for entry in _FOLDER.iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def shipped_instrument(name: str) -> Instrument:
    """Give an instrument that comes with the library.

    Args:
        name: Its name, as in `phq-9`.

    Raises:
        UnknownInstrument: None of that name is shipped.
    """
    if name not in shipped_instruments():
        raise UnknownInstrument(name=name, instruments=shipped_instruments())
    file = f"{name}.toml"
    return parse_instrument((_FOLDER / file).read_text(encoding="utf-8"), path=file)
