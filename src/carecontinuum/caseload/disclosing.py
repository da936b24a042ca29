"""Telling records out of a caseload: the consent gate is asked, and its answer is logged."""

from datetime import datetime
from typing import TypeAlias

from carecontinuum.arguments import an_instance
from carecontinuum.caseload.errors import NothingRecorded
from carecontinuum.caseload.queries import Queries
from carecontinuum.datatypes import Actor, Calendar
from carecontinuum.disclosure import (
    Disclosure,
    DisclosureRefused,
    Under,
    clear,
    disclose,
    log_refusal,
)
from carecontinuum.history import PatientRecord
from carecontinuum.records import DisclosureRequest

__all__ = ["Answer", "Disclosing"]

Answer: TypeAlias = Disclosure | DisclosureRefused
"""What came of a request: what may be told, or what is to be raised."""


class Disclosing(Queries):
    """What a caseload needs to tell records; nothing is kept here."""

    def _disclosed(
        self,
        record: PatientRecord,
        request: DisclosureRequest,
        *,
        at: datetime,
        by: str | Actor,
        id: str,
        under: Under,
        calendar: Calendar | None,
    ) -> tuple[PatientRecord, Answer]:
        """Ask the gate, and give the record with its answer logged."""
        an_instance("request", request, DisclosureRequest, "a `DisclosureRequest`")
        if not record.version:
            raise NothingRecorded
        if calendar is None:
            calendar = self._program(record, request.episode_ids[0], at, None).calendar
        merged = self._merged(record)
        try:
            cleared = clear(record, request, at=at, calendar=calendar, under=under, merged=merged)
        except DisclosureRefused as refused:
            return record.append(log_refusal(record, refused, at=at, by=by, id=id)), refused
        found = disclose(record, cleared, at=max(at, cleared.at), by=by, id=id)
        return record.append(found.event), found

    def _merged(self, record: PatientRecord) -> tuple[PatientRecord, ...]:
        """Load the records of all who turned out to be this patient, one through another too."""
        found: dict[str, PatientRecord] = {}
        waiting = list(record.merged_with)
        while waiting:
            id = waiting.pop()
            if id not in found:
                found[id] = self.for_patient(id)
                waiting += found[id].merged_with
        return tuple(found.values())
