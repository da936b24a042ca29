"""What is known at a moment: values under the facts that ask for them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast, final

from carecontinuum.rules.errors import FactValueInvalid, UndeclaredFact
from carecontinuum.rules.fact import Fact, Found
from carecontinuum.rules.values import Known, Unknown

__all__ = ["Facts"]

V = TypeVar("V")

Reader = Callable[[Fact[Any]], Found]


@final
class Facts:
    """What is known at a moment, typed by the fact that asks; each fact is read at most once."""

    __slots__ = ("_allowed", "_cache", "_read")

    def __init__(
        self,
        read: Reader,
        *,
        allowed: frozenset[str] | None = None,
        cache: dict[str, Found] | None = None,
    ) -> None:
        """Take the function that reads a fact, and the ids that may be asked for.

        Args:
            read: Called once for each fact asked for.
            allowed: The ids that may be asked for; `None` allows all.
            cache: What has been read already.
        """
        self._read = read
        self._allowed = allowed
        self._cache: dict[str, Found] = {} if cache is None else cache

    @classmethod
    def of(cls, values: Mapping[Fact[Any], object]) -> "Facts":
        """Take values directly; each must fit its fact, and any other fact is unknown.

        Args:
            values: Each fact's value; `Known` and `Unknown` are taken as they are, so that a source
                or bounds can be told.

        Raises:
            FactValueInvalid: A value does not fit.
        """
        found = {fact.id: _found(fact, value) for fact, value in values.items()}
        return cls(lambda fact: found.get(fact.id, _NOTHING))

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

    def peek(self, id: str) -> Found | None:
        """Give what was already read under an id; `None` if it was not asked for."""
        return self._cache.get(id)

    def restricted(self, ids: frozenset[str]) -> "Facts":
        """Give the same facts, of which only those named may be asked for."""
        return Facts(self._read, allowed=ids, cache=self._cache)


_NOTHING = Unknown()


def _found(fact: Fact[Any], value: object) -> Found:
    if isinstance(value, Unknown):
        return check_bounds(fact, value)
    if not isinstance(value, Known):
        value = Known(value)
    known = cast("Known[object]", value)
    fact.check(known.value)
    return known


def check_bounds(fact: Fact[Any], found: Unknown) -> Unknown:
    """Give an unknown value back whose bounds fit its fact.

    Raises:
        FactValueInvalid: A bound does not, or the lower one is above the upper.
    """
    for bound in (found.lo, found.hi):
        if bound is not None:
            fact.check(bound)
    if found.lo is not None and found.hi is not None and found.hi < found.lo:
        raise FactValueInvalid(fact=fact.id, accepted="a lower bound at most the upper")
    return found
