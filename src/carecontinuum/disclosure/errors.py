"""What can be wrong with telling somebody of a patient."""

from carecontinuum.errors import CareContinuumError, listed
from carecontinuum.history import NotDisclosed, WhyNot

__all__ = ["ClearanceForged", "ClearanceMisfit", "ClearanceOver", "DisclosureRefused"]


class DisclosureRefused(CareContinuumError):
    """The consent gate did not open; nothing was told."""

    code = "CC710"
    refused: NotDisclosed

    def __init__(self, *, refused: NotDisclosed) -> None:
        """Keep what was asked for, on what ground, and every reason against it."""
        self.refused = refused
        super().__init__(refused=refused)

    @property
    def reasons(self) -> tuple[WhyNot, ...]:
        """Every reason, coded."""
        return self.refused.reasons

    def message(self) -> str:
        """List the coded reasons and say what would make it possible."""
        codes = dict.fromkeys(reason.code.value for reason in self.reasons)
        return (
            f"the records are not disclosed: {listed(codes)}; record a consent in force that "
            "covers what is asked for, ask for what one covers, or claim an exemption"
        )


class ClearanceForged(CareContinuumError):
    """A clearance was made, copied or restored by something else than the gate."""

    code = "CC711"

    def message(self) -> str:
        """Say who makes clearances."""
        return "a clearance is made by `clear` alone, and is neither copied nor kept; ask for one"


class ClearanceMisfit(CareContinuumError):
    """A clearance is not for this record, or the record has changed since."""

    code = "CC712"

    def message(self) -> str:
        """Say what it is bound to."""
        return "the clearance is for another record, or another version of it; ask for one for this"


class ClearanceOver(CareContinuumError):
    """A clearance is used before it was given, or after it is over."""

    code = "CC713"

    def message(self) -> str:
        """Say how long it holds."""
        return "the clearance does not hold at this moment; ask for one now"
