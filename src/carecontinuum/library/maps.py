"""From a document to the map: codes looked up, lists and `*` spelt out, problems traced back."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice, product

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.continuum import Continuum, ContinuumInvalid, Route
from carecontinuum.library.documents import Codes, ProgramDocument, RouteDocument
from carecontinuum.library.words import code_problems, unknown

__all__ = ["continuum_of"]

EVERY = "*"
"""Stands for every level."""
MAX_ROUTES = 10_000
"""The most routes that a file may spell out or imply."""
LISTS = ("entry", "aftercare", "discharge_from", "leave_from")


@attrs.frozen
class _Named:
    """A level that a file names, and where."""

    code: str
    path: str


@attrs.frozen
class _Way:
    """A route that a file spells out or implies, and where."""

    route: Route
    path: str


def continuum_of(document: ProgramDocument, found: list[Problem]) -> Continuum | None:
    """Make the map of a document; what is wrong is added to `found`, and then there is none."""
    before = len(found)
    codes = tuple(dict.fromkeys(level.code for level in document.levels))
    found += _code_problems(document)
    lists = {
        name: _named(getattr(document.continuum, name), f"continuum.{name}", codes, found)
        for name in LISTS
    }
    ways: list[_Way] = []
    for index, route in enumerate(document.routes):
        room = MAX_ROUTES + 1 - len(ways)
        ways += islice(_ways(route, f"routes[{index}]", codes, found), room)
        if len(ways) > MAX_ROUTES:
            says = f"more than {MAX_ROUTES} routes, which is the most that is read"
            found.append(Problem(f"routes[{index}]", "too-many", says))
            return None
    try:
        made = _made(document, lists, ways)
    except ContinuumInvalid as invalid:
        found += _traced(invalid.problems, document, lists, ways)
        return None
    return made if len(found) == before else None


def _made(document: ProgramDocument, lists: dict[str, list[_Named]], ways: list[_Way]) -> Continuum:
    about = document.continuum
    return Continuum(
        id=document.id if about.id is None else about.id,
        version=document.version if about.version is None else about.version,
        levels=document.levels,
        routes=tuple(way.route for way in ways),
        discharge_kinds=document.discharge_kinds,
        discharge_reasons=document.discharge_reasons,
        citations=about.citations,
        **{name: tuple(item.code for item in named) for name, named in lists.items()},
    )


def _code_problems(document: ProgramDocument) -> Iterator[Problem]:
    for key in ("id", "version"):
        yield from code_problems(f"continuum.{key}", getattr(document.continuum, key) or "")
    for index, level in enumerate(document.levels):
        path = f"levels[{index}].code"
        yield from code_problems(path, level.code)
        if level.code == EVERY:
            yield Problem(path, "unusable-code", "`*` stands for every level; choose another code")


def _named(given: Codes, path: str, codes: tuple[str, ...], found: list[Problem]) -> list[_Named]:
    """Look up the levels that are named; one that does not exist is a problem and left out."""
    if given == EVERY:
        return [_Named(code, path) for code in codes]
    if isinstance(given, str):
        items = [_Named(given, path)]
    else:
        items = [_Named(code, f"{path}[{index}]") for index, code in enumerate(given)]
    for item in items:
        if item.code not in codes:
            says = unknown("level", item.code, codes)
            found.append(Problem(item.path, "unknown-level", says))
    return [item for item in items if item.code in codes]


def _ways(
    document: RouteDocument, path: str, codes: tuple[str, ...], found: list[Problem]
) -> Iterator[_Way]:
    before = len(found)
    origins = _named(document.from_, f"{path}.from", codes, found)
    targets = _named(document.to, f"{path}.to", codes, found)
    empty = len(found) == before
    for origin, target in product(origins, targets):
        if origin.code != target.code:
            empty = False
            route = Route(
                origin=origin.code,
                target=target.code,
                kind=document.kind,
                citation=document.citation,
            )
            yield _Way(route, path)
    if empty:
        found.append(Problem(path, "no-route", "name two different levels, or lists of them"))


_LISTED = re.compile(rf"({'|'.join(LISTS)})\[(\d+)\]")
_ROUTE = re.compile(r"routes\[(\d+)\](\.kind)?")


def _traced(
    problems: Iterable[Problem],
    document: ProgramDocument,
    lists: dict[str, list[_Named]],
    ways: list[_Way],
) -> Iterator[Problem]:
    """Give each problem the path that the file has; of a route's many pairs, tell of one."""
    told: set[tuple[str, str]] = set()
    for problem in problems:
        path = problem.path
        if match := _LISTED.fullmatch(path):
            path = lists[match[1]][int(match[2])].path
        elif match := _ROUTE.fullmatch(path):
            path = ways[int(match[1])].path + (match[2] or "")
            if (path, problem.code) in told:
                continue
            told.add((path, problem.code))
        elif path in {"id", "version"} and getattr(document.continuum, path) is not None:
            path = f"continuum.{path}"
        yield attrs.evolve(problem, path=path)
