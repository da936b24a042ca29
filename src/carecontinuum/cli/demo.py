"""`carecontinuum demo`: the story of invented people along the continuum, every why included."""

from collections.abc import Mapping
from datetime import date, datetime

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from carecontinuum.cli.demo_records import (
    ZONE,
    aftercare_plan,
    assessed,
    attended,
    program_on_records,
    relapse_prevention_plan,
    treatment_plan,
)
from carecontinuum.cli.output import hanging, table
from carecontinuum.continuum import TransitionKind
from carecontinuum.datatypes import Actor
from carecontinuum.decisions import (
    Decision,
    Move,
    TransitionRefused,
    Verdict,
    admit,
    aftercare,
    step_down,
    step_up,
)
from carecontinuum.engine import replay
from carecontinuum.engine.machine import EpisodeMachine
from carecontinuum.history import (
    AftercarePlanRecorded,
    AssessmentRecorded,
    AttendanceRecorded,
    Body,
    Decided,
    Event,
    Moved,
    PatientRecord,
    RelapsePreventionPlanRecorded,
    ReturnToUse,
    TreatmentPlanRecorded,
)
from carecontinuum.programs import Program
from carecontinuum.rules import Known

__all__ = ["tell"]

DOCTOR = Actor("dr-sample", role="physician")
COUNSELLOR = Actor("counsellor-example", role="counsellor")

Findings = Mapping[str, int | bool]

STEADY: Findings = {"medically_stable": True, "withdrawal_risk": 0}


def _at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


class Story:
    """Alex Example, invented, and the machine that carries the episode."""

    def __init__(self, out: Console) -> None:
        self.out = out
        self.program: Program = program_on_records()
        record = PatientRecord.of("alex-example")
        self.machine: EpisodeMachine = EpisodeMachine(self.program, record, "episode-1")
        self.rows: list[tuple[str, str, str, str]] = []

    def ask(
        self,
        id: str,
        at: datetime,
        move: Move,
        *,
        by: Actor = DOCTOR,
        found: Findings | None = None,
    ) -> Decision:
        """Ask for a move; what comes of it, refusals included, becomes a row of the story."""
        stated = {
            fact: Known(value, source="clinical review") for fact, value in (found or {}).items()
        }
        try:
            decision = self.machine.request(move, id=id, at=at, by=by, stated=stated).decision
        except TransitionRefused as refused:
            decision = refused.decision
        asked = decision.request
        target = f" to {asked.target}" if asked.target else ""
        self._row(at, f"{asked.kind.value}{target}", decision.verdict.value)
        return decision

    def record(self, id: str, at: datetime, what: str, *bodies: Body) -> None:
        """Record what is known of the care; it becomes a row of the story."""
        for number, body in enumerate(bodies):
            self.machine.report(
                Event(
                    id=id if len(bodies) == 1 else f"{id}-{number}",
                    patient_id="alex-example",
                    episode_id="episode-1",
                    occurred_at=at,
                    recorded_at=at,
                    by=COUNSELLOR,
                    body=body,
                )
            )
        self._row(at, what, "recorded")

    def happens(self, event: Event, what: str) -> None:
        """Report a fact."""
        self.machine.report(event)
        self._row(event.occurred_at.instant, what, "reported")

    def _row(self, at: datetime, what: str, answer: str) -> None:
        level = self.machine.episode.level or "none"
        self.rows.append((at.astimezone(ZONE).date().isoformat(), what, answer, level))


def tell(out: Console) -> None:
    """Tell the whole story; it is the same every time."""
    story = Story(out)
    out.print(
        Panel(
            "Alex Example is invented, and so is everybody else here. The program is the shipped "
            "`community`, its facts read from records of care wherever there are some; its "
            "thresholds are illustrative, not medical advice.",
            title="A walk along the continuum",
            title_align="left",
        )
    )
    _inpatient_days(story)
    undetermined = _intensive_outpatient(story)
    _return_to_use(story)
    _aftercare(story)
    _print_story(story)
    _print_why(story, "Why the request of 16 March could not be decided", undetermined)
    _print_options(story)
    _print_late_report(story)
    _print_replay(story)


def _inpatient_days(story: Story) -> None:
    story.ask("r-1", _at(1, 5), admit(to="detox"))
    story.ask("r-2", _at(1, 12), step_down(to="residential"), found=STEADY)
    story.ask("r-3", _at(2, 9), step_down(to="iop"), found=STEADY)


def _intensive_outpatient(story: Story) -> Decision:
    plan = TreatmentPlanRecorded(plan=treatment_plan(date(2026, 2, 9)))
    story.record("p-1", _at(2, 9, 12), "a treatment plan: 9 hours a week", plan)
    first = AssessmentRecorded(assessment=assessed("a-1", _at(2, 10), 2))
    story.record("a-1", _at(2, 10), "assessed: PHQ-9 of 16", first)
    story.record(
        "s-1",
        _at(3, 1, 20),
        "three weeks of sessions, two of them missed",
        _week(2, 9),
        _week(2, 16),
        _week(2, 23, missed=2),
    )
    story.ask("r-4", _at(3, 2), step_down(to="op"), found=STEADY)
    story.record(
        "s-2", _at(3, 15, 20), "two weeks of sessions, none missed", _week(3, 2), _week(3, 9)
    )
    undetermined = story.ask(
        "r-5", _at(3, 16), step_down(to="op"), by=COUNSELLOR, found={"medically_stable": True}
    )
    _ready_for_outpatient(story)
    return undetermined


def _week(month: int, monday: int, *, missed: int = 0) -> Body:
    return AttendanceRecorded(attendance=attended(date(2026, month, monday), missed=missed))


def _ready_for_outpatient(story: Story) -> None:
    relapse = RelapsePreventionPlanRecorded(plan=relapse_prevention_plan())
    story.record("p-2", _at(3, 17), "a relapse prevention plan", relapse)
    better = AssessmentRecorded(assessment=assessed("a-2", _at(3, 20), 1))
    story.record("a-2", _at(3, 20), "assessed: PHQ-9 of 8", better)
    story.record("s-3", _at(3, 22, 20), "a week of sessions, none missed", _week(3, 16))
    story.ask("r-6", _at(3, 23), step_down(to="op"), found=STEADY)


def _return_to_use(story: Story) -> None:
    story.happens(
        Event(
            id="f-1",
            patient_id="alex-example",
            episode_id="episode-1",
            occurred_at=_at(4, 18, 22),
            recorded_at=_at(4, 20, 9),
            by=COUNSELLOR,
            body=ReturnToUse(),
        ),
        "a return to use",
    )
    reassessed = {"reassessed_since_return_to_use": True}
    story.ask("r-7", _at(4, 21), step_up(to="iop"), found=reassessed)
    story.record("s-4", _at(5, 31, 20), "a week of sessions, none missed", _week(5, 25))
    again = AssessmentRecorded(assessment=assessed("a-3", _at(5, 29), 1))
    story.record("a-3", _at(5, 31, 21), "assessed: PHQ-9 of 8", again)
    story.ask("r-8", _at(6, 1), step_down(to="op"), found={**STEADY, **reassessed})


def _aftercare(story: Story) -> None:
    story.ask("r-9", _at(8, 24), aftercare(to="aftercare"), found=STEADY)
    plan = AftercarePlanRecorded(plan=aftercare_plan(date(2026, 9, 28)))
    story.record("p-3", _at(8, 28), "an aftercare plan with monthly check-ins", plan)
    story.ask("r-10", _at(8, 31), aftercare(to="aftercare"), found=STEADY)


_COLOURS = {
    "permit": "green",
    "forbid": "red",
    "undetermined": "yellow",
    "reported": "cyan",
    "recorded": "cyan",
}


def _answer(text: str) -> str:
    return f"[{_COLOURS[text]}]{text}[/]"


def _print_story(story: Story) -> None:
    listing = table("What happened", "date", "what", "answer", "level of care then", fold="what")
    for day, what, answer, level in story.rows:
        listing.add_row(day, escape(what), _answer(answer), level)
    story.out.print(listing)
    stays = table("Time at each level", "level", "from", "to", "days", fold="level")
    for stay in story.machine.episode.stays:
        days = "" if stay.end is None else str((stay.end.day(ZONE) - stay.start.day(ZONE)).days)
        end = "" if stay.end is None else stay.end.day(ZONE).isoformat()
        stays.add_row(stay.level or "none", stay.start.day(ZONE).isoformat(), end, days)
    story.out.print(stays)


def _print_why(story: Story, title: str, decision: Decision) -> None:
    text = hanging(decision.explain(), story.out.width - 4)
    story.out.print(Panel(escape(text), title=title, title_align="left"))
    missing = table(
        "What would settle it", "fact", "who could supply it", fold="who could supply it"
    )
    for need in decision.needs:
        missing.add_row(need.fact, escape(need.would_supply))
    story.out.print(missing)


def _print_options(story: Story) -> None:
    listing = table("Every way on from here, on 14 September", "move", "answer", "why", fold="why")
    for decision in story.machine.options(at=_at(9, 14), by=DOCTOR, stated=STEADY):
        asked = decision.request
        detail = asked.target or asked.move.discharge_kind or ""
        listing.add_row(
            f"{asked.kind.value} {detail}".strip(), _answer(decision.verdict.value), _why(decision)
        )
    story.out.print(listing)


def _why(decision: Decision) -> str:
    deciding = [r for r in decision.reasons if r.verdict is decision.verdict]
    needs = ", ".join(need.fact for need in decision.needs)
    says = "; ".join(dict.fromkeys(reason.says for reason in deciding))
    return escape(
        f"missing {needs}" if needs and decision.verdict is Verdict.UNDETERMINED else says
    )


def _print_late_report(story: Story) -> None:
    """Show a late entry: what was recorded stays, and what it makes misfit is listed."""
    late = story.machine.report(
        Event(
            id="f-2",
            patient_id="alex-example",
            episode_id="episode-1",
            occurred_at=_at(7, 20),
            recorded_at=_at(9, 15),
            by=Actor("sample-hospital"),
            body=Moved(level="inpatient", kind=TransitionKind.STEP_UP),
        )
    )
    title = "Learned on 15 September: inpatient since 20 July"
    listing = table(title, "event", "effect", "how", fold="how")
    for consequence in late.consequences:
        listing.add_row(consequence.event_id, consequence.effect.value, escape(consequence.says))
    story.out.print(listing)
    known = story.machine.record.as_of(known=_at(9, 14)).episode("episode-1")
    story.out.print(
        f"Asked what was known on 14 September, the record still gives {len(known.stays)} stays; "
        f"asked today, {len(story.machine.episode.stays)}. Nothing was overwritten.\n"
    )


def _print_replay(story: Story) -> None:
    judged = replay(story.machine.record, story.program)
    refused = sum(item.then.verdict is not Verdict.PERMIT for item in judged)
    decisions = sum(isinstance(event.body, Decided) for event in story.machine.record.events)
    same = sum(item.outcome.value == "same" for item in judged)
    story.out.print(
        f"{decisions} decisions are on record, {refused} of them refusals; judged again by the "
        f"same program, {same} come out the same."
    )
