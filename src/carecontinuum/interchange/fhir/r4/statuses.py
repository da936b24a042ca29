"""EpisodeOfCare: the statuses it tells, in order, and what in them does not fit."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import attrs

from carecontinuum.datatypes import When
from carecontinuum.history import EpisodeStatus
from carecontinuum.interchange.fhir.r4.context import Context
from carecontinuum.interchange.fhir.r4.reading import Found
from carecontinuum.interchange.fhir.r4.values import (
    after,
    bounds,
    dicts,
    finish,
    is_over,
    no_earlier,
    span,
)

__all__ = ["StatusReader", "ToldStatus"]

_STATUSES = {status.value: status for status in EpisodeStatus}
_IN_CARE = frozenset({EpisodeStatus.ACTIVE, EpisodeStatus.ONHOLD})
_AFTER_ADMISSION = frozenset({EpisodeStatus.ONHOLD, EpisodeStatus.FINISHED})


@attrs.frozen(order=False, kw_only=True)
class ToldStatus:
    """A status that an episode is told to have had.

    Attributes:
        status: The status.
        at: When it began.
        end: The last moment that belongs to it; `None` if none is told.
        path: Where it stands in the input.
        inferred: Whether only the episode's period says so.
    """

    status: EpisodeStatus
    at: When
    end: When | None
    path: str
    inferred: bool = False


@attrs.frozen(order=False, kw_only=True)
class StatusReader:
    """Reads the statuses of EpisodeOfCare resources.

    Attributes:
        context: What is needed to read them.
    """

    context: Context

    def statuses(self, found: Found) -> tuple[ToldStatus, ...]:
        """Give the statuses an episode has had, in the order they began."""
        start, end = self._period(found)
        history = _joined(self._in_order(self._history(found)))
        status = self._status(found.resource.get("status"), found.at("status"))
        if status is not None:
            history.extend(self._present(status, history, (start, end), found))
        self._check_period(history, (start, end), found)
        return tuple(history)

    def _period(self, found: Found) -> tuple[When | None, When | None]:
        told = found.resource.get("period")
        if told is None:
            return None, None
        return bounds(told, found.at("period"), self.context.account, self.context.zone)

    def _history(self, found: Found) -> Iterator[ToldStatus]:
        for index, item in dicts(found.resource.get("statusHistory")):
            path = found.at(f"statusHistory[{index}]")
            status = self._status(item.get("status"), f"{path}.status")
            period = span(
                item.get("period"), f"{path}.period", self.context.account, self.context.zone
            )
            if status is not None and period is not None:
                yield ToldStatus(status=status, at=period.start, end=period.end, path=path)

    def _status(self, value: object, path: str) -> EpisodeStatus | None:
        status = _STATUSES.get(value) if isinstance(value, str) else None
        if status is None:
            says = f"accepted are {', '.join(_STATUSES)}; it was passed over"
            self.context.account.problem(path, "unknown-status", says)
        return status

    def _in_order(self, told: Iterable[ToldStatus]) -> list[ToldStatus]:
        history = list(told)
        in_order = sorted(history, key=lambda item: item.at.instant)
        for before, item in pairwise(history):
            if item.at.instant < before.at.instant:
                says = "it begins before the status it follows; they are read by their dates"
                self.context.account.problem(f"{item.path}.period", "out-of-order", says)
            elif history == in_order:
                self._check_neighbours(before, item)
        return in_order

    def _check_neighbours(self, before: ToldStatus, told: ToldStatus) -> None:
        path = f"{told.path}.period"
        problem = self.context.account.problem
        if before.end is None:
            says = "the status before it has no end; it ends where this one begins"
            problem(path, "no-end", says)
        elif told.at.instant < finish(before.end) and told.at != before.end:
            says = "it begins before the status before it ends; that one ends where this one begins"
            problem(path, "overlap", says)
        elif told.at.instant > finish(before.end):
            says = "time passes since the end of the status before it, which counts as lasting"
            problem(path, "gap", says)

    def _present(
        self,
        status: EpisodeStatus,
        history: list[ToldStatus],
        period: tuple[When | None, When | None],
        found: Found,
    ) -> Iterator[ToldStatus]:
        """Give the present status, unless the history ends with it, and what it presupposes."""
        last = history[-1] if history else None
        if last is not None and last.status is status:
            self._check_lasts(last, found)
            return
        start, _ = period
        if last is None and start is not None and status in _AFTER_ADMISSION:
            path = found.at("period")
            last = ToldStatus(
                status=EpisodeStatus.ACTIVE, at=start, end=None, path=path, inferred=True
            )
            yield last
        yield from self._present_after(last, status, _began(status, last, period), found)

    def _check_lasts(self, last: ToldStatus, found: Found) -> None:
        if last.end is not None and not last.status.is_final:
            says = "the present status is told to have ended; it counts as lasting"
            self.context.account.problem(found.at("status"), "contradicts-status", says)

    def _present_after(
        self, last: ToldStatus | None, status: EpisodeStatus, at: When | None, found: Found
    ) -> Iterator[ToldStatus]:
        path = found.at("status")
        if at is None:
            says = "nothing tells when the present status began; it was passed over"
            self.context.account.problem(path, "no-date", says)
        elif last is not None and is_over(at, last.at):
            says = "the present status would begin before the last one told; it was passed over"
            self.context.account.problem(path, "out-of-order", says)
        else:
            known_at = self.context.known_at
            begun = at if last is None else no_earlier(at, last.at, known_at=known_at)
            yield ToldStatus(status=status, at=begun, end=None, path=path)

    def _check_period(
        self, told: list[ToldStatus], period: tuple[When | None, When | None], found: Found
    ) -> None:
        start, end = period
        path = found.at("period")
        problem = self.context.account.problem
        in_care = [item for item in told if item.status in _IN_CARE]
        if start is not None and any(item.at.instant < start.instant for item in in_care):
            says = "the episode was active before its period begins; its statuses are believed"
            problem(path, "contradicts-status", says)
        if end is None:
            return
        if any(is_over(end, item.at) for item in in_care):
            says = "the episode was active after its period ends; its statuses are believed"
            problem(path, "contradicts-status", says)
        goes_on = bool(told) and not told[-1].status.is_final
        if goes_on and finish(end) <= self.context.known_at:
            says = f"the period has ended and the status is `{told[-1].status.value}`"
            problem(path, "contradicts-status", f"{says}; the status is believed")


def _began(
    status: EpisodeStatus, last: ToldStatus | None, period: tuple[When | None, When | None]
) -> When | None:
    """Give when the present status began: where the last one ended, or as the period tells."""
    start, end = period
    if status.is_final and end is not None:
        return end
    if last is None:
        return None if status in _AFTER_ADMISSION else start
    if last.end is None:
        return None
    return last.end if status.is_final else after(last.end)


def _joined(told: Iterable[ToldStatus]) -> list[ToldStatus]:
    """Give statuses without those that repeat the one before.

    An end told as the day after the last day before it means that last day: FHIR's periods
    include their last day, and on it the episode ended.
    """
    joined: list[ToldStatus] = []
    for item in told:
        before = joined[-1] if joined else None
        if before is not None and item.status is before.status:
            joined[-1] = attrs.evolve(before, end=item.end)
        elif before is not None and before.end is not None and _ends_next_day(before.end, item):
            joined.append(attrs.evolve(item, at=before.end))
        else:
            joined.append(item)
    return joined


def _ends_next_day(end: When, item: ToldStatus) -> bool:
    return item.status.is_final and item.at == after(end)
