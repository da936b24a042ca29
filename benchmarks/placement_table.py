"""One placement table of 14 rules on seven ratings: as data, as rules of ours, and by hand.

The table is invented, illustrative and no medical advice: it only has the size and the shape of a
real one. Every row is a conjunction of cut-points, on a rating or on a total of ratings, since all
peers can say that; the first row that holds gives the level.
"""

from collections.abc import Mapping
from random import Random  # noqa: TID251  seeded

import attrs

import carecontinuum as cc
from carecontinuum.continuum import Route
from carecontinuum.policies import PlacementCriteria, PlacementRule
from carecontinuum.rules import All, Expression, Ordinal, total

__all__ = [
    "DEFAULT",
    "LEVELS",
    "RATINGS",
    "ROWS",
    "Row",
    "by_hand",
    "incomplete_records",
    "program",
    "records",
]

RATINGS = ("withdrawal", "medical", "distress", "relapse", "home", "isolation", "self_care")
"""What is rated, each from 0, none, to 4, severe."""
LEVELS = ("inpatient", "residential", "partial", "intensive", "outpatient", "recovery")
"""The levels, the most intensive first."""
DEFAULT = LEVELS[-1]
CITED = "illustrative, not medical advice"


@attrs.frozen
class Row:
    """A row of the table.

    Attributes:
        level: The level where it holds.
        least: For each rating, or total of ratings, the least that it must be.
    """

    level: str
    least: dict[tuple[str, ...], int]


def _row(level: str, least: dict[str, int]) -> Row:
    return Row(level, {tuple(names.split(" + ")): number for names, number in least.items()})


ROWS = (
    _row("inpatient", {"withdrawal": 4}),
    _row("inpatient", {"medical": 4}),
    _row("inpatient", {"withdrawal": 3, "medical": 3}),
    _row("residential", {"distress": 4, "self_care": 2}),
    _row("residential", {"relapse": 4, "home": 3}),
    _row("residential", {"withdrawal": 3, "home": 2}),
    _row("residential", {"relapse + home + isolation": 10}),
    _row("partial", {"medical": 3}),
    _row("partial", {"distress": 3, "relapse": 2}),
    _row("partial", {"withdrawal": 2, "relapse": 3}),
    _row("intensive", {"distress": 2, "isolation": 2}),
    _row("intensive", {"relapse": 3}),
    _row("intensive", {"distress + relapse + home": 6}),
    _row("outpatient", {"withdrawal + distress + relapse": 2}),
)


def by_hand(rated: Mapping[str, int]) -> str:  # noqa: PLR0911  as one writes it by hand
    """Give the level as one writes it by hand: the floor that everything is measured by."""
    withdrawal, medical, distress = rated["withdrawal"], rated["medical"], rated["distress"]
    relapse, home, isolation = rated["relapse"], rated["home"], rated["isolation"]
    if withdrawal >= 4:
        return "inpatient"
    if medical >= 4:
        return "inpatient"
    if withdrawal >= 3 and medical >= 3:
        return "inpatient"
    if distress >= 4 and rated["self_care"] >= 2:
        return "residential"
    if relapse >= 4 and home >= 3:
        return "residential"
    if withdrawal >= 3 and home >= 2:
        return "residential"
    if relapse + home + isolation >= 10:
        return "residential"
    if medical >= 3:
        return "partial"
    if distress >= 3 and relapse >= 2:
        return "partial"
    if withdrawal >= 2 and relapse >= 3:
        return "partial"
    if distress >= 2 and isolation >= 2:
        return "intensive"
    if relapse >= 3:
        return "intensive"
    if distress + relapse + home >= 6:
        return "intensive"
    if withdrawal + distress + relapse >= 2:
        return "outpatient"
    return "recovery"


def program() -> cc.Program:
    """Make a program with the table as placement criteria."""
    facts = {id: Ordinal(id, hi=4, citation=CITED) for id in RATINGS}
    return cc.Program(
        id="placement-bench",
        version="1",
        continuum=_continuum(),
        calendar=cc.Calendar(zone="America/New_York"),
        when_ungoverned=cc.Verdict.PERMIT,
        placement=PlacementCriteria(
            id="bench",
            version="1",
            rules=[
                PlacementRule(
                    id=f"row-{number}", level=row.level, rule=_rule(row, facts), citation=CITED
                )
                for number, row in enumerate(ROWS, start=1)
            ],
            default=DEFAULT,
        ),
    )


def _rule(row: Row, facts: Mapping[str, Ordinal]) -> Expression:
    conditions = [
        (facts[names[0]] if len(names) == 1 else total(*(facts[name] for name in names))) >= least
        for names, least in row.least.items()
    ]
    return conditions[0] if len(conditions) == 1 else All(tuple(conditions))


def _continuum() -> cc.Continuum:
    return cc.Continuum(
        id="bench",
        version="1",
        levels=tuple(
            cc.LevelOfCare(
                code=code, display=code, setting=cc.Setting.AMBULATORY, intensity=len(LEVELS) - rank
            )
            for rank, code in enumerate(LEVELS)
        ),
        routes=tuple(Route(origin=a, target=b) for a in LEVELS for b in LEVELS if a != b),
        entry=LEVELS,
        discharge_from=LEVELS,
        leave_from=LEVELS,
    )


def records(number: int, *, seed: int = 1) -> list[dict[str, int]]:
    """Make complete records; the more severe a rating, the rarer it is."""
    chance = Random(seed)  # noqa: S311  the same records every time
    return [
        {id: chance.choices(range(5), weights=(6, 5, 4, 2, 1))[0] for id in RATINGS}
        for _ in range(number)
    ]


def incomplete_records(number: int, *, seed: int = 1) -> list[dict[str, int]]:
    """Make records of which two ratings are missing."""
    chance = Random(seed)  # noqa: S311
    made = records(number, seed=seed)
    for record in made:
        for id in chance.sample(RATINGS, 2):
            del record[id]
    return made
