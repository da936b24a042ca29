"""Everything that can be wrong with a map, found in one walk."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from carecontinuum.canonical import Problem
from carecontinuum.continuum.discharge import DischargeKind, DischargeReason
from carecontinuum.continuum.level import LevelOfCare, ServiceHours
from carecontinuum.continuum.transition import Route, TransitionKind
from carecontinuum.errors import listed

__all__ = ["continuum_problems", "kind_by_rank"]

DETAILS = ("reason", "destination", "last_contact")
"""The details a kind of discharge may require."""


class _Map(Protocol):
    """What the walk reads of a continuum."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def levels(self) -> tuple[LevelOfCare, ...]: ...
    @property
    def routes(self) -> tuple[Route, ...]: ...
    @property
    def entry(self) -> tuple[str, ...]: ...
    @property
    def aftercare(self) -> tuple[str, ...]: ...
    @property
    def discharge_from(self) -> tuple[str, ...]: ...
    @property
    def leave_from(self) -> tuple[str, ...]: ...
    @property
    def discharge_kinds(self) -> tuple[DischargeKind, ...]: ...
    @property
    def discharge_reasons(self) -> tuple[DischargeReason, ...]: ...


def kind_by_rank(
    origin: LevelOfCare, target: LevelOfCare, aftercare: tuple[str, ...]
) -> TransitionKind | None:
    """Give the kind that follows from the ranks; `None` across tracks, where none follows."""
    if target.code in aftercare:
        return TransitionKind.AFTERCARE
    if origin.track is not target.track:
        return None
    if target.intensity == origin.intensity:
        return TransitionKind.LATERAL
    more = target.intensity > origin.intensity
    return TransitionKind.STEP_UP if more else TransitionKind.STEP_DOWN


def continuum_problems(continuum: _Map) -> tuple[Problem, ...]:
    """Give every problem of a continuum, in the order of its parts."""
    return tuple(_all(continuum))


def _all(continuum: _Map) -> Iterator[Problem]:
    for name in ("id", "version"):
        if not getattr(continuum, name):
            yield Problem(name, "empty", f"`{name}` is empty; give it a text")
    if not continuum.levels:
        yield Problem("levels", "no-levels", "no level of care; at least one is needed")
    yield from _repeated("levels", "level", [level.code for level in continuum.levels])
    for index, level in enumerate(continuum.levels):
        yield from _level_problems(f"levels[{index}]", level)
    yield from _reference_problems(continuum)
    yield from _route_problems(continuum)
    yield from _discharge_problems(continuum)


def _repeated(path: str, what: str, codes: list[str]) -> Iterator[Problem]:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield Problem(
                f"{path}[{index}]",
                "repeated",
                f"{what} `{code}` is there already; codes are unique",
            )


def _level_problems(path: str, level: LevelOfCare) -> Iterator[Problem]:
    for name in ("code", "display"):
        if not getattr(level, name).strip():
            yield Problem(f"{path}.{name}", "empty", f"`{name}` is empty; give it a text")
    seen: set[object] = set()
    for index, band in enumerate(level.hours):
        here = f"{path}.hours[{index}]"
        if band.age_group in seen:
            group = band.age_group.value if band.age_group else "everybody"
            yield Problem(here, "repeated", f"hours for {group} are there already")
        seen.add(band.age_group)
        yield from _hours_problems(here, band)


def _hours_problems(path: str, band: ServiceHours) -> Iterator[Problem]:
    bounds: dict[str, object] = {"at_least": band.at_least, "less_than": band.less_than}
    wrong = [name for name, bound in bounds.items() if not _is_hours(bound)]
    for name in wrong:
        says = f"it is no number of hours; a week has 0 to {HOURS_A_WEEK}"
        yield Problem(f"{path}.{name}", "out-of-range", says)
    if wrong or band.at_least is None or band.less_than is None:
        return
    if band.less_than <= band.at_least:
        yield Problem(
            path,
            "empty-band",
            f"no number of hours is at least {band.at_least:g} and less than {band.less_than:g}",
        )


HOURS_A_WEEK = 168


def _is_hours(bound: object) -> bool:
    if isinstance(bound, bool) or not isinstance(bound, int | float | None):
        return False
    return bound is None or 0 <= bound <= HOURS_A_WEEK


def _reference_problems(continuum: _Map) -> Iterator[Problem]:
    codes = tuple(level.code for level in continuum.levels)
    for name in ("entry", "aftercare", "discharge_from", "leave_from"):
        named: tuple[str, ...] = getattr(continuum, name)
        yield from _repeated(name, "level", list(named))
        yield from _unknown(((f"{name}[{i}]", code) for i, code in enumerate(named)), codes)


def _unknown(named: Iterable[tuple[str, str]], codes: tuple[str, ...]) -> Iterator[Problem]:
    for path, code in named:
        if code not in codes:
            yield Problem(path, "unknown-level", f"no level `{code}`; there are {listed(codes)}")


def _route_problems(continuum: _Map) -> Iterator[Problem]:
    by_code = {level.code: level for level in continuum.levels}
    seen: set[tuple[str, str]] = set()
    for index, route in enumerate(continuum.routes):
        path = f"routes[{index}]"
        ends = ((f"{path}.origin", route.origin), (f"{path}.target", route.target))
        yield from _unknown(ends, tuple(by_code))
        if (route.origin, route.target) in seen:
            says = f"the route from `{route.origin}` to `{route.target}` is there already"
            yield Problem(path, "repeated", says)
        seen.add((route.origin, route.target))
        if route.origin == route.target:
            yield Problem(path, "to-itself", f"a route from `{route.origin}` to itself")
        elif route.origin in by_code and route.target in by_code:
            origin, target = by_code[route.origin], by_code[route.target]
            yield from _kind_problems(f"{path}.kind", route, origin, target, continuum.aftercare)


def _kind_problems(
    path: str,
    route: Route,
    origin: LevelOfCare,
    target: LevelOfCare,
    aftercare: tuple[str, ...],
) -> Iterator[Problem]:
    follows = kind_by_rank(origin, target, aftercare)
    ways = f"from `{origin.code}` to `{target.code}`"
    if route.kind is None:
        if follows is None:
            says = (
                f"{ways} the track changes, so the kind must be stated: step_up, step_down, lateral"
            )
            yield Problem(path, "kind-not-stated", says)
    elif not route.kind.between_levels:
        yield Problem(path, "not-a-move", f"`{route.kind}` is not a move between levels")
    elif follows is not None and route.kind is not follows:
        says = f"`{route.kind}` contradicts the levels: {ways} is `{follows}`"
        yield Problem(path, "contradicts-ranks", says)
    elif follows is None and route.kind is TransitionKind.AFTERCARE:
        says = f"`{target.code}` is not listed under `aftercare`"
        yield Problem(path, "not-aftercare", says)


def _discharge_problems(continuum: _Map) -> Iterator[Problem]:
    kinds = continuum.discharge_kinds
    yield from _repeated("discharge_kinds", "kind", [kind.code for kind in kinds])
    reasons = [reason.code for reason in continuum.discharge_reasons]
    yield from _repeated("discharge_reasons", "reason", reasons)
    for index, kind in enumerate(kinds):
        for at, detail in enumerate(kind.needs):
            if detail not in DETAILS:
                says = f"no detail `{detail}`; there are {listed(DETAILS)}"
                yield Problem(f"discharge_kinds[{index}].needs[{at}]", "unknown-detail", says)
