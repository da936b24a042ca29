"""The commands and their arguments; what each prints is beside it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from carecontinuum import __version__
from carecontinuum.cli.checking import check_files
from carecontinuum.cli.comparing import compare_files
from carecontinuum.cli.demo import tell
from carecontinuum.cli.importing import import_fhir
from carecontinuum.cli.output import console
from carecontinuum.cli.programs import list_programs, show_program
from carecontinuum.cli.records import show_record
from carecontinuum.cli.schemas import KINDS, schema_text
from carecontinuum.cli.stores import (
    back_up,
    heads_to_json,
    migrate_store,
    restore,
    verify_store,
)
from carecontinuum.cli.transfers import export_record, import_record
from carecontinuum.errors import CareContinuumError
from carecontinuum.library import read_instrument, shipped_template, shipped_templates
from carecontinuum.records import Instrument

__all__ = ["app"]


class _Commands(click.Group):
    """Commands whose own errors are said in a line on standard error, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except CareContinuumError as error:
            raise click.ClickException(str(error)) from None


def _instruments_in(
    _: click.Context, __: click.Parameter, paths: tuple[Path, ...]
) -> tuple[Instrument, ...]:
    return tuple(map(read_instrument, paths))


_instruments = click.option(
    "--instrument",
    "instruments",
    multiple=True,
    type=click.Path(path_type=Path),
    callback=_instruments_in,
    help="The file of an instrument that programs may name besides the shipped ones.",
)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="carecontinuum")
def app() -> None:
    """The behavioral-health care continuum as typed, explainable, provable rules.

    Exit codes: 0 all is well; 1 problems were found, or the input cannot be used; 2 wrong usage.
    """


@app.command()
def demo() -> None:
    """Tell the story of invented people along the continuum, with every why."""
    tell(console())


@app.command()
@click.argument("name", required=False)
def programs(name: str | None) -> None:
    """List the shipped programs and their sources, or show one by NAME."""
    if name is None:
        list_programs(console())
    else:
        show_program(console(), name)


@app.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option("--strict", is_flag=True, help="Exit 1 on warnings too, not on errors only.")
@_instruments
@click.pass_context
def check(
    ctx: click.Context,
    files: tuple[Path, ...],
    *,
    as_json: bool,
    strict: bool,
    instruments: tuple[Instrument, ...],
) -> None:
    """List every problem of program FILES, each with its path, and verify the programs.

    Findings are of severity error, warning or information, each with a witness. Files that are
    versions of one program are compared by their dates. Exits 1 on a problem or an error.
    """
    well = check_files(console(), files, as_json=as_json, strict=strict, instruments=instruments)
    ctx.exit(0 if well else 1)


@app.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@_instruments
@click.pass_context
def compare(
    ctx: click.Context,
    before: Path,
    after: Path,
    *,
    as_json: bool,
    instruments: tuple[Instrument, ...],
) -> None:
    """List every answer that differs between program files BEFORE and AFTER, each with facts.

    Exits 1 where there is a difference, or something that cannot be compared.
    """
    same = compare_files(console(), before, after, as_json=as_json, instruments=instruments)
    ctx.exit(0 if same else 1)


@app.command()
@click.argument("name", required=False)
def template(name: str | None) -> None:
    """List the templates of program files, or print one by NAME to begin one's own with."""
    click.echo("\n".join(shipped_templates()) if name is None else shipped_template(name).rstrip())


@app.command()
@click.argument("kind", required=False, type=click.Choice(list(KINDS)))
def schema(kind: str | None) -> None:
    """List what is kept or exchanged as JSON, or print the JSON Schema of one KIND."""
    click.echo("\n".join(KINDS) if kind is None else schema_text(kind))


@app.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--program", default="community", help="A shipped program's name, or a TOML file.")
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]),
    help="The moment to look at, as in 2026-03-02T15:00:00+0000.  [default: the last recorded]",
)
@click.option("--identifying", is_flag=True, help="Show who the patient is.")
@_instruments
def record(
    file: Path,
    program: str,
    at: datetime | None,
    *,
    identifying: bool,
    instruments: tuple[Instrument, ...],
) -> None:
    """Show one page about the patient's record in FILE, as `store export` or `dumps` writes it.

    Where the person is, since when and why, what was planned and received, what was not permitted,
    what is due, and every way on from here. Who it is shows only when asked for.
    """
    show_record(
        console(), file, program=program, at=at, identifying=identifying, instruments=instruments
    )


@app.group()
def store() -> None:
    """Check, copy and restore what histories are kept in; take a record out, or put one in."""


@store.command()
@click.argument("where", metavar="FILE_OR_URL")
@click.option("--heads", type=click.Path(path_type=Path), help="Heads kept earlier, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_context
def verify(ctx: click.Context, where: str, heads: Path | None, *, as_json: bool) -> None:
    """Check every history in a SQLite file, or in the database of a URL (postgresql://...).

    Exit 1 if one is not as it was written.
    """
    ctx.exit(0 if verify_store(console(), where, heads, as_json=as_json) else 1)


@store.command()
@click.argument("where", metavar="FILE_OR_URL")
def migrate(where: str) -> None:
    """Make a store's tables in the database of a URL, or bring them to the latest format.

    Needed before the first use, after an update of the library that says so, and after a dump was
    restored into another server. A SQLite FILE is brought to the latest format.
    """
    migrate_store(console(), where)


@store.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("to", type=click.Path(path_type=Path))
@click.pass_context
def backup(ctx: click.Context, file: Path, to: Path) -> None:
    """Copy FILE as it is at one moment into a new file TO, while others write.

    Exit 1 if the copy does not verify, as FILE does not; it is written all the same.
    """
    ctx.exit(0 if back_up(console(), file, to) else 1)


@store.command(name="restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("to", type=click.Path(path_type=Path))
@click.pass_context
def restore_command(ctx: click.Context, file: Path, to: Path) -> None:
    """Write the backup FILE to a new file TO, if it verifies."""
    ctx.exit(0 if restore(console(), file, to) else 1)


@store.command(name="heads")
@click.argument("where", metavar="FILE_OR_URL")
def heads_command(where: str) -> None:
    """Print where each history ends, as JSON: kept elsewhere, it shows what is cut off.

    The output names patients by their ids, and is for whoever may see them.
    """
    heads_to_json(console(), where)


_tenant = click.option(
    "--tenant",
    default="",
    help="The organisation whose patient it is, where the store has several.",
)


@store.command(name="export")
@click.argument("where", metavar="FILE_OR_URL")
@click.argument("patient_id")
@_tenant
@click.option(
    "--output", type=click.Path(path_type=Path), help="A new file to write instead of printing."
)
def export_command(where: str, patient_id: str, *, tenant: str, output: Path | None) -> None:
    """Print all that is recorded about a patient, as JSON.

    It is for whoever may see it: what is told to somebody else goes through the consent gate.
    """
    export_record(console(), where, patient_id, tenant=tenant, to=output)


@store.command(name="import")
@click.argument("where", metavar="FILE_OR_URL")
@click.argument("file", type=click.Path(path_type=Path))
@_tenant
def import_command(where: str, file: Path, *, tenant: str) -> None:
    """Append the events of the record in FILE, as `store export` writes it.

    What is there already is passed over; a history that has other events is left as it is, and
    the exit code is 1.
    """
    import_record(console(), where, file, tenant=tenant)


@app.group(name="import")
def import_() -> None:
    """Rebuild episodes of care from what other systems hold."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option("--program", default="community", help="A shipped program's name, or a TOML file.")
@click.option("--code-map", type=click.Path(path_type=Path), help="A code map of your own, TOML.")
@click.option(
    "--gap-days",
    default=30,
    show_default=True,
    type=click.IntRange(min=0),
    help="Stays at most so many days apart belong to one episode.",
)
@click.option(
    "--recorded-at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]),
    help="When this is recorded, as in 2026-03-02T15:00:00+0000.  [default: now]",
)
def fhir(**given: Any) -> None:
    """Rebuild the episodes of a FHIR R4 bundle and list all that was not understood."""
    import_fhir(console(), **given)
