"""Misuse of facts, conditions and truth.

Each function is one mistake that somebody will make. The comment above the wrong line says what
must catch it: a rule of `mypy --strict`, a rule of pyright in strict mode, the error raised when
the line runs, which for rules of a module is when it is imported. What is not named does not.
"""

from datetime import UTC, datetime

from carecontinuum.rules import (
    Choice,
    Compare,
    Count,
    Criterion,
    Date,
    Expression,
    Fact,
    Facts,
    Flag,
    Known,
    Not,
    Ordinal,
    Quantity,
    Truth,
    Unknown,
    at_least,
    criterion,
    days_between,
    total,
    truth,
)

sessions = Count("sessions")
stable = Flag("stable")
housed = Flag("housed")
setting = Choice("setting", codes=("home", "shelter"))
stress = Ordinal("stress", hi=4)
hours = Quantity("weekly_hours", unit="h")
assessed_on = Date("assessed_on")
facts = Facts.of({stable: True, sessions: 3})


def joined_by_and() -> Expression:
    # caught by import: TypeError
    return (sessions >= 2) and stable


def joined_by_or() -> Expression:
    # caught by import: TypeError
    return (sessions >= 2) or stable


def denied_by_not() -> Expression:
    # caught by mypy: return-value · pyright: reportGeneralTypeIssues · import: TypeError
    return not stable


def chained() -> Expression:
    # caught by import: TypeError
    return 1 <= sessions <= 3


def chosen_by_if() -> Expression:
    # caught by pyright: reportGeneralTypeIssues · import: TypeError
    return stable if sessions >= 2 else housed


def bound_before_the_condition_is_closed() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: TypeError
    return sessions >= 2 & stable


def equal_to_a_number() -> Expression:
    # caught by mypy: comparison-overlap · pyright: reportUnnecessaryComparison
    return sessions == 4


def different_from_a_code() -> Expression:
    # caught by mypy: comparison-overlap · pyright: reportUnnecessaryComparison
    return setting != "home"


def among_numbers() -> Expression:
    # caught by mypy: comparison-overlap · pyright: reportReturnType
    return sessions in (1, 2)


def denied_equality() -> Expression:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: RuleInvalid
    return Not(sessions == 4)


def text_for_a_number() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: FactValueInvalid
    return sessions >= "4"


def fraction_for_a_count() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: FactValueInvalid
    return sessions >= 2.5


def float_for_an_amount() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: FactValueInvalid
    return hours >= 9.5


def bool_for_a_number() -> Expression:
    # caught by import: FactValueInvalid
    return sessions >= True


def moment_for_a_day() -> Expression:
    # caught by import: FactValueInvalid
    return assessed_on >= datetime(2026, 3, 2, tzinfo=UTC)


def number_for_a_day() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: FactValueInvalid
    return assessed_on >= 30


def flag_compared_with_a_number() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: TypeError
    return stable >= 1


def choice_compared_by_order() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: TypeError
    return setting <= "home"


def misspelt_code() -> Expression:
    # caught by import: FactValueInvalid
    return setting.one_of("hoem")


def number_for_a_code() -> Expression:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: FactValueInvalid
    return setting.one_of(1)


def joined_with_a_number() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: RuleInvalid
    return stable & 3


def joined_with_a_number_fact() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: RuleInvalid
    return stable & sessions


def denied_number() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: TypeError
    return ~sessions


def added_with_plus() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: TypeError
    return sessions + stress < 6


def total_of_a_flag() -> Expression:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: RuleInvalid
    return total(stress, stable) < 6


def total_of_different_units() -> Expression:
    # caught by import: RuleInvalid
    return total(stress, hours) < 6


def total_for_a_condition() -> Expression:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: RuleInvalid
    return stable & total(stress, sessions)


def too_many_of_two() -> Expression:
    # caught by import: RuleInvalid
    return at_least(3, of=(stable, housed))


def conditions_counted_by_position() -> Expression:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return at_least(1, (stable, housed))


def numbers_counted() -> Expression:
    # caught by mypy: list-item · pyright: reportArgumentType · import: RuleInvalid
    return at_least(1, of=[stable, sessions])


def days_from_a_number() -> Expression:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: RuleInvalid
    return days_between(sessions, assessed_on) <= 30


def title_by_position() -> Fact[int]:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return Count("sessions", "Sessions attended")


def id_with_a_blank() -> Fact[int]:
    # caught by import: FactInvalid
    return Count("group sessions")


def rating_without_an_end() -> Fact[int]:
    # caught by import: FactInvalid
    return Ordinal("stress")


def amount_without_a_unit() -> Fact[object]:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return Quantity("weekly_hours")


def criterion_that_gives_a_bool() -> Criterion:
    # caught by mypy: arg-type · pyright: reportArgumentType
    @criterion(id="attends", version="1", reads=[sessions])
    def attends(facts: Facts) -> bool:
        return isinstance(facts[sessions], Known)

    return attends


def criterion_that_takes_a_number() -> Criterion:
    # caught by mypy: arg-type · pyright: reportArgumentType
    @criterion(id="attends", version="1", reads=[sessions])
    def attends(found: int) -> Truth:
        return Truth.YES if found else Truth.NO

    return attends


def criterion_called_like_a_function() -> Truth:
    @criterion(id="attends", version="1", reads=[sessions])
    def attends(facts: Facts) -> Truth:
        return Truth.YES if isinstance(facts[sessions], Known) else Truth.UNKNOWN

    # caught by mypy: operator · pyright: reportCallIssue · import: TypeError
    return attends(facts)


def truth_as_a_bool() -> str:
    # caught by pyright: reportGeneralTypeIssues · import: TypeError
    return "stable" if truth(stable, facts) else "not stable"


def truth_denied() -> bool:
    # caught by pyright: reportGeneralTypeIssues · import: TypeError
    return not truth(stable, facts)


def fact_as_a_bool() -> str:
    # caught by pyright: reportGeneralTypeIssues · import: TypeError
    return "stable" if facts[stable] else "not stable"


def found_compared_unread() -> bool:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: TypeError
    return facts[sessions] >= 2


def found_of_another_type() -> Known[str] | Unknown:
    # caught by mypy: index · pyright: reportReturnType
    return facts[sessions]


def value_of_the_unknown() -> bool:
    # caught by mypy: union-attr · pyright: reportAttributeAccessIssue · import: AttributeError
    return facts[housed].value


def facts_under_texts() -> Facts:
    # caught by mypy: dict-item · pyright: reportArgumentType · import: AttributeError
    return Facts.of({"stable": True})


def value_that_does_not_fit() -> Facts:
    # caught by import: FactValueInvalid
    return Facts.of({sessions: "three"})


def changed_fact() -> None:
    # caught by mypy: misc · pyright: reportAttributeAccessIssue · import: FrozenInstanceError
    sessions.unit = "visits"


def changed_condition() -> None:
    rule = sessions >= 2
    # caught by mypy: misc · pyright: reportAttributeAccessIssue · import: FrozenInstanceError
    rule.bound = 3


def undone_comparison() -> Compare:
    # caught by mypy: return-value · pyright: reportReturnType
    return ~(sessions >= 2)
