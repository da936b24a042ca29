"""How an episode of care can end."""

import attrs

__all__ = ["DEATH", "STANDARD_DISCHARGE_KINDS", "DischargeKind", "DischargeReason"]

DEATH = "death"
"""The code of the kind of discharge after which no episode begins, on any map."""


@attrs.frozen(order=False, kw_only=True)
class DischargeKind:
    """A kind of discharge.

    Attributes:
        code: Its code, unique on the continuum.
        display: Its words.
        decided: Whether the program decides it. Death, leaving against advice and loss of
            contact need nobody's permission: they are reported.
        needs: Which details must be given: `reason`, `destination`, `last_contact`.
    """

    code: str
    display: str
    decided: bool = True
    needs: tuple[str, ...] = ()


@attrs.frozen(order=False, kw_only=True)
class DischargeReason:
    """A coded reason for discharge.

    Attributes:
        code: Its code, unique on the continuum.
        display: Its words.
        citation: Where the code comes from.
    """

    code: str
    display: str
    citation: str = ""


STANDARD_DISCHARGE_KINDS = (
    DischargeKind(code="planned", display="Planned", needs=("reason",)),
    DischargeKind(code="transfer", display="Transferred", needs=("destination",)),
    DischargeKind(code="administrative", display="Administrative", needs=("reason",)),
    DischargeKind(
        code="against-advice", display="Against advice", decided=False, needs=("last_contact",)
    ),
    DischargeKind(
        code="lost-contact", display="Lost contact", decided=False, needs=("last_contact",)
    ),
    DischargeKind(code="incarcerated", display="Incarcerated", decided=False),
    DischargeKind(code=DEATH, display="Death", decided=False),
    DischargeKind(code="not-stated", display="Not stated", decided=False),
)
"""The kinds a continuum has unless it names its own."""
