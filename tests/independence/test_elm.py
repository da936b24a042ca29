"""Rules mean to a public CQL engine what they mean to us, missing facts included."""

import os
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import attrs
import pytest

from carecontinuum.rules import (
    Criterion,
    Expression,
    Facts,
    Span,
    Truth,
    Unknown,
    Value,
    facts_read,
    rule_text,
    truth,
)
from carecontinuum.rules.compiling import compiled
from independence.elm import condition, library
from independence.engine import Batch, EngineMissing, evaluated, installed
from independence.generating import NULLS, SPANS, Told, Vocabulary, made_rule, made_values

RULES = 2_500
CASES = 10
"""How often each rule is asked."""
SEED = 20_260_301
VOCABULARIES = [pytest.param(NULLS, id="nulls"), pytest.param(SPANS, id="spans")]


@attrs.frozen(kw_only=True)
class Asked:
    """A rule, and what is told of its facts: the same to us and to the engine."""

    rule: Expression
    cases: tuple[Told, ...]

    @property
    def batch(self) -> Batch:
        """The questions to the engine."""
        cases = [{fact.id: theirs for fact, (_, theirs) in told.items()} for told in self.cases]
        return Batch(library=library(self.rule), cases=cases)

    @property
    def answers(self) -> list[Truth]:
        """What `truth` answers."""
        return [
            truth(self.rule, Facts.of({fact: ours for fact, (ours, _) in told.items()}))
            for told in self.cases
        ]

    @property
    def fast_answers(self) -> list[Truth]:
        """What the rule answers when it is made into a function."""
        bounds = compiled([self.rule]).bounds
        truths = {(0, 0): Truth.YES, (1, 0): Truth.UNKNOWN, (1, 1): Truth.NO}
        return [
            truths[bounds({fact.id: _fast(ours) for fact, (ours, _) in told.items()})]
            for told in self.cases
        ]


def _fast(ours: Any) -> Value | Span | None:
    if isinstance(ours, Unknown):
        return None if ours.lo is ours.hi is None else Span(ours.lo, ours.hi)
    value: Value = ours
    return value


def asked(words: Vocabulary) -> list[Asked]:
    """Make the rules and their cases."""
    chance = Random(SEED)  # noqa: S311  the same cases every time
    return [_asked(chance, words) for _ in range(RULES)]


def _asked(chance: Random, words: Vocabulary) -> Asked:
    rule = made_rule(chance, words)
    read = set(facts_read(rule))
    cases = (made_values(chance, words) for _ in range(CASES))
    kept = tuple({fact: told for fact, told in case.items() if fact in read} for case in cases)
    return Asked(rule=rule, cases=kept)


@pytest.fixture(scope="module")
def engine() -> None:
    """Install the engine; where `CI` is set it must be there, elsewhere its lack is told."""
    try:
        installed()
    except EngineMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(f"rules could not be compared with a CQL engine: {missing}")
        pytest.skip(f"RULES NOT COMPARED WITH A CQL ENGINE: {missing}")


def differences(
    questions: list[Asked], ours: list[list[Truth]], theirs: list[list[Truth]]
) -> Iterator[str]:
    """Describe each case in which two answers differ."""
    for question, mine, other in zip(questions, ours, theirs, strict=True):
        for told, a, b in zip(question.cases, mine, other, strict=True):
            if a is not b:
                values = {fact.id: said for fact, (_, said) in told.items()}
                yield f"{rule_text(question.rule)}\n  on {values}: {a.value}, the engine {b.value}"


@pytest.mark.slow
@pytest.mark.parametrize("words", VOCABULARIES)
def test_the_engine_gives_the_same_answers(engine: None, words: Vocabulary) -> None:
    """On 25,000 cases of 2,500 rules the engine gives the answers of both our evaluations."""
    questions = asked(words)
    theirs = evaluated([question.batch for question in questions])
    counted = Counter(answer for answers in theirs for answer in answers)
    assert counted.total() == RULES * CASES >= 20_000
    assert min(counted[answer] for answer in Truth) > counted.total() / 10
    for ours in ([q.answers for q in questions], [q.fast_answers for q in questions]):
        found = list(differences(questions, ours, theirs))
        assert not found, f"{len(found)} differ, as\n" + "\n".join(sorted(found, key=len)[:5])


@pytest.mark.slow
def test_the_comparison_sees_unknown_taken_for_no(engine: None) -> None:
    """Rules that took what is missing for `no` would differ from the engine in many cases."""
    questions = asked(NULLS)
    theirs = evaluated([question.batch for question in questions])
    wrong: list[list[Truth]] = [
        [Truth.NO if a is Truth.UNKNOWN else a for a in question.answers] for question in questions
    ]
    assert len(list(differences(questions, wrong, theirs))) > RULES


@pytest.mark.parametrize("words", VOCABULARIES)
def test_cases_have_every_kind_of_condition(words: Vocabulary) -> None:
    """Every operator of the algebra is there often, and every kind of fact is known and missing."""
    questions = asked(words)
    text = "\n".join(rule_text(question.rule) for question in questions)
    wanted = ("and", "or", "not", "at_least", "total", "days_between", "in (", "<=", "<", ">=", ">")
    assert all(text.count(word) > RULES / 10 for word in (*wanted, "==", "!=", "2026-"))
    told = Counter(
        (fact.id, isinstance(ours, Unknown))
        for question in questions
        for case in question.cases
        for fact, (ours, _) in case.items()
    )
    assert len(told) == 2 * 10
    assert min(told.values()) > RULES / 2


def test_what_is_code_has_no_counterpart() -> None:
    """A criterion is refused, never left out."""
    opaque = Criterion(id="opaque", version="1", reads=(), function=lambda _: Truth.YES)
    with pytest.raises(TypeError, match="Criterion has no counterpart in ELM"):
        condition(opaque)
