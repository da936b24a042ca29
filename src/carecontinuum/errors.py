"""The root of every error this library raises.

Each subject's errors stand beside the subject; the whole tree, drawn and explained code by code, is
on the documentation's page "Errors". Messages never hold anything about a patient.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar

__all__ = ["CareContinuumError"]


class CareContinuumError(Exception):
    """Base of every error raised on purpose by this library.

    Errors are values: they compare by class and parts, and survive pickling and copying.

    Attributes:
        code: A stable identifier such as `CC301`; the documentation has an entry for each.
        parts: The named arguments the error was built from, as given.
    """

    code: ClassVar[str] = "CC000"
    parts: Mapping[str, object]

    def __init__(self, **parts: object) -> None:
        """Keep the parts and build the message from them."""
        self.parts = parts
        super().__init__(self.message())

    def message(self) -> str:
        """Say in one line what was seen, what was needed and what is possible now."""
        return "the library refused"

    def __str__(self) -> str:
        return f"{self.code}: {self.message()}"

    def __reduce__(self) -> tuple[object, ...]:
        notes = getattr(self, "__notes__", ())
        state = {"__notes__": list(notes)} if notes else None
        return _rebuild, (type(self), dict(self.parts)), state

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CareContinuumError):
            return NotImplemented
        return type(self) is type(other) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash((type(self), tuple(self.parts)))


def _rebuild(cls: type[CareContinuumError], parts: Mapping[str, object]) -> CareContinuumError:
    return cls(**parts)


def listed(names: Iterable[str], *, empty: str = "none") -> str:
    """Join names for a message: each in backticks, in the order given, `empty` for nothing."""
    return ", ".join(f"`{name}`" for name in names) or empty
