"""What can be wrong with a call to a caseload."""

from carecontinuum.errors import CareContinuumError, listed

__all__ = ["EpisodeNotNamed", "NoProgram"]


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
        return f"name the episode, `episode_id`; open are {listed(self.episodes)}"


class NoProgram(CareContinuumError):
    """No program that the caseload holds is the one that an episode is judged by."""

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
        return f"no program {self.wanted}; the caseload holds {listed(self.programs)}"
