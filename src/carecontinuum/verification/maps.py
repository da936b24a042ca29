"""What the map itself lacks: levels nobody reaches, and levels that lead nowhere."""

from collections.abc import Iterable, Iterator

from carecontinuum.continuum import Continuum
from carecontinuum.errors import listed
from carecontinuum.verification.report import Finding, Method, Proof, found
from carecontinuum.verification.witness import LevelsWitness

__all__ = ["map_findings"]


def map_findings(continuum: Continuum) -> Iterator[Finding | Proof]:
    """Walk a map of care and give what it lacks."""
    codes = [level.code for level in continuum.levels]
    yield Proof(subject="levels of the map", method=Method.GRAPH, cases=len(codes))
    admitted = _reached(continuum, continuum.entry)
    witness = LevelsWitness(start=continuum.entry, reached=admitted)
    for code in codes:
        if code not in admitted:
            says = f"no admission leads to `{code}`"
            yield found("unreachable-level", says, witness, levels=(code,))
    for code in codes:
        yield from _ends(continuum, code)


def _reached(continuum: Continuum, start: Iterable[str]) -> tuple[str, ...]:
    """Give every level that a walk reaches, in the order in which it does."""
    reached = list(dict.fromkeys(start))
    for code in reached:
        reached += [target for target in continuum.routes_from(code) if target not in reached]
    return tuple(reached)


def _ends(continuum: Continuum, code: str) -> Iterator[Finding]:
    reached = _reached(continuum, (code,))
    witness = LevelsWitness(start=(code,), reached=reached)
    if any(end in continuum.discharge_from for end in reached):
        return
    if not continuum.routes_from(code):
        says = f"nothing leads out of `{code}`: it has no route and no discharge"
        yield found("no-way-out", says, witness, levels=(code,))
    elif not any(end in continuum.aftercare for end in reached):
        ends = [*continuum.aftercare, *continuum.discharge_from]
        says = (
            f"from `{code}` no route leads to aftercare or discharge, which are at {listed(ends)}"
        )
        yield found("no-aftercare-or-discharge", says, witness, levels=(code,))
