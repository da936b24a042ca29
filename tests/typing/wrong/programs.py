"""What a type checker must refuse: each line marked `# mypy: CODE`, and no other."""

import carecontinuum as cc

sessions = cc.Count("sessions")
stable = cc.Flag("stable")

sessions == 4  # mypy: comparison-overlap
sessions >= "4"  # mypy: operator
stable & 3  # mypy: operator
cc.step_down("op")  # mypy: call-arg
cc.admit(level="iop")  # mypy: call-arg
cc.LevelOfCare(code="iop")  # mypy: call-arg
wrong: cc.TransitionPolicy = "a policy"  # mypy: assignment


@cc.policy(id="acme.one", version="1", citation="Acme")  # mypy: arg-type
def judged(request: cc.TransitionRequest, facts: cc.Facts) -> bool:
    return True
