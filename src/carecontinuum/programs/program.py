"""A program: the map, the calendar, the facts and the policies by which people are moved."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar

import attrs

from carecontinuum.canonical import Invalid, Problem, digest
from carecontinuum.continuum import Continuum, TransitionKind
from carecontinuum.datatypes import Calendar, Period
from carecontinuum.decisions import ProgramRef, Verdict
from carecontinuum.facts import (
    LevelNow,
    Reading,
    RequestedDischarge,
    RequestedLevel,
    Source,
    StatedWithRequest,
)
from carecontinuum.policies import (
    Licence,
    PlacementCriteria,
    PlacementTable,
    TransitionPolicy,
    facts_of,
    placement_problems,
    placement_tables,
)
from carecontinuum.rules import Choice, Fact, facts_read

__all__ = ["Licence", "Program", "ProgramInvalid", "Purpose"]


class ProgramInvalid(Invalid):
    """A program contradicts itself."""

    code = "CC220"


class Purpose(Enum):
    """What a program is for."""

    CARE = "care"
    VOCABULARY = "vocabulary"


def _answers(value: Verdict | Mapping[str, Verdict]) -> dict[str, Verdict]:
    if isinstance(value, Verdict):
        return {kind.value: value for kind in TransitionKind}
    return {str(kind): verdict for kind, verdict in value.items()}


@attrs.frozen(order=False, kw_only=True)
class Program:
    """A program of care, or a vocabulary in the form of one: data with a version of its own.

    A fact that a policy reads and no reading names is read from what is stated with the request.

    Attributes:
        id: Its id.
        version: Its version.
        continuum: The map.
        calendar: How it counts days.
        when_ungoverned: The verdict where no policy has anything to say: one for all, or one for
            each kind of move.
        readings: Where facts are read.
        policies: The policies; their order changes no verdict.
        purpose: Care, or a vocabulary only.
        title: Its words.
        effective: When this version applies, `[start, end)`.
        notice: What every reader must be told, as in whose names the levels' names are.
        citations: Where it comes from.
        licence: The licence of what is not its own; `None` where all of it is open.
        placement: By which rules a level is recommended; `None` where it recommends none.

    Raises:
        ProgramInvalid: With every problem and its path.
    """

    TYPE: ClassVar[str] = "program"
    id: str
    version: str
    continuum: Continuum
    calendar: Calendar
    when_ungoverned: Mapping[str, Verdict] = attrs.field(converter=_answers, hash=False)
    readings: tuple[Reading[Any], ...] = ()
    policies: tuple[TransitionPolicy, ...] = ()
    purpose: Purpose = Purpose.CARE
    title: str = ""
    effective: Period = attrs.field(factory=Period)
    notice: str = ""
    citations: tuple[str, ...] = ()
    licence: Licence | None = None
    placement: PlacementCriteria | None = None

    def __attrs_post_init__(self) -> None:
        if problems := tuple(_problems(self)):
            raise ProgramInvalid(subject=f"program `{self.id}`", problems=problems)

    @cached_property
    def ref(self) -> ProgramRef:
        """Its id, version and the digest of its canonical form."""
        return ProgramRef(id=self.id, version=self.version, digest=digest(self))

    @property
    def opaque(self) -> tuple[str, ...]:
        """The ids of the policies that are code: a proof stops there, the digest at the version."""
        return tuple(policy.ref.id for policy in self.policies if policy.definition is None)

    @cached_property
    def placement_tables(self) -> tuple[PlacementTable, ...]:
        """The placement rules of each track that has any, ready to be asked."""
        if self.placement is None:
            return ()
        return placement_tables(self.placement, self.continuum)

    @cached_property
    def facts(self) -> Mapping[str, Fact[Any]]:
        """Every fact it reads, by id."""
        named = [reading.fact for reading in self.readings]
        read = [fact for policy in self.policies for fact in facts_of(policy)]
        placed = () if self.placement is None else self.placement.facts
        return {fact.id: fact for fact in (*named, *read, *placed)}

    @cached_property
    def sources(self) -> Mapping[str, Source[Any]]:
        """The source of every fact it reads, by the fact's id."""
        named: dict[str, Source[Any]] = {r.fact.id: r.source for r in self.readings}
        return {id: named.get(id) or StatedWithRequest(fact=id) for id in self.facts}

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[TransitionPolicy, ...]]:
        return {
            kind: tuple(p for p in self.policies if p.on is None or kind.value in p.on)
            for kind in TransitionKind
        }

    def policies_on(self, kind: TransitionKind) -> tuple[TransitionPolicy, ...]:
        """Give the policies that judge a kind of move."""
        return self._by_kind[kind]

    def applies_at(self, at: datetime) -> bool:
        """Tell whether this version applies at an aware moment."""
        return self.effective.contains(at)


def _problems(program: Program) -> Iterator[Problem]:
    for name in ("id", "version"):
        if not getattr(program, name):
            yield Problem(name, "empty", f"`{name}` is empty; give it a text")
    start, end = program.effective.start, program.effective.end
    if start is not None and end is not None and end.instant <= start.instant:
        yield Problem("effective", "empty-period", "it ends before it begins")
    if not 0 <= program.calendar.week_starts <= _SUNDAY:
        says = "the first day of the week is a number from 0, Monday, to 6, Sunday"
        yield Problem("calendar.week_starts", "out-of-range", says)
    yield from _ungoverned_problems(program.when_ungoverned)
    yield from _policy_problems(program)
    yield from _reading_problems(program)
    if program.placement is not None:
        for problem in placement_problems(program.placement, program.continuum):
            yield attrs.evolve(problem, path=f"placement.{problem.path}")


_SUNDAY = 6


def _ungoverned_problems(answers: Mapping[str, Verdict]) -> Iterator[Problem]:
    kinds = [kind.value for kind in TransitionKind]
    for kind in kinds:
        if kind not in answers:
            path = f"when_ungoverned.{kind}"
            yield Problem(path, "no-answer", "say what holds where no policy governs this kind")
    for kind in answers:
        if kind not in kinds:
            accepted = ", ".join(kinds)
            yield Problem(f"when_ungoverned.{kind}", "unknown-kind", f"accepted are {accepted}")


def _policy_problems(program: Program) -> Iterator[Problem]:
    ids = [policy.ref.id for policy in program.policies]
    for index, id in enumerate(ids):
        if id in ids[:index]:
            yield Problem(f"policies[{index}].id", "repeated", f"policy `{id}` is there already")


_NAMES_OF_THE_MAP = (LevelNow, RequestedLevel, RequestedDischarge)


def _reading_problems(program: Program) -> Iterator[Problem]:
    declared: dict[str, Fact[Any]] = {}
    for index, reading in enumerate(program.readings):
        id = reading.fact.id
        if id in declared:
            yield Problem(f"readings[{index}]", "repeated", f"fact `{id}` has a reading already")
        declared[id] = reading.fact
        named = isinstance(reading.source, _NAMES_OF_THE_MAP)
        if named and isinstance(reading.fact, Choice) and reading.fact.codes:
            says = "its source gives the codes of the map; declare the choice without `codes`"
            yield Problem(f"readings[{index}].fact", "limited", says)
        if isinstance(reading.source, StatedWithRequest) and reading.source.fact != id:
            says = f"it reads what is stated of `{reading.source.fact}`, not of `{id}`"
            yield Problem(f"readings[{index}].source", "another-fact", says)
    for path, facts in _readers(program):
        for fact in facts:
            if declared.setdefault(fact.id, fact) != fact:
                says = f"fact `{fact.id}` is declared in two different ways"
                yield Problem(path, "two-declarations", says)


def _readers(program: Program) -> Iterator[tuple[str, Iterable[Fact[Any]]]]:
    for index, policy in enumerate(program.policies):
        facts = sorted(facts_of(policy), key=lambda fact: fact.id)
        yield f"policies[{index}].reads", facts
    for index, rule in enumerate(program.placement.rules if program.placement else ()):
        yield f"placement.rules[{index}].rule", facts_read(rule.rule)
