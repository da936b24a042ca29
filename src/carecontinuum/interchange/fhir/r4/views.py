"""An import as JSON data: statuses in FHIR's form, dates still dates."""

from datetime import timedelta

from carecontinuum.canonical import Json, plain
from carecontinuum.datatypes import Precision, When
from carecontinuum.history import EpisodeOfCare, PatientRecord, StatusPeriod, Stay
from carecontinuum.interchange.fhir.r4.drafts import INFERRED
from carecontinuum.interchange.fhir.r4.importing import Import

__all__ = ["fhir_end", "import_data", "status_end", "status_history", "stay_end"]


def fhir_end(end: When | None, *, start: When | None = None, final: bool = False) -> str | None:
    """Give the end of a FHIR period, whose last day belongs to it.

    Args:
        end: The first moment that no longer belongs to our period; `None` while it lasts.
        start: When our period begins; its day belongs to it even where it ends the same day.
        final: Whether the episode ended then; the day it ended on belongs to it.
    """
    if end is None:
        return None
    is_one_day = start is not None and end.day() <= start.day(end.zone)
    if end.precision is Precision.INSTANT or final or is_one_day:
        return str(end)
    before = end.day() - timedelta(days=1)
    return str(When.on(before, zone=end.zone, precision=end.precision))


def stay_end(episode: EpisodeOfCare, stay: Stay) -> str | None:
    """Give the end of an episode's stay as FHIR has it; `None` while it lasts."""
    final = not episode.is_open and stay is episode.stays[-1]
    return fhir_end(stay.end, start=stay.start, final=final)


def status_end(episode: EpisodeOfCare, period: StatusPeriod) -> str | None:
    """Give the end of an episode's status as FHIR has it; `None` while it lasts."""
    before_the_end = [told for told in episode.status_history if not told.status.is_final][-1:]
    final = period.status.is_final or (not episode.is_open and period in before_the_end)
    return fhir_end(period.end, start=period.start, final=final)


def status_history(episode: EpisodeOfCare) -> list[Json]:
    """Give the statuses of an episode as FHIR's `statusHistory` has them."""
    return [
        {"status": period.status.value, "period": _period(period, status_end(episode, period))}
        for period in episode.status_history
    ]


def _period(period: StatusPeriod, end: str | None) -> Json:
    start = str(period.start)
    return {"start": start} if end is None else {"start": start, "end": end}


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
        "episodes": [_episode(episode) for episode in record.episodes.values()],
    }


def _episode(episode: EpisodeOfCare) -> Json:
    return {
        "id": episode.id,
        "inferred": episode.id.startswith(INFERRED),
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
                "end": stay_end(episode, stay),
                "inferred": stay.inferred,
                "organization": stay.site.organisation if stay.site else None,
            }
            for stay in episode.stays
        ],
        "discharge": None if episode.discharge is None else plain(episode.discharge),
    }
