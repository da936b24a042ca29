"""`carecontinuum check`: every problem of a program file, and what is proved of the program."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs
from rich.console import Console
from rich.markup import escape

from carecontinuum.canonical import Invalid, Json, Problem, plain
from carecontinuum.cli.output import print_json, table
from carecontinuum.errors import CareContinuumError
from carecontinuum.library import read_program
from carecontinuum.programs import Program
from carecontinuum.records import Instrument
from carecontinuum.verification import Finding, Proof, Report, Severity, verify, verify_versions

__all__ = ["check_files"]


@attrs.frozen(kw_only=True)
class _Checked:
    """A file, and either its problems or its program with what was proved of it."""

    path: str
    problems: tuple[Problem, ...] = ()
    program: Program | None = None
    report: Report | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.report.findings if self.report else ()


def check_files(
    out: Console,
    files: Iterable[Path],
    *,
    as_json: bool,
    strict: bool,
    instruments: Sequence[Instrument] = (),
) -> bool:
    """Check program files and print what was found; tell whether all are well.

    Args:
        out: Where to print.
        files: The files; those that are versions of one program are compared by their dates.
        as_json: Whether to print JSON.
        strict: Whether warnings count as well as errors.
        instruments: Those that the programs may name besides the shipped ones.
    """
    checked = [_checked(path, instruments) for path in dict.fromkeys(files)]
    between = verify_versions(one.program for one in checked if one.program is not None)
    if as_json:
        print_json(out, {"files": {c.path: _plain(c) for c in checked}, "versions": plain(between)})
    else:
        for one in checked:
            _print(out, one)
        _print_findings(out, "between the versions", between)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    findings = [finding for one in checked for finding in one.findings]
    grave = any(finding.severity in failing for finding in (*findings, *between))
    return not grave and not any(one.problems for one in checked)


def _checked(path: Path, instruments: Sequence[Instrument]) -> _Checked:
    try:
        program = read_program(path, instruments=instruments)
    except Invalid as invalid:
        return _Checked(path=str(path), problems=invalid.problems)
    except CareContinuumError as error:
        return _Checked(path=str(path), problems=(Problem("", error.code, error.message()),))
    return _Checked(path=str(path), program=program, report=verify(program))


def _plain(checked: _Checked) -> Json:
    problems = [{"path": p.path, "code": p.code, "says": p.says} for p in checked.problems]
    return {"problems": plain(problems), "report": plain(checked.report)}


def _print(out: Console, checked: _Checked) -> None:
    if checked.report is not None:
        out.print(f"{checked.path}: no problems", markup=False)
        _print_findings(out, f"{checked.path}: proofs", checked.findings)
        for proof in checked.report.methods:
            _print_proof(out, proof)
        return
    count = len(checked.problems)
    title = f"{checked.path}: {count} problem{'' if count == 1 else 's'}"
    listing = table(escape(title), "where", "what is wrong", "code", fold="what is wrong")
    for problem in checked.problems:
        where = problem.path or "(whole file)"
        listing.add_row(escape(where), escape(problem.says), problem.code)
    out.print(listing)


def _print_findings(out: Console, where: str, findings: Iterable[Finding]) -> None:
    found = tuple(findings)
    if not found:
        return
    counts = [(len([f for f in found if f.severity is s]), s.value) for s in Severity]
    title = f"{where}: {', '.join(f'{count} {word}' for count, word in counts if count)}"
    columns = ("severity", "code", "what was found", "where")
    listing = table(escape(title), *columns, fold="what was found|where")
    for finding in found:
        says = finding.says
        if finding.severity is not Severity.INFORMATION:
            says = f"{says}\nwitness: {finding.witness}"
        listing.add_row(finding.severity.value, finding.code, escape(says), escape(finding.where))
    out.print(listing)


def _print_proof(out: Console, proof: Proof) -> None:
    more = f"; {proof.says}" if proof.says else ""
    out.print(f"  {proof.method.value}: {proof.cases} {proof.subject}{more}", markup=False)
