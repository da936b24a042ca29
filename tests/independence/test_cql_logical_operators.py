"""The truth tables are those of CQL, as its public tests state them."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from carecontinuum.rules import Expression, Facts, Flag, Truth, at_least, truth

TABLE = tomllib.loads(
    Path(__file__).with_name("cql_logical_operators.toml").read_text(encoding="utf-8")
)
TRUTHS = {"true": Truth.YES, "false": Truth.NO, "null": Truth.UNKNOWN}
VALUES = {"true": True, "false": False}
LEFT, RIGHT = Flag("left"), Flag("right")

OURS: dict[str, Callable[[Truth, Truth], Truth]] = {
    "and": lambda left, right: Truth.all((left, right)),
    "or": lambda left, right: Truth.any((left, right)),
}
"""The operators of CQL that `Truth` has too, besides `not`."""
DERIVED: dict[str, Callable[[Truth, Truth], Truth]] = {
    "xor": lambda left, right: Truth.any(
        (Truth.all((left, right.negated())), Truth.all((left.negated(), right)))
    ),
    "implies": lambda left, right: Truth.any((left.negated(), right)),
}
"""The operators of CQL without a counterpart, made of those that have one."""
CONDITIONS: dict[str, Expression] = {
    "and": LEFT & RIGHT,
    "or": LEFT | RIGHT,
    "xor": (LEFT & ~RIGHT) | (~LEFT & RIGHT),
    "implies": ~LEFT | RIGHT,
}
BINARY = [
    pytest.param(operator, row[0], row[1], row[column], id=f"{row[0]} {operator} {row[1]}")
    for column, operator in enumerate(TABLE["columns"])
    if operator in CONDITIONS
    for row in TABLE["rows"]
]


def facts(left: str, right: str) -> Facts:
    """Give two flags; `null` is one that is missing."""
    told = {LEFT: left, RIGHT: right}
    return Facts.of({flag: VALUES[word] for flag, word in told.items() if word in VALUES})


def test_every_case_of_the_public_tests_is_there() -> None:
    """The table has nine cases of each binary operator, and three of `not`."""
    assert len({(left, right) for left, right, *_ in TABLE["rows"]}) == len(TABLE["rows"]) == 9
    assert {*OURS, *DERIVED} == {*CONDITIONS} == {*TABLE["columns"]} - {"left", "right"}
    assert len(BINARY) == 4 * 9
    assert TABLE["not"].keys() == TRUTHS.keys()


@pytest.mark.parametrize(("operator", "left", "right", "output"), BINARY)
def test_truths_join_as_in_cql(operator: str, left: str, right: str, output: str) -> None:
    """`Truth.all` is `and`, `Truth.any` is `or`; `xor` and `implies` can be made of them."""
    join = (OURS | DERIVED)[operator]
    assert join(TRUTHS[left], TRUTHS[right]) is TRUTHS[output]


@pytest.mark.parametrize(("operator", "left", "right", "output"), BINARY)
def test_conditions_join_as_in_cql(operator: str, left: str, right: str, output: str) -> None:
    """`&` is `and`, `|` is `or`; `xor` and `implies` can be made of them and `~`."""
    assert truth(CONDITIONS[operator], facts(left, right)) is TRUTHS[output]


@pytest.mark.parametrize("operator", ["and", "or"])
@pytest.mark.parametrize(("left", "right"), [(row[0], row[1]) for row in TABLE["rows"]])
def test_counting_two_conditions_is_and_or_or(operator: str, left: str, right: str) -> None:
    """Both of two is `and`, one of two is `or`."""
    counted = at_least(2 if operator == "and" else 1, of=(LEFT, RIGHT))
    known = facts(left, right)
    assert truth(counted, known) is truth(CONDITIONS[operator], known)


@pytest.mark.parametrize(("operand", "output"), TABLE["not"].items())
def test_not_is_as_in_cql(operand: str, output: str) -> None:
    """`negated` and `~` are `not`."""
    assert TRUTHS[operand].negated() is TRUTHS[output]
    assert truth(~LEFT, facts(operand, "null")) is TRUTHS[output]
