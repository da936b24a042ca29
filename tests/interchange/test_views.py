"""An import as data: FHIR's form, and a golden one."""

import json
from datetime import UTC, date
from pathlib import Path

import pytest
from importing import imported

import carecontinuum as cc
from carecontinuum.datatypes import Precision
from carecontinuum.interchange.fhir import r4

FIXTURES = Path(__file__).parents[1] / "fixtures" / "fhir"


def day(text: str) -> cc.When:
    """Read a FHIR date."""
    return cc.When.parse(text, zone=UTC)


@pytest.mark.parametrize(
    ("start", "end", "final", "expected"),
    [
        ("2026-01-01", None, False, None),
        ("2026-01-01", "2026-02-01", False, "2026-01-31"),
        ("2026-01-01", "2026-02-01", True, "2026-02-01"),
        ("2026-02-01", "2026-02-01", False, "2026-02-01"),
        ("2025", "2026", False, "2025"),
        ("2025-12", "2026-01", False, "2025-12"),
        ("2026-01", "2026-01", False, "2026-01"),
        (None, "2026-01-01", False, "2025-12-31"),
        ("2026-01-01", "2026-02-01T10:00:00Z", False, "2026-02-01T10:00:00+00:00"),
    ],
)
def test_the_last_day_belongs_to_a_period(
    start: str | None, end: str | None, final: bool, expected: str | None
) -> None:
    """The end of a FHIR period is its last day, month or year, and never before its start."""
    began = None if start is None else day(start)
    ended = None if end is None else day(end)
    assert r4.fhir_end(ended, start=began, final=final) == expected


def test_a_day_in_another_zone() -> None:
    """A day that ends a period that began at a time is compared by dates, not by instants."""
    midnight = cc.When.on(date(2026, 3, 2), zone=cc.Calendar(zone="Asia/Tokyo").zone)
    assert midnight.precision is Precision.DAY
    began = day("2026-03-01T20:00:00Z")
    assert r4.fhir_end(midnight, start=began) == "2026-03-02"


@pytest.mark.parametrize("file", ["riverside.json", "hilltop.ndjson"])
def test_the_golden_import(file: str) -> None:
    """A bundle and lines as exports have them give exactly the data that is stored beside them."""
    expected = json.loads((FIXTURES / f"{file}.expected").read_text(encoding="utf-8"))
    assert r4.import_data(imported((FIXTURES / file).read_bytes())) == expected
