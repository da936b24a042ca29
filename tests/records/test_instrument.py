"""Instruments: what keeps one from being one."""

from typing import Any

import pytest

from carecontinuum.records import (
    Band,
    Banding,
    Indicator,
    Instrument,
    InstrumentInvalid,
    Item,
    ItemTotal,
)
from carecontinuum.rules import Count
from recorded import problems

REST = Item(id="rest", values=(0, 1, 2), anchors=("none", "some", "much"))
WORK = Item(id="work", values=(0, 3))
TOTAL = ItemTotal(id="total", items=("rest", "work"))


def instrument(**changes: Any) -> Instrument:
    """Make an invented instrument."""
    given: dict[str, Any] = {
        "id": "invented",
        "edition": "1",
        "items": (REST, WORK),
        "totals": (TOTAL,),
    }
    return Instrument(**{**given, **changes})


def wrong(**changes: Any) -> list[tuple[str, str]]:
    """Give what is wrong with an instrument."""
    with pytest.raises(InstrumentInvalid) as caught:
        instrument(**changes)
    return list(problems(caught.value))


def bands(*limits: tuple[int, int]) -> tuple[Banding, ...]:
    """Make a banding of the total."""
    made = tuple(Band(code=f"b-{n}", lo=lo, hi=hi) for n, (lo, hi) in enumerate(limits))
    return (Banding(id="bands", total="total", bands=made),)


def test_a_total_has_a_range() -> None:
    """The range of a total is the sum of those of its items."""
    assert instrument().range_of(TOTAL) == (0, 5)
    assert instrument().total("total") is TOTAL


def test_a_reversed_item_counts_from_the_other_end() -> None:
    """What is counted of a reversed item is the rest to the other end of its values."""
    item = Item(id="calm", values=(1, 2, 3), reversed=True)
    assert [item.counted(value) for value in item.values] == [3, 2, 1]


@pytest.mark.parametrize(
    ("limits", "where"),
    [
        (((0, 2), (3, 4)), "bandings[0].bands"),
        (((0, 2), (4, 5)), "bandings[0].bands[1].lo"),
        (((0, 3), (3, 5)), "bandings[0].bands[1].lo"),
        (((1, 5),), "bandings[0].bands[0].lo"),
        (((0, 6),), "bandings[0].bands"),
        ((), "bandings[0].bands"),
    ],
)
def test_bands_share_out_the_whole_range(limits: Any, where: str) -> None:
    """A gap between bands, an overlap, and bands that fall short or reach too far are refused."""
    assert wrong(bandings=bands(*limits)) == [(where, "gap-or-overlap")]


def test_a_band_is_not_backwards() -> None:
    """A band that ends before it begins is refused."""
    assert ("bandings[0].bands[0].hi", "backwards") in wrong(bandings=bands((0, -1), (0, 5)))


def test_what_is_named_is_there() -> None:
    """Totals, bandings and indicators name what the instrument has."""
    assert wrong(
        totals=(ItemTotal(id="total", items=("rest", "moon", "rest")),),
        bandings=(Banding(id="b", total="sum", bands=()), *bands((0, 5))),
        indicators=(Indicator(id="i", says="x", rule=Count("moon") >= 1),),
    ) == [
        ("totals[0].items[1]", "unknown-item"),
        ("totals[0].items[2]", "repeated"),
        ("bandings[0].total", "unknown-total"),
        ("indicators[0].rule", "unknown-item"),
    ]


def test_an_indicator_reads_items_as_they_are() -> None:
    """An indicator that would refuse a value of its item is refused, and so is a mute one."""
    rule = Count("work", hi=2) >= 1
    assert wrong(indicators=(Indicator(id="i", says=" ", rule=rule),)) == [
        ("indicators[0].says", "empty"),
        ("indicators[0].rule", "another-range"),
    ]


def test_items_that_are_none() -> None:
    """Values in disorder, ids that rules cannot name, and anchors too few are told together."""
    items = (
        Item(id="a", values=()),
        Item(id="b", values=(1, 1)),
        Item(id="c", values=(-1, 0)),
        Item(id="No", values=(0, 1), anchors=("x",)),
        Item(id="total", values=(0, 1)),
        Item(id="e", values=(0, 1), when_skipped=2),
        Item(id="e", values=(0, 1), when_skipped=0, must_assess=True),
    )
    assert wrong(items=items, totals=()) == [
        ("items[6].id", "repeated"),
        ("items[0].values", "unusable-values"),
        ("items[1].values", "unusable-values"),
        ("items[2].values", "unusable-values"),
        ("items[3].id", "unusable-id"),
        ("items[3].anchors", "wrong-number"),
        ("items[4].id", "unusable-id"),
        ("items[5].when_skipped", "out-of-range"),
        ("items[6].when_skipped", "contradiction"),
    ]


def test_an_instrument_is_not_empty() -> None:
    """An instrument has an id, an edition and items; a total adds something."""
    assert wrong(id="", edition=" ", items=(), totals=(ItemTotal(id="t", items=()),)) == [
        ("id", "empty"),
        ("edition", "empty"),
        ("items", "empty"),
        ("totals[0].items", "empty"),
    ]


@pytest.mark.parametrize("mean_for", [-1, 2])
def test_a_mean_is_of_something(mean_for: int) -> None:
    """The mean can stand in for some of the items, not for all."""
    total = ItemTotal(id="total", items=("rest", "work"), mean_for=mean_for)
    assert wrong(totals=(total,)) == [("totals[0].mean_for", "out-of-range")]


def test_several_bandings_may_disagree() -> None:
    """Of one total there can be several bandings, each under a name of its own."""
    two = bands((0, 5))[0], Banding(id="other", total="total", bands=bands((0, 5))[0].bands)
    assert len(instrument(bandings=two).bandings) == 2
    assert wrong(bandings=bands((0, 5)) * 2) == [("bandings[1].id", "repeated")]
