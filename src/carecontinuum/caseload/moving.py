"""Asking for moves: each is decided once, checked with the live machine, and kept or refused."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NotRequired, TypeAlias, TypedDict, Unpack

from carecontinuum.arguments import a_text, only_known
from carecontinuum.caseload.desk import Stated
from carecontinuum.caseload.keeping import Keeping, Step
from carecontinuum.datatypes import Actor, Site
from carecontinuum.decisions import Move, TransitionRefused, admit, refer
from carecontinuum.engine import Outcome, override
from carecontinuum.engine.machine import EpisodeMachine
from carecontinuum.engine.operations import asked_before
from carecontinuum.history import PatientRecord

__all__ = ["Answer", "Asked", "Moving", "answered"]

Answer: TypeAlias = Outcome | TransitionRefused
"""What came of a request: what is kept, or what is to be raised once it is kept."""


class Asked(TypedDict):
    """The arguments of `Caseload.request` that every request has."""

    at: datetime
    by: str | Actor
    episode_id: NotRequired[str | None]
    request_id: NotRequired[str | None]
    program_id: NotRequired[str | None]
    stated: NotRequired[Stated | None]


def answered(ask: Callable[[], Outcome]) -> Answer:
    """Give what comes of a request, a refusal too: it is kept before it is raised."""
    try:
        return ask()
    except TransitionRefused as refused:
        return refused


class Moving(Keeping):
    """What moves a patient."""

    def request(
        self,
        patient_id: str,
        move: Move,
        *,
        at: datetime,
        by: str | Actor,
        episode_id: str | None = None,
        request_id: str | None = None,
        program_id: str | None = None,
        stated: Stated | None = None,
    ) -> Outcome:
        """Decide a move and make it; a refusal is recorded too, and raised.

        Asking again with the same `request_id` gives the first answer and records nothing, even
        where the caseload no longer holds the program. It is for a retry: the same person asks for
        the same move, with the same facts stated. When something has changed, take another id.

        Args:
            patient_id: The patient.
            move: What is asked for.
            at: When it happens, an aware datetime, no later than the caseload's clock: a move to
                come is proposed.
            by: Who asks.
            episode_id: The episode; `None` is the only open one, or a new one for a move that
                begins it.
            request_id: The request's id, which makes a retry harmless; `None` takes a new one.
            program_id: For a new episode, where the caseload holds several programs: which.
            stated: Facts that whoever asks vouches for.

        Raises:
            TransitionRefused: It is not permitted; the error holds the decision, which is recorded.
            EpisodeNotNamed: No episode was named, and there is not exactly one.
            NoProgram: The caseload does not hold the episode's program.
            EventConflict: The id was used for another request.
            EventInvalid: It would be recorded before it happens.
            StreamChanged: Others wrote again and again; nothing was recorded.
            StoreUnavailable: Nothing was recorded.
        """
        request_id = self._id(request_id, "request_id")

        def made(record: PatientRecord) -> tuple[PatientRecord, Answer]:
            asked = record.by_id.get(f"{request_id}/decision")
            named = asked.episode_id if asked and episode_id is None else episode_id
            id = self._episode_id(record, move, named, new=f"episode-{request_id}")
            before = asked_before(record, move, episode_id=id, id=request_id, by=by, stated=stated)
            if before is not None:
                return record, answered(before.require)
            machine = EpisodeMachine(self._program(record, id, at, program_id), record, id)
            ask = partial(machine.request, move, id=request_id, at=at, by=by, stated=stated)
            answer = answered(partial(ask, recorded_at=self._recorded(record)))
            return machine.record, answer

        return self._answered(patient_id, made)

    def admit(
        self,
        patient_id: str,
        *,
        to: str | None = None,
        reason_code: str | None = None,
        note: str = "",
        site: Site | None = None,
        proposal_id: str | None = None,
        readmission_of: str | None = None,
        confidentiality: str | None = None,
        **asked: Unpack[Asked],
    ) -> Outcome:
        """Admit a patient: `request` of an admission.

        Args:
            patient_id: The patient.
            to: The level; `None` is intake without a level yet.
            reason_code: A coded reason.
            note: Free text.
            site: Where the care will be given.
            proposal_id: The pending proposal it carries out.
            readmission_of: The earlier episode it follows.
            confidentiality: `standard` for an episode that is not under 42 CFR Part 2; `None` is
                `part2`.
            asked: As for `request`.
        """
        only_known("Caseload.admit", asked, Asked)
        move = admit(
            to=to,
            reason_code=reason_code,
            note=note,
            site=site,
            proposal_id=proposal_id,
            readmission_of=readmission_of,
            confidentiality=confidentiality,
        )
        return self.request(patient_id, move, **asked)

    def refer(
        self,
        patient_id: str,
        *,
        reason_code: str | None = None,
        note: str = "",
        **asked: Unpack[Asked],
    ) -> Outcome:
        """Take a referral: `request` of one, with its coded reason and note."""
        only_known("Caseload.refer", asked, Asked)
        return self.request(patient_id, refer(reason_code=reason_code, note=note), **asked)

    def override(
        self,
        patient_id: str,
        decision_id: str,
        *,
        by: str | Actor,
        reason_code: str,
        id: str | None = None,
    ) -> Outcome:
        """Make a move that was refused, where the policies against it let this role override them.

        Args:
            patient_id: The patient.
            decision_id: The event id of the recorded refusal.
            by: Who overrides, with the role; without one nobody in particular.
            reason_code: Why, coded.
            id: The id of the move's event, which makes a retry harmless; `None` takes a new one.

        Raises:
            NotADecision: There is no recorded decision of that id.
            CannotBeOverridden: It may not be overridden, or not by this role.
        """
        a_text("decision_id", decision_id)
        id = self._id(id)

        def made(record: PatientRecord) -> tuple[PatientRecord, Outcome]:
            decided = record.by_id.get(decision_id)
            episode = (decided.episode_id if decided else None) or ""
            recorded_at = self._recorded(record)
            found = override(
                record,
                decision_id,
                program=self._program(record, episode, recorded_at, None),
                id=id,
                by=by,
                reason_code=reason_code,
                recorded_at=recorded_at,
            )
            return found.record, found

        return self._keep(patient_id, made)

    def _answered(self, patient_id: str, step: Step[Answer]) -> Outcome:
        """Keep what a step gives, and raise a refusal once it is kept."""
        answer = self._keep(patient_id, step)
        if isinstance(answer, TransitionRefused):
            raise answer
        return answer
