"""The map: levels of care, the routes between them, and how an episode begins and ends."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

import attrs

from carecontinuum.canonical import Invalid
from carecontinuum.continuum.discharge import (
    STANDARD_DISCHARGE_KINDS,
    DischargeKind,
    DischargeReason,
)
from carecontinuum.continuum.level import LevelOfCare
from carecontinuum.continuum.problems import continuum_problems, kind_by_rank
from carecontinuum.continuum.transition import Route, TransitionKind
from carecontinuum.errors import CareContinuumError, listed

__all__ = ["Continuum", "ContinuumInvalid", "UnknownLevel"]


class ContinuumInvalid(Invalid):
    """A continuum contradicts itself."""

    code = "CC201"


class UnknownLevel(CareContinuumError):
    """A level was named that the continuum does not have."""

    code = "CC202"
    level: str
    continuum: str
    levels: tuple[str, ...]

    def __init__(self, *, level: str, continuum: str, levels: tuple[str, ...]) -> None:
        """Name the level, the continuum and the levels it has."""
        self.level = level
        self.continuum = continuum
        self.levels = levels
        super().__init__(level=level, continuum=continuum, levels=levels)

    def message(self) -> str:
        """Name the level and those that exist."""
        return (
            f"continuum `{self.continuum}` has no level `{self.level}`; "
            f"it has {listed(self.levels)}"
        )


@attrs.frozen(order=False, kw_only=True)
class Continuum:
    """A continuum of care: a map as data, which lists all its own problems when it is made.

    Attributes:
        id: Its name, as in `asam-3`.
        version: Its version.
        levels: The levels of care, in the order they are shown.
        routes: The ways between them.
        entry: Codes of the levels an episode may begin at.
        aftercare: Codes of the levels that are aftercare; a move to one is of that kind.
        discharge_from: Codes of the levels a decided discharge may leave.
        leave_from: Codes of the levels a person may go on leave from.
        discharge_kinds: The kinds of discharge.
        discharge_reasons: The coded reasons; empty accepts any code.
        citations: Where the map comes from.

    Raises:
        ContinuumInvalid: With every problem and its path.
    """

    id: str
    version: str
    levels: tuple[LevelOfCare, ...]
    routes: tuple[Route, ...] = ()
    entry: tuple[str, ...] = ()
    aftercare: tuple[str, ...] = ()
    discharge_from: tuple[str, ...] = ()
    leave_from: tuple[str, ...] = ()
    discharge_kinds: tuple[DischargeKind, ...] = STANDARD_DISCHARGE_KINDS
    discharge_reasons: tuple[DischargeReason, ...] = ()
    citations: tuple[str, ...] = ()
    _by_code: Mapping[str, LevelOfCare] = attrs.field(init=False, eq=False, repr=False)
    _kinds: Mapping[str, Mapping[str, TransitionKind]] = attrs.field(
        init=False, eq=False, repr=False
    )

    def __attrs_post_init__(self) -> None:
        by_code = {level.code: level for level in self.levels}
        if problems := continuum_problems(self):
            raise ContinuumInvalid(subject=f"continuum `{self.id}`", problems=problems)
        kinds: dict[str, dict[str, TransitionKind]] = {code: {} for code in by_code}
        for route in self.routes:
            origin, target = by_code[route.origin], by_code[route.target]
            kind = route.kind or kind_by_rank(origin, target, self.aftercare)
            kinds[route.origin][route.target] = cast("TransitionKind", kind)  # checked above
        object.__setattr__(self, "_by_code", by_code)
        object.__setattr__(self, "_kinds", kinds)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def level(self, code: str) -> LevelOfCare:
        """Give the level with a code.

        Raises:
            UnknownLevel: There is none.
        """
        found = self._by_code.get(code)
        if found is None:
            raise UnknownLevel(level=code, continuum=self.id, levels=tuple(self._by_code))
        return found

    def routes_from(self, code: str) -> Mapping[str, TransitionKind]:
        """Give the levels that can be reached from a level, each with the kind of move."""
        return MappingProxyType(self._kinds.get(code, {}))

    def route_kind(self, origin: str, target: str) -> TransitionKind | None:
        """Give the kind of the route from one level to another; `None` if there is no route."""
        return self._kinds.get(origin, {}).get(target)

    def kind_between(self, origin: str, target: str) -> TransitionKind | None:
        """Give the kind a move has, route or no route, by the routes and else by the ranks.

        `None` when a level is unknown, or when no route says and the two are on different tracks.
        """
        kind = self.route_kind(origin, target)
        if kind is None and origin in self and target in self:
            kind = kind_by_rank(self.level(origin), self.level(target), self.aftercare)
        return kind

    def discharge_kind(self, code: str) -> DischargeKind | None:
        """Give the kind of discharge with a code; `None` if there is none."""
        return next((kind for kind in self.discharge_kinds if kind.code == code), None)
