"""The placement table of 14 rules: by hand, ours, zen-engine, cedarpy and business-rules."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from typing import Any, TypeVar

import rule_peers as peers
from measuring import ROUNDS, Speed, held, peak_growth, speeds
from placement_table import by_hand, incomplete_records, program, records

import carecontinuum as cc
from carecontinuum.engine import recommend
from carecontinuum.engine.recommending import assess_rules
from carecontinuum.rules import Facts, Truth, truth
from carecontinuum.rules.evaluation import Assessed
from carecontinuum.verification import verify

__all__ = ["rule_figures", "show_rules"]

T = TypeVar("T")
Calls = dict[str, tuple[Callable[[], object], int]]

AT_ONCE = 64
"""How many different records one call places."""
BY_HAND = "written by hand"
VERDICT = "ours, the level"
BOUNDS = "ours, floor and ceiling, two ratings missing"
WINNER = "ours, the level and its rule's evidence"
EVERY = "ours, evidence for every rule"
ZEN = "zen-engine, by key"
ZEN_TRACE = "zen-engine, by key, with trace"
ZEN_MADE = "zen-engine, a decision made"
ZEN_MADE_TRACE = "zen-engine, a decision made, with trace"

PROGRAM = program()
TABLE = PROGRAM.placement_tables[0]
FACTS = {fact.id: fact for fact in TABLE.facts}


def facts_of(record: peers.Record) -> Facts:
    """Take a record as facts, each checked."""
    return Facts.of({FACTS[id]: rating for id, rating in record.items()})


def winner(asked: tuple[peers.Record, Facts]) -> tuple[str | None, Assessed | None]:
    """Give the level, and the evidence of the rule that made it so."""
    record, facts = asked
    index = TABLE.compiled.first(record)
    evidence = TABLE.rules[index].assess(facts) if index < len(TABLE.rules) else None
    return TABLE.levels[index], evidence


def walk(facts: Facts) -> str | None:
    """Give the level of the first rule that holds, walking through the rules as they are."""
    return next(
        (rule.level for rule in TABLE.rules if truth(rule.rule, facts) is Truth.YES), TABLE.default
    )


def _peers() -> dict[str, peers.Placed]:
    return {
        ZEN: peers.zen(),
        ZEN_TRACE: peers.zen(trace=True),
        ZEN_MADE: peers.zen(by_key=False),
        ZEN_MADE_TRACE: peers.zen(trace=True, by_key=False),
        "cedarpy": peers.cedar(),
        "business-rules": peers.business_rules(),
    }


def _calls(placed: dict[str, peers.Placed]) -> Calls:
    """Give what is timed: each candidate on the same records."""
    whole, some = records(AT_ONCE), incomplete_records(AT_ONCE)
    facts, some_facts = [*map(facts_of, whole)], [*map(facts_of, some)]
    return {
        BY_HAND: _each(by_hand, whole),
        VERDICT: _each(TABLE.level, whole),
        BOUNDS: _each(TABLE.bounds, some),
        WINNER: _each(winner, list(zip(whole, facts, strict=True))),
        EVERY: _each(lambda known: assess_rules(TABLE, known), facts),
        "ours, a plain three-valued walk": _each(walk, facts),
        "ours, `recommend`": _each(lambda known: recommend(PROGRAM, known), facts),
        "ours, `recommend`, two ratings missing": _each(
            lambda known: recommend(PROGRAM, known), some_facts
        ),
        "ours, a record checked and taken as facts": _each(facts_of, whole),
        **{name: _each(place, whole) for name, place in placed.items()},
    }


def _each(call: Callable[[T], object], items: Sequence[T]) -> tuple[Callable[[], object], int]:
    def calls() -> None:
        for item in items:
            call(item)

    return calls, len(items)


def check(placed: dict[str, peers.Placed]) -> None:
    """See that all give the same level on thousands of records, and ours the bounds of it."""
    for record in records(3_000, seed=2):
        level, facts = by_hand(record), facts_of(record)
        assert TABLE.level(record) == level == walk(facts)
        assert TABLE.bounds(record) == (level, level)
        assert winner((record, facts))[0] == recommend(PROGRAM, facts)[0].level == level
        assert all(place(record) == level for place in placed.values())


def _with_missing(placed: dict[str, peers.Placed]) -> dict[str, float]:
    """Count the records of which two ratings are missing that are placed below the sure floor."""
    asked = incomplete_records(600, seed=3)
    return {name: sum(_below(place, record) for record in asked) for name, place in placed.items()}


def _below(place: peers.Placed, record: peers.Record) -> bool:
    """Tell whether a record is placed below its floor; one that raises is not placed."""
    try:
        level = place(record)
    except (AssertionError, KeyError):
        return False
    return TABLE.rank(level) < TABLE.rank(TABLE.bounds(record)[0])


def _bytes() -> dict[str, float]:
    """Give the bytes that things of ours hold in memory."""
    known = facts_of(records(1)[0])
    things: dict[str, Callable[[], object]] = {
        "a program with its compiled table": _compiled,
        "a recommendation": lambda: recommend(PROGRAM, known),
        "evidence for every rule": lambda: assess_rules(TABLE, known),
    }
    return {name: held(partial(_hundred, make))[0] for name, make in things.items()}


def _hundred(make: Callable[[], object]) -> list[object]:
    return [make() for _ in range(100)]


def _compiled() -> object:
    made = program()
    return made, made.placement_tables[0].compiled


def _growth() -> dict[str, float]:
    """Give the KiB that a process grows by when it makes the table and places 1,000 records."""
    ways = {
        BY_HAND: "by_hand",
        VERDICT: "program().placement_tables[0].level",
        ZEN: "__import__('rule_peers').zen()",
        "cedarpy": "__import__('rule_peers').cedar()",
        "business-rules": "__import__('rule_peers').business_rules()",
    }
    before = "from placement_table import *\nmany = records(1000)"
    found = {
        name: peak_growth(before, f"place = {way}\nfor one in many: place(one)")
        for name, way in ways.items()
    }
    return {"carecontinuum imported": peak_growth("", "import carecontinuum"), **found}


def _verifying() -> dict[str, float]:
    """Give the median milliseconds that the proof of the whole table takes."""
    programs = [program() for _ in range(21)]
    return {
        "verify, the program just made": statistics.median(map(_milliseconds, programs)),
        "verify again": statistics.median(map(_milliseconds, programs)),
    }


def _milliseconds(made: cc.Program) -> float:
    start = time.perf_counter()
    report = verify(made)
    taken = time.perf_counter() - start
    assert report.is_clean
    return taken * 1e3


def rule_figures() -> dict[str, Any]:
    """Run everything: all agree first, then they take turns."""
    placed = _peers()
    check(placed)
    timed = speeds(_calls(placed))
    return {
        "versions": {name: version(name) for name in ("zen-engine", "cedarpy", "business-rules")},
        "microseconds": {name: {"least": s.least, "median": s.median} for name, s in timed.items()},
        "ratios": _ratios(timed),
        "below": _with_missing(placed),
        "ms": _verifying(),
        "bytes": _bytes(),
        "KiB": _growth() if sys.platform == "linux" else {},
    }


def _ratios(timed: dict[str, Speed]) -> dict[str, float]:
    pairs = [
        (VERDICT, BY_HAND),
        (ZEN, VERDICT),
        ("cedarpy", VERDICT),
        ("business-rules", VERDICT),
        (ZEN_TRACE, WINNER),
        (ZEN_TRACE, EVERY),
        (ZEN_MADE_TRACE, EVERY),
    ]
    return {f"({a}) / ({b})": timed[a].least / timed[b].least for a, b in pairs}


def show_rules(figures: dict[str, Any]) -> None:
    """Print the figures as tables."""
    print("\n" + ", ".join(f"{name} {number}" for name, number in figures["versions"].items()))
    title = f"a placement table, microseconds, {ROUNDS} rounds"
    print(f"\n{title:<48}{'least':>10}{'median':>10}{'x by hand':>12}")
    floor = figures["microseconds"][BY_HAND]["least"]
    for name, speed in figures["microseconds"].items():
        ratio = speed["least"] / floor
        print(f"{name:<48}{speed['least']:>10.2f}{speed['median']:>10.2f}{ratio:>12.1f}")
    print()
    for name, ratio in figures["ratios"].items():
        print(f"{name:<90}{ratio:>8.1f}")
    for unit, title in (
        ("below", "of 600 records with two ratings missing, those placed below the sure floor"),
        ("ms", "milliseconds for the proof of the whole table"),
        ("bytes", "bytes held in memory"),
        ("KiB", "KiB of peak memory, the table made and 1,000 records placed"),
    ):
        print(f"\n{title}")
        for name, number in figures[unit].items():
            print(f"{name:<62}{number:>12,.1f}")


if __name__ == "__main__":
    show_rules(rule_figures())
