"""The steps of a fold: each event with the episode before it, however long the history."""

from carecontinuum.history import Admitted, LeaveStarted, Moved, Returned, ReturnToUse
from carecontinuum.history.folding import fold, steps
from invented import event


def test_each_event_comes_with_the_episode_before_it() -> None:
    """Where an episode stood is as the fold of what came before says."""
    events = [event("a", Admitted(level="iop"), 0)]
    events += [event(f"m-{n}", Moved(level=("op", "iop")[n % 2]), n) for n in range(1, 250)]
    for count, (told, before) in enumerate(steps("e-1", events)):
        whole = fold("e-1", events[:count])
        assert told is events[count]
        assert (before.status, before.level, before.level_since) == (
            whole.status,
            whole.level,
            whole.level_since,
        )
        assert before.stays[-1:] == whole.stays[-1:]


def test_a_step_of_a_long_history_does_not_hold_all_of_it() -> None:
    """What grows is left out, so that ten times the events take ten times as long."""
    events = [event("a", Admitted(level="iop"), 0)]
    events += [event(f"u-{n}", ReturnToUse(), n) for n in range(1, 1000)]
    assert max(len(before.returns_to_use) for _, before in steps("e-1", events)) == 1


def test_a_long_history_of_anything_is_folded_at_once() -> None:
    """Whatever grows with a history, ten times as much of it takes some ten times as long."""
    bodies = (LeaveStarted(kind="pass"), Returned(), ReturnToUse(), Moved(level="op"))
    events = [event("a", Admitted(level="iop"), 0)]
    events += [event(f"x-{n}", bodies[n % 4], n) for n in range(1, 20_001)]
    episode = fold("e-1", events)
    assert (len(episode.leaves), len(episode.stays), len(episode.returns_to_use)) == (
        5_000,
        5_001,
        5_000,
    )
    assert len(episode.status_history) == 10_000
    assert episode.leaves[-2].end == events[-4].occurred_at
