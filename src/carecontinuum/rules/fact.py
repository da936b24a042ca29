"""A declared fact: the typed key under which a value is known or not."""

import re
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from carecontinuum.rules.errors import FactInvalid, FactValueInvalid
from carecontinuum.rules.values import Known, Unknown

__all__ = ["RESERVED", "Fact", "Found"]

V_co = TypeVar("V_co", covariant=True)

RESERVED = frozenset(
    {"and", "or", "not", "in", "true", "false", "total", "at_least", "days_between"}
)
"""The words of the rule text, which no fact can be called by."""
Found = Known[Any] | Unknown
"""What is found under a fact."""

_ID = re.compile(r"[a-z][a-z0-9_]*")


@attrs.frozen(order=False, cache_hash=True)
class Fact(Generic[V_co]):
    """A declared fact: a typed key, not a value.

    Attributes:
        id: Its name in rules and files: small letters, digits and underscores.
        title: Its words for a reader; empty means the id will do.
        citation: Where its definition comes from.
        must_assess: Whether a decision waits for it even where logic no longer needs it.
    """

    TYPE: ClassVar[str] = "fact"
    id: str
    title: str = attrs.field(default="", kw_only=True)
    citation: str = attrs.field(default="", kw_only=True)
    must_assess: bool = attrs.field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_id(self.id)

    def accepted(self) -> str:
        """Say in words which values fit."""
        return "any value"

    def fits(self, value: object) -> bool:
        """Tell whether a value is one of those the fact can have."""
        return value is not None

    def check(self, value: object) -> None:
        """Raise if a value does not fit.

        Raises:
            FactValueInvalid: It does not.
        """
        if not self.fits(value):
            raise FactValueInvalid(fact=self.id, accepted=self.accepted())


def check_id(id: str) -> None:
    """Raise if a rule's text could not name a fact or a criterion so.

    Raises:
        FactInvalid: It could not.
    """
    if not _ID.fullmatch(id) or id in RESERVED:
        raise FactInvalid(
            fact=id,
            says="an id is small letters, digits and underscores, and no word of the rule text",
        )
