"""Scoring: exact where everything is rated, all it can be where something is missing."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, strategies as st

from carecontinuum.records import (
    Assessment,
    AssessmentMisfit,
    Band,
    Banding,
    Indicator,
    Instrument,
    Item,
    ItemTotal,
    NotRated,
    score,
)
from carecontinuum.rules import Span, Truth
from recorded import MONDAY, problems

A = Item(id="a", values=(0, 1, 2, 3), when_skipped=0)
B = Item(id="b", values=(0, 2, 4))
C = Item(id="c", values=(0, 1), reversed=True)
D = Item(id="d", values=(0, 1, 2, 3), must_assess=True)
INSTRUMENT = Instrument(
    id="invented",
    edition="1",
    items=(A, B, C, D),
    totals=(
        ItemTotal(id="total", items=("a", "b", "c", "d")),
        ItemTotal(id="mean", items=("a", "b", "c"), mean_for=1),
        ItemTotal(id="strict", items=("a", "d"), mean_for=1),
    ),
    bandings=(
        Banding(
            id="bands",
            total="total",
            bands=(
                Band(code="low", lo=0, hi=3),
                Band(code="middle", lo=4, hi=7),
                Band(code="high", lo=8, hi=11),
            ),
        ),
    ),
    indicators=(Indicator(id="either", says="x", rule=(A.fact >= 2) | (D.fact >= 1)),),
)


def assessed(ratings: Any, **changes: Any) -> Assessment:
    """Make an assessment by the invented instrument."""
    given: dict[str, Any] = {"id": "x", "instrument": "invented", "edition": "1", "at": MONDAY}
    return Assessment(ratings=ratings, **{**given, **changes})


def test_everything_rated_is_exact() -> None:
    """A complete assessment has one total, one band, and no doubt."""
    found = score(INSTRUMENT, assessed({"a": 1, "b": 4, "c": 0, "d": 0}))
    assert found.total("total").value == 6
    assert found.total("total").missing == ()
    assert found.banding("bands").band == Band(code="middle", lo=4, hi=7)
    assert found.indicator("either").holds is Truth.NO
    assert found.unassessed == ()


def test_something_missing_is_a_span() -> None:
    """A missing item leaves all the totals that it could make, and the bands of those."""
    found = score(INSTRUMENT, assessed({"a": 1, "c": 1, "d": 0, "b": NotRated.NOT_ASKED}))
    total = found.total("total")
    assert (total.value, total.span, total.missing) == (None, Span(1, 5), ("b",))
    assert [band.code for band in found.banding("bands").bands] == ["low", "middle"]
    assert found.banding("bands").band is None


def test_what_the_instrument_skips_counts() -> None:
    """An item that the instrument's own instructions skip stands for what they say."""
    rest = {"b": 4, "c": 1, "d": 0}
    skipped = score(INSTRUMENT, assessed({"a": NotRated.SKIPPED, **rest}))
    refused = score(INSTRUMENT, assessed({"a": NotRated.REFUSED, **rest}))
    assert skipped.total("total").value == 4
    assert refused.total("total").value is None
    assert skipped.indicator("either").holds is Truth.NO
    assert refused.indicator("either").holds is Truth.UNKNOWN
    nowhere = score(INSTRUMENT, assessed({"a": 0, "b": NotRated.SKIPPED, "c": 1, "d": 0}))
    assert nowhere.total("total").span == Span(0, 4)


@pytest.mark.parametrize(
    ("ratings", "value"),
    [
        ({"a": 1, "b": 0}, 2),  # 1 of 2 items makes 1.5 of 3
        ({"a": 1, "b": 2}, 5),  # 4.5
        ({"b": 2, "c": 1}, 3),
        ({"a": 0, "c": 1}, 0),
    ],
)
def test_the_mean_of_the_others_may_stand_in(ratings: dict[str, int], value: int) -> None:
    """Where an instrument says so, the mean stands in, rounded with halves upwards."""
    total = score(INSTRUMENT, assessed(ratings)).total("mean")
    assert (total.value, total.from_mean, len(total.missing)) == (value, True, 1)


def test_the_mean_stands_in_for_so_many_only() -> None:
    """With more items missing than the rule allows the total is a span."""
    total = score(INSTRUMENT, assessed({"b": 2})).total("mean")
    assert (total.span, total.from_mean) == (Span(2, 6), False)


def test_nothing_stands_in_for_what_must_be_assessed() -> None:
    """An item that must be assessed is never made up, and is told when it is missing."""
    found = score(INSTRUMENT, assessed({"a": 1, "b": 0, "c": 0}))
    assert found.unassessed == ("d",)
    assert (found.total("strict").span, found.total("strict").from_mean) == (Span(1, 4), False)
    assert found.indicator("either").holds is Truth.UNKNOWN


def test_an_indicator_may_be_certain_without_every_item() -> None:
    """What is rated may settle an indicator, whatever is missing."""
    assert score(INSTRUMENT, assessed({"a": 3})).indicator("either").holds is Truth.YES


@pytest.mark.parametrize(
    ("ratings", "changes", "told"),
    [
        ({"a": 9}, {"instrument": "other"}, [("instrument", "another-instrument")]),
        ({"a": 9}, {"edition": "2"}, [("edition", "another-edition")]),
        (
            {"a": 4, "b": 1, "z": 0, "y": NotRated.LOST},
            {},
            [
                ("ratings[0].value", "out-of-range"),
                ("ratings[1].value", "out-of-range"),
                ("ratings[2].item", "unknown-item"),
                ("ratings[3].item", "unknown-item"),
            ],
        ),
    ],
)
def test_an_assessment_that_does_not_fit(ratings: Any, changes: Any, told: object) -> None:
    """Another instrument, another edition, and every rating that cannot be are refused."""
    with pytest.raises(AssessmentMisfit) as caught:
        score(INSTRUMENT, assessed(ratings, **changes))
    assert list(problems(caught.value)) == told


ITEMS = (A, B, C, D)
parts = st.fixed_dictionaries(
    {}, optional={item.id: st.sampled_from(item.values) for item in ITEMS}
)


@given(parts)
def test_a_span_is_all_it_can_be(rated: dict[str, int]) -> None:
    """The ends of a span are the least and the greatest total of all ways to fill the gaps."""
    missing = [item for item in ITEMS if item.id not in rated]
    fillings = [
        {**rated, **dict(zip((item.id for item in missing), values, strict=True))}
        for values in product(*(item.values for item in missing))
    ]
    whole = [score(INSTRUMENT, assessed(filling)) for filling in fillings]
    found = score(INSTRUMENT, assessed(rated))
    totals = [filled.total("total").value for filled in whole]
    assert found.total("total").span == Span(min(totals), max(totals))  # type: ignore[type-var]
    bands = {filled.banding("bands").band for filled in whole}
    assert bands <= set(found.banding("bands").bands)
    told = found.indicator("either").holds
    assert told is Truth.UNKNOWN or {w.indicator("either").holds for w in whole} == {told}
