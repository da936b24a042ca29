"""`carecontinuum programs`: what is shipped, with its sources."""

from rich.console import Console
from rich.markup import escape

from carecontinuum.cli.output import table
from carecontinuum.continuum import LevelOfCare
from carecontinuum.library import shipped_program, shipped_programs
from carecontinuum.programs import Program

__all__ = ["list_programs", "show_program"]


def list_programs(out: Console) -> None:
    """Print the shipped programs and their sources."""
    listing = table(
        "Shipped programs", "program", "version", "purpose", "levels", "sources", fold="sources"
    )
    programs = [shipped_program(name) for name in shipped_programs()]
    for program in programs:
        listing.add_row(
            program.id,
            program.version,
            program.purpose.value,
            str(len(program.continuum.levels)),
            escape("\n".join([program.title, *program.citations])),
        )
    out.print(listing)
    for program in programs:
        out.print(f"{program.id}: {program.notice}", markup=False)


def show_program(out: Console, name: str) -> None:
    """Print a shipped program: its levels, routes, policies and where they come from."""
    program = shipped_program(name)
    out.print(f"{program.title}, version {program.version}", markup=False)
    out.print(program.ref.digest, markup=False)
    out.print(program.notice, markup=False)
    out.print(_levels(program))
    out.print(_routes(program))
    if program.policies:
        out.print(_policies(program))


def _levels(program: Program) -> object:
    listing = table(
        "Levels of care", "code", "level", "setting", "hours a week", "source", fold="level|source"
    )
    for level in program.continuum.levels:
        listing.add_row(
            level.code,
            escape(level.display),
            level.setting.value,
            _hours(level),
            escape("\n".join(dict.fromkeys(_citations(level)))),
        )
    return listing


def _hours(level: LevelOfCare) -> str:
    return "\n".join(
        f"{band} ({band.age_group.value})" if band.age_group else str(band) for band in level.hours
    )


def _citations(level: LevelOfCare) -> list[str]:
    return [*level.citations, *(band.citation for band in level.hours if band.citation)]


def _routes(program: Program) -> object:
    listing = table("Routes", "from", "to", fold="to")
    continuum = program.continuum
    listing.add_row("(admission)", ", ".join(continuum.entry))
    for level in continuum.levels:
        ways = [f"{kind.value} to {to}" for to, kind in continuum.routes_from(level.code).items()]
        ways += ["leave"] if level.code in continuum.leave_from else []
        ways += ["discharge"] if level.code in continuum.discharge_from else []
        listing.add_row(level.code, ", ".join(ways) or "nowhere")
    return listing


def _policies(program: Program) -> object:
    listing = table("Policies", "policy", "on", "says and source", fold="says and source")
    for policy in program.policies:
        kinds = "every move" if policy.on is None else "\n".join(sorted(policy.on))
        says = getattr(policy, "words", "")
        citation = getattr(policy, "citation", "")
        listing.add_row(str(policy.ref), kinds, escape("\n".join(filter(None, (says, citation)))))
    return listing
