"""What can be wrong with an event, or with adding it to a history."""

from collections.abc import Iterable

from carecontinuum.canonical import Invalid, Problem
from carecontinuum.errors import CareContinuumError, listed

__all__ = [
    "AnotherPatientsEvent",
    "EventConflict",
    "EventInvalid",
    "HistoryRefused",
    "NoSuchEpisode",
    "NoSuchEvent",
    "NotAmendable",
    "RecordIsAView",
    "RecordedBackwards",
]


class EventInvalid(Invalid):
    """An event contradicts itself."""

    code = "CC301"

    def __init__(self, *, subject: str = "event", problems: Iterable[Problem]) -> None:
        """Give all the problems."""
        super().__init__(subject=subject, problems=problems)


class HistoryRefused(CareContinuumError):
    """An event cannot be added to this history; the history is unchanged."""

    code = "CC300"
    event_id: str

    def __init__(self, *, event_id: str, **more: object) -> None:
        """Name the event."""
        self.event_id = event_id
        super().__init__(event_id=event_id, **more)


class AnotherPatientsEvent(HistoryRefused):
    """An event belongs to another patient's history."""

    code = "CC302"

    def message(self) -> str:
        """Name the event; neither patient is named."""
        return f"event `{self.event_id}` is about another patient; nothing was added"


class EventConflict(HistoryRefused):
    """An event id is there already, with other content."""

    code = "CC303"

    def message(self) -> str:
        """Name the event and the ways out."""
        return (
            f"event `{self.event_id}` is recorded already with other content; record a correction, "
            "or give the new event an id of its own"
        )


class RecordedBackwards(HistoryRefused):
    """An event says it was recorded before the last one was."""

    code = "CC304"

    def message(self) -> str:
        """Name the event and the way out."""
        return (
            f"event `{self.event_id}` has a `recorded_at` before that of the event it follows; "
            "a late entry has a late `recorded_at` and an early `occurred_at`"
        )


class NoSuchEvent(HistoryRefused):
    """A correction or retraction names an event that is not there."""

    code = "CC305"
    target: str

    def __init__(self, *, event_id: str, target: str) -> None:
        """Name the amendment and what it names."""
        self.target = target
        super().__init__(event_id=event_id, target=target)

    def message(self) -> str:
        """Name both."""
        return f"event `{self.event_id}` amends `{self.target}`, which is not in this history"


class NotAmendable(NoSuchEvent):
    """A correction or retraction names an event that cannot be amended that way."""

    code = "CC306"

    def message(self) -> str:
        """Name both and say what can be amended."""
        return (
            f"event `{self.event_id}` cannot amend `{self.target}`: decisions are never amended, "
            "amendments are retracted and not corrected, a record of care is corrected by one of "
            "its kind, and an amendment stays in its episode"
        )


class RecordIsAView(CareContinuumError):
    """An event was to be added to a record as it was believed at some moment."""

    code = "CC307"

    def message(self) -> str:
        """Say where events are added instead."""
        return "this record is a view as of some moment; add events to the whole record"


class NoSuchEpisode(CareContinuumError):
    """An episode was named that this patient does not have, or not yet at the moment asked about.

    Attributes:
        episode_id: The episode.
        episodes: Those that the patient has; at that moment, if one was asked about.
        begins_later: Whether it begins later than that.
    """

    code = "CC308"
    episode_id: str
    episodes: tuple[str, ...]
    begins_later: bool

    def __init__(
        self, *, episode_id: str, episodes: tuple[str, ...], begins_later: bool = False
    ) -> None:
        """Name the episode asked for and those there are."""
        self.episode_id = episode_id
        self.episodes = episodes
        self.begins_later = begins_later
        super().__init__(episode_id=episode_id, episodes=episodes, begins_later=begins_later)

    def message(self) -> str:
        """Name the episode asked for and those there are."""
        if self.begins_later:
            return f"episode `{self.episode_id}` begins later than `at`; look at the two clocks"
        return f"no episode `{self.episode_id}`; this patient has {listed(self.episodes)}"
