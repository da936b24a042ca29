"""What can be wrong with a source."""

from carecontinuum.errors import CareContinuumError

__all__ = ["SourceInvalid"]


class SourceInvalid(CareContinuumError):
    """A source is declared with something impossible."""

    code = "CC133"
    source: str
    says: str

    def __init__(self, *, source: str, says: str) -> None:
        """Name the kind of source and say what is wrong with it."""
        self.source = source
        self.says = says
        super().__init__(source=source, says=says)

    def message(self) -> str:
        """Name the kind of source and say what is wrong with it."""
        return f"source `{self.source}`: {self.says}"
