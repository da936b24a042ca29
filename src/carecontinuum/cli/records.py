"""`carecontinuum record`: one page about a patient, for the clinician who may see it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from carecontinuum.care import due
from carecontinuum.cli.output import table
from carecontinuum.cli.record_files import read_record
from carecontinuum.cli.refusals import asked, print_refusals, reasons_in_short, refusals
from carecontinuum.engine import options
from carecontinuum.facts import (
    DaysSinceContact,
    HoursReceived,
    PlannedWeeklyHours,
    RecordView,
)
from carecontinuum.history import Basis, Decided, EpisodeOfCare, PatientRecord
from carecontinuum.library import read_program, shipped_program, shipped_programs
from carecontinuum.programs import Program
from carecontinuum.records import Instrument
from carecontinuum.rules import Known

__all__ = ["show_record"]


def show_record(
    out: Console,
    file: Path,
    *,
    program: str,
    at: datetime | None,
    identifying: bool,
    instruments: Sequence[Instrument] = (),
) -> None:
    """Print a summary of the record in a file: where, since when, why, what is due, what is open.

    Args:
        out: Where to print.
        file: A patient's record as `carecontinuum.codec.dumps` writes it.
        program: A shipped program's name, or a program file.
        at: The moment to look at, aware; `None` is that of the last thing recorded.
        identifying: Whether to show who it is.
        instruments: Those that a program file may name besides the shipped ones.
    """
    record = read_record(file)
    is_shipped = program in shipped_programs()
    judged = (
        shipped_program(program) if is_shipped else read_program(program, instruments=instruments)
    )
    last = record.events[-1].recorded_at if record.events else datetime.fromtimestamp(0, UTC)
    moment = last if at is None else at
    view = record.as_of(occurred=moment)
    _print_who(out, view, moment, judged, identifying=identifying)
    refused = refusals(view)
    for episode in view.episodes.values():
        _print_episode(out, view, episode, judged, moment)
        here = (one for one in refused if one[0].request.episode_id == episode.id)
        print_refusals(out, "Not permitted when asked for", here, judged)
        if episode.is_open:
            _print_options(out, view, episode, judged, moment)
    never = (one for one in refused if one[0].request.episode_id not in view.episodes)
    print_refusals(out, "Not permitted, so that no episode began", never, judged)
    _print_due(out, view, judged, moment)


def _print_who(
    out: Console, record: PatientRecord, at: datetime, program: Program, *, identifying: bool
) -> None:
    day = program.calendar.day(at).isoformat()
    out.print(f"A patient's record on {day}, by program {program.id} {program.version}")
    known = record.care.patient.value if record.care.patient else None
    if not identifying:
        out.print("Who it is shows with --identifying.")
    elif known is None:
        out.print(f"patient {record.patient_id}; nothing else is recorded", markup=False)
    else:
        born = known.birth_date.isoformat() if known.birth_date else "not told"
        out.print(f"{known.name or record.patient_id}, born {born}", markup=False)
    if not record.episodes:
        out.print("No episode of care is recorded.")


def _print_episode(
    out: Console, record: PatientRecord, episode: EpisodeOfCare, program: Program, at: datetime
) -> None:
    level = episode.level
    on_the_map = level is not None and level in program.continuum
    named = program.continuum.level(level).display if level and on_the_map else level
    title = f"Episode {episode.id}: {episode.status.value}"
    listing = table(escape(title), "what", "is", fold="is")
    listing.add_row("level", escape(str(named) if level else "none"))
    for what, words in _facts(record, episode, program, at):
        listing.add_row(what, escape(words))
    out.print(listing)


def _facts(
    record: PatientRecord, episode: EpisodeOfCare, program: Program, at: datetime
) -> Iterator[tuple[str, str]]:
    if episode.level_since is not None:
        days = episode.days_at_level(at, program.calendar)
        yield "since", f"{episode.level_since.day(program.calendar.zone)}, {days} days"
    if (why := _why(record, episode)) is not None:
        yield "why", why
    view = RecordView(
        record=record,
        episode=episode,
        at=at,
        calendar=program.calendar,
        continuum=program.continuum,
    )
    for what, source in (
        ("planned", PlannedWeeklyHours()),
        ("received", HoursReceived()),
        ("last contact", DaysSinceContact()),
    ):
        found = source.read(view)
        if isinstance(found, Known):
            unit = "days ago" if what == "last contact" else "h a week"
            yield what, f"{found.value} {unit}, from {found.source}"
        else:
            yield what, f"not known; {found.would_supply}"


def _why(record: PatientRecord, episode: EpisodeOfCare) -> str | None:
    """Say what the last decision that was carried out said, and who overrode it for what."""
    for event in reversed(record.streams[episode.id]):
        decided = record.by_id.get(event.decision_id or "")
        if event.basis in _ON_A_DECISION and decided and isinstance(decided.body, Decided):
            decision = decided.body.decision
            said = "; ".join(reason.says for reason in decision.reasons if reason.says)
            overridden = ""
            if event.basis is Basis.OVERRIDDEN:
                overridden = f"; overridden by {event.by.role or 'somebody'}: {event.reason_code}"
            return f"{decision.headline()}: {said}{overridden}"
    return None


_ON_A_DECISION = (Basis.DECIDED, Basis.OVERRIDDEN)


def _print_options(
    out: Console, record: PatientRecord, episode: EpisodeOfCare, program: Program, at: datetime
) -> None:
    listing = table("Ways on from here", "move", "answer", "why", fold="why")
    for decision in options(record, program=program, episode_id=episode.id, at=at, by="reader"):
        why = escape(reasons_in_short(decision))
        listing.add_row(escape(asked(decision)), decision.verdict.value, why)
    out.print(listing)


def _print_due(out: Console, record: PatientRecord, program: Program, at: datetime) -> None:
    found = due(record, at, calendar=program.calendar)
    if found:
        listing = table("Due", "what", "by", "overdue", "why", fold="why")
        for item in found:
            overdue = f"{item.days_overdue} days" if item.is_overdue else ""
            listing.add_row(item.kind.value, item.by.isoformat(), overdue, escape(item.because))
        out.print(listing)
    else:
        out.print("Nothing is due.")
