"""Making values of frozen classes in half the time, where very many are made."""

from typing import Any, TypeVar, cast

import attrs

__all__ = ["unfrozen"]

T = TypeVar("T")


def unfrozen(kind: type[T]) -> type[T]:
    """Give a class whose values become those of a frozen class once their `__class__` says so.

    To set an attribute of a frozen class takes a call, which is most of what making a value costs.
    What it is given is taken as it is: nothing is converted or checked.

    Args:
        kind: A frozen class of attrs with slots and without `weakref_slot`.

    Examples:
        >>> @attrs.frozen(weakref_slot=False)
        ... class Bed:
        ...     unit: str
        >>> made = unfrozen(Bed)("west")
        >>> made.__class__ = Bed
        >>> made == Bed("west")
        True
    """
    fields = {
        field.name: attrs.field(default=field.default, kw_only=field.kw_only, alias=field.alias)
        for field in attrs.fields(cast("Any", kind))
    }
    return attrs.make_class(kind.__name__, fields, slots=True, weakref_slot=False, eq=False)
