"""`carecontinuum import fhir`: what a bundle says, what was inferred, what was not understood."""

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from carecontinuum.cli.output import print_json, table
from carecontinuum.datatypes import Precision, When
from carecontinuum.history import EpisodeOfCare, PatientRecord, Stay
from carecontinuum.interchange.fhir import r4
from carecontinuum.library import read_program, shipped_program, shipped_programs
from carecontinuum.programs import Program

__all__ = ["import_fhir"]

SHOWN = 15
"""How many rows of what was not understood are shown; the rest is counted, `--json` has all."""


def import_fhir(
    out: Console,
    *,
    file: Path,
    as_json: bool,
    program: str,
    code_map: Path | None,
    gap_days: int,
    recorded_at: datetime | None,
) -> None:
    """Read a bundle and print what came of it.

    Raises:
        CareContinuumError: The input, the program or the code map cannot be used.
    """
    known = _program(program)
    codes = r4.shipped_code_map(known.id) if code_map is None else r4.read_code_map(code_map)
    found = r4.import_resources(
        r4.read_resources(file),
        program=known,
        code_map=codes,
        recorded_at=recorded_at or datetime.now(UTC),  # noqa: TID251 - the rim has a clock
        by="carecontinuum import fhir",
        gap_days=gap_days,
    )
    if as_json:
        print_json(out, r4.import_data(found))
    else:
        _print(out, found)


def _program(name: str) -> Program:
    return shipped_program(name) if name in shipped_programs() else read_program(Path(name))


def _print(out: Console, found: r4.Import) -> None:
    episodes = sum(len(record.episodes) for record in found.records.values())
    out.print(
        f"{_count(found.patients, 'patient')}, {_count(episodes, 'episode')} of care", markup=False
    )
    for id, record in found.records.items():
        _print_record(out, id, record)
    _print_problems(out, found)
    _print_account(out, found)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _print_record(out: Console, id: str, record: PatientRecord) -> None:
    listing = table(
        f"Patient {escape(id)}",
        "no.",
        "status",
        "level, or candidates",
        "from",
        "to",
        "basis",
        fold="level, or candidates",
    )
    for number, episode in enumerate(record.episodes.values(), start=1):
        rows = episode.stays or (None,)
        for index, stay in enumerate(rows):
            first = index == 0
            listing.add_row(
                f"{number}" if first else "",
                episode.status.value if first else "",
                *_stay(stay, episode),
            )
    out.print(listing)
    for number, episode in enumerate(record.episodes.values(), start=1):
        if any(event.basis.value == "reported" for event in record.streams[episode.id]):
            _print_statuses(out, number, episode)


def _stay(stay: Stay | None, episode: EpisodeOfCare) -> tuple[str, str, str, str]:
    if stay is None:
        return "no stay", "", "", "told"
    level = stay.level or " or ".join(stay.candidates) or "not placed"
    end = _shown(stay.end, r4.stay_end(episode, stay)) or "still there"
    basis = "inferred" if stay.inferred else "told"
    return escape(level), _shown(stay.start, str(stay.start)), end, basis


def _shown(when: When | None, in_words: str | None) -> str:
    """Show a moment as told: a date as a date, an instant to the minute."""
    if when is not None and when.precision is Precision.INSTANT:
        return when.instant.astimezone(when.zone).strftime("%Y-%m-%d %H:%M")
    return in_words or ""


def _print_statuses(out: Console, number: int, episode: EpisodeOfCare) -> None:
    listing = table(f"Statuses of episode {number}", "status", "from", "to", fold="status")
    for period in episode.status_history:
        end = r4.status_end(episode, period) or ""
        listing.add_row(period.status.value, str(period.start), end)
    out.print(listing)


def _print_problems(out: Console, found: r4.Import) -> None:
    if found.problems:
        listing = table(
            f"{_count(len(found.problems), 'problem')} in the input, and what became of it",
            "where",
            "what is wrong",
            "code",
            fold="what is wrong",
        )
        for problem in found.problems:
            listing.add_row(escape(problem.path or "(whole)"), escape(problem.says), problem.code)
        out.print(listing)
    if found.discrepancies:
        listing = table(
            "Off the program's map, recorded all the same", "event", "what", fold="what"
        )
        for misfit in found.discrepancies:
            listing.add_row(escape(misfit.event_id), escape(misfit.says))
        out.print(listing)


def _print_account(out: Console, found: r4.Import) -> None:
    if found.check_ups:
        listing = table("Not behavioral care, by the code map", "code", "count", fold="code")
        for code, count in found.check_ups:
            listing.add_row(escape(code), str(count))
        out.print(listing)
    total = sum(item.count for item in found.not_understood)
    kinds = len(found.not_understood)
    title = f"Not understood: {_count(total, 'thing')} of {_count(kinds, 'kind')}"
    listing = table(title, "what", "why", "count", fold="what")
    for item in found.not_understood[:SHOWN]:
        listing.add_row(escape(item.what), item.why, str(item.count))
    out.print(listing)
    if kinds > SHOWN:
        out.print(f"and {_count(kinds - SHOWN, 'more kind')}; `--json` lists all of them")
