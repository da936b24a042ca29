"""Encounter: those that the code map places become stays."""

import attrs

from carecontinuum.datatypes import When
from carecontinuum.interchange.fhir.r4.codemap import Placement
from carecontinuum.interchange.fhir.r4.context import Context
from carecontinuum.interchange.fhir.r4.reading import Found
from carecontinuum.interchange.fhir.r4.stays import PlacedStay
from carecontinuum.interchange.fhir.r4.values import Span, codings, dicts, span

__all__ = ["EncounterReader"]

_CARE = frozenset({"in-progress", "onleave", "finished"})
_STATUSES = _CARE | {"planned", "arrived", "triaged", "cancelled", "entered-in-error", "unknown"}


@attrs.frozen(order=False, kw_only=True)
class EncounterReader:
    """Reads Encounter resources.

    Attributes:
        context: What is needed to read them.
    """

    context: Context

    def stay(self, found: Found) -> PlacedStay | None:
        """Give the stay an encounter is; `None` if it is none, which is counted or listed."""
        if not self._is_care(found):
            return None
        placement = self._placement(found)
        if placement is None:
            return None
        context = self.context
        patient = context.references.patient(found.resource.get("subject"), found)
        if patient is None:
            says = "a reference to one patient is needed; the encounter was left out"
            context.account.problem(found.at("subject"), "no-patient", says)
        period = self._period(found)
        if period is None or patient is None:
            return None
        return PlacedStay(
            key=context.references.key(found),
            path=found.path,
            placement=placement,
            start=period.start,
            end=period.end,
            zone=context.zone,
            site=context.references.site(found.resource.get("serviceProvider"), found),
            patient=patient,
            episodes=self._episodes(found),
        )

    def _is_care(self, found: Found) -> bool:
        account = self.context.account
        status = found.resource.get("status")
        if status == "onleave":
            account.passed("Encounter.status onleave", "leave within a stay is not told apart")
        if not isinstance(status, str) or status not in _STATUSES:
            says = f"accepted are {', '.join(sorted(_STATUSES))}; the encounter was left out"
            account.problem(found.at("status"), "unknown-status", says)
            return False
        if status not in _CARE:
            account.passed(f"Encounter.status {status}", "no care took place, as far as told")
        return status in _CARE

    def _placement(self, found: Found) -> Placement | None:
        context = self.context
        types = codings(found.resource.get("type"))
        services = codings([found.resource.get("serviceType")])
        context.count_unmapped("Encounter.type", types)
        context.count_unmapped("Encounter.serviceType", services)
        if not types and not services:
            context.account.passed("Encounter.type", "no code in it")
        placement = context.place((*types, *services))
        if placement is not None and not placement.levels:
            context.count_check_up(placement)
            return None
        return placement

    def _period(self, found: Found) -> Span | None:
        """Give the period; a finished encounter has an end, and it lies in the past."""
        context = self.context
        path = found.at("period")
        period = span(found.resource.get("period"), path, context.account, context.zone)
        if period is None or found.resource.get("status") != "finished":
            return period
        if period.end is None:
            says = "finished, and no end is told; only its beginning is known"
            context.account.problem(path, "no-end", says)
            return Span(start=period.start, end=period.start)
        return self._in_the_past(period, period.end, path)

    def _in_the_past(self, period: Span, end: When, path: str) -> Span | None:
        if end.instant <= self.context.known_at:
            return period
        says = "finished, and ends after the moment the import is recorded; it was left out"
        self.context.account.problem(path, "in-the-future", says)
        return None

    def _episodes(self, found: Found) -> tuple[str, ...]:
        episodes: list[str] = []
        for index, element in dicts(found.resource.get("episodeOfCare")):
            target = self.context.references.target(element, found)
            if target is not None and target.type in {"EpisodeOfCare", None}:
                episodes.append(target.key)
            else:
                says = "a reference to one EpisodeOfCare is needed; it was passed over"
                path = found.at(f"episodeOfCare[{index}]")
                self.context.account.problem(path, "no-episode", says)
        return tuple(dict.fromkeys(episodes))
