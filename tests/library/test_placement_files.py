"""Placement criteria from files: program files, decision tables and the template."""

from pathlib import Path
from typing import Any

import pytest

import carecontinuum as cc
from carecontinuum.library import (
    DecisionTableInvalid,
    ProgramFileInvalid,
    ProgramFileUnreadable,
    UnknownProgram,
    parse_decision_table,
    parse_program,
    read_decision_table,
    shipped_template,
    shipped_templates,
)
from carecontinuum.policies import PlacementCriteria
from carecontinuum.rules import Fact, Quantity, rule_text

TEMPLATE = shipped_template("seven-dimensions.toml")
RISK, SUPPORT = cc.Ordinal("risk", hi=4), cc.Ordinal("lack_of_support", hi=4)
HOUSED = cc.Flag("housed")
WHERE = cc.Choice("where", codes=("home", "shelter"))
FACTS: list[Fact[Any]] = [RISK, SUPPORT, HOUSED, WHERE]


def changed(old: str, new: str) -> str:
    """Change the template's text once."""
    assert old in TEMPLATE
    return TEMPLATE.replace(old, new, 1)


def problems(text: str) -> list[tuple[str, str]]:
    """Give the paths and codes of a program file's problems."""
    with pytest.raises(ProgramFileInvalid) as caught:
        parse_program(text)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def table(text: str) -> PlacementCriteria:
    """Read a decision table."""
    return parse_decision_table(text, FACTS, id="t", version="1")


def faults(text: str) -> list[tuple[str, str]]:
    """Give the paths and codes of a decision table's problems."""
    with pytest.raises(DecisionTableInvalid) as caught:
        table(text)
    return [(problem.path, problem.code) for problem in caught.value.problems]


# ------------------------------------------------------------------------------ the template


def test_the_two_forms_of_the_template_are_the_same() -> None:
    """The table of the template, read as CSV, is what its program file has."""
    program = parse_program(TEMPLATE)
    placement = program.placement
    assert placement is not None
    assert placement == parse_decision_table(
        shipped_template("seven-dimensions.csv"),
        program.facts.values(),
        id=placement.id,
        version=placement.version,
        default=placement.default,
        licence=placement.licence,
        citations=placement.citations,
    )


def test_the_template_is_plainly_synthetic() -> None:
    """Every fact, rule and licence in it says that it comes from nowhere."""
    program = parse_program(TEMPLATE)
    assert program.placement is not None
    assert program.placement.licence is not None
    assert "synthetic" in program.placement.licence.holder
    assert all("synthetic" in rule.citation for rule in program.placement.rules)
    ratings = [fact for fact in program.facts.values() if fact.id.startswith("dimension_")]
    assert len(ratings) == 7
    assert all("Synthetic" in fact.title and "synthetic" in fact.citation for fact in ratings)


def test_templates_are_listed() -> None:
    """A name that is not among them is refused with those that are."""
    assert shipped_templates() == ("seven-dimensions.csv", "seven-dimensions.toml")
    with pytest.raises(UnknownProgram, match="seven-dimensions"):
        shipped_template("seven-dimension.toml")


# ------------------------------------------------------------------------------ program files


def test_a_step_down_waits_for_reviews() -> None:
    """`consecutive_reviews` becomes a policy with a reading of its own; 0 asks for none."""
    program = parse_program(TEMPLATE)
    (policy,) = program.policies
    assert policy.ref.id == "carecontinuum.consecutive-lower-reviews"
    three = parse_program(changed("consecutive_reviews = 2", "consecutive_reviews = 3"))
    assert three.ref.digest != program.ref.digest
    none = parse_program(changed("consecutive_reviews = 2", "consecutive_reviews = 0"))
    assert none.policies == ()
    assert "consecutive_lower_reviews" not in none.facts
    wrong = changed("consecutive_reviews = 2", "consecutive_reviews = -1")
    assert problems(wrong) == [("placement.consecutive_reviews", "out-of-range")]


def test_a_file_may_read_the_reviews_itself() -> None:
    """A fact of the same name that the file declares is the one that is read."""
    own = """
[[facts]]
id = "consecutive_lower_reviews"
type = "count"
unit = "reviews"
title = "Latest reviews in a row that recommend a level below the present one"
source = "consecutive-lower-reviews"

[placement]
"""
    program = parse_program(changed("\n[placement]\n", own))
    assert sum(r.fact.id == "consecutive_lower_reviews" for r in program.readings) == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('level = "inpatient"', 'level = "moon"', ("placement.rules[0].level", "unknown-level")),
        ('id = "inpatient-b"', 'id = "inpatient-a"', ("placement.rules[1].id", "repeated")),
        (
            'when = "dimension_a >= 4"',
            'when = "dimension_q >= 4"',
            ("placement.rules[0].when", "rule-text"),
        ),
        (
            'when = "dimension_a >= 4"',
            'when = "dimension_a >= 4 or"',
            ("placement.rules[0].when", "rule-text"),
        ),
        ('when = "dimension_a >= 4"', "", ("placement.rules[0].when", "missing")),
        (
            'when = "dimension_a >= 4"',
            'when = "dimension_a >= 4"\nmore = 1',
            ("placement.rules[0].more", "unknown-key"),
        ),
        ('default = "op"', 'default = "php"', ("placement.default", "too-intensive")),
        ('holder = "nobody: synthetic"', "", ("placement.licence.holder", "missing")),
        ('id = "example.seven-dimensions"', 'id = ""', ("placement.id", "empty")),
        (
            'id = "inpatient-a"',
            'id = " inpatient-a"',
            ("placement.rules[0].id", "unusable-code"),
        ),
        (
            "consecutive_reviews = 2",
            "effective = { from = 2026-03-02, until = 2026-03-01 }",
            ("placement.effective", "empty-period"),
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_path(old: str, new: str, expected: tuple[str, str]) -> None:
    """Each fault of the criteria is found where its author wrote it."""
    assert expected in problems(changed(old, new))


def test_a_rule_needs_a_citation() -> None:
    """An empty citation of a rule is a problem."""
    text = TEMPLATE.replace(
        'says = "the gravest of A, whatever else"\ncitation = "synthetic: no source, not for care"',
        'says = "the gravest of A, whatever else"\ncitation = ""',
    )
    assert problems(text) == [("placement.rules[0].citation", "empty")]


def test_the_problems_of_a_broken_map_hide_nothing_of_the_rules() -> None:
    """A fault of the map and one of a rule are found at once."""
    text = changed('when = "dimension_a >= 4"', 'when = "dimension_q >= 4"')
    text = text.replace('to = "aftercare"', 'to = "nowhere"', 1)
    codes = {code for _, code in problems(text)}
    assert {"rule-text", "unknown-level"} <= codes


def test_criteria_take_the_programs_own_name() -> None:
    """Criteria without an id and a version have those of the program, and their own dates."""
    text = changed('id = "example.seven-dimensions"\n', "effective = { from = 2026-03-02 }\n")
    placement = parse_program(text).placement
    assert placement is not None
    assert (placement.id, placement.version) == ("example-placement", "1")
    assert placement.effective.start is not None


def test_facts_of_every_type_are_read() -> None:
    """Amounts, ages and days are declared in a file; a fraction is what is written."""
    text = (
        TEMPLATE
        + """
[[facts]]
id = "weekly_hours"
type = "quantity"
unit = "h"
lo = 0.1
hi = 168

[[facts]]
id = "age"
type = "age"

[[facts]]
id = "seen_on"
type = "date"
"""
    )
    facts = parse_program(text).facts
    hours = facts["weekly_hours"]
    assert isinstance(hours, Quantity)
    assert str(hours.lo) == "0.1"
    assert isinstance(facts["age"], cc.Age)
    assert isinstance(facts["seen_on"], cc.Date)


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ('type = "quantity"', ("facts[7].unit", "missing")),
        ('type = "count"\nlo = 0.5', ("facts[7].lo", "wrong-type")),
        ('type = "age"\nhi = 17.5', ("facts[7].hi", "wrong-type")),
        ('type = "date"\nlo = 3', ("facts[7].lo", "not-of-this-type")),
        ('type = "age"\nlo = 9\nhi = 3', ("facts[7]", "impossible-fact")),
    ],
)
def test_impossible_facts_are_refused(fact: str, expected: tuple[str, str]) -> None:
    """A missing unit, a fraction of a count and an empty range are problems with a path."""
    assert expected in problems(f'{TEMPLATE}\n[[facts]]\nid = "more"\n{fact}\n')


# ------------------------------------------------------------------------------ decision tables


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read(separator: str, tmp_path: Path) -> None:
    """Each row is a rule of all its cells, whatever separates them; a file reads alike."""
    text = '''\
\N{BYTE ORDER MARK}id,level,risk,housed,where,when,says,citation

r1,iop,>= 2,,-,,,invented
r2,op,>= 1,true,"== ""home""",,a word,invented
r3,php,,FALSE,,at_least(1; risk >= 1),,invented
'''
    text = text.replace(",", separator).replace("at_least(1;", "at_least(1,")
    text = text.replace("at_least(1, risk >= 1)", '"at_least(1, risk >= 1)"')
    criteria = table(text)
    assert [rule_text(rule.rule) for rule in criteria.rules] == [
        "risk >= 2",
        'risk >= 1 and housed and where in ("home")',
        "not housed and at_least(1, risk >= 1)",
    ]
    assert criteria.rules[1].says == "a word"
    file = tmp_path / "table.csv"
    file.write_text(text, encoding="utf-8")
    assert read_decision_table(file, FACTS, id="t", version="1") == criteria


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("", "empty")]),
        ("id,level,citation\n", [("", "empty")]),
        ("id,level\nr1,iop\n", [("row 1", "missing")]),
        ("id,level,citation,rsik\nr1,iop,c,>= 2\n", [("row 1, column 4", "unknown-fact")]),
        ("id,level,citation,risk,risk\nr,iop,c,>= 2,\n", [("row 1, column 5", "repeated")]),
        ("id,level,citation,risk\nr1,iop,c\n", [("row 2", "wrong-length")]),
        ("id,level,citation,risk\nr1,iop,c,-\n", [("row 2", "empty-rule")]),
        ("id,level,citation,risk\nr1,,c,>= 2\n", [("row 2, column `level`", "empty")]),
        ("id,level,citation,risk\nr1,iop,c,2\n", [("row 2, column `risk`", "rule-text")]),
        ("id,level,citation,housed\nr1,iop,c,maybe\n", [("row 2, column `housed`", "rule-text")]),
        (
            "id,level,citation,risk\nr1,iop,c,>= 2\nr1,op,c,>= 1\n",
            [("rules[1].id", "repeated")],
        ),
        ('id,level,citation,risk\nr1,iop,c,">= 2\n', [("", "not-csv")]),
        (
            "id,level,citation,risk\n" + "r,iop,c,>= 2\n" * 1001,
            [("", "too-many")],
        ),
        (
            "id,level,citation,risk,housed\nr1,iop,c,>=,perhaps\n",
            [
                ("row 2, column `risk`", "rule-text"),
                ("row 2, column `housed`", "rule-text"),
            ],
        ),
    ],
)
def test_a_wrong_table_is_refused(text: str, expected: list[tuple[str, str]]) -> None:
    """What is wrong is said with its row and column."""
    assert faults(text) == expected


def test_a_huge_table_is_refused() -> None:
    """More than can be read is refused before it is looked at."""
    with pytest.raises(ProgramFileUnreadable, match="longer than"):
        table("id,level,citation\n" + "x" * 1_100_000)
