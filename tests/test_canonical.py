"""The canonical form and its digest."""

import subprocess
import sys
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from math import inf, nan
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, strategies as st

import carecontinuum as cc
from carecontinuum.canonical import Invalid, Problem, canonical_json, digest, plain


class Colour(Enum):
    """An enum for the tests."""

    RED = "red"
    BLUE = "blue"


@attrs.frozen(kw_only=True)
class Thing:
    """A record for the tests."""

    TYPE = "thing"
    name: str
    note: str = ""
    tags: tuple[str, ...] = ()
    size: int = 3
    hidden: int = attrs.field(default=0, eq=False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (3.0, 3),
        (3.5, 3.5),
        (Decimal("1.50"), "1.50"),
        ("a", "a"),
        (Colour.RED, "red"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 1), "2026-03-02T01:00:00"),  # noqa: DTZ001
        (time(17, 30), "17:30:00"),
        (ZoneInfo("Europe/Berlin"), "Europe/Berlin"),
        ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
        ({Colour.RED: 1, Colour.BLUE: 2}, {"blue": 2, "red": 1}),
        ({2: "b", 10: "a"}, {"10": "a", "2": "b"}),
        (frozenset({"b", "a"}), ["a", "b"]),
        ((1, "a"), [1, "a"]),
        ([1], [1]),
        (cc.When.on(date(2026, 3, 2), zone=ZoneInfo("Europe/Berlin")), "2026-03-02"),
    ],
)
def test_plain_values(value: object, expected: object) -> None:
    """Each kind of value has one form in JSON."""
    assert plain(value) == expected


def test_records_leave_out_empty_defaults_only() -> None:
    """An empty default is left out, a default with content is written."""
    assert plain(Thing(name="a")) == {"type": "thing", "name": "a", "size": 3}
    assert plain(Thing(name="a", note="n", tags=("t",), size=0)) == {
        "type": "thing",
        "name": "a",
        "note": "n",
        "tags": ["t"],
        "size": 0,
    }


@pytest.mark.parametrize("value", [object(), nan, inf, -inf, {1: "a", "1": "b"}, b"a"])
def test_what_has_no_form_is_refused(value: object) -> None:
    """What JSON cannot say, or would say ambiguously, has no canonical form."""
    with pytest.raises(TypeError, match="no canonical form for"):
        canonical_json([value])


@given(st.dictionaries(st.text(), st.integers()))
def test_order_of_keys_does_not_count(value: dict[str, int]) -> None:
    """Two mappings that are equal have one text."""
    turned = dict(reversed(value.items()))
    assert canonical_json(value) == canonical_json(turned)
    assert digest(value) == digest(turned)


def test_digest_is_the_same_in_every_process() -> None:
    """The digest of a shipped program does not depend on the hash seed."""
    code = "import carecontinuum as cc; print(cc.shipped_program('community').ref.digest)"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(found) == 1


def test_problems_are_listed_with_their_paths() -> None:
    """A definition's error counts its problems and lists each on a line."""
    one = Problem("levels[0].code", "empty", "`code` is empty")
    error = Invalid(subject="map `m`", problems=[one, Problem("", "odd", "something")])
    assert str(error).splitlines() == [
        "CC100: map `m` has 2 problems",
        "  levels[0].code: `code` is empty [empty]",
        "  (whole): something [odd]",
    ]
    assert "1 problem\n" in str(Invalid(subject="map `m`", problems=iter([one])))
