"""What was asked for and not permitted: when, what, the answer, and why in short."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape

from carecontinuum.cli.output import table
from carecontinuum.decisions import Decision, Verdict
from carecontinuum.history import Basis, Decided, PatientRecord
from carecontinuum.programs import Program

__all__ = ["asked", "print_refusals", "reasons_in_short", "refusals"]

SHOWN = 10
"""How many refusals of an episode are shown, the latest; the rest is counted."""

Refusal = tuple[Decision, str]
"""A decision that does not permit a move, and what came of the move all the same, or nothing."""


def refusals(record: PatientRecord) -> tuple[Refusal, ...]:
    """Give what was refused, in the order of the moments it was asked for."""
    came = {
        event.decision_id: "overridden" if event.basis is Basis.OVERRIDDEN else "proposed"
        for event in record.believed
        if event.decision_id is not None
    }
    found = (
        (event.body.decision, came.get(event.id, ""))
        for event in record.believed
        if isinstance(event.body, Decided)
    )
    refused = (one for one in found if one[0].verdict is not Verdict.PERMIT)
    return tuple(sorted(refused, key=lambda one: one[0].request.at))


def print_refusals(out: Console, title: str, found: Iterable[Refusal], program: Program) -> None:
    """Print refusals, if there are any."""
    rows: Sequence[Refusal] = tuple(found)
    if not rows:
        return
    listing = table(title, "when", "move", "answer", "why", fold="why")
    for decision, came in rows[-SHOWN:]:
        when = decision.request.at.astimezone(program.calendar.zone)
        answer = ", ".join(filter(None, (decision.verdict.value, came)))
        why = escape(reasons_in_short(decision))
        listing.add_row(f"{when:%Y-%m-%d %H:%M}", escape(asked(decision)), answer, why)
    out.print(listing)
    if len(rows) > SHOWN:
        out.print(f"and {len(rows) - SHOWN} before these")


def asked(decision: Decision) -> str:
    """Say which move was asked for, in two words."""
    request = decision.request
    detail = request.target or request.move.discharge_kind or ""
    return f"{request.kind.value} {detail}".strip()


def reasons_in_short(decision: Decision) -> str:
    """Say what is missing, or what those said that decided."""
    if decision.verdict is Verdict.UNDETERMINED and decision.needs:
        return "missing " + ", ".join(need.fact for need in decision.needs)
    deciding = [reason for reason in decision.reasons if reason.verdict is decision.verdict]
    said = (reason.says.partition(_WAYS)[0] or str(reason.policy) for reason in deciding)
    return "; ".join(dict.fromkeys(said))


_WAYS = "; possible from here: "
"""What the map adds to a refusal: too long for a line of a table."""
