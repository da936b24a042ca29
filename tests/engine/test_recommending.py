"""Recommendations: floor and ceiling are proved against every way to fill in what is missing."""

import itertools
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.continuum import Route, Setting, Track
from carecontinuum.engine import assess_rules
from carecontinuum.library import parse_program, shipped_template
from carecontinuum.policies import PlacementCriteria, PlacementInvalid, PlacementRule
from carecontinuum.policies.placement import PlacementTable
from carecontinuum.rules import Expression, Fact, FactsMissing, Need, RuleInvalid, Span, Unknown
from invented import DAY, RISK, START, continuum, level, program

TEMPLATE = parse_program(shipped_template("seven-dimensions.toml"))
(TABLE,) = TEMPLATE.placement_tables
IDS = tuple(f"dimension_{letter}" for letter in "abcdefg")
BY_ID: dict[str, Fact[Any]] = {id: TEMPLATE.facts[id] for id in IDS}
MISSING = 5
SHAPE = tuple(itertools.product(range(6), repeat=7))

Record = tuple[int, ...]


def ranks(table: PlacementTable) -> dict[Record, float]:
    """Give the rank of the level of every complete record, rule by rule."""
    found: dict[Record, float] = {}
    for record in itertools.product(range(5), repeat=7):
        values = dict(zip(IDS, record, strict=True))
        found[record] = table.rank(table.level(values))
    return found


def extremes(
    complete: dict[Record, float], places: int = 7
) -> tuple[dict[Record, float], dict[Record, float]]:
    """Give the least and the greatest rank of every record over all that is missing from it.

    One place is opened after the other, so that each incomplete record looks at five others.
    """
    low, high = dict(complete), dict(complete)
    for place in range(places):
        for record in [known for known in low if known[place] == 0]:
            same = [(*record[:place], value, *record[place + 1 :]) for value in range(5)]
            opened = (*record[:place], MISSING, *record[place + 1 :])
            low[opened] = min(low[item] for item in same)
            high[opened] = max(high[item] for item in same)
    return low, high


def values_of(record: Record) -> dict[str, int]:
    """Give the values that are there."""
    return {id: value for id, value in zip(IDS, record, strict=True) if value != MISSING}


def incomplete() -> Iterator[Record]:
    """Give every record from which something is missing."""
    return (record for record in SHAPE if MISSING in record)


def test_every_incomplete_record_of_a_monotone_table() -> None:
    """Over all 201,811 floor and ceiling are what brute force gives: none is under-levelled."""
    low, high = extremes(ranks(TABLE))
    seen = decided = under = 0
    for record in incomplete():
        floor, ceiling = TABLE.bounds(values_of(record))
        assert TABLE.rank(floor) == low[record]
        assert TABLE.rank(ceiling) == high[record]
        seen += 1
        decided += floor == ceiling
        under += TABLE.rank(floor) > low[record] or TABLE.rank(ceiling) < high[record]
    assert (seen, under) == (201_811, 0)
    assert decided == 99_467  # 49.3 %


def not_monotone() -> PlacementTable:
    """Make a table in which more of a dimension can mean less care."""
    a, b, c, *_ = (BY_ID[id] for id in IDS)
    assert isinstance(a, cc.Ordinal)
    assert isinstance(b, cc.Ordinal)
    assert isinstance(c, cc.Ordinal)
    rules = {
        "inpatient": (a >= 3) & (b <= 1),
        "residential": cc.total(a, c) <= 2,
        "php": ~(b >= 2) | c.equals(2),
        "iop": b.differs(3) & (a <= 2),
    }
    criteria = PlacementCriteria(
        id="odd",
        version="1",
        rules=[PlacementRule(id=code, level=code, rule=rule) for code, rule in rules.items()],
    )
    (table,) = attrs.evolve(TEMPLATE, placement=criteria).placement_tables
    return table


def test_every_incomplete_record_of_another_table() -> None:
    """Where the table is not monotone, the bounds may be wider than need be, and never narrower."""
    table = not_monotone()
    whole = [(*record, 0, 0, 0, 0) for record in itertools.product(range(5), repeat=3)]
    low, high = extremes({known: table.rank(table.level(values_of(known))) for known in whole}, 3)
    for record in itertools.product(range(6), repeat=3):
        floor, ceiling = table.bounds(values_of((*record, 0, 0, 0, 0)))
        assert table.rank(floor) <= low[(*record, 0, 0, 0, 0)]
        assert table.rank(ceiling) >= high[(*record, 0, 0, 0, 0)]


def facts_of(record: Record) -> cc.Facts:
    """Give a record as facts."""
    return cc.Facts.of({BY_ID[id]: value for id, value in values_of(record).items()})


@pytest.mark.parametrize("seed", range(4))
def test_recommend_agrees_with_the_functions(seed: int) -> None:
    """What `recommend` says with every why is what the functions say without."""
    chance = random.Random(seed)  # noqa: S311  not for secrets
    for record in chance.sample(SHAPE, 150):
        (found,) = cc.recommend(TEMPLATE, facts_of(record))
        bounds = TABLE.bounds(values_of(record))
        assert (found.floor, found.ceiling) == bounds
        assert set(found.levels) <= set(TABLE.levels)
        assert found.levels[0] == found.floor
        assert found.levels[-1] == found.ceiling
        assert found.settled == (bounds[0] == bounds[1] and not found.unassessed)
        assert found.level == (bounds[0] if found.settled else None)
        assert bool(found.open) == (bounds[0] != bounds[1])
        assert all(rule.truth is cc.Truth.YES and rule.seen for rule in found.drivers)
        assert all(rule.truth is cc.Truth.UNKNOWN and rule.needs for rule in found.open)


@given(st.dictionaries(st.sampled_from(IDS), st.integers(0, 4)), st.sampled_from(IDS))
def test_knowing_more_only_narrows(told: dict[str, int], more: str) -> None:
    """One more fact never lowers the floor, nor raises the ceiling."""
    floor, ceiling = TABLE.bounds(told)
    for value in range(5):
        lower, upper = TABLE.bounds({more: value, **told})
        assert TABLE.rank(floor) <= TABLE.rank(lower) <= TABLE.rank(upper) <= TABLE.rank(ceiling)


def test_what_must_be_assessed_blocks() -> None:
    """Where logic has settled, a fact that must be assessed and is missing still blocks."""
    (found,) = cc.recommend(TEMPLATE, cc.Facts.of({BY_ID["dimension_a"]: 4}))
    assert (found.floor, found.ceiling) == ("inpatient", "inpatient")
    assert not found.settled
    assert found.level is None
    assert found.unassessed == (Need(fact="dimension_b"),)
    assert "once all that must be assessed is" in found.headline()
    assert "! dimension_b must be assessed; nothing supplies it" in found.explain()


def test_the_facts_that_narrow_most_come_first() -> None:
    """Each missing fact is ranked by the levels it would leave; a useless one is not named."""
    told = dict.fromkeys(IDS, 0)
    del told["dimension_a"], told["dimension_f"]
    facts = cc.Facts.of({BY_ID[id]: value for id, value in told.items()})
    (found,) = cc.recommend(TEMPLATE, facts)
    assert [item.fact for item in found.narrowing] == ["dimension_a"]
    assert found.narrowing[0].levels_left == 1.0
    (nothing,) = cc.recommend(TEMPLATE, cc.Facts.of({}))
    assert [item.levels_left for item in nothing.narrowing] == sorted(
        item.levels_left for item in nothing.narrowing
    )
    assert "> dimension_a would leave 1.0 levels on average" in found.explain()


def test_it_is_stamped() -> None:
    """A recommendation names the criteria, and the licence they are used under."""
    (found,) = cc.recommend(TEMPLATE, cc.Facts.of({}))
    assert str(found.criteria) == "example.seven-dimensions v1"
    assert found.licence is not None
    assert "under licence of nobody: synthetic, edition 0" in found.explain()
    assert found.program == TEMPLATE.ref
    with pytest.raises(TypeError):
        bool(found)


def test_every_rule_can_be_assessed() -> None:
    """Each rule of a track is given with its truth and the values that decided it."""
    found = assess_rules(TABLE, facts_of((0, 0, 0, 0, 0, 0, 0)))
    assert len(found) == len(TABLE.rules)
    assert all(rule.seen and not rule.needs for rule in found)


# ------------------------------------------------------------------------------ smaller programs


def placed(*rules: tuple[str, Expression], **changes: Any) -> cc.Program:
    """Make a program with placement rules."""
    criteria = PlacementCriteria(
        id="invented.criteria",
        version="1",
        rules=[
            PlacementRule(id=f"r{number}", level=code, rule=rule)
            for number, (code, rule) in enumerate(rules)
        ],
        **changes,
    )
    return program(placement=criteria)


def only(of: cc.Program, facts: cc.Facts) -> cc.Recommendation:
    """Give the one recommendation."""
    (found,) = cc.recommend(of, facts)
    return found


def test_no_rule_and_not_known_are_different_answers() -> None:
    """No level is recommended where no rule holds; in ignorance the floor is no level."""
    plain = placed(("iop", RISK >= 2))
    none = only(plain, cc.Facts.of({RISK: 1}))
    assert (none.level, none.settled, none.levels) == (None, True, (None,))
    assert none.headline() == "treatment: no level"
    unknown = only(plain, cc.Facts.of({}))
    assert (unknown.floor, unknown.ceiling, unknown.settled) == (None, "iop", False)
    assert unknown.headline() == "treatment: from no level to `iop`"
    assert only(plain, cc.Facts.of({RISK: 2})).headline() == "treatment: `iop`"


def test_the_default_waits_for_every_rule() -> None:
    """The default is the level where every other rule is certainly no, and the floor before."""
    plain = placed(("iop", RISK >= 2), default="op")
    assert only(plain, cc.Facts.of({RISK: 0})).level == "op"
    assert only(plain, cc.Facts.of({})).levels == ("op", "iop")


def test_each_track_is_answered_for_itself() -> None:
    """Ranks compare within a track; a program without criteria recommends nothing."""
    plain = placed(("iop", RISK >= 2), ("after", RISK <= 1))
    found = cc.recommend(plain, cc.Facts.of({RISK: 0}))
    assert [(item.track, item.level) for item in found] == [
        (Track.TREATMENT, None),
        (Track.RECOVERY, "after"),
    ]
    assert cc.recommend(program(), cc.Facts.of({})) == ()


def test_the_order_of_writing_changes_nothing() -> None:
    """Rules turned around give the same recommendation, but for the digest of the program."""
    rules = [("res", RISK >= 3), ("iop", RISK >= 2), ("op", RISK >= 1)]
    there, back = placed(*rules), placed(*rules[::-1])
    for value in range(5):
        facts = cc.Facts.of({RISK: value})
        assert only(there, facts).level == only(back, facts).level


def test_two_levels_of_one_rank_do_not_settle() -> None:
    """Where rules for two levels of equal intensity hold, both are named and none is chosen."""
    levels = (*continuum().levels, level("night", 2, setting=Setting.COMMUNITY))
    routes = (*continuum().routes, Route(origin="night", target="op"))
    criteria = PlacementCriteria(
        id="c",
        version="1",
        rules=[
            PlacementRule(id="a", level="night", rule=RISK >= 2),
            PlacementRule(id="b", level="iop", rule=RISK >= 2),
        ],
    )
    two = program(placement=criteria, continuum=continuum(levels=levels, routes=routes))
    found = only(two, cc.Facts.of({RISK: 3}))
    assert not found.settled
    assert set(found.levels) == {"iop", "night"}


@cc.criterion(id="gut", version="1", reads=[RISK])
def gut(facts: cc.Facts) -> cc.Truth:
    """Hold from 3."""
    match facts[RISK]:
        case cc.Known(value):
            return cc.Truth.YES if value >= 3 else cc.Truth.NO
        case Unknown(lo=lo):
            return cc.Truth.YES if (lo or 0) >= 3 else cc.Truth.UNKNOWN


def test_a_rule_of_code_is_recommended_by_too() -> None:
    """A criterion is asked by `recommend`, bounds included; the functions refuse it."""
    plain = placed(("res", gut), ("iop", RISK >= 1))
    assert plain.placement is not None
    assert plain.placement.opaque == ("r0",)
    assert only(plain, cc.Facts.of({RISK: 3})).level == "res"
    assert only(plain, cc.Facts.of({RISK: 1})).level == "iop"
    assert only(plain, cc.Facts.of({RISK: cc.Unknown(lo=3)})).level == "res"
    opened = only(plain, cc.Facts.of({}))
    assert opened.levels == (None, "iop", "res")
    assert [item.fact for item in opened.narrowing] == ["withdrawal_risk"]
    (table,) = plain.placement_tables
    with pytest.raises(RuleInvalid):
        table.bounds({})


def test_one_answer_needs_all_facts() -> None:
    """The level of missing facts is refused with their names; of all facts it is given."""
    (table,) = placed(("iop", RISK >= 2)).placement_tables
    assert table.level({"withdrawal_risk": 2}) == "iop"
    assert table.level({"withdrawal_risk": 0}) is None
    assert table.bounds({"withdrawal_risk": Span(2, 4)}) == ("iop", "iop")
    with pytest.raises(FactsMissing, match="`withdrawal_risk`"):
        table.level({})


@cache
def _rule() -> PlacementRule:
    return PlacementRule(id="a", level="iop", rule=RISK >= 2)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"id": ""}, ["empty"]),
        ({"version": ""}, ["empty"]),
        ({"rules": ()}, ["empty"]),
        ({"rules": (_rule(), _rule())}, ["repeated"]),
        ({"rules": (attrs.evolve(_rule(), id=""),)}, ["empty"]),
        (
            {
                "effective": cc.Period(
                    start=cc.When.of(START + DAY),
                    end=cc.When.of(START),
                )
            },
            ["empty-period"],
        ),
    ],
)
def test_criteria_list_their_problems(changes: dict[str, Any], codes: list[str]) -> None:
    """What is wrong with criteria is said when they are made."""
    given_: dict[str, Any] = {"id": "c", "version": "1", "rules": (_rule(),)}
    with pytest.raises(PlacementInvalid) as caught:
        PlacementCriteria(**{**given_, **changes})
    assert [problem.code for problem in caught.value.problems] == codes


def test_a_rule_is_a_condition() -> None:
    """A comparison by `==` is no condition, and is refused where the rule is made."""
    with pytest.raises(RuleInvalid):
        PlacementRule(id="a", level="iop", rule=RISK == 2)  # type: ignore[arg-type, comparison-overlap]


def test_criteria_must_fit_the_map() -> None:
    """Levels off the map, and a default above a rule's level, are problems of the program."""
    with pytest.raises(cc.ProgramInvalid) as caught:
        placed(("moon", RISK >= 2), default="sun")
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("placement.rules[0].level", "unknown-level"),
        ("placement.default", "unknown-level"),
    ]
    with pytest.raises(cc.ProgramInvalid, match="too-intensive"):
        placed(("op", RISK >= 1), default="iop")
    assert placed(("after", RISK >= 1), default="iop").placement is not None


def test_facts_of_criteria_are_facts_of_the_program() -> None:
    """A placement fact can be stated, and is declared in one way only."""
    plain = placed(("iop", RISK >= 2))
    assert plain.facts["withdrawal_risk"] == RISK
    other = cc.Ordinal("withdrawal_risk", hi=3)
    criteria = PlacementCriteria(
        id="c",
        version="1",
        rules=[_rule(), PlacementRule(id="b", level="res", rule=other >= 2)],
    )
    with pytest.raises(cc.ProgramInvalid, match="two-declarations"):
        program(placement=criteria)


def test_the_default_of_another_track_is_none_here() -> None:
    """A default speaks for its own track alone."""
    plain = placed(("iop", RISK >= 2), ("after", RISK <= 1), default="op")
    by_track = {item.track: item for item in cc.recommend(plain, cc.Facts.of({RISK: 2}))}
    assert by_track[Track.RECOVERY].level is None
    assert by_track[Track.RECOVERY].settled
