"""Effective dates: times for which no version of a program applies, or more than one."""

from collections.abc import Iterable, Iterator

from carecontinuum.datatypes import When
from carecontinuum.programs import Program
from carecontinuum.verification.report import Finding, found
from carecontinuum.verification.witness import DatesWitness

__all__ = ["placement_dates", "verify_versions"]


def verify_versions(programs: Iterable[Program]) -> tuple[Finding, ...]:
    """Find the times for which no version of a program applies, or more than one.

    A time before the first version or after the last is no gap.

    Args:
        programs: The versions, in any order; programs of different ids are not compared.

    Examples:
        >>> import carecontinuum as cc
        >>> verify_versions([cc.shipped_program("community")])
        ()
    """
    by_id: dict[str, list[Program]] = {}
    for program in programs:
        by_id.setdefault(program.id, []).append(program)
    return tuple(finding for versions in by_id.values() for finding in _findings(versions))


def _findings(versions: list[Program]) -> Iterator[Finding]:
    ordered = sorted(versions, key=lambda program: _begins(program.effective.start))
    for index, later in enumerate(ordered):
        for earlier in ordered[:index]:
            yield from _overlap(earlier, later)
    longest = ordered[:1]
    for program in ordered[1:]:
        longest.append(max(longest[-1], program, key=lambda one: _ends(one.effective.end)))
    for before, after in zip(longest, ordered[1:], strict=False):
        yield from _gap(before, after)


def _begins(start: When | None) -> float:
    return float("-inf") if start is None else start.instant.timestamp()


def _ends(end: When | None) -> float:
    return float("inf") if end is None else end.instant.timestamp()


def _overlap(earlier: Program, later: Program) -> Iterator[Finding]:
    ends = [program.effective.end for program in (earlier, later)]
    end = min(ends, key=_ends)
    start = later.effective.start
    if _begins(start) < _ends(end):
        witness = DatesWitness(start=start, end=end)
        says = f"{_named(earlier, later)} both apply {witness}"
        yield found("effective-overlap", says, witness)


def _gap(before: Program, after: Program) -> Iterator[Finding]:
    end, start = before.effective.end, after.effective.start
    if _ends(end) < _begins(start):
        witness = DatesWitness(start=end, end=start)
        says = f"between {_named(before, after)} no version applies {witness}"
        yield found("effective-gap", says, witness)


def _named(one: Program, other: Program) -> str:
    return f"versions `{one.version}` and `{other.version}` of `{one.id}`"


def placement_dates(program: Program) -> Iterator[Finding]:
    """Give the times for which a program applies and its placement criteria do not."""
    if program.placement is None:
        return
    mine, theirs = program.effective, program.placement.effective
    missing: list[DatesWitness] = []
    if mine.start is not None and _begins(mine.start) < _begins(theirs.start):
        missing.append(DatesWitness(start=mine.start, end=theirs.start))
    if _ends(theirs.end) < _ends(mine.end):
        missing.append(DatesWitness(start=theirs.end, end=mine.end))
    for witness in missing:
        says = f"placement criteria `{program.placement.id}` do not apply {witness}"
        yield found("effective-gap", says, witness, rules=(program.placement.id,))
