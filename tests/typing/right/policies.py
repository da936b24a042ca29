"""Checked by type checkers only: what a user writes, and what its types are."""

from typing import assert_type

import carecontinuum as cc
from carecontinuum.policies import RulePolicy, ready_made

sessions = cc.Count("sessions")
stable = cc.Flag("stable")
setting = cc.Choice("setting", codes=("home", "shelter"))


@cc.policy(id="acme.one", version="1", citation="Acme", reads=[sessions, stable, setting])
def judged(request: cc.TransitionRequest, facts: cc.Facts) -> cc.Finding | None:
    """Read facts of three types, each typed by the fact that asks."""
    found = facts[sessions]
    assert_type(found, cc.Known[int] | cc.Unknown)
    assert_type(facts[stable], cc.Known[bool] | cc.Unknown)
    assert_type(facts[setting], cc.Known[str] | cc.Unknown)
    match found:
        case cc.Known(value=n):
            assert_type(n, int)
            return cc.permit()
        case cc.Unknown():
            return cc.undetermined("not recorded", needs=[sessions])


steady = cc.requires((sessions >= 2) & stable, id="acme.two", citation="Acme")
either = cc.any_of(judged, steady, id="acme.three")
recent = ready_made.recent_assessment(
    within_days=30, on=["step_down"], overridable_by=["physician"]
)
assert_type(recent, RulePolicy)
policies: tuple[cc.TransitionPolicy, ...] = (judged, steady, either, recent)
readings: tuple[cc.Reading[object], ...] = ready_made.readings_for(policies)
