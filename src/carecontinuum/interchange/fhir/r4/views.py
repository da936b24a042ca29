"""An import as JSON data: statuses in FHIR's form, dates still dates."""

from datetime import timedelta

from carecontinuum.canonical import Json, plain
from carecontinuum.datatypes import Precision, When
from carecontinuum.history import EpisodeOfCare, EpisodeStatus, PatientRecord, StatusPeriod
from carecontinuum.interchange.fhir.r4.importing import Import

__all__ = ["fhir_end", "import_data", "status_history"]


def fhir_end(end: When | None, *, final: bool = False) -> str | None:
    """Give the end of a FHIR period, whose last day belongs to it.

    Args:
        end: The first moment that no longer belongs to our period; `None` while it lasts.
        final: Whether the episode ended then; the day it ended on belongs to it.
    """
    if end is None:
        return None
    if end.precision is not Precision.DAY or final:
        return str(end)
    return (end.day() - timedelta(days=1)).isoformat()


def status_history(episode: EpisodeOfCare) -> list[Json]:
    """Give the statuses of an episode as FHIR's `statusHistory` has them."""
    periods = episode.status_history
    return [
        _status_data(period, periods[index + 1] if index + 1 < len(periods) else None)
        for index, period in enumerate(periods)
    ]


def _status_data(period: StatusPeriod, after: StatusPeriod | None) -> Json:
    final = after is not None and after.status.is_final
    span: dict[str, Json] = {"start": str(period.start)}
    end = fhir_end(period.end, final=final or period.status.is_final)
    if end is not None:
        span["end"] = end
    return {"status": period.status.value, "period": span}


def import_data(found: Import) -> Json:
    """Give a whole import as JSON data, in an order that is the same every time."""
    return {
        "patients": [_patient(id, record) for id, record in found.records.items()],
        "patients_in_input": found.patients,
        "problems": [
            {"path": problem.path, "code": problem.code, "says": problem.says}
            for problem in found.problems
        ],
        "discrepancies": [plain(item) for item in found.discrepancies],
        "not_behavioral": dict(found.check_ups),
        "not_understood": [plain(item) for item in found.not_understood],
        "not_understood_count": sum(item.count for item in found.not_understood),
    }


def _patient(id: str, record: PatientRecord) -> Json:
    return {
        "id": id,
        "events": record.version,
        "episodes": [_episode(record, episode) for episode in record.episodes.values()],
    }


def _episode(record: PatientRecord, episode: EpisodeOfCare) -> Json:
    stream = record.streams[episode.id]
    return {
        "id": episode.id,
        "inferred": all(event.basis.value == "inferred" for event in stream),
        "status": episode.status.value,
        "statusHistory": status_history(episode),
        "level": episode.level,
        "candidates": list(episode.candidates),
        "readmission_of": episode.readmission_of,
        "identifiers": [plain(identifier) for identifier in episode.identifiers],
        "stays": [
            {
                "level": stay.level,
                "candidates": list(stay.candidates),
                "start": str(stay.start),
                "end": fhir_end(stay.end, final=episode.status is EpisodeStatus.FINISHED),
                "inferred": stay.inferred,
                "organization": stay.site.organisation if stay.site else None,
            }
            for stay in episode.stays
        ],
        "discharge": None if episode.discharge is None else plain(episode.discharge),
    }
