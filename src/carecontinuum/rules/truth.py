"""Three-valued truth: yes, no, and not known."""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NoReturn

__all__ = ["Truth"]


class Truth(Enum):
    """What can be said of a condition: it holds, it does not, or it is not known.

    The operators are those of strong Kleene logic, the same as CQL's logical operators.
    """

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        raise TypeError("a truth has three values; compare it: `is Truth.YES`")

    def negated(self) -> "Truth":
        """Swap yes and no; the unknown stays unknown."""
        return _NEGATED[self]

    @staticmethod
    def all(parts: "Iterable[Truth]") -> "Truth":
        """Give NO if any part is NO, else UNKNOWN if any is, else YES."""
        found = Truth.YES
        for part in parts:
            if part is Truth.NO:
                return part
            if part is Truth.UNKNOWN:
                found = part
        return found

    @staticmethod
    def any(parts: "Iterable[Truth]") -> "Truth":
        """Give YES if any part is YES, else UNKNOWN if any is, else NO."""
        found = Truth.NO
        for part in parts:
            if part is Truth.YES:
                return part
            if part is Truth.UNKNOWN:
                found = part
        return found

    @staticmethod
    def at_least(count: int, parts: "Sequence[Truth]") -> "Truth":
        """Give YES if so many parts are YES, NO if so many no longer can be, else UNKNOWN."""
        if parts.count(Truth.YES) >= count:
            return Truth.YES
        return Truth.NO if len(parts) - parts.count(Truth.NO) < count else Truth.UNKNOWN


_NEGATED = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}
