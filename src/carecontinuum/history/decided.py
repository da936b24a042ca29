"""A decision in a history, which a store may read when it is first asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import attrs

from carecontinuum.decisions import Decision

__all__ = ["Decided"]


@attrs.frozen(order=False, kw_only=True, slots=False)
class Decided:
    """A decision was made, refusals included; the event that followed names this one.

    What a decision says is most of a history and seldom asked for, so a store gives events whose
    decision is read when it is first asked for. It has no slots, so that it can come later.

    Attributes:
        decision: The decision. Where a store gave the event, and what it keeps is not as it was
            written, asking raises `CodecInvalid`.
    """

    TYPE: ClassVar[str] = "decided"
    decision: Decision = attrs.field(repr=False)

    @classmethod
    def later(cls, patient_id: str, read: Callable[[], Decision]) -> "Decided":
        """Give one whose decision is read when it is first asked for.

        Args:
            patient_id: Whom the decision is about.
            read: Gives it; asked again if it raises, or if two threads ask at once.
        """
        made = object.__new__(cls)
        made.__dict__.update(_patient_id=patient_id, _read=read)
        return made

    @property
    def patient_id(self) -> str:
        """Whom the decision is about."""
        known: str | None = self.__dict__.get("_patient_id")
        return self.decision.patient_id if known is None else known

    if not TYPE_CHECKING:  # pragma: no branch
        # Reads the decision. To a type checker it would make every name an attribute.
        def __getattr__(self, name: str) -> Decision:
            if name != "decision":
                raise AttributeError(name)
            parts = self.__dict__
            if (read := parts.get("_read")) is not None:
                parts["decision"] = read()
                parts["_read"] = None
            return parts["decision"]

    def __getstate__(self) -> dict[str, Decision]:
        return {"decision": self.decision}
