"""From resources to patients' records: told episodes first, inferred ones where none is told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Actor, actor, utc
from carecontinuum.history import (
    Basis,
    Discharged,
    Discrepancy,
    Event,
    PatientRecord,
    discrepancies,
)
from carecontinuum.interchange.fhir.r4.account import Account, NotUnderstood
from carecontinuum.interchange.fhir.r4.codemap import CodeMap, Placement
from carecontinuum.interchange.fhir.r4.drafts import Draft, Recording
from carecontinuum.interchange.fhir.r4.encounters import (
    EncounterReader,
    PlacedStay,
    inferred_episodes,
    placements_within,
)
from carecontinuum.interchange.fhir.r4.episodes import EpisodeReader
from carecontinuum.interchange.fhir.r4.reading import Found
from carecontinuum.interchange.fhir.r4.values import References, codings, read_when
from carecontinuum.programs import Program

__all__ = ["Import", "import_resources"]


@attrs.frozen(order=False, kw_only=True)
class Import:
    """What an input says, and what it says that was not understood.

    Attributes:
        records: Each patient's record, by the patient's id; only those with an episode.
        patients: How many patients the input has.
        problems: What is wrong with single resources, each with its path; they were left out.
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
    never places anybody.

    Args:
        resources: What `read_resources` gives.
        program: Its calendar says where a date happened, its map which levels there are.
        code_map: What outside codes may mean.
        recorded_at: When the import is recorded, an aware datetime. With the same moment the same
            input gives the same events.
        by: Who imports.
        gap_days: The longest gap inside an inferred episode, in days.

    Raises:
        CodeMapInvalid: The code map names levels that the program does not have.
        NaiveDatetime: `recorded_at` has no zone.
    """
    code_map.check(program.continuum)
    recording = Recording(
        recorded_at=utc(recorded_at, "recorded_at"), by=actor(by), program=program.ref
    )
    return _Importer(tuple(resources), program, code_map, recording, gap_days).run()


class _Importer:
    """One run over one input."""

    def __init__(
        self,
        found: tuple[Found, ...],
        program: Program,
        code_map: CodeMap,
        recording: Recording,
        gap_days: int,
    ) -> None:
        self._found = found
        self._program = program
        self._code_map = code_map
        self._recording = recording
        self._gap_days = gap_days
        self._account = Account()
        self._references = References(found)
        self._zone = program.calendar.zone

    def run(self) -> Import:
        self._check_repeated()
        for found in self._found:
            self._account.unread(found)
        stays = self._stays()
        told = self._told()
        deaths = self._deaths()
        records = {
            patient.removeprefix("Patient/"): record
            for patient in sorted({*told, *stays})
            if (record := self._record(patient, told, stays, deaths)).events
        }
        misfits = (m for r in records.values() for m in discrepancies(r, self._program.continuum))
        return Import(
            records=records,
            patients=len({*self._keys("Patient"), *told, *stays}),
            problems=tuple(sorted(self._account.problems, key=str)),
            not_understood=self._account.not_understood(),
            check_ups=tuple(sorted(self._account.check_ups.items())),
            discrepancies=tuple(misfits),
        )

    def _of(self, type: str) -> Iterator[Found]:
        return (found for found in self._found if found.type == type)

    def _keys(self, type: str) -> Iterator[str]:
        return (References.key(found) for found in self._of(type))

    def _check_repeated(self) -> None:
        """Leave out a resource that stands there twice; the first is read."""
        counted: Counter[str] = Counter()
        kept: list[Found] = []
        for found in self._found:
            key = References.key(found)
            counted[key] += 1
            if counted[key] > 1 and found.resource.get("id") is not None:
                says = "a resource of this type and id is there already; the first one is read"
                self._account.problem(found.path, "repeated", says)
            else:
                kept.append(found)
        self._found = tuple(kept)

    def _stays(self) -> dict[str, list[PlacedStay]]:
        reader = EncounterReader(
            code_map=self._code_map,
            continuum=self._program.continuum,
            zone=self._zone,
            references=self._references,
            account=self._account,
        )
        stays: dict[str, list[PlacedStay]] = {}
        for found in self._of("Encounter"):
            stay = reader.stay(found)
            if stay is not None:
                stays.setdefault(stay.patient, []).append(stay)
        return stays

    def _told(self) -> dict[str, list[Draft]]:
        reader = EpisodeReader(
            code_map=self._code_map,
            continuum=self._program.continuum,
            zone=self._zone,
            references=self._references,
            account=self._account,
        )
        told: dict[str, list[Draft]] = {}
        for found in self._of("EpisodeOfCare"):
            patient = self._references.resolve(found.resource.get("patient"))
            if patient is None:
                path = f"{found.path}.patient" if found.path else "patient"
                self._account.problem(path, "no-patient", "a reference to one is needed")
            else:
                told.setdefault(patient, []).extend(reader.drafts(found))
        return told

    def _deaths(self) -> dict[str, Draft]:
        found: dict[str, Draft] = {}
        for item in self._of("Patient"):
            path = f"{item.path}.deceasedDateTime" if item.path else "deceasedDateTime"
            value = item.resource.get("deceasedDateTime")
            at = read_when(value, path, self._account, self._zone)
            if at is not None:
                key = References.key(item)
                found[key] = Draft(
                    key=key,
                    step="death",
                    episode_id="",
                    at=at,
                    body=Discharged(kind="death"),
                    basis=Basis.REPORTED,
                )
        return found

    def _record(
        self,
        patient: str,
        told: Mapping[str, list[Draft]],
        stays: Mapping[str, list[PlacedStay]],
        deaths: Mapping[str, Draft],
    ) -> PatientRecord:
        drafts = list(self._drafts(told.get(patient, []), stays.get(patient, [])))
        patient_id = patient.removeprefix("Patient/")
        record = PatientRecord.of(patient_id, self._events(patient_id, drafts))
        death = deaths.get(patient)
        if death is None:
            return record
        ends = [
            attrs.evolve(death, step=f"death/{episode.id}", episode_id=episode.id)
            for episode in record.episodes.values()
            if episode.is_open and episode.status_history[0].start.instant <= death.at.instant
        ]
        return record.append(*self._events(patient_id, ends))

    def _drafts(self, told: list[Draft], stays: list[PlacedStay]) -> Iterator[Draft]:
        if not told:
            known_at = self._recording.recorded_at
            yield from inferred_episodes(stays, gap_days=self._gap_days, known_at=known_at)
            return
        yield from told
        episodes = dict.fromkeys(draft.episode_id for draft in told)
        for episode_id in episodes:
            named = [stay for stay in stays if episode_id in stay.episodes]
            yield from placements_within(named, episode_id, self._placed(episode_id))
        for stay in stays:
            if not episodes.keys() & set(stay.episodes):
                self._account.passed("Encounter", "names no episode, though episodes are told")

    def _placed(self, episode_id: str) -> Placement | None:
        for found in self._of("EpisodeOfCare"):
            if References.key(found) == episode_id:
                told = codings(found.resource.get("type"))
                return self._code_map.place(told, self._program.continuum)
        return None

    def _events(self, patient_id: str, drafts: Iterable[Draft]) -> Iterator[Event]:
        for draft in drafts:
            if draft.at.instant > self._recording.recorded_at:
                says = "it lies after the moment the import is recorded; it was left out"
                self._account.problem(draft.key, "in-the-future", says)
            else:
                yield self._recording.event(patient_id, draft)
