"""What can be wrong with JSON, and which part of it."""

from carecontinuum.canonical import Invalid

__all__ = ["CodecInvalid", "Misfit"]


class CodecInvalid(Invalid):
    """JSON is no value of this library, or a value has no JSON; nothing of it is repeated."""

    code = "CC500"


class Misfit(Exception):
    """A value that does not fit where it stands; never leaves this package."""

    def __init__(self, code: str, says: str) -> None:
        """Keep the code of the problem and its words, which hold nothing of the value."""
        self.code = code
        self.says = says
        super().__init__(says)
