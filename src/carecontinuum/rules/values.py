"""What can be known of a fact, and what is shown of it: values, bounds, evidence and needs."""

from datetime import date
from decimal import Decimal
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar, final

import attrs

__all__ = ["Known", "Need", "Seen", "Span", "Unknown", "Value"]

V_co = TypeVar("V_co", covariant=True)
Value: TypeAlias = int | str | bool | Decimal | date
"""A value that a fact can have."""
_NOT_A_BOOL = "what is found of a fact is `Known` or `Unknown`; match it and read `.value`"


@final
@attrs.frozen(order=False)
class Span:
    """All that a number or a day can still be, both ends included.

    Attributes:
        lo: The least; `None` is without limit.
        hi: The greatest; `None` is without limit.
    """

    lo: Any
    hi: Any

    def __str__(self) -> str:
        if self.lo is None:
            return "anything" if self.hi is None else f"{self.hi} or less"
        return f"{self.lo} or more" if self.hi is None else f"{self.lo} to {self.hi}"

    def has(self, value: Any) -> bool:
        """Tell whether a value lies in it."""
        return (self.lo is None or self.lo <= value) and (self.hi is None or value <= self.hi)

    def within(self, lo: Any, hi: Any) -> "Span":
        """Give the part of it that lies between two limits, `None` being none."""
        greater = lo if self.lo is None else self.lo if lo is None else max(self.lo, lo)
        less = hi if self.hi is None else self.hi if hi is None else min(self.hi, hi)
        return Span(greater, less)


@final
@attrs.frozen(order=False)
class Known(Generic[V_co]):
    """A value that is known.

    Attributes:
        value: The value; never shown in a repr.
        source: The record it came from, in words; empty if not told. Never shown in a repr.
    """

    value: V_co = attrs.field(repr=False)
    source: str = attrs.field(default="", kw_only=True, repr=False)

    def __bool__(self) -> NoReturn:
        raise TypeError(_NOT_A_BOOL)


@final
@attrs.frozen(order=False)
class Unknown:
    """A value that is not known, though it may be known to lie between bounds.

    Attributes:
        would_supply: What would make it known, in words.
        lo: The least it can be, as of a score with items missing; `None` says no more than the
            fact's own range does. Never shown in a repr.
        hi: The greatest it can be. Never shown in a repr.
        source: The record that bounds it, in words. Never shown in a repr.
    """

    would_supply: str = attrs.field(default="", kw_only=True)
    lo: Any = attrs.field(default=None, kw_only=True, repr=False)
    hi: Any = attrs.field(default=None, kw_only=True, repr=False)
    source: str = attrs.field(default="", kw_only=True, repr=False)

    def __bool__(self) -> NoReturn:
        raise TypeError(_NOT_A_BOOL)


@attrs.frozen(order=False, kw_only=True)
class Seen:
    """A value that a policy looked at.

    Attributes:
        fact: The fact's id.
        value: What was known; a `Span` where bounds were enough. Never shown in a repr.
        required: What the policy asked of it, in the words of the rule text.
        source: The record it came from, in words. Never shown in a repr.
    """

    fact: str
    value: Value | Span = attrs.field(repr=False)
    required: str = ""
    source: str = attrs.field(default="", repr=False)


@attrs.frozen(order=False, kw_only=True)
class Need:
    """A missing fact that would settle a question.

    Attributes:
        fact: The fact's id.
        would_supply: What, or who, would supply it.
        required: What is asked of it, in the words of the rule text.
    """

    fact: str
    would_supply: str = ""
    required: str = ""
