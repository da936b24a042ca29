"""From a document to a program, with every problem there is, each where its author finds it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.continuum import Continuum, LevelOfCare, Setting
from carecontinuum.datatypes import Calendar, MomentOutOfRange, Period, When
from carecontinuum.decisions import Verdict
from carecontinuum.facts import (
    LevelElsewhere,
    LevelNow,
    Reading,
    RequestedDischarge,
    RequestedLevel,
    Source,
)
from carecontinuum.library.documents import (
    CalendarDocument,
    EffectiveDocument,
    ProgramDocument,
    UngovernedDocument,
    Weekday,
)
from carecontinuum.library.facts import reading_of
from carecontinuum.library.maps import continuum_of
from carecontinuum.library.placement import criteria_of, review_policies
from carecontinuum.library.policies import Declared, policy_of
from carecontinuum.library.structuring import key_of
from carecontinuum.library.words import code_problems, guess, shown, unknown
from carecontinuum.policies import PlacementCriteria, RulePolicy
from carecontinuum.policies.ready_made import readings_for
from carecontinuum.programs import Program, ProgramInvalid
from carecontinuum.records import Instrument

__all__ = ["program_of"]

_NO_MAP = Continuum(
    id="none",
    version="none",
    levels=(LevelOfCare(code="none", display="none", setting=Setting.COMMUNITY, intensity=0),),
)
"""Takes the place of a map with problems, so that those of the rest are found as well."""


def program_of(
    document: ProgramDocument, instruments: Iterable[Instrument] = ()
) -> Program | tuple[Problem, ...]:
    """Make the program of a document, or give all that is wrong with it.

    Args:
        document: What the file says.
        instruments: Those that it may name besides the shipped ones, and before them.
    """
    found = list(_id_problems(document))
    continuum = continuum_of(document, found)
    calendar = _calendar(document.calendar, found)
    effective = _effective(document.effective, "effective", calendar.zone, found)
    readings = _readings(document, found, {one.id: one for one in instruments})
    declared = _declared(document, readings)
    policies = _policies(document, declared, found)
    placement = _placement(document, declared, calendar.zone, found)
    reviews = () if document.placement is None else review_policies(document.placement, found)
    own = frozenset(readings)
    more = tuple(reading for reading in readings_for(reviews) if reading.fact.id not in own)
    try:
        program = Program(
            id=document.id,
            version=document.version,
            continuum=continuum or _NO_MAP,
            calendar=calendar,
            when_ungoverned=_ungoverned(document.when_ungoverned),
            readings=(*readings.values(), *more),
            policies=(*policies.values(), *reviews),
            purpose=document.purpose,
            title=document.title,
            effective=effective,
            notice=document.notice,
            citations=document.citations,
            licence=document.licence,
            placement=placement if continuum is not None else None,
        )
    except ProgramInvalid as invalid:
        return tuple(dict.fromkeys([*found, *_traced(invalid.problems)]))
    return tuple(found) or program


def _id_problems(document: ProgramDocument) -> Iterator[Problem]:
    for key in ("id", "version"):
        yield from code_problems(key, getattr(document, key))
    yield from _repeated("facts", "fact", [fact.id for fact in document.facts])
    yield from _repeated("policies", "policy", [policy.id for policy in document.policies])


def _repeated(path: str, what: str, ids: list[str]) -> Iterator[Problem]:
    for index, id in enumerate(ids):
        if id in ids[:index]:
            says = f"{what} {shown(id)} is there already; ids are unique"
            yield Problem(f"{path}[{index}].id", "repeated", says)


def _traced(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Give each problem of the program the path that the file has."""
    for problem in problems:
        path = "effective.until" if problem.path == "effective" else problem.path
        yield attrs.evolve(problem, path=path)


def _calendar(document: CalendarDocument, found: list[Problem]) -> Calendar:
    return Calendar(
        zone=_zone(document.zone, found),
        week_starts=list(Weekday).index(document.week_starts),
        leave_counts=document.leave_counts,
    )


def _zone(name: str, found: list[Problem]) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        hint = guess(name, sorted(available_timezones()))
    says = hint or "needed is an IANA name, as in `America/New_York`"
    found.append(Problem("calendar.zone", "unknown-zone", f"no time zone {shown(name)}; {says}"))
    return ZoneInfo("UTC")


def _effective(
    document: EffectiveDocument, path: str, zone: ZoneInfo, found: list[Problem]
) -> Period:
    return Period(
        start=_midnight(document.from_, f"{path}.from", zone, found),
        end=_midnight(document.until, f"{path}.until", zone, found),
    )


def _midnight(day: date | None, path: str, zone: ZoneInfo, found: list[Problem]) -> When | None:
    try:
        return None if day is None else When.on(day, zone=zone)
    except MomentOutOfRange:
        found.append(
            Problem(path, "out-of-range", "the years 2 to 9998 are read; leave it out for no end")
        )
    return None


def _ungoverned(document: UngovernedDocument) -> dict[str, Verdict]:
    own = {key_of(name): verdict for name, verdict in attrs.asdict(document).items()}
    return {
        kind: document.default if verdict is None else verdict
        for kind, verdict in own.items()
        if kind != "default"
    }


def _readings(
    document: ProgramDocument, found: list[Problem], own: Mapping[str, Instrument]
) -> dict[str, Reading[Any]]:
    codes = [level.code for level in document.levels]
    made: dict[str, Reading[Any]] = {}
    for index, fact in enumerate(document.facts):
        reading = reading_of(fact, f"facts[{index}]", found, own)
        if reading is not None:
            made[reading.fact.id] = reading
            found += _level_problems(reading.source, f"facts[{index}].source.levels", codes)
    return made


def _level_problems(source: Source[Any], path: str, codes: list[str]) -> Iterator[Problem]:
    for index, code in enumerate(source.levels if isinstance(source, LevelElsewhere) else ()):
        if code not in codes:
            yield Problem(f"{path}[{index}]", "unknown-level", unknown("level", code, codes))


def _policies(
    document: ProgramDocument, declared: Declared, found: list[Problem]
) -> dict[str, RulePolicy]:
    made = (
        policy_of(policy, f"policies[{i}]", declared, found)
        for i, policy in enumerate(document.policies)
    )
    return {policy.ref.id: policy for policy in made if policy is not None}


def _placement(
    document: ProgramDocument, declared: Declared, zone: ZoneInfo, found: list[Problem]
) -> PlacementCriteria | None:
    criteria = document.placement
    if criteria is None:
        return None
    return criteria_of(
        criteria,
        declared,
        found,
        id=document.id,
        version=document.version,
        effective=_effective(criteria.effective, "placement.effective", zone, found),
    )


def _declared(document: ProgramDocument, readings: Mapping[str, Reading[Any]]) -> Declared:
    levels = tuple(level.code for level in document.levels)
    kinds = tuple(kind.code for kind in document.discharge_kinds)
    codes: Mapping[type[object], tuple[str, ...]] = {
        LevelNow: levels,
        RequestedLevel: levels,
        RequestedDischarge: kinds,
        LevelElsewhere: ("", *levels),
    }
    return Declared(
        facts={id: reading.fact for id, reading in readings.items()},
        codes={
            id: codes[type(reading.source)]
            for id, reading in readings.items()
            if type(reading.source) in codes
        },
        broken=frozenset(fact.id for fact in document.facts) - readings.keys(),
    )
