"""What can be wrong with a fact or a rule."""

from carecontinuum.errors import CareContinuumError, listed

__all__ = [
    "FactInvalid",
    "FactValueInvalid",
    "FactsMissing",
    "RuleInvalid",
    "RuleTextInvalid",
    "UndeclaredFact",
]


class FactInvalid(CareContinuumError):
    """A fact is declared with an impossible id or range."""

    code = "CC120"
    fact: str
    says: str

    def __init__(self, *, fact: str, says: str) -> None:
        """Name the fact and say what is wrong with it."""
        self.fact = fact
        self.says = says
        super().__init__(fact=fact, says=says)

    def message(self) -> str:
        """Name the fact and what is accepted."""
        return f"fact `{self.fact}`: {self.says}"


class FactValueInvalid(CareContinuumError):
    """A value does not fit the fact it was given for; the value itself is not repeated."""

    code = "CC121"
    fact: str
    accepted: str

    def __init__(self, *, fact: str, accepted: str) -> None:
        """Name the fact and what it takes."""
        self.fact = fact
        self.accepted = accepted
        super().__init__(fact=fact, accepted=accepted)

    def message(self) -> str:
        """Name the fact and what it takes."""
        return f"the value given for `{self.fact}` does not fit; accepted is {self.accepted}"


class UndeclaredFact(CareContinuumError):
    """A policy read a fact that it had not declared in `reads`."""

    code = "CC122"
    fact: str
    declared: tuple[str, ...]

    def __init__(self, *, fact: str, declared: tuple[str, ...]) -> None:
        """Name the fact and what was declared."""
        self.fact = fact
        self.declared = declared
        super().__init__(fact=fact, declared=declared)

    def message(self) -> str:
        """Name the fact and what was declared."""
        return (
            f"fact `{self.fact}` was read without being declared; add it to `reads`, "
            f"which now has {listed(self.declared)}"
        )


class RuleInvalid(CareContinuumError):
    """A condition joins nothing, or something that is no condition."""

    code = "CC124"
    says: str

    def __init__(self, *, says: str) -> None:
        """Say what is wrong with it."""
        self.says = says
        super().__init__(says=says)

    def message(self) -> str:
        """Say what was given and what is needed."""
        return self.says


class RuleTextInvalid(CareContinuumError):
    """A rule's text cannot be read."""

    code = "CC123"
    position: int
    says: str

    def __init__(self, *, position: int, says: str) -> None:
        """Give the place, counted in characters from 0, and what was wrong there."""
        self.position = position
        self.says = says
        super().__init__(position=position, says=says)

    def message(self) -> str:
        """Give the place and the cause."""
        return f"rule text, character {self.position}: {self.says}"


class FactsMissing(CareContinuumError):
    """One answer was asked for where facts that it depends on are not known."""

    code = "CC125"
    facts: tuple[str, ...]

    def __init__(self, *, facts: tuple[str, ...]) -> None:
        """Name the facts."""
        self.facts = facts
        super().__init__(facts=facts)

    def message(self) -> str:
        """Name the facts and say what can be asked instead."""
        return f"not known: {listed(self.facts)}; ask for `bounds`, which missing facts may widen"
