"""What can be wrong with an input as a whole, or with a code map."""

from carecontinuum.canonical import Invalid
from carecontinuum.errors import CareContinuumError

__all__ = ["CodeMapInvalid", "FhirUnreadable", "NotFhir", "UnknownCodeMap"]


class FhirUnreadable(CareContinuumError):
    """An input cannot be read as JSON."""

    code = "CC600"
    says: str

    def __init__(self, *, says: str) -> None:
        """Say what is wrong and where, without repeating the input."""
        self.says = says
        super().__init__(says=says)

    def message(self) -> str:
        """Say what is wrong."""
        return self.says


class NotFhir(CareContinuumError):
    """An input is JSON and holds no FHIR resource."""

    code = "CC601"
    says: str

    def __init__(self, *, says: str) -> None:
        """Say what was found and what is accepted."""
        self.says = says
        super().__init__(says=says)

    def message(self) -> str:
        """Say what was found and what is accepted."""
        return self.says


class CodeMapInvalid(Invalid):
    """A code map has problems, or names levels that the program does not have."""

    code = "CC602"


class UnknownCodeMap(CareContinuumError):
    """No code map is shipped for a program of that name."""

    code = "CC603"
    name: str

    def __init__(self, *, name: str) -> None:
        """Name the program."""
        self.name = name
        super().__init__(name=name)

    def message(self) -> str:
        """Name the program and the way out."""
        return f"no code map is shipped for program `{self.name}`; read one with `read_code_map`"
