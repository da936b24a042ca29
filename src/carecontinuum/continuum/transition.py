"""Routes between levels of care and the kinds of move."""

from enum import StrEnum

import attrs

__all__ = ["Route", "TransitionKind"]


class TransitionKind(StrEnum):
    """What kind of move it is.

    `STEP_UP`, `STEP_DOWN`, `LATERAL` and `AFTERCARE` go from level to level; `ADMIT` and `PLACE`
    give a first level; `DISCHARGE` ends the episode; `LEAVE` and `RETURN` interrupt it; `REFER`,
    `WAITLIST` and `CANCEL` precede admission.
    """

    REFER = "refer"
    WAITLIST = "waitlist"
    CANCEL = "cancel"
    ADMIT = "admit"
    PLACE = "place"
    STEP_UP = "step_up"
    STEP_DOWN = "step_down"
    LATERAL = "lateral"
    AFTERCARE = "aftercare"
    LEAVE = "leave"
    RETURN = "return"
    DISCHARGE = "discharge"

    __hash__ = str.__hash__

    @property
    def between_levels(self) -> bool:
        """Whether it goes from one level to another."""
        return self in _BETWEEN


_BETWEEN = frozenset(
    {
        TransitionKind.STEP_UP,
        TransitionKind.STEP_DOWN,
        TransitionKind.LATERAL,
        TransitionKind.AFTERCARE,
    }
)


@attrs.frozen(order=False, kw_only=True)
class Route:
    """A way from one level of care to another that the continuum has.

    Attributes:
        origin: The code of the level it leaves.
        target: The code of the level it reaches.
        kind: The kind of move; `None` leaves it to the ranks of the two levels.
        citation: Why the route exists.
    """

    origin: str
    target: str
    kind: TransitionKind | None = None
    citation: str = ""
