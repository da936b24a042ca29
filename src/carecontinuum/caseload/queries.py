"""What can be asked of a caseload; nothing is recorded."""

from collections.abc import Iterator
from datetime import datetime

from carecontinuum.care import Deadlines
from carecontinuum.care.deadlines import optional_deadlines
from carecontinuum.caseload.census import Census, census_of
from carecontinuum.caseload.desk import Desk, Stated
from carecontinuum.caseload.errors import CalendarNotNamed
from carecontinuum.caseload.worklist import PatientDue, worklist
from carecontinuum.datatypes import Actor, Calendar, a_calendar, utc
from carecontinuum.decisions import Decision, Move
from carecontinuum.engine import Recommendation, decide, facts_for, options, recommend
from carecontinuum.history import NoSuchEpisode, PatientRecord
from carecontinuum.stores import FeedItem
from carecontinuum.stores.asking import a_page

__all__ = ["Queries"]


class Queries(Desk):
    """What can be asked; each answer is of the moment, and may be old when it is read."""

    def consider(
        self,
        patient_id: str,
        move: Move,
        *,
        at: datetime,
        by: str | Actor,
        episode_id: str | None = None,
        program_id: str | None = None,
        stated: Stated | None = None,
    ) -> Decision:
        """Decide a move without making it, and record nothing.

        Args:
            patient_id: The patient.
            move: What is asked for.
            at: When it is to happen, an aware datetime.
            by: Who asks.
            episode_id: The episode; `None` is the only open one, or a new one for a move that
                begins it.
            program_id: For a new episode, where the caseload holds several programs: which.
            stated: Facts that whoever asks vouches for.

        Raises:
            EpisodeNotNamed: None was named, and there is not exactly one.
            NoProgram: The caseload does not hold the episode's program.
            CannotBeStated: A stated fact is not one the program takes so.
        """
        record = self.for_patient(patient_id)
        id = self._episode_id(record, move, episode_id, new="new")
        program = self._program(record, id, at, program_id)
        return decide(record, move, program=program, episode_id=id, at=at, by=by, stated=stated)

    def options(
        self,
        patient_id: str,
        *,
        at: datetime,
        by: str | Actor,
        episode_id: str | None = None,
        program_id: str | None = None,
        stated: Stated | None = None,
    ) -> tuple[Decision, ...]:
        """Decide every move that the map has from where an episode stands.

        Where no episode is open and none is named, as for somebody new, these are the moves that
        begin one. The arguments, and what is raised, are otherwise as for `consider`.

        Raises:
            NoSuchEpisode: The patient has no episode of that id.
            EpisodeNotNamed: None was named, and several are open.
        """
        record = self.for_patient(patient_id)
        episodes = record.episodes.values()
        if episode_id is None and not any(one.is_open and one.is_begun for one in episodes):
            id = "new"
        elif (id := self._only(record, episode_id)) not in record.episodes:
            raise NoSuchEpisode(episode_id=id, episodes=tuple(record.episodes))
        program = self._program(record, id, at, program_id)
        return options(record, program=program, episode_id=id, at=at, by=by, stated=stated)

    def recommend(
        self,
        patient_id: str,
        *,
        at: datetime,
        episode_id: str | None = None,
        stated: Stated | None = None,
    ) -> tuple[Recommendation, ...]:
        """Recommend levels of care on what the record holds at a moment, and what is stated.

        The arguments, and what is raised, are as for `consider`.
        """
        record = self.for_patient(patient_id)
        id = self._only(record, episode_id)
        program = self._program(record, id, at, None)
        facts = facts_for(record, program=program, episode_id=id, at=at, stated=stated)
        return recommend(program, facts)

    def records(self) -> Iterator[PatientRecord]:
        """Give every patient's record, one at a time."""
        for key in self._store.streams():
            if key.tenant == self._tenant:
                yield self.for_patient(key.patient_id)

    def census(self, at: datetime) -> Census:
        """Count who was where at a moment, as it is believed now."""
        return census_of(self.records(), at)

    def review_due(
        self,
        at: datetime,
        *,
        calendar: Calendar | None = None,
        deadlines: Deadlines | None = None,
    ) -> Iterator[PatientDue]:
        """Give each patient of whom a review, a plan or something else is due, one at a time.

        One record is held at a time; the patients come in the order of the store.

        Args:
            at: The moment, an aware datetime; what happened later is not looked at.
            calendar: Whose zone says which day it is; `None` is the one of all the programs.
            deadlines: The days left for what has no day of its own; `None` is the illustrative
                ones, not medical advice.

        Raises:
            CalendarNotNamed: None was named, and the programs do not share a zone.
            NaiveDatetime: `at` has no zone.
            WrongArgument: One is of another kind.
        """
        calendar = self._shared_calendar() if calendar is None else a_calendar(calendar)
        optional_deadlines(deadlines)
        return worklist(self.records(), utc(at), calendar=calendar, deadlines=deadlines)

    def _shared_calendar(self) -> Calendar:
        calendars = {program.calendar.zone.key: program.calendar for program in self._programs}
        if len(calendars) != 1:
            raise CalendarNotNamed(zones=tuple(sorted(calendars)))
        return next(iter(calendars.values()))

    def feed(self, *, after: int = 0, limit: int = 1000) -> tuple[FeedItem, ...]:
        """Give up to `limit` of the organisation's events in the order they were kept.

        An empty page is the end as it stands: who goes on from the last cursor misses none.

        Args:
            after: The cursor to go on behind.
            limit: How many at most.

        Raises:
            WrongArgument: One is no whole number, or out of range; 0 is before the first cursor.
        """
        after, limit = a_page(after, limit)
        found: list[FeedItem] = []
        while len(found) < limit and (page := self._store.feed(after=after, limit=limit)):
            after = page[-1].cursor
            found += [item for item in page if item.key.tenant == self._tenant]
        return tuple(found[:limit])
