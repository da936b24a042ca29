"""EpisodeOfCare: its statuses, told, become the events that lead to them."""

from collections.abc import Iterator
from datetime import tzinfo

import attrs

from carecontinuum.continuum import Continuum
from carecontinuum.datatypes import Precision, When
from carecontinuum.history import (
    Admitted,
    Basis,
    Cancelled,
    Change,
    Discharged,
    EnteredInError,
    EpisodeStatus,
    LeaveStarted,
    Referred,
    Returned,
    Waitlisted,
)
from carecontinuum.interchange.fhir.r4.account import Account
from carecontinuum.interchange.fhir.r4.codemap import CodeMap, Placement
from carecontinuum.interchange.fhir.r4.drafts import Draft
from carecontinuum.interchange.fhir.r4.reading import Found
from carecontinuum.interchange.fhir.r4.values import (
    References,
    Span,
    codings,
    dicts,
    identifiers,
    span,
)

__all__ = ["NOT_STATED", "EpisodeReader"]

NOT_STATED = "not-stated"
"""The kind of a discharge of which the input does not tell the kind."""

_STATUSES = {status.value: status for status in EpisodeStatus}


@attrs.frozen(order=False, kw_only=True)
class _Told:
    status: EpisodeStatus
    at: When
    end: When | None
    path: str


@attrs.frozen(order=False, kw_only=True)
class EpisodeReader:
    """Reads EpisodeOfCare resources.

    Attributes:
        code_map: What outside codes may mean.
        continuum: The map whose levels they mean.
        zone: Where a date without a time happened.
        references: Which resource a reference means.
        account: Takes what is wrong and what is passed over.
    """

    code_map: CodeMap
    continuum: Continuum
    zone: tzinfo
    references: References
    account: Account

    def drafts(self, found: Found) -> tuple[Draft, ...]:
        """Give what happened in an episode, in order."""
        key = References.key(found)
        resource = found.resource
        placement = self._placement(found)
        told = self._told(found)
        admitted = False
        drafts: list[Draft] = []
        for index, item in enumerate(told):
            before = told[index - 1].status if index else None
            body = _change(item.status, before, placement, admitted=admitted)
            admitted = admitted or isinstance(body, Admitted)
            drafts.append(
                Draft(
                    key=key,
                    step=f"{index}-{item.status.value}",
                    episode_id=key,
                    at=item.at,
                    body=body,
                    basis=Basis.REPORTED,
                    site=self.references.site(resource.get("managingOrganization")),
                    identifiers=identifiers(resource.get("identifier")) if index == 0 else (),
                )
            )
        return tuple(drafts)

    def _placement(self, found: Found) -> Placement | None:
        told = codings(found.resource.get("type"))
        placement = self.code_map.place(told, self.continuum)
        if placement is None and told:
            self.account.unmapped("EpisodeOfCare.type", told)
        return placement

    def _told(self, found: Found) -> list[_Told]:
        told = list(self._history(found))
        current = self._current(found, told[-1] if told else None)
        if current is not None:
            told.append(current)
        return told

    def _history(self, found: Found) -> Iterator[_Told]:
        last: _Told | None = None
        for index, item in dicts(found.resource.get("statusHistory")):
            path = _join(found.path, f"statusHistory[{index}]")
            status = self._status(item.get("status"), f"{path}.status")
            period = span(item.get("period"), f"{path}.period", self.account, self.zone)
            if status is None or period is None:
                continue
            told = _Told(status=status, at=period.start, end=period.end, path=path)
            if last is not None:
                self._check_order(last, told)
                if told.at.instant < last.at.instant:
                    continue
            yield told
            last = told

    def _status(self, value: object, path: str) -> EpisodeStatus | None:
        status = _STATUSES.get(value) if isinstance(value, str) else None
        if status is None:
            accepted = ", ".join(_STATUSES)
            self.account.problem(path, "unknown-status", f"accepted are {accepted}")
        return status

    def _check_order(self, last: _Told, told: _Told) -> None:
        path = f"{told.path}.period"
        if told.at.instant < last.at.instant:
            self.account.problem(path, "out-of-order", "it begins before the status it follows")
        elif last.end is None:
            says = "the status it follows has no end; it ends where this one begins"
            self.account.problem(path, "no-end", says)
        elif told.at.instant < _after(last.end).instant and told.at != last.end:
            self.account.problem(path, "overlap", "it begins before the status it follows ends")
        elif told.at.instant > _after(last.end).instant:
            says = "time passes between the status it follows and this one"
            self.account.problem(path, "gap", says)

    def _current(self, found: Found, last: _Told | None) -> _Told | None:
        """Give the present status, unless the history says it already."""
        status = self._status(found.resource.get("status"), _join(found.path, "status"))
        if status is None or (last is not None and last.status is status):
            return None
        period = self._period(found)
        at = _began(status, last, period)
        if at is None:
            self.account.problem(
                _join(found.path, "status"),
                "no-date",
                "nothing tells when the present status began; it is not recorded",
            )
            return None
        return _Told(status=status, at=at, end=None, path=_join(found.path, "status"))

    def _period(self, found: Found) -> Span | None:
        if found.resource.get("period") is None:
            return None
        path = _join(found.path, "period")
        return span(found.resource["period"], path, self.account, self.zone)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _began(status: EpisodeStatus, last: _Told | None, period: Span | None) -> When | None:
    """Give when the present status began: where the last one ended, or as the period tells."""
    if status.is_final and period is not None and period.end is not None:
        return period.end
    if last is not None and last.end is not None:
        return last.end if status.is_final else _after(last.end)
    return period.start if period is not None and last is None else None


def _after(end: When) -> When:
    """Give the first moment after a FHIR period: the next day for a day, the instant itself."""
    return end if end.precision is Precision.INSTANT else end.next_day()


def _change(
    status: EpisodeStatus,
    before: EpisodeStatus | None,
    placement: Placement | None,
    *,
    admitted: bool,
) -> Change:
    match status:
        case EpisodeStatus.PLANNED:
            return Referred()
        case EpisodeStatus.WAITLIST:
            return Waitlisted()
        case EpisodeStatus.ACTIVE:
            if admitted and before is EpisodeStatus.ONHOLD:
                return Returned()
            level = placement.level if placement else None
            return Admitted(level=level, candidates=placement.candidates if placement else ())
        case EpisodeStatus.ONHOLD:
            return LeaveStarted()
        case EpisodeStatus.FINISHED:
            return Discharged(kind=NOT_STATED)
        case EpisodeStatus.CANCELLED:
            return Cancelled()
        case EpisodeStatus.ENTERED_IN_ERROR:
            return EnteredInError()
