"""Placement criteria: rules that each speak for a level of care."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

import attrs

from carecontinuum.canonical import Invalid, Problem
from carecontinuum.continuum import Continuum, LevelOfCare, Track
from carecontinuum.datatypes import Period
from carecontinuum.rules import Expression, Fact, Facts, FactsMissing, facts_read, rule_text
from carecontinuum.rules.compiling import Compiled, Values, compiled
from carecontinuum.rules.criteria import Criterion
from carecontinuum.rules.evaluation import Assessed, Assessor, assessor
from carecontinuum.rules.expressions import check_condition, leaves

__all__ = [
    "Licence",
    "PlacementCriteria",
    "PlacementInvalid",
    "PlacementRule",
    "PlacementTable",
    "placement_problems",
    "placement_tables",
]


class PlacementInvalid(Invalid):
    """Placement criteria contradict themselves."""

    code = "CC240"


@attrs.frozen(order=False, kw_only=True)
class Licence:
    """Under which licence somebody else's material is in a program.

    Attributes:
        holder: Who holds the rights.
        edition: Which edition of the material it is.
        terms: What is allowed, in words.
        acquired: When the licence was acquired; `None` if not told.
    """

    holder: str
    edition: str = ""
    terms: str = ""
    acquired: date | None = None


def _is_condition(_: object, __: object, rule: Expression) -> None:
    check_condition(rule)


@attrs.frozen(order=False, kw_only=True)
class PlacementRule:
    """A rule that speaks for a level: where it holds, care is at least as intensive as that.

    Attributes:
        id: Its id, unique among the criteria.
        level: The code of the level.
        rule: What must hold.
        says: Its words; empty means the rule's own text.
        citation: Where it comes from.
    """

    TYPE: ClassVar[str] = "placement-rule"
    id: str
    level: str
    rule: Expression = attrs.field(validator=_is_condition)
    says: str = ""
    citation: str = ""

    @cached_property
    def words(self) -> str:
        """Its words: those given, or the rule's own text."""
        return self.says or rule_text(self.rule)

    @cached_property
    def _assess(self) -> Assessor:
        return assessor(self.rule)

    def assess(self, facts: Facts) -> Assessed:
        """Tell whether it holds, what decided it, and which missing facts would."""
        return self._assess(facts)


def _rules(rules: Iterable[PlacementRule]) -> tuple[PlacementRule, ...]:
    return tuple(rules)


@attrs.frozen(order=False, kw_only=True)
class PlacementCriteria:
    """The rules by which a level of care is recommended; their order changes nothing.

    Within each track of the continuum the most intensive level wins of which a rule holds.

    Attributes:
        id: Their id.
        version: Their version.
        rules: The rules.
        default: The level recommended when every rule of its track certainly does not hold; `None`
            recommends none then.
        effective: When they apply, `[start, end)`.
        licence: The licence of what is not one's own; `None` where all of it is open.
        citations: Where they come from.

    Raises:
        PlacementInvalid: With every problem and its path.
    """

    TYPE: ClassVar[str] = "placement"
    id: str
    version: str
    rules: tuple[PlacementRule, ...] = attrs.field(converter=_rules)
    default: str | None = None
    effective: Period = attrs.field(factory=Period)
    licence: Licence | None = None
    citations: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if problems := tuple(_problems(self)):
            raise PlacementInvalid(subject=f"placement criteria `{self.id}`", problems=problems)

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """Every fact the rules read, each once, in the order of writing."""
        return self._facts

    @cached_property
    def _facts(self) -> tuple[Fact[Any], ...]:
        return tuple(dict.fromkeys(f for rule in self.rules for f in facts_read(rule.rule)))

    @property
    def opaque(self) -> tuple[str, ...]:
        """The ids of the rules that hold code of their own: a proof stops there."""
        return tuple(rule.id for rule in self.rules if _is_opaque(rule))


def _is_opaque(rule: PlacementRule) -> bool:
    return any(isinstance(leaf, Criterion) for leaf in leaves(rule.rule))


def _problems(criteria: PlacementCriteria) -> Iterator[Problem]:
    for name in ("id", "version"):
        if not getattr(criteria, name):
            yield Problem(name, "empty", f"`{name}` is empty; give it a text")
    if not criteria.rules:
        yield Problem("rules", "empty", "no rule; at least one is needed")
    ids = [rule.id for rule in criteria.rules]
    for index, id in enumerate(ids):
        if not id:
            yield Problem(f"rules[{index}].id", "empty", "`id` is empty; give it a text")
        if id in ids[:index]:
            yield Problem(f"rules[{index}].id", "repeated", f"rule `{id}` is there already")
    start, end = criteria.effective.start, criteria.effective.end
    if start is not None and end is not None and end.instant <= start.instant:
        yield Problem("effective", "empty-period", "it ends before it begins")


def placement_problems(criteria: PlacementCriteria, continuum: Continuum) -> Iterator[Problem]:
    """Give what keeps criteria from being used on a map."""
    named: list[tuple[str, str]] = [
        (f"rules[{i}].level", rule.level) for i, rule in enumerate(criteria.rules)
    ]
    if criteria.default is not None:
        named.append(("default", criteria.default))
    for path, code in named:
        if code not in continuum:
            known = ", ".join(f"`{level.code}`" for level in continuum.levels)
            yield Problem(path, "unknown-level", f"no level `{code}`; there are {known}")
    if not any(code not in continuum for _, code in named):
        yield from _default_problems(criteria, continuum)


def _default_problems(criteria: PlacementCriteria, continuum: Continuum) -> Iterator[Problem]:
    """The default stands for the absence of needs, so no rule may speak for less."""
    if criteria.default is None:
        return
    default = continuum.level(criteria.default)
    for rule in criteria.rules:
        level = continuum.level(rule.level)
        if level.track is default.track and level.intensity < default.intensity:
            says = f"`{default.code}` is more intensive than `{level.code}` of rule `{rule.id}`"
            yield Problem("default", "too-intensive", says)


@attrs.frozen(order=False, kw_only=True, eq=False)
class PlacementTable:
    """The rules of one track, the most intensive level first: as it is asked for an answer.

    Attributes:
        track: The track.
        rules: Its rules; those of equal intensity in the order of the map, then of their ids.
        default: The level where every rule certainly does not hold; `None` for none.
        levels: The level of each rule, and after them the default.
    """

    track: Track
    rules: tuple[PlacementRule, ...]
    default: str | None
    levels: tuple[str | None, ...]
    _ranks: dict[str | None, float] = attrs.field(alias="ranks", repr=False)

    @cached_property
    def opaque(self) -> bool:
        """Whether a rule holds code of its own, so that only `recommend` can answer."""
        return any(map(_is_opaque, self.rules))

    @cached_property
    def compiled(self) -> Compiled:
        """The rules as functions, which give indexes into `levels`.

        Raises:
            RuleInvalid: A rule holds code of its own.
        """
        return compiled([rule.rule for rule in self.rules])

    @cached_property
    def facts(self) -> tuple[Fact[Any], ...]:
        """Every fact the rules read, each once."""
        return tuple(dict.fromkeys(f for rule in self.rules for f in facts_read(rule.rule)))

    def rank(self, level: str | None) -> float:
        """Give the intensity of one of its levels; no level is below all."""
        return self._ranks[level]

    def level(self, values: Values) -> str | None:
        """Give the level for values that are all known; `None` where no rule holds.

        Args:
            values: Values by the id of their fact; they are taken to fit their facts.

        Raises:
            FactsMissing: A value is not known; `bounds` answers then.
            RuleInvalid: A rule holds code of its own.
        """
        index = self.compiled.first(values)
        if index < 0:
            missing = (fact.id for fact in self.facts if values.get(fact.id) is None)
            raise FactsMissing(facts=tuple(missing))
        return self.levels[index]

    def bounds(self, values: Values) -> tuple[str | None, str | None]:
        """Give the floor and the ceiling for what is known; `None` stands for no level.

        Args:
            values: Values by the id of their fact, a `Span` where one is known within bounds only;
                what is `None` or not there is not known. They are taken to fit their facts.

        Raises:
            RuleInvalid: A rule holds code of its own.
        """
        certain, possible = self.compiled.bounds(values)
        return self.levels[certain], self.levels[possible]


def placement_tables(
    criteria: PlacementCriteria, continuum: Continuum
) -> tuple[PlacementTable, ...]:
    """Give the table of each track that has rules, in the order of the tracks."""
    order = {level.code: place for place, level in enumerate(continuum.levels)}
    tables = (_table(criteria, continuum, track, order) for track in Track)
    return tuple(table for table in tables if table.rules)


def _table(
    criteria: PlacementCriteria, continuum: Continuum, track: Track, order: dict[str, int]
) -> PlacementTable:
    def rank(rule: PlacementRule) -> tuple[int, int, str]:
        level: LevelOfCare = continuum.level(rule.level)
        return (-level.intensity, order[level.code], rule.id)

    mine = [rule for rule in criteria.rules if continuum.level(rule.level).track is track]
    rules = tuple(sorted(mine, key=rank))
    default = criteria.default
    if default is not None and continuum.level(default).track is not track:
        default = None
    levels = (*(rule.level for rule in rules), default)
    ranks = {code: _rank(code, continuum) for code in levels}
    return PlacementTable(track=track, rules=rules, default=default, levels=levels, ranks=ranks)


def _rank(code: str | None, continuum: Continuum) -> float:
    return float("-inf") if code is None else continuum.level(code).intensity
