"""Misuse of policies, of the ready-made ones, and of programs made of them.

Each function is one mistake; the comment above the wrong line says what must catch it, as in
`rules.py`.
"""

import carecontinuum as cc
from carecontinuum.facts import DaysAtLevel, LevelNow, Source
from carecontinuum.policies import FunctionPolicy, RulePolicy, ready_made
from carecontinuum.rules import Facts

sessions = cc.Count("sessions")
stable = cc.Flag("stable")
setting = cc.Choice("setting", codes=("home", "shelter"))
iop = cc.LevelOfCare(code="iop", display="IOP", setting=cc.Setting.AMBULATORY, intensity=2)


def equality_as_a_rule() -> RulePolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: RuleInvalid
    return cc.requires(sessions == 4, id="acme.four", citation="Acme 1")


def number_as_a_rule() -> RulePolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: RuleInvalid
    return cc.requires(sessions, id="acme.number", citation="Acme 1")


def text_as_a_rule() -> RulePolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: RuleInvalid
    return cc.requires("sessions >= 2", id="acme.text", citation="Acme 1")


def equality_as_a_condition() -> RulePolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: RuleInvalid
    return cc.requires(stable, id="acme.home", citation="Acme 1", applies=setting == "home")


def rule_without_citation() -> RulePolicy:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.requires(stable, id="acme.stable")


def id_by_position() -> RulePolicy:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.requires(stable, "acme.stable", "Acme 1")


def kind_that_there_is_not() -> RulePolicy:
    # caught by import: PolicyInvalid
    return cc.requires(stable, id="acme.stable", citation="Acme 1", on=["stepdown"])


def one_kind_without_brackets() -> RulePolicy:
    # caught by import: PolicyInvalid
    return cc.requires(stable, id="acme.stable", citation="Acme 1", on="step_down")


def function_that_gives_a_bool() -> FunctionPolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType
    @cc.policy(id="acme.bool", version="1", citation="Acme 1")
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> bool:
        return True

    return judged


def function_that_gives_a_verdict() -> FunctionPolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType
    @cc.policy(id="acme.verdict", version="1", citation="Acme 1")
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Verdict:
        return cc.Verdict.PERMIT

    return judged


def function_of_facts_alone() -> FunctionPolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType
    @cc.policy(id="acme.alone", version="1", citation="Acme 1")
    def judged(facts: cc.Facts) -> cc.Finding | None:
        return None

    return judged


def function_of_a_record() -> FunctionPolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType
    @cc.policy(id="acme.record", version="1", citation="Acme 1")
    def judged(request: cc.TransitionRequest, record: cc.PatientRecord) -> cc.Finding | None:
        return None

    return judged


def decorator_without_settings() -> object:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    @cc.policy
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
        return None

    return judged


def function_without_version() -> object:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.policy(id="acme.function", citation="Acme 1")


def facts_read_by_name() -> object:
    # caught by mypy: list-item · pyright: reportArgumentType
    return cc.policy(id="acme.names", version="1", citation="Acme 1", reads=["sessions"])


def fact_of_another_type() -> cc.Finding:
    facts = Facts.of({sessions: 3})
    match facts[sessions]:
        case cc.Known(value=attended):
            # caught by mypy: operator · pyright: reportOperatorIssue · import: TypeError
            return cc.permit("attended " + attended)
        case cc.Unknown():
            return cc.undetermined("not recorded")


def need_by_name() -> cc.Finding:
    # caught by mypy: list-item · pyright: reportArgumentType · import: AttributeError
    return cc.undetermined("not recorded", needs=["sessions"])


def unexplained_prohibition() -> cc.Finding:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.forbid()


def combination_of_rules() -> object:
    # caught by mypy: arg-type · pyright: reportArgumentType
    return cc.all_of(stable, id="acme.all")


def combination_without_id() -> object:
    steady = cc.requires(stable, id="acme.stable", citation="Acme 1")
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.any_of(steady)


def text_as_a_policy() -> cc.TransitionPolicy:
    # caught by mypy: return-value · pyright: reportReturnType
    return "acme.stable"


def undecorated_function_as_a_policy() -> cc.TransitionPolicy:
    def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
        return None

    # caught by mypy: return-value · pyright: reportReturnType
    return judged


def changed_policy() -> None:
    steady = cc.requires(stable, id="acme.stable", citation="Acme 1")
    # caught by mypy: misc · pyright: reportAttributeAccessIssue · import: FrozenInstanceError
    steady.citation = "Acme 2"


def days_by_position() -> RulePolicy:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return ready_made.minimum_days_at_level(14)


def number_left_out() -> RulePolicy:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return ready_made.recent_assessment()


def number_as_text() -> RulePolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: FactValueInvalid
    return ready_made.recent_assessment(within_days="30")


def misspelt_setting() -> RulePolicy:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return ready_made.consent_present(overidable_by=["physician"])


def level_by_code() -> RulePolicy:
    # caught by mypy: arg-type · pyright: reportArgumentType · import: AttributeError
    return ready_made.hours_within_band(level="iop")


def level_without_hours() -> RulePolicy:
    # caught by import: PolicyInvalid
    return ready_made.hours_within_band(level=iop)


def source_of_another_type() -> Source[int]:
    # caught by mypy: return-value · pyright: reportReturnType
    return LevelNow()


def reading_by_name() -> object:
    # caught by mypy: arg-type · pyright: reportArgumentType
    return cc.Reading("days_at_level", DaysAtLevel())


def reading_without_source() -> object:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.Reading(sessions)
