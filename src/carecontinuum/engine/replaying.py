"""Judging past decisions again, by another version of the program."""

from collections.abc import Iterator, Mapping
from enum import Enum

import attrs

from carecontinuum.decisions import Decision
from carecontinuum.engine.deciding import judge
from carecontinuum.engine.requests import request_for
from carecontinuum.facts import StatedWithRequest
from carecontinuum.history import Decided, EpisodeOfCare, Event, PatientRecord
from carecontinuum.programs import Program

__all__ = ["Judged", "Rejudged", "replay"]


class Judged(Enum):
    """How a decision made then compares with one made now."""

    SAME = "same"
    CHANGED = "changed"
    NOT_COMPARABLE = "not-comparable"


@attrs.frozen(order=False, kw_only=True)
class Rejudged:
    """A recorded decision beside what another program version would decide.

    Attributes:
        event_id: The recorded decision's event.
        outcome: How the two compare.
        then: The decision as it was made.
        now: The decision by the other version; `None` if it cannot be made.
        why: What differs, or what has no counterpart.
    """

    event_id: str
    outcome: Judged
    then: Decision = attrs.field(repr=False)
    now: Decision | None = attrs.field(repr=False)
    why: tuple[str, ...] = ()


def replay(
    record: PatientRecord, program: Program, *, level_map: Mapping[str, str] | None = None
) -> tuple[Rejudged, ...]:
    """Judge each recorded decision again, refusals included.

    Each is judged on the record as it was known when the decision was made, of what had happened
    by the moment it was for, without itself and what followed; facts are read afresh by the
    program given.

    Args:
        record: The patient's record.
        program: The program version to judge by.
        level_map: Level codes of then and of the program given, where they differ.
    """
    return tuple(_all(record, program, level_map or {}))


def _all(
    record: PatientRecord, program: Program, level_map: Mapping[str, str]
) -> Iterator[Rejudged]:
    before = PatientRecord(patient_id=record.patient_id)
    waiting: list[Event] = []
    for event in record.events:
        if isinstance(event.body, Decided):
            before = before.append(*waiting)
            waiting = []
            yield _rejudged(event.id, event.body.decision, before, program, level_map)
        waiting.append(event)


def _rejudged(
    event_id: str,
    then: Decision,
    before: PatientRecord,
    program: Program,
    level_map: Mapping[str, str],
) -> Rejudged:
    asked = then.request
    view = before.as_of(occurred=asked.at)
    episode = view.episodes.get(asked.episode_id) or EpisodeOfCare(id=asked.episode_id)
    level = None if episode.level is None else level_map.get(episode.level, episode.level)
    target = None if asked.move.to is None else level_map.get(asked.move.to, asked.move.to)
    missing = tuple(_without_counterpart(then, level, target, program))
    if missing:
        return Rejudged(
            event_id=event_id, outcome=Judged.NOT_COMPARABLE, then=then, now=None, why=missing
        )
    episode = attrs.evolve(episode, level=level)
    request = request_for(
        episode,
        attrs.evolve(asked.move, to=target),
        program.continuum,
        at=asked.at,
        by=asked.by,
        stated=asked.stated,
    )
    now = judge(view, episode, request, program, record_version=before.version)
    why = tuple(_differences(then, now))
    outcome = Judged.CHANGED if why else Judged.SAME
    return Rejudged(event_id=event_id, outcome=outcome, then=then, now=now, why=why)


def _without_counterpart(
    then: Decision, level: str | None, target: str | None, program: Program
) -> Iterator[str]:
    if then.program == program.ref:
        return
    for code in dict.fromkeys((level, target)):
        if code is not None and code not in program.continuum and then.on_the_map:
            yield f"level `{code}` is not in continuum `{program.continuum.id}`"
    for stated in then.request.stated:
        if not isinstance(program.sources.get(stated.fact), StatedWithRequest):
            yield f"fact `{stated.fact}` is not one this program takes from a request"


def _differences(then: Decision, now: Decision) -> Iterator[str]:
    if (then.verdict, then.on_the_map) == (now.verdict, now.on_the_map):
        return
    yield f"{_answer(then)} then, {_answer(now)} now"
    said = {reason.policy.id: reason for reason in then.reasons}
    for reason in now.reasons:
        before = said.pop(reason.policy.id, None)
        if before is None:
            yield f"`{reason.policy.id}` now says {reason.verdict.value}: {reason.says}"
        elif before.verdict is not reason.verdict:
            yield (
                f"`{reason.policy.id}` said {before.verdict.value}, now {reason.verdict.value}: "
                f"{reason.says}"
            )
    for id, reason in said.items():
        yield f"`{id}` said {reason.verdict.value} and is no longer asked"


def _answer(decision: Decision) -> str:
    return decision.verdict.value if decision.on_the_map else "not on the map"
