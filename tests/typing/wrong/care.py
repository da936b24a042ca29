"""Misuse of moves, decisions, levels and records.

Each function is one mistake; the comment above the wrong line says what must catch it, as in
`rules.py`.
"""

from datetime import UTC, datetime

import carecontinuum as cc
from carecontinuum.history import Admitted, Moved
from carecontinuum.policies import ready_made

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
iop = cc.LevelOfCare(code="iop", display="IOP", setting=cc.Setting.AMBULATORY, intensity=2)
op = cc.LevelOfCare(code="op", display="OP", setting=cc.Setting.AMBULATORY, intensity=1)
program = cc.Program(
    id="acme",
    version="1",
    continuum=cc.Continuum(
        id="acme",
        version="1",
        levels=(iop, op),
        entry=("iop",),
        routes=(cc.Route(origin="iop", target="op"),),
        discharge_from=("op",),
    ),
    calendar=cc.Calendar(zone="America/New_York"),
    when_ungoverned=cc.Verdict.PERMIT,
)
record = cc.PatientRecord.of("kim-sample")
decision = cc.decide(
    record, cc.admit(to="iop"), program=program, episode_id="e-1", at=MONDAY, by="dr-sample"
)


def decision_as_a_bool() -> str:
    # caught by pyright: reportGeneralTypeIssues · import: TypeError
    return "go" if decision else "stay"


def decision_made_a_bool() -> bool:
    # caught by import: TypeError
    return bool(decision)


def decision_denied() -> bool:
    # caught by pyright: reportGeneralTypeIssues · import: TypeError
    return not decision


def verdict_as_a_bool() -> str:
    # caught by pyright: reportGeneralTypeIssues · import: TypeError
    return "go" if decision.verdict else "stay"


def verdict_compared_with_a_text() -> bool:
    # caught by mypy: comparison-overlap · pyright: reportUnnecessaryComparison
    return decision.verdict == "permit"


def verdicts_compared_by_order() -> bool:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: TypeError
    return decision.verdict >= cc.Verdict.PERMIT


def changed_verdict() -> None:
    # caught by mypy: misc · pyright: reportAttributeAccessIssue · import: FrozenInstanceError
    decision.verdict = cc.Verdict.PERMIT


def changed_level() -> None:
    # caught by mypy: misc · pyright: reportAttributeAccessIssue · import: FrozenInstanceError
    iop.intensity = 9


def changed_program() -> None:
    # caught by mypy: misc · pyright: reportAttributeAccessIssue · import: FrozenInstanceError
    program.policies = (ready_made.consent_present(),)


def changed_episode() -> None:
    # caught by mypy: misc · pyright: reportAttributeAccessIssue · import: FrozenInstanceError
    cc.EpisodeOfCare(id="e-1").level = "op"


def level_without_its_parts() -> cc.LevelOfCare:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.LevelOfCare(code="iop")


def code_by_position() -> cc.LevelOfCare:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.LevelOfCare("iop", display="IOP", setting=cc.Setting.AMBULATORY, intensity=2)


def levels_compared_by_order() -> bool:
    # caught by mypy: operator · pyright: reportOperatorIssue · import: TypeError
    return iop > op


def target_by_position() -> cc.Move:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.step_down("op")


def target_under_another_name() -> cc.Move:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.admit(level="iop")


def move_without_target() -> cc.Move:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.step_up()


def program_by_position() -> cc.Decision:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.decide(record, cc.admit(to="iop"), program, "e-1", at=MONDAY, by="dr-sample")


def decision_without_a_moment() -> cc.Decision:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return cc.decide(record, cc.admit(to="iop"), program=program, episode_id="e-1", by="dr-sample")


def moment_without_a_zone() -> cc.Decision:
    at = MONDAY.replace(tzinfo=None)
    # caught by import: NaiveDatetime
    return cc.decide(record, cc.admit(to="iop"), program=program, episode_id="e-1", at=at, by="dr")


def body_by_position() -> Moved:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return Moved("op")


def level_of_the_body_misspelt() -> Admitted:
    # caught by mypy: call-arg · pyright: reportCallIssue · import: TypeError
    return Admitted(levle="iop")


def changed_body() -> None:
    admitted = Admitted(level="iop")
    # caught by mypy: misc · pyright: reportAttributeAccessIssue · import: FrozenInstanceError
    admitted.level = "op"


def event_appended_in_place() -> None:
    # caught by mypy: attr-defined · pyright: reportAttributeAccessIssue · import: AttributeError
    record.events.append(Admitted(level="iop"))


def one_policy_for_several() -> tuple[cc.TransitionPolicy, ...]:
    # caught by mypy: return-value · pyright: reportReturnType
    return ready_made.consent_present()
