"""What can be wrong with asking, overriding and enacting."""

from carecontinuum.errors import CareContinuumError, listed
from carecontinuum.history import EventConflict

__all__ = [
    "CannotBeOverridden",
    "CannotBeStated",
    "DecisionStale",
    "ListenerFailedWarning",
    "MachineDisagrees",
    "NotADecision",
    "NothingRecommended",
    "RequestConflict",
]


class CannotBeStated(CareContinuumError):
    """A fact came with a request that the program does not take from requests."""

    code = "CC410"
    fact: str
    accepted: tuple[str, ...]

    def __init__(self, *, fact: str, accepted: tuple[str, ...]) -> None:
        """Name the fact and those that can be stated."""
        self.fact = fact
        self.accepted = accepted
        super().__init__(fact=fact, accepted=accepted)

    def message(self) -> str:
        """Name the fact and those that can be stated."""
        return (
            f"fact `{self.fact}` cannot be stated with a request: the program reads it from the "
            f"record, or not at all; accepted are {listed(self.accepted)}"
        )


class NotADecision(CareContinuumError):
    """An event was named as a decision and is none."""

    code = "CC411"
    event_id: str

    def __init__(self, *, event_id: str) -> None:
        """Name the event."""
        self.event_id = event_id
        super().__init__(event_id=event_id)

    def message(self) -> str:
        """Name the event."""
        return f"`{self.event_id}` is not a recorded decision of this patient's history"


class CannotBeOverridden(CareContinuumError):
    """A decision was to be overridden that this role may not override."""

    code = "CC412"
    policies: tuple[str, ...]
    role: str | None
    says: str

    def __init__(self, *, policies: tuple[str, ...], role: str | None, says: str) -> None:
        """Name what stands against it, the role that tried, and why it cannot be."""
        self.policies = policies
        self.role = role
        self.says = says
        super().__init__(policies=policies, role=role, says=says)

    def message(self) -> str:
        """Name the role, the policies and who may override them."""
        role = f"role `{self.role}`" if self.role else "nobody in particular"
        return f"{role} cannot override {listed(self.policies)}: {self.says}"


class DecisionStale(CareContinuumError):
    """A decision was made for another state of the record than the one it meets."""

    code = "CC413"
    decided_for: int
    record_version: int

    def __init__(self, *, decided_for: int, record_version: int) -> None:
        """Give both versions."""
        self.decided_for = decided_for
        self.record_version = record_version
        super().__init__(decided_for=decided_for, record_version=record_version)

    def message(self) -> str:
        """Give both versions and the way out."""
        return (
            f"decided for version {self.decided_for} of the record, which is at "
            f"{self.record_version} now; decide again"
        )


class RequestConflict(EventConflict):
    """A request was recorded already under this id, and it was another one."""

    code = "CC414"

    def message(self) -> str:
        """Say what a retry must say again, and what to do otherwise."""
        return (
            f"`{self.event_id}` was a request of another move, by another person or with other "
            "facts stated; give what is not a retry an id of its own"
        )


class ListenerFailedWarning(UserWarning):
    """A listener raised after a move; the move stands."""


class MachineDisagrees(CareContinuumError):
    """The live machine and the kernel came to different states: a defect of this library."""

    code = "CC420"
    kernel: tuple[str, ...]
    machine: tuple[str, ...]

    def __init__(self, *, kernel: tuple[str, ...], machine: tuple[str, ...]) -> None:
        """Give both states."""
        self.kernel = kernel
        self.machine = machine
        super().__init__(kernel=kernel, machine=machine)

    def message(self) -> str:
        """Give both states; nothing was recorded."""
        return (
            f"the kernel stands at {listed(self.kernel)} and the machine at "
            f"{listed(self.machine)}; nothing was recorded, please report it"
        )


class NothingRecommended(CareContinuumError):
    """A placement was to be reviewed for which the program has no rules."""

    code = "CC421"
    track: str
    tracks: tuple[str, ...]

    def __init__(self, *, track: str, tracks: tuple[str, ...]) -> None:
        """Name the track, and those that there are rules for."""
        self.track = track
        self.tracks = tracks
        super().__init__(track=track, tracks=tracks)

    def message(self) -> str:
        """Name the track, and those that there are rules for."""
        return (
            f"the program has no placement rules for track `{self.track}`; "
            f"it has some for {listed(self.tracks)}"
        )
