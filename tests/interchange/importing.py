"""Importing invented resources, and reading what came of them."""

from datetime import UTC, datetime
from typing import Any

from bundles import Resource, bundle

import carecontinuum as cc
from carecontinuum.interchange.fhir import r4

PROGRAM = cc.shipped_program("community")
CODES = r4.shipped_code_map("community")
NOW = datetime(2026, 11, 1, tzinfo=UTC)

Row = tuple[str | None, str, str | None]


def imported(content: bytes, **changes: Any) -> r4.Import:
    """Import an input as the shipped program and code map understand it."""
    given: dict[str, Any] = {
        "program": PROGRAM,
        "code_map": CODES,
        "recorded_at": NOW,
        "by": "import",
    }
    return r4.import_resources(r4.read_resources(content), **{**given, **changes})


def read(*resources: Resource, **changes: Any) -> r4.Import:
    """Import resources in a bundle."""
    return imported(bundle(*resources), **changes)


def problems(found: r4.Import) -> list[tuple[str, str]]:
    """Give where something is wrong, short of the entry, and what."""
    return [(problem.path.partition("resource.")[2], problem.code) for problem in found.problems]


def passed(found: r4.Import) -> dict[tuple[str, str], int]:
    """Give the counts of what was not understood."""
    return {(item.what, item.why): item.count for item in found.not_understood}


def only(found: r4.Import) -> cc.EpisodeOfCare:
    """Give the one episode of the one patient."""
    (record,) = found.records.values()
    (one,) = record.episodes.values()
    return one


def stays(found: r4.Import) -> list[Row]:
    """Give the stays of the one episode: level or candidates, start and end as FHIR has them."""
    one = only(found)
    return [
        (stay.level or "|".join(stay.candidates) or None, str(stay.start), r4.stay_end(one, stay))
        for stay in one.stays
    ]


def statuses(found: r4.Import) -> list[Row]:
    """Give the statuses of the one episode, start and end as FHIR has them."""
    one = only(found)
    return [
        (period.status.value, str(period.start), r4.status_end(one, period))
        for period in one.status_history
    ]
