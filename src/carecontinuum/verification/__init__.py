"""Proofs about a whole program: every fault with a witness, and how far the proofs go."""

from carecontinuum.verification.comparing import (
    Comparison,
    MoveChange,
    PlacementChange,
    what_if,
)
from carecontinuum.verification.dates import verify_versions
from carecontinuum.verification.replaying import replay_witness
from carecontinuum.verification.report import (
    CODES,
    Finding,
    Method,
    Proof,
    Report,
    Severity,
)
from carecontinuum.verification.verifying import LIMIT, verify
from carecontinuum.verification.witness import (
    CasesWitness,
    DatesWitness,
    FactsWitness,
    HoursWitness,
    LeafWitness,
    LevelsWitness,
    NameWitness,
    Step,
    StepsWitness,
    Way,
    Witness,
)

__all__ = [
    "CODES",
    "LIMIT",
    "CasesWitness",
    "Comparison",
    "DatesWitness",
    "FactsWitness",
    "Finding",
    "HoursWitness",
    "LeafWitness",
    "LevelsWitness",
    "Method",
    "MoveChange",
    "NameWitness",
    "PlacementChange",
    "Proof",
    "Report",
    "Severity",
    "Step",
    "StepsWitness",
    "Way",
    "Witness",
    "replay_witness",
    "verify",
    "verify_versions",
    "what_if",
]
