"""From resources to patients' records: told episodes first, inferred ones where none is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Actor, actor, utc
from carecontinuum.history import Discrepancy, Event, PatientRecord, discrepancies
from carecontinuum.interchange.fhir.r4.account import Account, NotUnderstood
from carecontinuum.interchange.fhir.r4.checks import Death, check_links, once
from carecontinuum.interchange.fhir.r4.codemap import CodeMap
from carecontinuum.interchange.fhir.r4.context import Context
from carecontinuum.interchange.fhir.r4.drafts import Draft, Recording
from carecontinuum.interchange.fhir.r4.encounters import EncounterReader
from carecontinuum.interchange.fhir.r4.episodes import (
    EpisodeReader,
    ToldEpisode,
    placements_within,
)
from carecontinuum.interchange.fhir.r4.inferring import inferred_episodes
from carecontinuum.interchange.fhir.r4.reading import Found
from carecontinuum.interchange.fhir.r4.references import References
from carecontinuum.interchange.fhir.r4.shapes import bundles_of, check_shape, next_pages
from carecontinuum.interchange.fhir.r4.stays import PlacedStay
from carecontinuum.interchange.fhir.r4.values import read_when
from carecontinuum.programs import Program

__all__ = ["Import", "import_resources"]


@attrs.frozen(order=False, kw_only=True)
class Import:
    """What an input says, and what it says that was not understood.

    Attributes:
        records: Each patient's record, by the patient's id; only those with an episode.
        patients: How many patients the input has.
        problems: What is wrong with single resources, each with its path and what became of it.
        not_understood: What was not read or not mapped, counted, most frequent first.
        check_ups: Encounters that the code map says are not behavioral care, counted by code.
        discrepancies: Events that do not fit the program's map, by patient.
    """

    records: Mapping[str, PatientRecord] = attrs.field(repr=False, hash=False)
    patients: int
    problems: tuple[Problem, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()
    check_ups: tuple[tuple[str, int], ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()


def import_resources(
    resources: Iterable[Found],
    *,
    program: Program,
    code_map: CodeMap,
    recorded_at: datetime,
    by: str | Actor,
    gap_days: int = 30,
) -> Import:
    """Rebuild patients' episodes of care.

    Episodes come from EpisodeOfCare where a patient has any; encounters that name an episode place
    levels inside it. Else they are inferred from the encounters that the code map places: stays at
    most `gap_days` apart join, and each event says that it was inferred. The class of an encounter
    never places anybody. What is wrong with one resource leaves out that resource alone.

    Args:
        resources: What `read_resources` gives.
        program: Its calendar says where a date happened, its map which levels there are.
        code_map: What outside codes may mean.
        recorded_at: When the import is recorded, an aware datetime. With the same moment the same
            input gives the same events.
        by: Who imports.
        gap_days: The longest gap inside an inferred episode, in days by the program's dates: how
            many lie between the last day of one stay and the first of the next.

    Raises:
        CodeMapInvalid: The code map names levels that the program does not have.
        NaiveDatetime: `recorded_at` has no zone.
    """
    code_map.check(program.continuum)
    found = tuple(resources)
    recording = Recording(
        recorded_at=utc(recorded_at, "recorded_at"), by=actor(by), program=program.ref
    )
    context = Context(
        code_map=code_map,
        continuum=program.continuum,
        zone=program.calendar.zone,
        known_at=recording.recorded_at,
        references=References(found),
        account=Account(),
    )
    return _Importer(context=context, recording=recording, gap_days=gap_days).run(found)


@attrs.frozen(order=False, kw_only=True)
class _Importer:
    """One run over one input."""

    context: Context
    recording: Recording
    gap_days: int

    def run(self, everything: tuple[Found, ...]) -> Import:
        context = self.context
        for found in (*bundles_of(everything), *everything):
            check_shape(found, context.account)
            for index in next_pages(found):
                says = "there are more pages, and they are not in the input"
                context.account.problem(found.at(f"link[{index}]"), "more-pages", says)
        kept = once(everything, context)
        stays = _by_patient(map(EncounterReader(context=context).stay, kept["Encounter"]))
        told = _by_patient(map(EpisodeReader(context=context).episode, kept["EpisodeOfCare"]))
        check_links(stays, told, context)
        deaths = dict(self._deaths(kept["Patient"]))
        records = {
            patient.removeprefix("Patient/"): record
            for patient in sorted({*told, *stays})
            if (record := self._record(patient, told, stays, deaths)).events
        }
        patients = {context.references.key(found) for found in kept["Patient"]}
        misfits = (m for r in records.values() for m in discrepancies(r, context.continuum))
        return Import(
            records=records,
            patients=len({*patients, *told, *stays}),
            problems=context.account.problems(),
            not_understood=context.account.not_understood(),
            check_ups=tuple(sorted(context.account.check_ups.items())),
            discrepancies=tuple(misfits),
        )

    def _deaths(self, patients: Iterable[Found]) -> Iterator[tuple[str, Death]]:
        for found in patients:
            path = found.at("deceasedDateTime")
            value = found.resource.get("deceasedDateTime")
            at = read_when(value, path, self.context.account, self.context.zone)
            if at is not None:
                yield self.context.references.key(found), Death(at=at, path=path)

    def _record(
        self,
        patient: str,
        told: Mapping[str, list[ToldEpisode]],
        stays: Mapping[str, list[PlacedStay]],
        deaths: Mapping[str, Death],
    ) -> PatientRecord:
        patient_id = patient.removeprefix("Patient/")
        drafts = self._drafts(told.get(patient, []), stays.get(patient, []))
        record = PatientRecord.of(patient_id, self._events(patient_id, drafts))
        if patient not in deaths:
            return record
        ends = deaths[patient].ends(patient, record, self.context)
        return record.append(*self._events(patient_id, ends))

    def _drafts(self, told: Sequence[ToldEpisode], stays: Sequence[PlacedStay]) -> Iterator[Draft]:
        known_at = self.context.known_at
        if not any(episode.drafts for episode in told):
            yield from inferred_episodes(stays, gap_days=self.gap_days, known_at=known_at)
            return
        for episode in told:
            named = [stay for stay in stays if episode.key in stay.episodes]
            yield from episode.drafts
            yield from placements_within(named, episode, known_at=known_at)

    def _events(self, patient_id: str, drafts: Iterable[Draft]) -> Iterator[Event]:
        for draft in drafts:
            if draft.at.instant > self.context.known_at:
                says = "it lies after the moment the import is recorded; it was left out"
                self.context.account.problem(draft.path, "in-the-future", says)
            else:
                yield self.recording.event(patient_id, draft)


class _OfPatient(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def patient(self) -> str: ...


_T = TypeVar("_T", bound=_OfPatient)


def _by_patient(items: Iterable[_T | None]) -> dict[str, list[_T]]:
    """Give what is about each patient, in an order that does not depend on the input's."""
    found: dict[str, list[_T]] = {}
    for item in sorted((item for item in items if item is not None), key=lambda item: item.key):
        found.setdefault(item.patient, []).append(item)
    return found
