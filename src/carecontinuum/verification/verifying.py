"""Verifying a program: everything that can be proved of it at once."""

from collections.abc import Iterator

from carecontinuum.programs import Program, Purpose
from carecontinuum.verification.dates import placement_dates
from carecontinuum.verification.hours import band_findings, rule_findings
from carecontinuum.verification.maps import map_findings
from carecontinuum.verification.placement import placement_findings
from carecontinuum.verification.policies import opaque_findings, policy_findings
from carecontinuum.verification.report import Finding, Proof, Report, Severity
from carecontinuum.verification.routes import route_findings
from carecontinuum.verification.thresholds import must_assess_findings, threshold_findings
from carecontinuum.verification.witness import CasesWitness, NameWitness, Way

__all__ = ["LIMIT", "verify"]

LIMIT = 1_000_000
"""So many cases of a set of rules are tried one and all; of more, some."""


def verify(program: Program, *, limit: int = LIMIT) -> Report:
    """Find the faults of a program, each with a witness, and say how far the proofs go.

    Only cases that the rules can tell apart are tried, so that a rating compared once makes two
    cases, not five. All facts are taken to be known: what is missing is judged when it is missing.

    Args:
        program: The program. One that is a vocabulary only is not asked for ways out.
        limit: How many cases of one set of rules are tried one and all; where there are more, some
            are, and the report says so.

    Examples:
        >>> import carecontinuum as cc
        >>> report = verify(cc.shipped_program("community"))
        >>> report.is_clean
        True
        >>> sorted({finding.code for finding in report.findings})
        ['ungoverned']
    """
    items = tuple(_items(program, limit))
    findings = tuple(item for item in items if isinstance(item, Finding))
    order = list(Severity)
    return Report(
        program=program.ref,
        findings=tuple(sorted(findings, key=lambda finding: order.index(finding.severity))),
        methods=tuple(item for item in items if isinstance(item, Proof)),
        opaque=tuple(id for finding in findings for id in _opaque(finding)),
        ungoverned=tuple(way for finding in findings for way in _ungoverned(finding)),
    )


def _items(program: Program, limit: int) -> Iterator[Finding | Proof]:
    yield from placement_findings(program, limit=limit)
    yield from threshold_findings(program)
    yield from policy_findings(program, limit=limit)
    yield from route_findings(program, limit=limit)
    if program.purpose is Purpose.CARE:
        yield from map_findings(program.continuum)
    yield from band_findings(program.continuum)
    yield from rule_findings(program, limit=limit)
    yield from placement_dates(program)
    yield from must_assess_findings(program)
    yield from opaque_findings(program)


def _opaque(finding: Finding) -> tuple[str, ...]:
    witness = finding.witness
    if finding.code == "opaque" and isinstance(witness, NameWitness):
        return (witness.id,)
    return ()


def _ungoverned(finding: Finding) -> tuple[Way, ...]:
    witness = finding.witness
    if finding.code == "ungoverned" and isinstance(witness, CasesWitness):
        return witness.ways
    return ()
