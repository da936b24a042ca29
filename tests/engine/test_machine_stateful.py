"""Kernel and machine, driven together over generated programs, never disagree."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import carecontinuum as cc
from carecontinuum.continuum import Track, TransitionKind
from carecontinuum.engine.chart import state_values
from carecontinuum.facts import DaysAtLevel, OtherOpenEpisodes
from carecontinuum.history import (
    Admitted,
    Cancelled,
    Change,
    Corrected,
    Decided,
    Discharged,
    EnteredInError,
    LeaveStarted,
    LevelPlaced,
    Moved,
    Referred,
    Relocated,
    Retracted,
    Returned,
    ReturnToUse,
    Unplaced,
    Waitlisted,
    fold,
)

CODES = ["a", "2.1", "model", "send", "level_1", "3.7-WM"]
START = datetime(2026, 1, 5, 15, tzinfo=UTC)
DAYS = cc.Count("days_at_level")
OTHERS = cc.Count("other_open_episodes")
STABLE = cc.Flag("stable")


@st.composite
def continua(draw: st.DrawFn) -> cc.Continuum:
    """Generate maps: any levels, any routes between them."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=2, max_size=6, unique=True))
    levels = tuple(
        cc.LevelOfCare(
            code=code,
            display=f"level {code}",
            setting=draw(st.sampled_from(cc.Setting)),
            intensity=draw(st.integers(0, 3)),
            track=draw(st.sampled_from([Track.TREATMENT, Track.RECOVERY])),
        )
        for code in codes
    )
    aftercare = draw(st.sampled_from([(), (codes[-1],)]))
    by_code = {level.code: level for level in levels}
    pairs = draw(st.lists(st.permutations(codes).map(lambda p: (p[0], p[1])), unique=True))
    routes = []
    for origin, target in pairs:
        across = by_code[origin].track is not by_code[target].track and target not in aftercare
        stated = [TransitionKind.STEP_UP, TransitionKind.STEP_DOWN, TransitionKind.LATERAL]
        kind = draw(st.sampled_from(stated)) if across else None
        routes.append(cc.Route(origin=origin, target=target, kind=kind))
    some = st.lists(st.sampled_from(codes), unique=True).map(tuple)
    return cc.Continuum(
        id="generated",
        version="1",
        levels=levels,
        routes=tuple(routes),
        entry=draw(some),
        aftercare=aftercare,
        discharge_from=draw(some),
        leave_from=draw(some),
    )


@st.composite
def programs(draw: st.DrawFn) -> cc.Program:
    """Generate programs with policies that permit, forbid and do not know."""
    kinds = st.sets(st.sampled_from([kind.value for kind in TransitionKind]), min_size=1)
    rules = st.sampled_from([DAYS >= 2, OTHERS < 1, STABLE, ~STABLE | (DAYS < 5)])
    policies = tuple(
        cc.requires(draw(rules), id=f"policy-{n}", citation="generated", on=draw(kinds))
        for n in range(draw(st.integers(0, 3)))
    )
    return cc.Program(
        id="generated",
        version="1",
        continuum=draw(continua()),
        calendar=cc.Calendar(zone=draw(st.sampled_from(["UTC", "America/New_York"]))),
        readings=(cc.Reading(DAYS, DaysAtLevel()), cc.Reading(OTHERS, OtherOpenEpisodes())),
        policies=policies,
        when_ungoverned=draw(st.sampled_from(cc.Verdict)),
    )


class KernelAndMachine(RuleBasedStateMachine):
    """One patient, one machine for the episode in hand, and the kernel's record beside it."""

    @initialize(program=programs())
    def begin(self, program: cc.Program) -> None:
        """Start with a patient of whom nothing is recorded."""
        self.program = program
        self.codes = [level.code for level in program.continuum.levels]
        self.record = cc.PatientRecord.of("p")
        self.episodes = 1
        self.count = 0
        self.clock = START
        self.heard: list[str] = []
        self.machine = self._machine()

    @property
    def episode_id(self) -> str:
        """The id of the episode in hand."""
        return f"e-{self.episodes}"

    def _machine(self) -> cc.EpisodeMachine:
        return cc.EpisodeMachine(
            self.program,
            self.record,
            self.episode_id,
            listeners=[lambda event, before, after: self.heard.append(event.id)],
        )

    def _tick(self, days: int = 0) -> datetime:
        self.count += 1
        self.clock += timedelta(days=days, minutes=1)
        return self.clock

    def _event(self, body: object, at: datetime) -> cc.Event:
        return cc.Event(
            id=f"r-{self.count}",
            patient_id="p",
            episode_id=self.episode_id,
            occurred_at=at,
            recorded_at=self.clock,
            by="field",
            body=body,  # type: ignore[arg-type]
        )

    @rule(data=st.data(), days=st.integers(0, 4), stated=st.sampled_from([None, True, False]))
    def request(self, data: st.DataObject, days: int, stated: bool | None) -> None:
        """Ask both for the same move: a possible one, or any."""
        at = self._tick(days)
        possible = [d.request.move for d in self.machine.options(at=at, by="dr")]
        anything = st.builds(
            cc.Move,
            kind=st.sampled_from(TransitionKind),
            to=st.sampled_from([None, *self.codes, "nowhere"]),
            discharge_kind=st.sampled_from([None, "death", "planned", "unheard-of"]),
            reason_code=st.just("some-reason"),
        )
        move = data.draw(st.sampled_from(possible) | anything if possible else anything)
        uses = any(STABLE in policy.reads for policy in self.program.policies)
        given = {STABLE: stated} if stated is not None and uses else None
        begins = move.kind in {
            TransitionKind.ADMIT,
            TransitionKind.REFER,
            TransitionKind.WAITLIST,
        }
        if self.episode_id not in self.record.episodes and not begins:
            with pytest.raises(cc.CareContinuumError):
                self.machine.request(move, id=f"q-{self.count}", at=at, by="dr", stated=given)
            return
        kernel = cc.request(
            self.record,
            move,
            program=self.program,
            episode_id=self.episode_id,
            id=f"q-{self.count}",
            at=at,
            by="dr",
            stated=given,
        )
        self.heard.clear()
        try:
            machine = self.machine.request(move, id=f"q-{self.count}", at=at, by="dr", stated=given)
        except cc.TransitionRefused as refused:
            assert refused.decision == kernel.decision
            assert kernel.decision.verdict is not cc.Verdict.PERMIT
        else:
            assert machine.decision == kernel.decision
            assert kernel.decision.verdict is cc.Verdict.PERMIT
        assert self.heard == [event.id for event in kernel.events]
        self.record = kernel.record

    @rule(data=st.data(), back=st.integers(0, 6))
    def report(self, data: st.DataObject, back: int) -> None:
        """Report a fact, on the map or off it, now or late."""
        self._tick(1)
        level = st.sampled_from([*self.codes, "nowhere"])
        bodies: st.SearchStrategy[Change] = st.one_of(
            st.builds(Admitted, level=level | st.none()),
            st.builds(Moved, level=level),
            st.builds(LevelPlaced, level=level),
            st.builds(Unplaced),
            st.builds(LeaveStarted),
            st.builds(Returned, level=level | st.none()),
            st.builds(Discharged, kind=st.sampled_from(["death", "planned"])),
            st.sampled_from([Referred(), Waitlisted(), Cancelled(), Relocated(), ReturnToUse()]),
        )
        event = self._event(data.draw(bodies), self.clock - timedelta(days=back))
        self._both(event)

    @precondition(lambda self: bool(getattr(self, "record", None) and self.record.events))
    @rule(data=st.data(), back=st.integers(0, 3))
    def amend(self, data: st.DataObject, back: int) -> None:
        """Correct or retract something of this episode."""
        amendable = [
            event.id
            for event in self.record.events
            if event.episode_id == self.episode_id and not isinstance(event.body, Decided)
        ]
        if not amendable:
            return
        self._tick(1)
        target = data.draw(st.sampled_from(amendable))
        body: object = Retracted(event_id=target)
        if not isinstance(self.record.by_id[target].body, (Corrected, Retracted)):
            moved = Corrected(event_id=target, occurred_at=self.clock - timedelta(days=back))
            body = data.draw(st.sampled_from([body, moved]))
        self._both(self._event(body, self.clock))

    @rule()
    def entered_in_error(self) -> None:
        """Say that the whole episode was a mistake."""
        self._tick()
        self._both(self._event(EnteredInError(), self.clock))

    def _both(self, event: cc.Event) -> None:
        self.record = self.record.append(event)
        self.machine.report(event)

    @precondition(lambda self: hasattr(self, "record"))
    @rule()
    def rehydrate(self) -> None:
        """Throw the machine away and bind a new one; no callback runs."""
        self.heard.clear()
        self.machine = self._machine()
        assert self.heard == []

    @precondition(lambda self: hasattr(self, "record") and not self._episode().is_open)
    @rule()
    def readmit(self) -> None:
        """Begin another episode after the end of this one."""
        self.episodes += 1
        self.machine = self._machine()

    def _episode(self) -> cc.EpisodeOfCare:
        return self.record.episodes.get(self.episode_id) or cc.EpisodeOfCare(id=self.episode_id)

    @invariant()
    def same_record(self) -> None:
        """Both hold the same history."""
        if hasattr(self, "machine"):
            assert self.machine.record == self.record

    @invariant()
    def same_state(self) -> None:
        """The chart stands where the fold does, and where the carried-over fold does."""
        if hasattr(self, "machine"):
            stream = cc.PatientRecord.of("p", self.record.events).streams.get(self.episode_id, ())
            folded = fold(self.episode_id, stream)
            assert folded == self._episode() == self.machine.episode
            expected = state_values(folded, self.program.continuum)
            assert self.machine.configuration == expected

    def teardown(self) -> None:
        """Judged again by the same program, no past decision changes."""
        if hasattr(self, "machine"):
            judged = cc.replay(self.record, self.program)
            assert all(found.outcome.value == "same" for found in judged)


def test_kernel_and_machine_agree() -> None:
    """Over generated programs and histories the machine stands where the kernel does."""
    run_state_machine_as_test(
        KernelAndMachine, settings=settings(max_examples=60, stateful_step_count=25, deadline=None)
    )


@pytest.mark.slow
def test_kernel_and_machine_agree_for_long() -> None:
    """The same over many more and much longer histories."""
    run_state_machine_as_test(
        KernelAndMachine, settings=settings(max_examples=600, stateful_step_count=60, deadline=None)
    )
