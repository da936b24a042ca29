"""Named criteria: what the algebra cannot say, as a function that declares what it reads."""

import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any, ClassVar, SupportsIndex, TypeAlias, final

import attrs

from carecontinuum.rules.errors import RuleInvalid
from carecontinuum.rules.expressions import Leaf
from carecontinuum.rules.fact import Fact, Found, check_id
from carecontinuum.rules.facts import Facts
from carecontinuum.rules.truth import Truth

__all__ = ["Criterion", "criterion", "named", "reduced_by_name"]

Judge: TypeAlias = Callable[[Facts], Truth]


@final
@attrs.frozen(order=False, kw_only=True)
class Criterion(Leaf):
    """A condition that is code: named, opaque to proofs, told apart by its version alone.

    Attributes:
        id: Its name in rules: small letters, digits and underscores.
        version: Its version; raise it whenever the function changes what it says.
        reads: The facts it reads; reading any other raises.
        citation: Where it comes from.
        function: The function.
    """

    TYPE: ClassVar[str] = "criterion"
    id: str
    version: str
    reads: tuple[Fact[Any], ...]
    citation: str = ""
    function: Judge = attrs.field(eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        check_id(self.id)
        if not self.version:
            raise RuleInvalid(says=f"criterion `{self.id}` needs a version")

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """The facts it reads."""
        return self.reads

    @property
    def text(self) -> str:
        """Its text in a rule."""
        return self.id

    def judge(self, found: Sequence[Found]) -> Truth:
        """Ask the function, which sees the facts declared and no others.

        Raises:
            UndeclaredFact: It read another.
            TypeError: It gave no `Truth`. What it raises itself goes through, with its name.
        """
        by_id = {fact.id: item for fact, item in zip(self.reads, found, strict=True)}
        facts = Facts(lambda fact: by_id[fact.id], allowed=frozenset(by_id))
        try:
            truth: object = self.function(facts)
        except Exception as error:
            error.add_note(f"raised by criterion `{self.id}` v{self.version}")
            raise
        if not isinstance(truth, Truth):
            kind = type(truth).__name__
            raise TypeError(f"criterion `{self.id}` returned `{kind}`; return a `Truth`")
        return truth

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        return reduced_by_name(self, self.function) or super().__reduce_ex__(protocol)


def reduced_by_name(value: object, function: object) -> tuple[Any, ...] | None:
    """Say how to pickle what took the place of a function under the function's own name."""
    module = function.__module__
    name = getattr(function, "__qualname__", "")
    if getattr(sys.modules.get(module), name, None) is not value:
        return None
    return named, (module, name)


def named(module: str, name: str) -> object:
    """Find what a function became: its name leads there now."""
    found: object = getattr(import_module(module), name)
    return found


def criterion(
    *, id: str, version: str, reads: Iterable[Fact[Any]], citation: str = ""
) -> Callable[[Judge], Criterion]:
    """Turn a function into a condition that can be joined with others.

    Args:
        id: Its name in rules.
        version: Its version; raise it whenever the function changes what it says.
        reads: The facts it reads.
        citation: Where it comes from.

    Raises:
        FactInvalid: The id could not stand in a rule.
        RuleInvalid: The version is empty.

    Examples:
        >>> from carecontinuum.rules import Count, Facts, Known, Truth, truth
        >>> attended, planned = Count("attended"), Count("planned")
        >>> @criterion(id="attends_most", version="1", reads=[attended, planned])
        ... def attends_most(facts: Facts) -> Truth:
        ...     match facts[attended], facts[planned]:
        ...         case Known(came), Known(due):
        ...             return Truth.YES if came * 4 >= due * 3 else Truth.NO
        ...         case _:
        ...             return Truth.UNKNOWN
        >>> truth(~attends_most, Facts.of({attended: 9, planned: 10}))
        <Truth.NO: 'no'>
    """

    def wrap(function: Judge) -> Criterion:
        return Criterion(
            id=id, version=version, reads=tuple(reads), citation=citation, function=function
        )

    return wrap
