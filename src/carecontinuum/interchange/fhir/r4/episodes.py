"""EpisodeOfCare: its statuses, told, become the events that lead to them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

import attrs

from carecontinuum.datatypes import Site, When
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
from carecontinuum.interchange.fhir.r4.codemap import Placement
from carecontinuum.interchange.fhir.r4.context import Context
from carecontinuum.interchange.fhir.r4.drafts import NOT_STATED, Draft
from carecontinuum.interchange.fhir.r4.inferring import inferred_draft
from carecontinuum.interchange.fhir.r4.reading import Found
from carecontinuum.interchange.fhir.r4.statuses import StatusReader, ToldStatus
from carecontinuum.interchange.fhir.r4.stays import (
    LevelChange,
    PlacedStay,
    Standing,
    change,
    level_changes,
)
from carecontinuum.interchange.fhir.r4.values import codings, finish, identifiers

__all__ = ["EpisodeReader", "ToldEpisode", "placements_within"]


@attrs.frozen(order=False, kw_only=True)
class ToldEpisode:
    """An episode of care that the input tells.

    Attributes:
        key: The episode, as in `EpisodeOfCare/example`.
        patient: The patient, as in `Patient/example`.
        placement: The levels that the episode's own type says.
        site: Where.
        drafts: What happened in it, in order.
    """

    key: str
    patient: str = attrs.field(repr=False)
    placement: Placement | None
    site: Site | None
    drafts: tuple[Draft, ...]

    def is_active_during(self, stay: PlacedStay) -> bool:
        """Tell whether a stay shares a moment with the time the episode was active."""
        ends = [finish(draft.at) for draft in self.drafts[1:]]
        return any(
            _opens(draft)
            and (stay.finish is None or stay.finish > draft.at.instant)
            and (end is None or stay.start.instant < end)
            for draft, end in zip(self.drafts, [*ends, None], strict=False)
        )


@attrs.frozen(order=False, kw_only=True)
class EpisodeReader:
    """Reads EpisodeOfCare resources.

    Attributes:
        context: What is needed to read them.
    """

    context: Context

    def episode(self, found: Found) -> ToldEpisode | None:
        """Give the episode; `None` if it is about nobody or is no behavioral care."""
        context = self.context
        types = codings(found.resource.get("type"))
        context.count_unmapped("EpisodeOfCare.type", types)
        placement = context.place(types)
        if placement is not None and not placement.levels:
            context.count_check_up(placement)
            return None
        patient = context.references.patient(found.resource.get("patient"), found)
        if patient is None:
            says = "a reference to one patient is needed; the episode was left out"
            context.account.problem(found.at("patient"), "no-patient", says)
            return None
        key = context.references.key(found)
        site = context.references.site(found.resource.get("managingOrganization"), found)
        told = StatusReader(context=context).statuses(found)
        return ToldEpisode(
            key=key,
            patient=patient,
            placement=placement,
            site=site,
            drafts=tuple(_drafts(key, found, told, placement, site)),
        )


def _drafts(
    key: str,
    found: Found,
    told: Iterable[ToldStatus],
    placement: Placement | None,
    site: Site | None,
) -> Iterator[Draft]:
    before: EpisodeStatus | None = None
    admitted = False
    for index, item in enumerate(told):
        body = _change(item.status, before, placement, admitted=admitted)
        admitted = admitted or isinstance(body, Admitted)
        before = item.status
        yield Draft(
            key=key,
            path=found.path,
            step=f"{index}-{item.status.value}",
            episode_id=key,
            at=item.at,
            body=body,
            basis=Basis.INFERRED if item.inferred else Basis.REPORTED,
            site=site,
            identifiers=identifiers(found.resource.get("identifier")) if index == 0 else (),
        )


def _change(
    status: EpisodeStatus,
    before: EpisodeStatus | None,
    placement: Placement | None,
    *,
    admitted: bool,
) -> Change:
    if status is not EpisodeStatus.ACTIVE:
        return _BEGINS[status]
    if admitted and before is EpisodeStatus.ONHOLD:
        return Returned()
    level = placement.level if placement else None
    return Admitted(level=level, candidates=placement.candidates if placement else ())


_BEGINS: dict[EpisodeStatus, Change] = {
    EpisodeStatus.PLANNED: Referred(),
    EpisodeStatus.WAITLIST: Waitlisted(),
    EpisodeStatus.ONHOLD: LeaveStarted(),
    EpisodeStatus.FINISHED: Discharged(kind=NOT_STATED),
    EpisodeStatus.CANCELLED: Cancelled(),
    EpisodeStatus.ENTERED_IN_ERROR: EnteredInError(),
}
"""What begins each status but `active`, which begins in two ways."""


def _opens(draft: Draft) -> bool:
    return isinstance(draft.body, (Admitted, Returned))


_Mark: TypeAlias = tuple[datetime, int, Draft | LevelChange]


def placements_within(
    stays: Iterable[PlacedStay], told: ToldEpisode, *, known_at: datetime
) -> Iterator[Draft]:
    """Give the levels that encounters tell within an episode that was itself told.

    They count while the episode is active: not before admission, on leave or after the end. Where
    no encounter says anything, the episode's own type does.

    Args:
        stays: The stays that name the episode.
        told: The episode.
        known_at: The moment the input is told for, in UTC.
    """
    known = Standing(placement=told.placement, site=told.site)
    latest: LevelChange | None = None
    is_active = False
    for mark in _marks(stays, told, known_at):
        if isinstance(mark, LevelChange):
            latest = mark
        else:
            is_active = _opens(mark)
            if isinstance(mark.body, Admitted):
                known = Standing(placement=told.placement, site=told.site)
        if not is_active or latest is None or not (mark is latest or _runs(latest, mark.at)):
            continue
        now = latest.standing if latest.stay else Standing(placement=told.placement)
        body = change(known, now)
        if body is not None:
            draft = inferred_draft(latest, told.key, body)
            step = draft.step if isinstance(mark, LevelChange) else f"{draft.step}/{mark.step}"
            yield attrs.evolve(draft, at=mark.at, step=step)
            known = Standing(placement=now.placement, site=now.site or known.site)


def _marks(
    stays: Iterable[PlacedStay], told: ToldEpisode, known_at: datetime
) -> Iterator[Draft | LevelChange]:
    marks: list[_Mark] = [(draft.at.instant, 0, draft) for draft in told.drafts]
    marks += [(c.at.instant, 1, c) for c in level_changes(stays, known_at=known_at)]
    return (mark for _, _, mark in sorted(marks, key=lambda mark: mark[:2]))


def _runs(latest: LevelChange, at: When) -> bool:
    """Tell whether the stay that counts since a change still runs at a later moment."""
    stay = latest.stay
    return stay is not None and (stay.finish is None or stay.finish > at.instant)
