"""What verification found: findings, each with a witness, and which method proved what."""

import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType

import attrs

from carecontinuum.decisions import ProgramRef
from carecontinuum.verification.witness import Way, Witness

__all__ = ["CODES", "Finding", "Method", "Proof", "Report", "Severity", "found"]


class Severity(Enum):
    """How grave a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Method(Enum):
    """How something was proved.

    `POLARITY` reads from the rules' form alone; `EXHAUSTIVE` tries every case that the rules can
    tell apart; `GRAPH` walks the map; `SAMPLED` tries some of the cases, the thresholds' edges
    among them, and so can find faults but not rule them out.
    """

    POLARITY = "polarity"
    EXHAUSTIVE = "exhaustive"
    GRAPH = "graph"
    SAMPLED = "sampled"


CODES: Mapping[str, Severity] = MappingProxyType(
    {
        "gap": Severity.ERROR,
        "overlap": Severity.ERROR,
        "never-fires": Severity.ERROR,
        "always-shadowed": Severity.WARNING,
        "non-monotone": Severity.WARNING,
        "threshold-out-of-range": Severity.WARNING,
        "unreachable-level": Severity.ERROR,
        "no-way-out": Severity.ERROR,
        "no-aftercare-or-discharge": Severity.ERROR,
        "closed-route": Severity.ERROR,
        "contradiction": Severity.ERROR,
        "ping-pong": Severity.WARNING,
        "hours-overlap": Severity.ERROR,
        "hours-gap": Severity.WARNING,
        "hours-outside": Severity.ERROR,
        "effective-gap": Severity.ERROR,
        "effective-overlap": Severity.ERROR,
        "must-assess-unread": Severity.WARNING,
        "must-assess-unsupplied": Severity.INFORMATION,
        "redundant": Severity.INFORMATION,
        "ungoverned": Severity.INFORMATION,
        "opaque": Severity.INFORMATION,
    }
)
"""How grave each kind of finding is, by its code."""


@attrs.frozen(order=False, kw_only=True)
class Finding:
    """One thing found in a program.

    Attributes:
        code: A stable word for the kind of finding, one of `CODES`.
        severity: How grave it is.
        says: What was found, in a sentence.
        levels: The levels concerned.
        rules: The ids of the policies or placement rules concerned.
        witness: What shows it; `replay_witness` shows it again.
    """

    code: str
    severity: Severity
    says: str
    levels: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    witness: Witness

    @property
    def where(self) -> str:
        """The rules and the levels concerned, in a line."""
        levels = [f"level `{code}`" for code in self.levels[:_MANY]]
        more = len(self.levels) - _MANY
        names = [*(f"`{id}`" for id in self.rules), *levels]
        return ", ".join([*names, f"{more} more levels"] if more > 0 else names)


_MANY = 6


def found(
    code: str,
    says: str,
    witness: Witness,
    *,
    levels: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
) -> Finding:
    """Make a finding, as grave as its code says."""
    return Finding(
        code=code, severity=CODES[code], says=says, levels=levels, rules=rules, witness=witness
    )


@attrs.frozen(order=False, kw_only=True)
class Proof:
    """What was looked at by which method.

    Attributes:
        subject: What was looked at, in words.
        method: The method.
        cases: How many cases, routes or levels were looked at.
        says: What more there is to say of it; for what was sampled, how far it goes.
    """

    subject: str
    method: Method
    cases: int
    says: str = ""


@attrs.frozen(order=False, kw_only=True)
class Report:
    """What verification found in a program, and how far its proofs go.

    Attributes:
        program: The program, version and digest it is about.
        findings: What was found, the gravest first.
        methods: What was looked at by which method.
        opaque: The ids of policies and criteria that are code: every proof stops there.
        ungoverned: The moves on the map that no policy governs.
    """

    program: ProgramRef
    findings: tuple[Finding, ...] = ()
    methods: tuple[Proof, ...] = ()
    opaque: tuple[str, ...] = ()
    ungoverned: tuple[Way, ...] = ()

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Give the findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity is severity)

    @property
    def is_clean(self) -> bool:
        """Whether nothing above information was found."""
        return not self.of(Severity.ERROR) and not self.of(Severity.WARNING)

    def text(self) -> str:
        """Say all of it in lines of at most 100 characters, where words allow."""
        return "\n".join(_lines(self))


_WIDTH = 100


def _lines(report: Report) -> Iterator[str]:
    ref = report.program
    yield f"{ref.id} {ref.version} ({ref.digest})"
    counts = [f"{len(report.of(severity))} {severity.value}" for severity in Severity]
    yield f"  findings: {', '.join(counts)}"
    for finding in report.findings:
        yield from _wrapped(f"{finding.severity.value} {finding.code}: {finding.says}", "  ")
        if finding.where:
            yield from _wrapped(f"where: {finding.where}", "    ")
        yield from _wrapped(f"witness: {finding.witness}", "    ")
    for proof in report.methods:
        more = f"; {proof.says}" if proof.says else ""
        yield from _wrapped(f"{proof.method.value}: {proof.cases} {proof.subject}{more}", "  ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
