"""What holds of every import, whatever the input."""

import copy
import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given, settings, strategies as st
from importing import NOW, imported

from carecontinuum.errors import CareContinuumError
from carecontinuum.history import PatientRecord
from carecontinuum.interchange.fhir import r4

FIXTURES = Path(__file__).parents[1] / "fixtures" / "fhir"
WHOLE = json.loads((FIXTURES / "riverside.json").read_text(encoding="utf-8"))

VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, 0, -1.5, True, "", "x", "\ud800", [], {}, [[]], [None], {"reference": "#x"}),
        *("0001-01-01", "9999-12-31", "2026", "2026-03", "2026-02-30", "2026-03-02T10:00:00"),
        *("2026-03-08T02:30:00-05:00", "2026-11-01T01:30:00-04:00", "1990-01-01", "2026-10-31"),
        *("finished", "active", "onhold", "in-progress", "entered-in-error", "H0010", "H2036"),
    ]
)


def places(node: Any) -> Iterable[tuple[Any, Any]]:
    """Give each place in JSON data: what holds it and its key."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        keys: Iterable[Any] = ()
        if isinstance(here, dict):
            keys = list(here)
        elif isinstance(here, list):
            keys = range(len(here))
        for key in keys:
            yield here, key
            waiting.append(here[key])


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """Cut, swap or replace a few things in a bundle."""
    whole = copy.deepcopy(WHOLE)
    for _ in range(draw(st.integers(1, 6))):
        spots = list(places(whole))
        if not spots:
            break
        node, key = draw(st.sampled_from(spots))
        match draw(st.integers(0, 3)):
            case 0:
                del node[key]
            case 1:
                other, at = draw(st.sampled_from(spots))
                node[key] = copy.deepcopy(other.get(at) if isinstance(other, dict) else other)
            case _:
                node[key] = copy.deepcopy(draw(VALUES))
    return whole


@settings(max_examples=300)
@given(broken())
def test_broken_input_is_an_import_or_an_error_of_ours(whole: Any) -> None:
    """Whatever is cut, swapped or replaced, an import comes of it, or an error of ours."""
    try:
        found = imported(json.dumps(whole).encode())
    except CareContinuumError as error:
        assert error.code in {"CC600", "CC601"}
        return
    text = json.dumps(r4.import_data(found), ensure_ascii=False)
    assert text.encode()
    for record in found.records.values():
        assert all(event.occurred_at.instant <= NOW for event in record.events)
        for one in record.episodes.values():
            assert all(before.end == after.start for before, after in pairwise(one.stays))


@settings(max_examples=100)
@given(st.permutations(WHOLE["entry"]))
def test_the_order_of_entries_changes_nothing(entries: list[Any]) -> None:
    """Records and counts do not depend on the order in which the resources stand."""
    one = imported(json.dumps(WHOLE).encode())
    other = imported(json.dumps({**WHOLE, "entry": entries}).encode())
    assert other.records == one.records
    assert other.not_understood == one.not_understood
    assert sorted((p.code, p.says) for p in other.problems) == sorted(
        (p.code, p.says) for p in one.problems
    )


@given(broken())
def test_importing_again_adds_nothing(whole: Any) -> None:
    """The same input at the same moment gives the same events: a record has them already."""
    content = json.dumps(whole).encode()
    try:
        once, again = imported(content), imported(content)
    except CareContinuumError:
        return
    assert once == again
    for id, record in once.records.items():
        assert record.append(*again.records[id].events) is record
        assert PatientRecord.of(id, record.events) == record
