"""An instrument as data: its items, what they add up to, and what a total means."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Coding
from carecontinuum.errors import CareContinuumError, listed
from carecontinuum.records.checking import each_once
from carecontinuum.records.errors import InstrumentInvalid
from carecontinuum.rules import Expression, Ordinal, facts_read

__all__ = ["Band", "Banding", "Indicator", "Instrument", "Item", "ItemTotal"]


@attrs.frozen(order=False, kw_only=True)
class Item:
    """One item of an instrument.

    Attributes:
        id: Its id, which rules can name: small letters, digits and underscores.
        label: A short neutral label; not the question, unless its wording is free.
        values: The ratings that it can have, ascending; some instruments leave gaps.
        anchors: The words of each of the values; empty if they are not given.
        reversed: Whether a total counts it from the other end: the greatest value as the least.
        must_assess: Whether no total is a total without it, by any rule for missing items.
        when_skipped: The rating it stands for when the instrument's own instructions skip it;
            `None` if they never do.
    """

    id: str
    label: str = ""
    values: tuple[int, ...]
    anchors: tuple[str, ...] = ()
    reversed: bool = False
    must_assess: bool = False
    when_skipped: int | None = None

    @property
    def fact(self) -> Ordinal:
        """The rating as a fact that rules can name, as it is rated and not as it is counted."""
        return Ordinal(self.id, title=self.label, lo=self.values[0], hi=self.values[-1])

    def counted(self, value: int) -> int:
        """Give what a rating adds to a total."""
        return self.values[0] + self.values[-1] - value if self.reversed else value


@attrs.frozen(order=False, kw_only=True)
class ItemTotal:
    """A sum of items: the instrument's total or that of a subscale.

    Attributes:
        id: Its id, unique among the totals of the instrument.
        title: Its words.
        items: The ids of the items it adds.
        mean_for: For so many missing items at most, the mean of the others may stand in, rounded to
            the nearest whole total, halves upwards; 0 if the instrument has no such rule.
        higher_is_better: Whether more is better, as of protective factors.
        coding: Its code in an outside system, as LOINC; `None` if there is none.
        citation: Where it comes from.
    """

    id: str
    title: str = ""
    items: tuple[str, ...]
    mean_for: int = 0
    higher_is_better: bool = False
    coding: Coding | None = None
    citation: str = ""


@attrs.frozen(order=False, kw_only=True)
class Band:
    """A part of a total's range that has a name of its own, both ends included.

    Attributes:
        code: Its code, unique in the banding.
        display: Its words.
        lo: The least total in it.
        hi: The greatest.
    """

    code: str
    display: str = ""
    lo: int
    hi: int


@attrs.frozen(order=False, kw_only=True)
class Banding:
    """A policy of what a total means: bands that share out its range without gap or overlap.

    Sources may disagree about an instrument, so it can have several, each under a name of its own.

    Attributes:
        id: Its id, unique among the bandings of the instrument.
        title: Its words.
        total: The id of the total it is about.
        bands: The bands, from the least total upwards.
        citation: Where it comes from.
    """

    id: str
    title: str = ""
    total: str
    bands: tuple[Band, ...]
    citation: str = ""


@attrs.frozen(order=False, kw_only=True)
class Indicator:
    """Something to look at that no total tells, as a rule over the ratings.

    Attributes:
        id: Its id, unique among the indicators of the instrument.
        says: What it means when it holds.
        rule: A condition over the items; ratings are read as rated, not as counted.
        citation: Where it comes from.
    """

    id: str
    says: str
    rule: Expression
    citation: str = ""


@attrs.frozen(order=False, kw_only=True)
class Instrument:
    """A published instrument: what may be rated, what it adds up to, and where that comes from.

    Attributes:
        id: Its id, as in `phq-9`.
        edition: The edition, as named by its source.
        title: Its words.
        items: The items, in their order.
        totals: The sums; empty where the instrument has none.
        bandings: What the totals mean.
        indicators: What to look at besides.
        rights: Whose it is, and what may be done with it.
        citations: Where all of this comes from.

    Raises:
        InstrumentInvalid: With every problem found.
    """

    id: str
    edition: str
    title: str = ""
    items: tuple[Item, ...]
    totals: tuple[ItemTotal, ...] = ()
    bandings: tuple[Banding, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    rights: str = ""
    citations: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if problems := tuple(_problems(self)):
            raise InstrumentInvalid(subject=f"instrument `{self.id}`", problems=problems)

    def item(self, id: str) -> Item:
        """Give the item of an id that the instrument has."""
        return next(item for item in self.items if item.id == id)

    def total(self, id: str) -> ItemTotal:
        """Give the total of an id that the instrument has."""
        return next(total for total in self.totals if total.id == id)

    def range_of(self, total: ItemTotal) -> tuple[int, int]:
        """Give the least and the greatest that a total can be."""
        items = [self.item(id) for id in total.items]
        return sum(item.values[0] for item in items), sum(item.values[-1] for item in items)


def _problems(instrument: Instrument) -> Iterator[Problem]:
    for key in ("id", "edition"):
        if not getattr(instrument, key).strip():
            yield Problem(key, "empty", "a text that says something is needed")
    if not instrument.items:
        yield Problem("items", "empty", "an instrument has at least one item")
    for name in ("items", "totals", "bandings", "indicators"):
        yield from each_once(name, (part.id for part in getattr(instrument, name)))
    for n, item in enumerate(instrument.items):
        yield from _item_problems(f"items[{n}]", item)
    known = {item.id: item for item in instrument.items if item.values}
    for n, total in enumerate(instrument.totals):
        yield from _total_problems(f"totals[{n}]", total, known)
    for n, banding in enumerate(instrument.bandings):
        yield from _banding_problems(f"bandings[{n}]", banding, instrument)
    for n, indicator in enumerate(instrument.indicators):
        yield from _indicator_problems(f"indicators[{n}]", indicator, known)


def _item_problems(path: str, item: Item) -> Iterator[Problem]:
    if not item.values or item.values[0] < 0 or any(a >= b for a, b in pairwise(item.values)):
        says = "at least one whole number, none below 0, each greater than the one before"
        yield Problem(f"{path}.values", "unusable-values", says)
    else:
        yield from _id_problems(path, item)
    if item.anchors and len(item.anchors) != len(item.values):
        says = f"{len(item.anchors)} anchors for {len(item.values)} values; one each, or none"
        yield Problem(f"{path}.anchors", "wrong-number", says)
    if item.when_skipped is not None and item.when_skipped not in item.values:
        yield Problem(f"{path}.when_skipped", "out-of-range", f"accepted are {_texts(item.values)}")
    if item.must_assess and item.when_skipped is not None:
        says = "an item that must be assessed is never skipped"
        yield Problem(f"{path}.when_skipped", "contradiction", says)


def _id_problems(path: str, item: Item) -> Iterator[Problem]:
    try:
        item.fact  # noqa: B018
    except CareContinuumError:
        says = "an item's id has small letters, digits and underscores, and begins with a letter"
        yield Problem(f"{path}.id", "unusable-id", says)


def _texts(values: Iterable[object]) -> str:
    return listed(str(value) for value in values)


def _total_problems(path: str, total: ItemTotal, known: Mapping[str, Item]) -> Iterator[Problem]:
    if not total.items:
        yield Problem(f"{path}.items", "empty", "a total adds at least one item")
    for n, id in enumerate(total.items):
        if id not in known:
            yield Problem(f"{path}.items[{n}]", "unknown-item", f"there is no item `{id}`")
        if id in total.items[:n]:
            yield Problem(f"{path}.items[{n}]", "repeated", f"`{id}` is added twice")
    if not 0 <= total.mean_for < max(len(total.items), 1):
        says = "0, or fewer than the items it adds: something must have been rated"
        yield Problem(f"{path}.mean_for", "out-of-range", says)


def _banding_problems(path: str, banding: Banding, instrument: Instrument) -> Iterator[Problem]:
    yield from each_once(f"{path}.bands", (band.code for band in banding.bands), key="code")
    total = next((total for total in instrument.totals if total.id == banding.total), None)
    if total is None:
        names = _texts(total.id for total in instrument.totals)
        yield Problem(f"{path}.total", "unknown-total", f"there are {names}")
        return
    known = {item.id for item in instrument.items if item.values}
    if known.issuperset(total.items):
        yield from _cover_problems(f"{path}.bands", banding, instrument.range_of(total))


def _cover_problems(path: str, banding: Banding, whole: tuple[int, int]) -> Iterator[Problem]:
    """Say where the bands leave a gap, overlap, or reach beyond the total's range."""
    due = whole[0]
    for n, band in enumerate(banding.bands):
        if band.lo != due:
            says = f"the band begins at {band.lo}; the next total that needs one is {due}"
            yield Problem(f"{path}[{n}].lo", "gap-or-overlap", says)
        if band.hi < band.lo:
            yield Problem(f"{path}[{n}].hi", "backwards", "the band ends before it begins")
        due = band.hi + 1
    if due != whole[1] + 1:
        says = f"the bands end at {due - 1}; the greatest total is {whole[1]}"
        yield Problem(path, "gap-or-overlap", says)


def _indicator_problems(
    path: str, indicator: Indicator, known: Mapping[str, Item]
) -> Iterator[Problem]:
    if not indicator.says.strip():
        yield Problem(f"{path}.says", "empty", "a text that says something is needed")
    for fact in facts_read(indicator.rule):
        if fact.id not in known:
            yield Problem(f"{path}.rule", "unknown-item", f"there is no item `{fact.id}`")
        elif not all(map(fact.fits, known[fact.id].values)):
            says = f"it reads `{fact.id}` as {fact.accepted()}, which not all its values are"
            yield Problem(f"{path}.rule", "another-range", says)
