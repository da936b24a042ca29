"""Alex Example, invented, walks from intensive outpatient care to aftercare."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import carecontinuum as cc

program = cc.shipped_program("community")
machine = cc.EpisodeMachine(program, cc.PatientRecord.of("alex-example"), "episode-1")
start = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("America/New_York"))
steady = {"medically_stable": True, "withdrawal_risk": 0, "relapse_prevention_plan": True}

asked = (
    (0, cc.admit(to="iop"), {"medically_stable": True, "withdrawal_risk": 0}),
    (7, cc.step_down(to="op"), steady),
    (28, cc.step_down(to="op"), steady),
    (90, cc.aftercare(to="aftercare"), steady),
    (97, cc.aftercare(to="aftercare"), {**steady, "aftercare_plan": True}),
)
for number, (days, move, stated) in enumerate(asked, start=1):
    at = start + timedelta(days=days)
    try:
        outcome = machine.request(move, id=f"r-{number}", at=at, by="dr-sample", stated=stated)
    except cc.TransitionRefused as refused:
        print(refused)
    else:
        print(outcome.decision.headline())

for stay in machine.episode.stays:
    print(stay.level, stay.start.day(), "to", stay.end.day() if stay.end else "now")
