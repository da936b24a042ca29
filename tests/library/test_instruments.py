"""Instruments: published scoring at every total, and files that are none."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

import carecontinuum as cc
from carecontinuum.library import (
    InstrumentFileInvalid,
    InstrumentFileUnreadable,
    UnknownInstrument,
    parse_instrument,
    read_instrument,
    shipped_instrument,
    shipped_instruments,
)
from carecontinuum.records import Assessment, Instrument, NotRated, Score, score
from carecontinuum.rules import Span, Truth

NAMES = shipped_instruments()

RANGES = {
    ("audit", "total"): (0, 40),
    ("audit-c", "total"): (0, 12),
    ("bam", "use"): (0, 12),
    ("bam", "risk"): (0, 24),
    ("bam", "protective"): (0, 24),
    ("ciwa-ar", "total"): (0, 67),
    ("cows", "total"): (0, 48),
    ("dast-10", "total"): (0, 10),
    ("gad-7", "total"): (0, 21),
    ("pcl-5", "total"): (0, 80),
    ("pcl-5", "cluster_b"): (0, 20),
    ("pcl-5", "cluster_c"): (0, 8),
    ("pcl-5", "cluster_d"): (0, 28),
    ("pcl-5", "cluster_e"): (0, 24),
    ("phq-9", "total"): (0, 27),
}
"""The published range of every total that is shipped."""
EDGES: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {
    ("audit", "zones"): (("zone-1", 7), ("zone-2", 15), ("zone-3", 19), ("zone-4", 40)),
    ("audit-c", "men"): (("negative", 3), ("positive", 12)),
    ("audit-c", "women"): (("negative", 2), ("positive", 12)),
    ("ciwa-ar", "camcops"): (("mild", 7), ("moderate", 14), ("severe", 67)),
    ("cows", "severity"): (
        ("none", 4),
        ("mild", 12),
        ("moderate", 24),
        ("moderately-severe", 36),
        ("severe", 48),
    ),
    ("dast-10", "severity"): (
        ("none", 0),
        ("low", 2),
        ("moderate", 5),
        ("substantial", 8),
        ("severe", 10),
    ),
    ("gad-7", "severity"): (("minimal", 4), ("mild", 9), ("moderate", 14), ("severe", 21)),
    ("gad-7", "screen"): (("negative", 9), ("positive", 21)),
    ("pcl-5", "cut-31"): (("below", 30), ("at-or-above", 80)),
    ("pcl-5", "cut-33"): (("below", 32), ("at-or-above", 80)),
    ("phq-9", "severity"): (
        ("minimal", 4),
        ("mild", 9),
        ("moderate", 14),
        ("moderately-severe", 19),
        ("severe", 27),
    ),
    ("phq-9", "screen"): (("negative", 9), ("positive", 27)),
}
"""The published bands of every banding that is shipped, each with its greatest total."""


def scored(instrument: Instrument, ratings: Mapping[str, int | NotRated]) -> Score:
    """Score ratings by an instrument."""
    assessment = Assessment(
        id="a",
        instrument=instrument.id,
        edition=instrument.edition,
        at=datetime(2031, 3, 3, tzinfo=UTC),
        ratings=ratings,
    )
    return score(instrument, assessment)


def ways(instrument: Instrument) -> dict[int, dict[str, int]]:
    """Give one way to rate all items for each total of them that can be made."""
    made: dict[int, dict[str, int]] = {0: {}}
    for item in instrument.items:
        made = {
            total + item.counted(value): {**ratings, item.id: value}
            for total, ratings in made.items()
            for value in item.values
        }
    return made


def test_every_banding_is_compared_with_its_source() -> None:
    """Each total and each banding that is shipped stands in the tables of this module."""
    shipped = [shipped_instrument(name) for name in NAMES]
    assert {(one.id, total.id) for one in shipped for total in one.totals} == RANGES.keys()
    assert {(one.id, found.id) for one in shipped for found in one.bandings} == EDGES.keys()


@pytest.mark.parametrize(("name", "total"), RANGES)
def test_totals_have_the_published_range(name: str, total: str) -> None:
    """The items add up to what the publication says."""
    instrument = shipped_instrument(name)
    assert instrument.range_of(instrument.total(total)) == RANGES[name, total]


@pytest.mark.parametrize(("name", "banding"), EDGES)
def test_every_total_is_in_its_published_band(name: str, banding: str) -> None:
    """Each total that can be made is in the band that the publication puts it in."""
    instrument = shipped_instrument(name)
    found = ways(instrument)
    edges = EDGES[name, banding]
    assert {hi for _, hi in edges} <= found.keys()
    assert {hi + 1 for _, hi in edges[:-1]} <= found.keys()
    for total, ratings in found.items():
        score = scored(instrument, ratings)
        assert score.total("total").value == total
        band = score.banding(banding).band
        assert band is not None
        assert band.code == next(code for code, hi in edges if total <= hi)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_rated_says_nothing(name: str) -> None:
    """Of an assessment without ratings every total is its whole range, and every band possible."""
    instrument = shipped_instrument(name)
    found = scored(instrument, {})
    for total in found.totals:
        assert total.span == Span(*RANGES[name, total.id])
    for bands, banding in zip(found.bands, instrument.bandings, strict=True):
        assert bands.bands == banding.bands
    assert {one.holds for one in found.indicators} <= {Truth.UNKNOWN}


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_item_leaves_a_span(name: str) -> None:
    """No shipped instrument makes up an item: the total is all that the item could make it."""
    instrument = shipped_instrument(name)
    for item in instrument.items:
        rest = {other.id: other.values[0] for other in instrument.items if other is not item}
        found = scored(instrument, {**rest, item.id: NotRated.REFUSED})
        least = scored(instrument, {**rest, item.id: item.values[0]})
        for total in instrument.totals:
            there = item.id in total.items
            spread = item.values[-1] - item.values[0] if there else 0
            span = found.total(total.id).span
            assert span.hi - span.lo == spread
            ends = span.hi if item.reversed and there else span.lo
            assert ends == least.total(total.id).value
        assert found.unassessed == ((item.id,) if item.must_assess else ())


def test_what_must_be_assessed() -> None:
    """Safety items are told when they were not rated."""
    found = {
        (name, item.id)
        for name in NAMES
        for item in shipped_instrument(name).items
        if item.must_assess
    }
    assert found == {
        ("phq-9", "item_9"),
        ("ciwa-ar", "item_6"),
        ("ciwa-ar", "item_7"),
        ("ciwa-ar", "item_8"),
        ("ciwa-ar", "item_10"),
    }


@pytest.mark.parametrize(
    ("rating", "holds"),
    [
        (0, Truth.NO),
        (1, Truth.YES),
        (2, Truth.YES),
        (3, Truth.YES),
        (NotRated.REFUSED, Truth.UNKNOWN),
    ],
)
def test_thoughts_of_self_harm(rating: int | NotRated, holds: Truth) -> None:
    """Any rating of PHQ-9's last item above none is told, whatever the total."""
    instrument = shipped_instrument("phq-9")
    rest = {item.id: 0 for item in instrument.items}
    found = scored(instrument, {**rest, "item_9": rating})
    assert found.indicator("self_harm").holds is holds


def test_what_the_instructions_of_audit_skip_counts_nothing() -> None:
    """Items 2 to 8 that were skipped by design count 0; items 9 and 10 are never skipped."""
    audit = shipped_instrument("audit")
    skipped = dict.fromkeys((f"item_{n}" for n in range(2, 9)), NotRated.SKIPPED)
    assert scored(audit, {"item_1": 0, "item_9": 2, "item_10": 4, **skipped}).total(
        "total"
    ).span == Span(6, 6)
    assert scored(audit, {"item_1": 0, "item_9": 2, **skipped}).total("total").span == Span(2, 6)


@pytest.mark.parametrize("value", [1, 3])
def test_gaps_between_values_are_kept(value: int) -> None:
    """AUDIT's items 9 and 10 take no odd rating."""
    with pytest.raises(cc.Invalid, match=r"takes 0, 2, 4"):
        scored(shipped_instrument("audit"), {"item_9": value})


def test_values_of_cows() -> None:
    """The items of COWS have the gaps that were published."""
    assert {item.id: item.values for item in shipped_instrument("cows").items} == {
        "pulse": (0, 1, 2, 4),
        "sweating": (0, 1, 2, 3, 4),
        "restlessness": (0, 1, 3, 5),
        "pupils": (0, 1, 2, 5),
        "aches": (0, 1, 2, 4),
        "nose": (0, 1, 2, 4),
        "stomach": (0, 1, 2, 3, 5),
        "tremor": (0, 1, 2, 4),
        "yawning": (0, 1, 2, 4),
        "anxiety": (0, 1, 2, 4),
        "gooseflesh": (0, 3, 5),
    }


def test_the_third_item_of_dast_counts_the_no() -> None:
    """Somebody who answers yes to the third item alone has nothing, no to all has one."""
    dast = shipped_instrument("dast-10")
    nothing = {item.id: 0 for item in dast.items}
    assert scored(dast, {**nothing, "item_3": 1}).total("total").value == 0
    assert scored(dast, nothing).total("total").value == 1


@pytest.mark.parametrize("short", [None, "b", "c", "d", "e"])
def test_the_pattern_of_pcl_5(short: str | None) -> None:
    """One symptom of B and of C and two of D and of E make the pattern; one too few does not."""
    pcl = shipped_instrument("pcl-5")
    needed = {
        "b": ["item_5"],
        "c": ["item_7"],
        "d": ["item_8", "item_14"],
        "e": ["item_15", "item_20"],
    }
    ratings = {item.id: 1 for item in pcl.items}
    for cluster, ids in needed.items():
        for id in ids[1:] if cluster == short else ids:
            ratings[id] = 2
    holds = scored(pcl, ratings).indicator("provisional").holds
    assert holds is (Truth.YES if short is None else Truth.NO)


@pytest.mark.parametrize("name", NAMES)
def test_each_instrument_says_whose_it_is(name: str) -> None:
    """Each shipped instrument names its rights and sources, and its file is called by its id."""
    instrument = shipped_instrument(name)
    assert instrument.id == name
    assert instrument.rights
    assert instrument.citations
    assert all(total.citation for total in instrument.totals)
    assert all(banding.citation for banding in instrument.bandings)
    assert all(item.label and len(item.label) < 40 for item in instrument.items)


def test_what_may_not_be_shipped_is_not() -> None:
    """There is no instrument whose owner does not let it be shipped."""
    with pytest.raises(UnknownInstrument, match="no shipped instrument `c-ssrs`"):
        shipped_instrument("c-ssrs")


OWN = """
format = 1
id = "own"
edition = "1"
values = [0, 1, 2]
anchors = ["none", "some", "much"]

[[items]]
id = "rest"

[[items]]
id = "work"
values = [0, 3]

[[totals]]
id = "total"
mean_for = 1

[[bandings]]
id = "bands"
total = "total"
bands = [{ code = "low", lo = 0, hi = 2 }, { code = "high", lo = 3, hi = 5 }]

[[indicators]]
id = "both"
says = "both"
rule = "rest >= 1 and work >= 3"
"""


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    """A file of the user's own is read like a shipped one; items inherit values and anchors."""
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    own = read_instrument(path)
    assert own == parse_instrument(OWN)
    assert own.item("rest").anchors == ("none", "some", "much")
    assert (own.item("work").values, own.item("work").anchors) == ((0, 3), ())
    found = scored(own, {"rest": 2})
    assert (found.total("total").value, found.total("total").from_mean) == (4, True)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 1", "format = 2", [("format", "unknown-format")]),
        ('edition = "1"', "edition = 1", [("edition", "wrong-type")]),
        ('id = "rest"', 'id = "rest"\nweight = 2', [("items[0].weight", "unknown-key")]),
        ("lo = 3, hi = 5", "lo = 4, hi = 5", [("bandings[0].bands[1].lo", "gap-or-overlap")]),
        ("work >= 3", "wrok >= 3", [("indicators[0].rule", "rule-text")]),
        (
            'id = "work"\nvalues = [0, 3]',
            'id = "Work"\nvalues = []\nanchors = ["x"]',
            [
                ("indicators[0].rule", "rule-text"),
                ("items[1].values", "unusable-values"),
                ("items[1].anchors", "wrong-number"),
                ("totals[0].items[1]", "unknown-item"),
            ],
        ),
        (
            'id = "work"',
            'id = "work"\nwhen_skipped = 1',
            [("items[1].when_skipped", "out-of-range")],
        ),
        ("mean_for = 1", "mean_for = 2", [("totals[0].mean_for", "out-of-range")]),
    ],
)
def test_all_that_is_wrong_with_a_file_is_told(
    old: str, new: str, told: list[tuple[str, str]]
) -> None:
    """Every problem of a file is told with the path that its author finds it at."""
    assert OWN.count(old) == 1
    with pytest.raises(InstrumentFileInvalid) as caught:
        parse_instrument(OWN.replace(old, new), path="own.toml")
    assert [(found.path, found.code) for found in caught.value.problems] == told
    assert str(caught.value).startswith("CC142: instrument file `own.toml` has ")


def test_what_is_no_file(tmp_path: Path) -> None:
    """A file that is missing, or no TOML, is told as one of an instrument."""
    with pytest.raises(InstrumentFileUnreadable, match=r"instrument file `.*none.toml`: it cannot"):
        read_instrument(tmp_path / "none.toml")
    with pytest.raises(InstrumentFileUnreadable, match=r"the instrument text, line 1, column 3"):
        parse_instrument("a b")
