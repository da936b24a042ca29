"""Witnesses: the facts, the path, the routes or the days that show a fault."""

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

import attrs

from carecontinuum.continuum import AgeGroup, TransitionKind
from carecontinuum.datatypes import When
from carecontinuum.rules import Value

__all__ = [
    "CasesWitness",
    "DatesWitness",
    "FactsWitness",
    "HoursWitness",
    "LeafWitness",
    "LevelsWitness",
    "NameWitness",
    "Step",
    "StepsWitness",
    "Way",
    "Witness",
]


@attrs.frozen(order=False, kw_only=True)
class Way:
    """A move that the map has: a route, or a way into care, out of it, on leave and back.

    Attributes:
        kind: The kind of move.
        origin: The level it leaves; `None` where there is none yet.
        target: The level it reaches; `None` where it reaches none.
        discharge_kind: The kind of discharge; `None` for any other move.
    """

    kind: TransitionKind
    origin: str | None = None
    target: str | None = None
    discharge_kind: str | None = None

    def __str__(self) -> str:
        words = [self.kind.value]
        if self.discharge_kind is not None:
            words.append(f"({self.discharge_kind})")
        if self.origin is not None:
            words.append(f"from `{self.origin}`")
        if self.target is not None:
            words.append(f"to `{self.target}`")
        return " ".join(words)


@attrs.frozen(order=False, kw_only=True)
class FactsWitness:
    """One case: a value for each fact that matters; any other fact may be anything.

    Attributes:
        facts: The value of each fact, by the fact's id.
    """

    TYPE: ClassVar[str] = "facts"
    facts: Mapping[str, Value] = attrs.field(hash=False)

    def __str__(self) -> str:
        return ", ".join(f"{id} = {_shown(value)}" for id, value in self.facts.items())


@attrs.frozen(order=False, kw_only=True)
class Step:
    """Two cases that differ in one fact.

    Attributes:
        facts: The value of each fact before, by the fact's id.
        fact: The fact that differs.
        value: Its value after.
    """

    facts: Mapping[str, Value] = attrs.field(hash=False)
    fact: str
    value: Value

    @property
    def after(self) -> Mapping[str, Value]:
        """The value of each fact after."""
        return {**self.facts, self.fact: self.value}

    def __str__(self) -> str:
        others = [f"{id} = {_shown(value)}" for id, value in self.facts.items() if id != self.fact]
        step = f"{self.fact} from {_shown(self.facts[self.fact])} to {_shown(self.value)}"
        return f"{step}, with {', '.join(others)}" if others else step


@attrs.frozen(order=False, kw_only=True)
class StepsWitness:
    """Two steps of one fact that lead opposite ways.

    Attributes:
        step: The step that leads against most others.
        other: One of those others.
    """

    TYPE: ClassVar[str] = "steps"
    step: Step
    other: Step

    def __str__(self) -> str:
        return f"{self.step}; the other way: {self.other}"


@attrs.frozen(order=False, kw_only=True)
class CasesWitness:
    """All cases: every combination of these values, none of which does what is claimed of it.

    Attributes:
        values: The values tried of each fact, by the fact's id: one for each stretch of values
            between which no rule in question tells a difference.
        ways: The moves on which they were tried; empty where no move is in question.
    """

    TYPE: ClassVar[str] = "cases"
    values: Mapping[str, tuple[Value, ...]] = attrs.field(hash=False)
    ways: tuple[Way, ...] = ()

    def __str__(self) -> str:
        tried = [f"{id} = {' or '.join(map(_shown, values))}" for id, values in self.values.items()]
        cases = f"in no case of {', '.join(tried)}" if tried else "whatever the facts are"
        return f"{_some(self.ways)}: {cases}" if self.ways else cases


@attrs.frozen(order=False, kw_only=True)
class LeafWitness:
    """A comparison that never tells a difference.

    Attributes:
        condition: Its text, as it stands in the rule.
        always: What it always is.
    """

    TYPE: ClassVar[str] = "leaf"
    condition: str
    always: bool

    def __str__(self) -> str:
        return f"{self.condition} is always {'true' if self.always else 'false'}"


@attrs.frozen(order=False, kw_only=True)
class LevelsWitness:
    """All the levels that a walk on the map reaches.

    Attributes:
        start: Where it starts: one level, or all levels of admission.
        reached: The levels it reaches, the start among them.
    """

    TYPE: ClassVar[str] = "levels"
    start: tuple[str, ...]
    reached: tuple[str, ...]

    def __str__(self) -> str:
        start = ", ".join(f"`{code}`" for code in self.start) or "nowhere"
        return f"from {start} one reaches {', '.join(f'`{c}`' for c in self.reached) or 'nothing'}"


@attrs.frozen(order=False, kw_only=True)
class HoursWitness:
    """A number of hours of service a week.

    Attributes:
        hours: The hours.
        age_group: For whom they are asked.
    """

    TYPE: ClassVar[str] = "hours"
    hours: float
    age_group: AgeGroup

    def __str__(self) -> str:
        return f"{self.hours:g} hours a week ({self.age_group.value})"


@attrs.frozen(order=False, kw_only=True)
class DatesWitness:
    """A time for which no version applies, or more than one, `[start, end)`.

    Attributes:
        start: Its first moment; `None` where it has no beginning.
        end: The first moment after it; `None` where it has no end.
    """

    TYPE: ClassVar[str] = "dates"
    start: When | None = None
    end: When | None = None

    def __str__(self) -> str:
        parts = [("from", self.start), ("to", self.end)]
        return " ".join(f"{word} {when}" for word, when in parts if when) or "at all times"


@attrs.frozen(order=False, kw_only=True)
class NameWitness:
    """Something that the program declares.

    Attributes:
        what: What it is: `fact`, `policy` or `criterion`.
        id: Its id.
    """

    TYPE: ClassVar[str] = "name"
    what: str
    id: str

    def __str__(self) -> str:
        return f"{self.what} `{self.id}`"


Witness: TypeAlias = (
    FactsWitness
    | StepsWitness
    | CasesWitness
    | LeafWitness
    | LevelsWitness
    | HoursWitness
    | DatesWitness
    | NameWitness
)
"""What shows a fault."""


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f'"{value}"' if isinstance(value, str) else str(value)


_MANY = 3


def _some(ways: tuple[Way, ...]) -> str:
    named = "; ".join(map(str, ways[:_MANY]))
    more = len(ways) - _MANY
    return f"{named}; and {more} more" if more > 0 else named
