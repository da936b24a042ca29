"""What can be wrong with a call to a caseload."""

from carecontinuum.errors import CareContinuumError, listed

__all__ = [
    "CalendarNotNamed",
    "CannotBeMerged",
    "CannotBeProposed",
    "EpisodeNotNamed",
    "NoProgram",
    "NoSuchProposal",
    "NothingRecorded",
]


class EpisodeNotNamed(CareContinuumError):
    """A call named no episode, and the patient does not have exactly one that is open."""

    code = "CC701"
    episodes: tuple[str, ...]

    def __init__(self, *, episodes: tuple[str, ...]) -> None:
        """List the open episodes."""
        self.episodes = episodes
        super().__init__(episodes=episodes)

    def message(self) -> str:
        """List the open episodes and say what to do."""
        if not self.episodes:
            return "no episode is open; refer or admit first, or name one of before, `episode_id`"
        return f"name the episode, `episode_id`; open are {listed(self.episodes)}"


class NoProgram(CareContinuumError):
    """No program that the caseload holds is the one that an episode is judged by.

    Attributes:
        wanted: The program wanted, in words; empty where none was named.
        programs: Those that the caseload holds.
    """

    code = "CC702"
    wanted: str
    programs: tuple[str, ...]

    def __init__(self, *, wanted: str, programs: tuple[str, ...]) -> None:
        """Name the program wanted and those that there are."""
        self.wanted = wanted
        self.programs = programs
        super().__init__(wanted=wanted, programs=programs)

    def message(self) -> str:
        """Name the program wanted and those that there are."""
        if not self.programs:
            return "the caseload holds no program; make it with those that episodes are judged by"
        if not self.wanted:
            return f"no program was named, `program_id`; the caseload holds {listed(self.programs)}"
        return f"no program {self.wanted}; the caseload holds {listed(self.programs)}"


class NoSuchProposal(CareContinuumError):
    """A move was to be answered or carried out that nobody proposed, or that no longer waits."""

    code = "CC703"
    proposal_id: str
    pending: tuple[str, ...]

    def __init__(self, *, proposal_id: str, pending: tuple[str, ...]) -> None:
        """Name the proposal and those that wait."""
        self.proposal_id = proposal_id
        self.pending = pending
        super().__init__(proposal_id=proposal_id, pending=pending)

    def message(self) -> str:
        """Name the proposal and those that wait."""
        return f"no proposal `{self.proposal_id}` waits; waiting are {listed(self.pending)}"


class CannotBeProposed(CareContinuumError):
    """A move of this kind does not wait for a place: it is made, or it is not."""

    code = "CC704"
    kind: str

    def __init__(self, *, kind: str) -> None:
        """Name the kind of move."""
        self.kind = kind
        super().__init__(kind=kind)

    def message(self) -> str:
        """Name the kind of move and those that are proposed."""
        return (
            f"{self.kind} is not proposed; proposed are admissions and moves between levels, "
            "request any other when it happens"
        )


class CalendarNotNamed(CareContinuumError):
    """A day was asked about, and the caseload's programs do not count days in one zone."""

    code = "CC705"
    zones: tuple[str, ...]

    def __init__(self, *, zones: tuple[str, ...]) -> None:
        """List the zones of the caseload's programs."""
        self.zones = zones
        super().__init__(zones=zones)

    def message(self) -> str:
        """List the zones and say what to do."""
        return f"name the calendar, `calendar`; the programs' zones are {listed(self.zones)}"


class NothingRecorded(CareContinuumError):
    """Nothing is recorded of a patient who was named, and nothing can be recorded first so."""

    code = "CC706"

    def message(self) -> str:
        """Say what to look at; the id itself is the patient's."""
        return "nothing is recorded of this patient; look at the id, or refer or admit first"


class CannotBeMerged(CareContinuumError):
    """Two records were to be merged, or told apart, and it would have no meaning or no effect."""

    code = "CC707"
    says: str

    def __init__(self, *, says: str) -> None:
        """Say why."""
        self.says = says
        super().__init__(says=says)

    def message(self) -> str:
        """Say why, and that nothing was recorded."""
        return f"{self.says}; nothing was recorded"
