"""Placement criteria: what is wrong with them, and the tables they make."""

from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.canonical import Problem
from carecontinuum.continuum import Setting, Track
from carecontinuum.policies import (
    PlacementCriteria,
    PlacementInvalid,
    PlacementRule,
    PlacementTable,
    placement_problems,
    placement_tables,
)
from carecontinuum.rules import FactsMissing, RuleInvalid, Span
from invented import START, continuum, level

RISK, SUPPORT = cc.Ordinal("risk", hi=4), cc.Ordinal("lack_of_support", hi=4)


def _rule(id: str, level: str, least: int, fact: Any = RISK, **more: Any) -> PlacementRule:
    return PlacementRule(id=id, level=level, rule=fact >= least, **more)


def _criteria(*rules: PlacementRule, **more: Any) -> PlacementCriteria:
    return PlacementCriteria(**{"id": "own", "version": "1", "rules": rules, **more})


def _table(*rules: PlacementRule, **more: Any) -> PlacementTable:
    (table,) = placement_tables(_criteria(*rules, **more), continuum())
    return table


def test_everything_wrong_is_said_at_once() -> None:
    """Empty ids, repeated rules, no rules and an empty period are each told with their path."""
    period = cc.Period(start=START, end=START)
    with pytest.raises(PlacementInvalid) as caught:
        _criteria(
            _rule("a", "iop", 1),
            _rule("", "iop", 1),
            _rule("a", "op", 1),
            id="",
            version="",
            effective=period,
        )
    assert caught.value.subject == "placement criteria ``"
    assert caught.value.problems == (
        Problem("id", "empty", "`id` is empty; give it a text"),
        Problem("version", "empty", "`version` is empty; give it a text"),
        Problem("rules[1].id", "empty", "`id` is empty; give it a text"),
        Problem("rules[2].id", "repeated", "rule `a` is there already"),
        Problem("effective", "empty-period", "it ends before it begins"),
    )
    with pytest.raises(PlacementInvalid) as caught:
        _criteria()
    assert caught.value.problems == (Problem("rules", "empty", "no rule; at least one is needed"),)
    for ends in ({"start": START}, {"end": START}):
        assert _criteria(_rule("a", "iop", 1), effective=cc.Period(**ends)).rules


def test_levels_are_those_of_the_map() -> None:
    """A level that the map lacks is told, of each rule and of the default."""
    criteria = _criteria(_rule("a", "iop", 1), _rule("b", "moon", 2), default="sun")
    known = "`res`, `iop`, `op`, `after`"
    assert tuple(placement_problems(criteria, continuum())) == (
        Problem("rules[1].level", "unknown-level", f"no level `moon`; there are {known}"),
        Problem("default", "unknown-level", f"no level `sun`; there are {known}"),
    )
    good = _criteria(_rule("a", "iop", 1), _rule("b", "res", 2), default="op")
    assert tuple(placement_problems(good, continuum())) == ()
    assert tuple(placement_problems(_criteria(_rule("a", "iop", 1)), continuum())) == ()


def test_the_default_is_for_whoever_needs_least() -> None:
    """A default above a rule's level in its track is refused; of another track it is no matter."""
    criteria = _criteria(
        _rule("a", "op", 1), _rule("b", "iop", 2), _rule("c", "after", 1), default="iop"
    )
    says = "`iop` is more intensive than `op` of rule `a`"
    assert tuple(placement_problems(criteria, continuum())) == (
        Problem("default", "too-intensive", says),
    )


def test_the_most_intensive_level_comes_first() -> None:
    """Rules stand by intensity, then by the order of the map, then by their ids."""
    twins = continuum(
        levels=(
            level("res", 3, setting=Setting.RESIDENTIAL),
            level("php", 2),
            level("iop", 2),
            level("op", 1),
        ),
        routes=(),
        aftercare=(),
        discharge_from=("op",),
    )
    rules = [
        _rule("e", "op", 1),
        _rule("d", "iop", 2),
        _rule("c", "php", 2),
        _rule("b", "php", 2),
        _rule("a", "res", 4),
    ]
    (table,) = placement_tables(_criteria(*rules, default="op"), twins)
    assert [rule.id for rule in table.rules] == ["a", "b", "c", "d", "e"]
    assert table.levels == ("res", "php", "php", "iop", "op", "op")
    assert (table.track, table.default) == (Track.TREATMENT, "op")
    assert [table.rank(code) for code in ("res", "php", "iop", "op")] == [3, 2, 2, 1]


def test_each_track_has_its_table() -> None:
    """Rules of several tracks make several tables; the default is in its own track's alone."""
    criteria = _criteria(_rule("a", "after", 1, SUPPORT), _rule("b", "iop", 2), default="after")
    treatment, recovery = placement_tables(criteria, continuum())
    assert (treatment.track, treatment.default, treatment.levels) == (
        Track.TREATMENT,
        None,
        ("iop", None),
    )
    assert (recovery.track, recovery.default) == (Track.RECOVERY, "after")
    assert treatment.rank(None) == float("-inf") < treatment.rank("iop") == 2
    assert treatment.facts == (RISK,)
    assert recovery.facts == (SUPPORT,)


def test_a_table_answers() -> None:
    """All known there is one level; else a floor and a ceiling; what is missing is named."""
    table = _table(_rule("a", "res", 4), _rule("b", "iop", 2, SUPPORT), default="op")
    assert table.level({"risk": 4, "lack_of_support": 0}) == "res"
    assert table.level({"risk": 0, "lack_of_support": 2}) == "iop"
    assert table.level({"risk": 0, "lack_of_support": 1}) == "op"
    assert table.bounds({"lack_of_support": 2}) == ("iop", "res")
    assert table.bounds({"risk": Span(0, 3), "lack_of_support": 1}) == ("op", "op")
    with pytest.raises(FactsMissing) as caught:
        table.level({"risk": 0})
    assert caught.value.facts == ("lack_of_support",)


def test_code_of_ones_own_is_told() -> None:
    """Rules that hold code are named, and the functions refuse them."""
    own = cc.criterion(id="own", version="1", reads=[RISK])(lambda facts: cc.Truth.YES)
    rules = (
        PlacementRule(id="code", level="iop", rule=own | (RISK >= 3)),
        _rule("plain", "op", 1),
    )
    assert _criteria(*rules).opaque == ("code",)
    table = _table(*rules)
    assert table.opaque
    assert not _table(rules[1]).opaque
    with pytest.raises(RuleInvalid, match="`own` is code of its own"):
        table.level({"risk": 0})


def test_a_rule_speaks() -> None:
    """A rule has words of its own or its text, and assesses facts with evidence."""
    rule = _rule("a", "iop", 2)
    assert rule.words == "risk >= 2"
    assert _rule("a", "iop", 2, says="at risk").words == "at risk"
    truth, seen, needs = rule.assess(cc.Facts.of({RISK: 3}))
    assert (truth, [item.value for item in seen], needs) == (cc.Truth.YES, [3], ())
    wrong: Any = False  # what `RISK == 2` gives
    with pytest.raises(RuleInvalid, match="a `bool` is no condition"):
        PlacementRule(id="a", level="iop", rule=wrong)


def test_facts_are_told_in_the_order_of_writing() -> None:
    """Criteria read each fact once, in the order in which rules name them."""
    both = PlacementRule(id="c", level="op", rule=(RISK >= 1) | (SUPPORT >= 1))
    assert _criteria(_rule("a", "iop", 2, SUPPORT), both).facts == (SUPPORT, RISK)
