"""From a document to a program, with every problem there is, each where its author finds it."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.continuum import Continuum, LevelOfCare, Setting
from carecontinuum.datatypes import Calendar, Period, When
from carecontinuum.decisions import Verdict
from carecontinuum.facts import Reading
from carecontinuum.library.documents import (
    CalendarDocument,
    EffectiveDocument,
    ProgramDocument,
    UngovernedDocument,
    Weekday,
)
from carecontinuum.library.facts import NAMES_OF_THE_MAP, reading_of
from carecontinuum.library.maps import continuum_of
from carecontinuum.library.policies import Declared, policy_of
from carecontinuum.library.structuring import key_of
from carecontinuum.library.words import code_problems, guess, shown
from carecontinuum.policies import RulePolicy
from carecontinuum.programs import Program, ProgramInvalid

__all__ = ["program_of"]

_NO_MAP = Continuum(
    id="none",
    version="none",
    levels=(LevelOfCare(code="none", display="none", setting=Setting.COMMUNITY, intensity=0),),
)
"""Takes the place of a map with problems, so that those of the rest are found as well."""


def program_of(document: ProgramDocument) -> Program | tuple[Problem, ...]:
    """Make the program of a document, or give all that is wrong with it."""
    found: list[Problem] = []
    for key in ("id", "version"):
        found += code_problems(key, getattr(document, key))
    continuum = continuum_of(document, found)
    calendar = _calendar(document.calendar, found)
    effective = _effective(document.effective, calendar.zone, found)
    found += _repeated(document)
    readings = dict(_readings(document, found))
    policies = dict(_policies(document, tuple(readings.values()), found))
    try:
        program = Program(
            id=document.id,
            version=document.version,
            continuum=continuum or _NO_MAP,
            calendar=calendar,
            when_ungoverned=_ungoverned(document.when_ungoverned),
            readings=tuple(readings.values()),
            policies=tuple(policies.values()),
            purpose=document.purpose,
            title=document.title,
            effective=effective,
            notice=document.notice,
            citations=document.citations,
            licence=document.licence,
        )
    except ProgramInvalid as invalid:
        traced = _traced(invalid.problems, tuple(readings), tuple(policies))
        return tuple(dict.fromkeys([*found, *traced]))
    return tuple(found) or program


def _repeated(document: ProgramDocument) -> Iterator[Problem]:
    """Find ids used twice, even where what bears them cannot be made."""
    facts = [fact.id for fact in document.facts]
    policies = [policy.id for policy in document.policies]
    for index, id in enumerate(facts):
        if id in facts[:index]:
            says = f"fact {shown(id)} is declared already"
            yield Problem(f"facts[{index}].id", "repeated", says)
    for index, id in enumerate(policies):
        if id in policies[:index]:
            yield Problem(
                f"policies[{index}].id", "repeated", f"policy {shown(id)} is there already"
            )


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


def _effective(document: EffectiveDocument, zone: ZoneInfo, found: list[Problem]) -> Period:
    return Period(
        start=_midnight(document.from_, "effective.from", zone, found),
        end=_midnight(document.until, "effective.until", zone, found),
    )


def _midnight(day: date | None, path: str, zone: ZoneInfo, found: list[Problem]) -> When | None:
    try:
        return None if day is None else When.on(day, zone=zone)
    except OverflowError:
        found.append(Problem(path, "out-of-range", "no such day in every time zone"))
    return None


def _ungoverned(document: UngovernedDocument) -> dict[str, Verdict]:
    own = {key_of(name): verdict for name, verdict in attrs.asdict(document).items()}
    return {
        kind: document.default if verdict is None else verdict
        for kind, verdict in own.items()
        if kind != "default"
    }


def _readings(
    document: ProgramDocument, found: list[Problem]
) -> Iterator[tuple[int, Reading[Any]]]:
    for index, fact in enumerate(document.facts):
        reading = reading_of(fact, f"facts[{index}]", found)
        if reading is not None:
            yield index, reading


def _policies(
    document: ProgramDocument, readings: tuple[Reading[Any], ...], found: list[Problem]
) -> Iterator[tuple[int, RulePolicy]]:
    declared = _declared(document, readings)
    for index, policy in enumerate(document.policies):
        made = policy_of(policy, f"policies[{index}]", declared, found)
        if made is not None:
            yield index, made


def _declared(document: ProgramDocument, readings: tuple[Reading[Any], ...]) -> Declared:
    levels = tuple(level.code for level in document.levels)
    kinds = tuple(kind.code for kind in document.discharge_kinds)
    codes = {"level": levels, "requested-level": levels, "requested-discharge": kinds}
    facts = {reading.fact.id: reading.fact for reading in readings}
    return Declared(
        facts=facts,
        codes={
            reading.fact.id: codes[kind]
            for reading in readings
            if (kind := getattr(reading.source, "TYPE", "")) in NAMES_OF_THE_MAP
        },
        broken=frozenset(fact.id for fact in document.facts) - facts.keys(),
    )


_INDEXED = re.compile(r"(readings|policies)\[(\d+)\](.*)")


def _traced(
    problems: Iterable[Problem], facts: tuple[int, ...], policies: tuple[int, ...]
) -> Iterator[Problem]:
    """Give each problem of the program the path that the file has."""
    places = {"readings": ("facts", facts, ".id"), "policies": ("policies", policies, "")}
    for problem in problems:
        path = problem.path
        if match := _INDEXED.fullmatch(path):
            name, indices, key = places[match[1]]
            path = f"{name}[{indices[int(match[2])]}]{match[3] or key}"
        elif path == "effective":
            path = "effective.until"
        yield attrs.evolve(problem, path=path)
