"""Deciding: the map first, then every policy, then the gravest verdict with all the reasons."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from carecontinuum.arguments import an_instance
from carecontinuum.continuum import TransitionKind
from carecontinuum.datatypes import Actor, When, actor, utc
from carecontinuum.decisions import (
    Decision,
    Move,
    PolicyRef,
    Reason,
    Stated,
    TransitionRequest,
    Verdict,
)
from carecontinuum.decisions.move import A_MOVE
from carecontinuum.engine.errors import CannotBeStated
from carecontinuum.engine.requests import off_the_map, possible_moves, request_for
from carecontinuum.facts import RecordView, StatedWithRequest, facts_at
from carecontinuum.history import EpisodeOfCare, NoSuchEpisode, PatientRecord
from carecontinuum.history.references import misfits_elsewhere
from carecontinuum.policies import combined_verdict
from carecontinuum.programs import Program
from carecontinuum.rules import Fact, Facts, Known, Need

__all__ = [
    "ELSEWHERE",
    "MAP",
    "REPORTED",
    "UNGOVERNED",
    "StatedValues",
    "as_of",
    "decide",
    "judge",
    "options",
    "stated_facts",
    "told_facts",
]

MAP = PolicyRef(id="carecontinuum.map")
"""Who speaks when the map has no such move."""
UNGOVERNED = PolicyRef(id="carecontinuum.ungoverned")
"""Who speaks when no policy has anything to say."""
REPORTED = PolicyRef(id="carecontinuum.reported")
"""Who speaks for discharges that need nobody's permission."""
ELSEWHERE = PolicyRef(id="carecontinuum.other-episodes")
"""Who speaks when the patient's other episodes do not allow it."""
DETAILS = PolicyRef(id="carecontinuum.discharge-details")
"""Who speaks when a kind of discharge needs a detail that was not given."""

# Named once: before Python 3.12, finding a member through its enum costs as much as a call.
_DISCHARGE = TransitionKind.DISCHARGE
_RETURN = TransitionKind.RETURN

StatedValues = Mapping[Any, Any]


def decide(
    record: PatientRecord,
    move: Move,
    *,
    program: Program,
    episode_id: str,
    at: datetime,
    by: str | Actor,
    stated: StatedValues | None = None,
) -> Decision:
    """Decide a move, on the record as it is known, of what had happened by the moment.

    Args:
        record: The patient's record.
        move: What is asked for.
        program: The program that decides.
        episode_id: The episode; a new id for what begins one, a referral or an admission.
        at: When the move is to happen, an aware datetime.
        by: Who asks.
        stated: Facts that whoever asks vouches for: a fact or its id, and its value, which may be
            a `Known` with a source.

    Returns:
        The decision, whatever it is; `Decision.require()` raises where it does not permit.

    Raises:
        NoSuchEpisode: No such episode, and the move does not begin one.
        CannotBeStated: A stated fact is not one the program takes from the request.
        FactValueInvalid: A stated value does not fit its fact.
        NaiveDatetime: `at` has no zone.
    """
    an_instance("move", move, Move, A_MOVE)
    moment = utc(at)
    view = as_of(record, moment)
    episode = _episode(view, episode_id, move, begins_later=episode_id in record.episodes)
    given = stated_facts(program, stated) if stated else ()
    request = request_for(episode, move, program.continuum, at=moment, by=actor(by), stated=given)
    return judge(view, episode, request, program, record_version=record.version)


_BEGINS = frozenset({TransitionKind.REFER, TransitionKind.WAITLIST, TransitionKind.ADMIT})


def as_of(record: PatientRecord, at: datetime) -> PatientRecord:
    """Give a record as of a moment in UTC; the record itself where nothing in it is later."""
    believed = record.believed
    if not believed or believed[-1].occurred_at.instant <= at:
        return record
    return record.as_of(occurred=at)


def _episode(
    record: PatientRecord, episode_id: str, move: Move, *, begins_later: bool
) -> EpisodeOfCare:
    found = record.episodes.get(episode_id)
    if found is not None:
        return found
    if move.kind in _BEGINS:
        return EpisodeOfCare(id=episode_id)
    raise NoSuchEpisode(
        episode_id=episode_id, episodes=tuple(record.episodes), begins_later=begins_later
    )


def stated_facts(program: Program, stated: StatedValues) -> tuple[Stated, ...]:
    """Check facts that come with a request, and give them in the order of their ids.

    Raises:
        CannotBeStated: A fact is not one the program takes from the request.
        FactValueInvalid: A value does not fit its fact.
        WrongArgument: They are no mapping.
    """
    sources, facts = program.sources, program.facts
    found = told_facts(stated)
    for one in found:
        if not isinstance(sources.get(one.fact), StatedWithRequest):
            accepted = [i for i, s in sources.items() if isinstance(s, StatedWithRequest)]
            raise CannotBeStated(fact=one.fact, accepted=tuple(sorted(accepted)))
        facts[one.fact].check(one.value)
    return found


def told_facts(stated: StatedValues) -> tuple[Stated, ...]:
    """Give facts that come with a request in the order of their ids, unchecked.

    Raises:
        WrongArgument: They are no mapping.
    """
    an_instance("stated", stated, Mapping, "a mapping of facts, or their ids, to values")
    found: dict[str, Stated] = {}
    for key, given in stated.items():
        id = key.id if isinstance(key, Fact) else str(key)
        value, source = given, ""
        if isinstance(given, Known):
            known: Known[Any] = given  # pyright: ignore[reportUnknownVariableType]
            value, source = known.value, known.source
        found[id] = Stated(fact=id, value=value, source=source)
    return tuple([found[id] for id in sorted(found)])


def judge(
    view: PatientRecord,
    episode: EpisodeOfCare,
    request: TransitionRequest,
    program: Program,
    *,
    record_version: int,
) -> Decision:
    """Judge a completed request on a record as of its moment."""
    off = off_the_map(episode, request, program.continuum)
    if off is not None:
        return Decision(
            patient_id=view.patient_id,
            request=request,
            program=program.ref,
            record_version=record_version,
            verdict=Verdict.FORBID,
            reasons=(Reason(policy=MAP, verdict=Verdict.FORBID, says=off),),
            on_the_map=False,
        )
    reasons = (
        *_reasons_elsewhere(view, request),
        *_reasons(view, episode, request, program),
    )
    return Decision(
        patient_id=view.patient_id,
        request=request,
        program=program.ref,
        record_version=record_version,
        verdict=combined_verdict(reasons),
        reasons=reasons,
    )


_ENDS = frozenset({TransitionKind.DISCHARGE, TransitionKind.CANCEL})


def _reasons_elsewhere(view: PatientRecord, request: TransitionRequest) -> Iterator[Reason]:
    """Give what the patient's other episodes say against it, whatever the program says."""
    if view.death is None and request.move.readmission_of is None:
        return
    against = misfits_elsewhere(
        view,
        episode_id=request.episode_id,
        at=When.of(request.at),
        goes_on=request.kind not in _ENDS,
        readmission_of=request.move.readmission_of,
    )
    for _, says in against:
        yield Reason(policy=ELSEWHERE, verdict=Verdict.FORBID, says=says)


def _reasons(
    view: PatientRecord, episode: EpisodeOfCare, request: TransitionRequest, program: Program
) -> tuple[Reason, ...]:
    details: tuple[Reason, ...] = ()
    if request.kind is _DISCHARGE:
        kind = program.continuum.discharge_kind(request.move.discharge_kind or "")
        details = _missing_details(request.move, kind.needs if kind else ())
        if kind is not None and not kind.decided:
            says = f"{kind.code} needs nobody's permission"
            return (*details, Reason(policy=REPORTED, verdict=Verdict.PERMIT, says=says))
    moment = RecordView(
        record=view,
        episode=episode,
        at=request.at,
        calendar=program.calendar,
        request=request,
        continuum=program.continuum,
    )
    facts = facts_at(program.sources, moment)
    found = [
        reason
        for policy in program.policies_on(request.kind)
        if (reason := policy(request, facts)) is not None
    ]
    if request.kind is _RETURN:
        found += _reasons_on_the_move(request, facts, program)
    if not found:
        answer = program.when_ungoverned[request.kind]
        says = f"no policy governs this {request.kind.value}; the program answers {answer.value}"
        found = [Reason(policy=UNGOVERNED, verdict=answer, says=says)]
    return (*details, *found)


def _reasons_on_the_move(
    request: TransitionRequest, facts: Facts, program: Program
) -> Iterator[Reason]:
    """Judge the move that a return to another level makes: leave is no way around its policies."""
    if request.origin is None or request.target is None:
        return
    kind = program.continuum.route_kind(request.origin, request.target)
    if kind is not None:
        made = attrs.evolve(request, kind=kind)
        reasons = (policy(made, facts) for policy in program.policies_on(kind))
        yield from (reason for reason in reasons if reason is not None)


_DETAILS = {
    "reason": ("reason_code", "a coded reason for the discharge"),
    "destination": ("destination", "where the person goes"),
    "last_contact": ("last_contact", "when the person was last seen"),
}


def _missing_details(move: Move, needs: tuple[str, ...]) -> tuple[Reason, ...]:
    missing = [_DETAILS[need] for need in needs if getattr(move, _DETAILS[need][0]) is None]
    if not missing:
        return ()
    reason = Reason(
        policy=DETAILS,
        verdict=Verdict.UNDETERMINED,
        says=f"a {move.discharge_kind} discharge needs more details",
        needs=tuple(Need(fact=name, would_supply=words) for name, words in missing),
    )
    return (reason,)


def options(
    record: PatientRecord,
    *,
    program: Program,
    episode_id: str,
    at: datetime,
    by: str | Actor,
    stated: StatedValues | None = None,
) -> tuple[Decision, ...]:
    """Decide every move the map has from where an episode stands.

    The arguments are those of `decide`. An episode that does not exist yet can be referred or
    admitted.

    Raises:
        CannotBeStated: A stated fact is not one the program takes from the request.
        FactValueInvalid: A stated value does not fit its fact.
        NaiveDatetime: `at` has no zone.
    """
    view = as_of(record, utc(at))
    episode = view.episodes.get(episode_id) or EpisodeOfCare(id=episode_id)
    return tuple(
        decide(record, move, program=program, episode_id=episode_id, at=at, by=by, stated=stated)
        for move in possible_moves(episode, program.continuum)
    )
