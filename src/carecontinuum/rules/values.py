"""What is known at a moment: values under the facts that ask for them."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar, final

import attrs

from carecontinuum.rules.errors import UndeclaredFact
from carecontinuum.rules.expressions import Fact

__all__ = ["Facts", "Known", "Need", "Seen", "Unknown"]

V_co = TypeVar("V_co", covariant=True)
V = TypeVar("V")


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


@final
@attrs.frozen(order=False)
class Unknown:
    """A value that is not known.

    Attributes:
        would_supply: What would make it known, in words.
    """

    would_supply: str = attrs.field(default="", kw_only=True)


@attrs.frozen(order=False, kw_only=True)
class Seen:
    """A value that a policy looked at.

    Attributes:
        fact: The fact's id.
        value: What was known. Never shown in a repr.
        required: What the policy asked of it, in the words of the rule text.
        source: The record it came from, in words. Never shown in a repr.
    """

    fact: str
    value: int | str | bool = attrs.field(repr=False)
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


Reader = Callable[[Fact[Any]], "Known[Any] | Unknown"]


@final
class Facts:
    """What is known at a moment, typed by the fact that asks; each fact is read at most once."""

    __slots__ = ("_allowed", "_cache", "_read")

    def __init__(
        self,
        read: Reader,
        *,
        allowed: frozenset[str] | None = None,
        cache: "dict[str, Known[Any] | Unknown] | None" = None,
    ) -> None:
        """Take the function that reads a fact, and the ids that may be asked for.

        Args:
            read: Called once for each fact asked for.
            allowed: The ids that may be asked for; `None` allows all.
            cache: What has been read already.
        """
        self._read = read
        self._allowed = allowed
        self._cache: dict[str, Known[Any] | Unknown] = {} if cache is None else cache

    @classmethod
    def of(cls, values: Mapping[Fact[Any], object]) -> "Facts":
        """Take values directly; each must fit its fact, and any other fact is unknown.

        Raises:
            FactValueInvalid: A value does not fit.
        """
        for fact, value in values.items():
            fact.check(value)
        known = {fact.id: Known(value) for fact, value in values.items()}
        return cls(lambda fact: known.get(fact.id, Unknown()))

    def __getitem__(self, fact: Fact[V]) -> Known[V] | Unknown:
        """Give what is known of a fact.

        Raises:
            UndeclaredFact: The policy had not declared that it reads it.
        """
        id = fact.id
        if self._allowed is not None and id not in self._allowed:
            raise UndeclaredFact(fact=id, declared=tuple(sorted(self._allowed)))
        found = self._cache.get(id)
        if found is None:
            found = self._cache[id] = self._read(fact)
        return found

    def peek(self, id: str) -> "Known[Any] | Unknown | None":
        """Give what was already read under an id; `None` if it was not asked for."""
        return self._cache.get(id)

    def restricted(self, ids: frozenset[str]) -> "Facts":
        """Give the same facts, of which only those named may be asked for."""
        return Facts(self._read, allowed=ids, cache=self._cache)
