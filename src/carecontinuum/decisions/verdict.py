"""The three answers a policy, and the program as a whole, can give."""

from enum import Enum
from typing import NoReturn

__all__ = ["Verdict"]


class Verdict(Enum):
    """Whether a move may be made; missing information is never taken for permission."""

    PERMIT = "permit"
    FORBID = "forbid"
    UNDETERMINED = "undetermined"

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict has three values; compare it: `is Verdict.PERMIT`")
