"""Placement criteria from a decision table: CSV, a rule on each row, a fact in each column."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from typing import Any

from carecontinuum.canonical import Invalid, Problem
from carecontinuum.errors import listed
from carecontinuum.library.errors import ProgramFileUnreadable
from carecontinuum.library.files import MAX_BYTES, TOO_LONG, read_text
from carecontinuum.library.policies import Declared, rule_of
from carecontinuum.library.words import shown, unknown
from carecontinuum.policies import Licence, PlacementCriteria, PlacementInvalid, PlacementRule
from carecontinuum.rules import All, Fact, Flag

__all__ = ["DecisionTableInvalid", "parse_decision_table", "read_decision_table"]

OWN = ("id", "level", "says", "citation", "when")
"""The columns that are no facts; `id`, `level` and `citation` are needed."""
NEEDED = ("id", "level", "citation")
ANY = ("", "-")
"""What a cell says whose fact may have any value."""
MAX_ROWS = 1_000


class DecisionTableInvalid(Invalid):
    """A decision table has problems; all of them are listed, each with its row and column."""

    code = "CC236"


def read_decision_table(
    path: str | PathLike[str],
    facts: Iterable[Fact[Any]],
    *,
    id: str,
    version: str,
    default: str | None = None,
    licence: Licence | None = None,
    citations: Iterable[str] = (),
) -> PlacementCriteria:
    """Read placement criteria from a CSV file in UTF-8, at most `MAX_BYTES` long.

    The arguments after the first are those of `parse_decision_table`.

    Raises:
        ProgramFileUnreadable: It is missing, too large, or not UTF-8.
        DecisionTableInvalid: With every problem.
    """
    return parse_decision_table(
        read_text(path),
        facts,
        id=id,
        version=version,
        default=default,
        licence=licence,
        citations=citations,
    )


def parse_decision_table(
    text: str,
    facts: Iterable[Fact[Any]],
    *,
    id: str,
    version: str,
    default: str | None = None,
    licence: Licence | None = None,
    citations: Iterable[str] = (),
) -> PlacementCriteria:
    """Read placement criteria from the text of a CSV decision table.

    The first row names the columns: `id`, `level` and `citation`, and if wanted `says` and `when`;
    every other column is the id of a fact. A cell under a fact says what is asked of it, as it
    would follow the fact in a rule: `>= 3`, `in ("home", "shelter")`; `true` or `false` for a flag;
    nothing, or `-`, where it may be anything. A cell under `when` is a whole rule. All cells of a
    row must hold; the order of rows changes nothing. Commas, semicolons and tabs separate cells.

    Args:
        text: The table, at most `MAX_BYTES` long as UTF-8.
        facts: The declared facts that columns and rules may name.
        id: The criteria's id.
        version: Their version.
        default: The level recommended when no rule can hold; `None` recommends none then.
        licence: The licence of what is not one's own.
        citations: Where the table comes from.

    Raises:
        ProgramFileUnreadable: It is too large.
        DecisionTableInvalid: With every problem.

    Examples:
        >>> from carecontinuum.rules import Ordinal, rule_text
        >>> risk, support = Ordinal("risk", hi=4), Ordinal("lack_of_support", hi=4)
        >>> criteria = parse_decision_table(
        ...     '''id,level,risk,lack_of_support,citation
        ... r1,iop,>= 2,,invented
        ... r2,op,>= 1,>= 1,invented
        ... ''',
        ...     [risk, support],
        ...     id="example",
        ...     version="1",
        ... )
        >>> [rule_text(rule.rule) for rule in criteria.rules]
        ['risk >= 2', 'risk >= 1 and lack_of_support >= 1']
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ProgramFileUnreadable(path="", says=TOO_LONG)
    named = {fact.id: fact for fact in facts}
    found: list[Problem] = []
    rules = list(_rules(text, Declared(facts=named, codes={}, broken=frozenset()), found))
    try:
        if not found:
            return PlacementCriteria(
                id=id,
                version=version,
                rules=rules,
                default=default,
                licence=licence,
                citations=tuple(citations),
            )
    except PlacementInvalid as invalid:
        found += invalid.problems
    raise DecisionTableInvalid(subject=f"decision table `{id}`", problems=found)


def _rules(text: str, declared: Declared, found: list[Problem]) -> Iterator[PlacementRule]:
    rows = _rows(text, found)
    if not rows:
        return
    columns = [name.strip() for name in rows[0]]
    found += _column_problems(columns, declared.facts)
    if found:
        return
    for number, cells in enumerate(rows[1:], start=2):
        if len(cells) != len(columns):
            says = f"{len(cells)} cells; the first row names {len(columns)} columns"
            found.append(Problem(f"row {number}", "wrong-length", says))
            continue
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
        rule = _rule(row, number, declared, found)
        if rule is not None:
            yield rule


def _rows(text: str, found: list[Problem]) -> list[list[str]]:
    """Give the rows that are not blank."""
    lines = text.removeprefix("\N{BYTE ORDER MARK}").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = max(",;\t", key=first.count)
    try:
        read = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
        rows = [row for row in read if any(cell.strip() for cell in row)]
    except csv.Error as error:
        found.append(Problem("", "not-csv", f"it is not CSV: {error}"))
        return []
    if len(rows) < _FEWEST:
        found.append(Problem("", "empty", "a row of columns and at least one rule are needed"))
    if len(rows) > MAX_ROWS + 1:
        found.append(
            Problem("", "too-many", f"{len(rows)} rows; at most {MAX_ROWS} rules are read")
        )
    return [] if found else rows


_FEWEST = 2


def _column_problems(columns: list[str], facts: Mapping[str, Fact[Any]]) -> Iterator[Problem]:
    for name in NEEDED:
        if name not in columns:
            yield Problem("row 1", "missing", f"no column `{name}`; needed are {listed(NEEDED)}")
    for index, name in enumerate(columns):
        where = f"row 1, column {index + 1}"
        if name in columns[:index]:
            yield Problem(where, "repeated", f"column {shown(name)} is there already")
        elif name not in OWN and name not in facts:
            yield Problem(where, "unknown-fact", unknown("fact", name, facts))


def _rule(
    row: Mapping[str, str], number: int, declared: Declared, found: list[Problem]
) -> PlacementRule | None:
    for name in NEEDED:
        if not row[name]:
            where = f"row {number}, column `{name}`"
            found.append(Problem(where, "empty", f"`{name}` is empty; give it a text"))
    cells = {
        name: cell
        for name, cell in row.items()
        if (name in declared.facts or name == "when") and cell not in ANY
    }
    if not cells:
        says = "no cell asks anything; a level for everybody is the `default`"
        found.append(Problem(f"row {number}", "empty-rule", says))
    read = [
        rule_of(_text(name, cell, declared), f"row {number}, column `{name}`", declared, found)
        for name, cell in cells.items()
    ]
    parts = tuple(part for part in read if part is not None)
    if not parts:
        return None
    return PlacementRule(
        id=row["id"],
        level=row["level"],
        rule=parts[0] if len(parts) == 1 else All(parts),
        says=row.get("says", ""),
        citation=row["citation"],
    )


def _text(name: str, cell: str, declared: Declared) -> str:
    """Write what a cell says as the text of a rule."""
    if name == "when":
        return cell
    if isinstance(declared.facts[name], Flag):
        return {"true": name, "false": f"not {name}"}.get(cell.lower(), f"{name} {cell}")
    return f"{name} {cell}"
