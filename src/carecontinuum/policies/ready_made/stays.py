"""Ready-made policies of time, service and other care: how long, how much, and what beside it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Unpack

from carecontinuum.continuum import AgeGroup, LevelOfCare, ServiceHours, TransitionKind
from carecontinuum.policies.errors import PolicyInvalid
from carecontinuum.policies.policies import RulePolicy
from carecontinuum.policies.ready_made.facts import (
    DAYS_AT_LEVEL,
    LEVEL,
    REQUESTED_LEVEL,
    WEEKLY_HOURS,
    level_elsewhere,
)
from carecontinuum.policies.ready_made.settings import (
    ILLUSTRATIVE,
    LESS_INTENSIVE,
    REACHES_A_LEVEL,
    Settings,
    both,
    ready_made,
)
from carecontinuum.rules import Expression

__all__ = ["hours_within_band", "maximum_days_at_level", "minimum_days_at_level", "no_overlap"]


def _at(level: str | None) -> Expression | None:
    return None if level is None else LEVEL.one_of(level)


def minimum_days_at_level(
    *, days: int, level: str | None = None, **settings: Unpack[Settings]
) -> RulePolicy:
    """Require so many days at the present level before less intensive care.

    Judges `step_down` and `aftercare`, unless `on` says otherwise.

    Args:
        days: The fewest days; the day of the move to the level is day 0.
        level: The code of the one level it applies at, also the end of its id; `None` is every.
        settings: See `Settings`.

    Examples:
        >>> minimum_days_at_level(days=14, level="iop").words
        'at least 14 days at the present level before less intensive care'
    """
    return ready_made(
        DAYS_AT_LEVEL >= days,
        settings,
        name="minimum-days-at-level",
        about=level or "",
        on=LESS_INTENSIVE,
        says=f"at least {days} days at the present level before less intensive care",
        applies=_at(level),
    )


def maximum_days_at_level(
    *, days: int, level: str | None = None, **settings: Unpack[Settings]
) -> RulePolicy:
    """Let care at the same intensity go on for so many days at most.

    Judges what prolongs it, `lateral` moves and the `return` from leave, unless `on` says
    otherwise. Nobody is kept from more or less intensive care, or from discharge, for having
    stayed too long.

    Args:
        days: The most days; the day of the move to the level is day 0.
        level: The code of the one level it applies at, also the end of its id; `None` is every.
        settings: See `Settings`.
    """
    return ready_made(
        DAYS_AT_LEVEL <= days,
        settings,
        name="maximum-days-at-level",
        about=level or "",
        on=(TransitionKind.LATERAL, TransitionKind.RETURN),
        says=f"care at the same intensity goes on for at most {days} days",
        applies=_at(level),
    )


def hours_within_band(
    *, level: LevelOfCare, age_group: AgeGroup = AgeGroup.ADULT, **settings: Unpack[Settings]
) -> RulePolicy:
    """Require hours of service received in the latest full week that belong to the level.

    Whoever received fewer was not treated at the level, so that the time there says little. Judges
    `step_down` and `aftercare` at that level, unless `on` says otherwise. Its citation is the one
    of the level's band of hours.

    Args:
        level: The level, with its band; its code is also the end of the policy's id.
        age_group: Whom it is for.
        settings: See `Settings`.

    Raises:
        PolicyInvalid: The level has no band of hours for the age group.
    """
    band = level.hours_for(age_group)
    rule = None if band is None else _within(band)
    if band is None or rule is None:
        says = f"level `{level.code}` has no hours for `{age_group.value}`; give it a band of hours"
        raise PolicyInvalid(policy="carecontinuum.hours-within-band", says=says)
    return ready_made(
        rule,
        settings,
        name="hours-within-band",
        about=level.code,
        on=LESS_INTENSIVE,
        says=f"the hours of service received a week belong to `{level.code}`: {band}",
        applies=LEVEL.one_of(level.code),
        citation=band.citation or ILLUSTRATIVE,
    )


def _within(band: ServiceHours) -> Expression | None:
    least = None if band.at_least is None else WEEKLY_HOURS >= _exact(band.at_least)
    most = None if band.less_than is None else WEEKLY_HOURS < _exact(band.less_than)
    return both(least, most)


def _exact(hours: float) -> Decimal:
    return Decimal(str(hours))


def no_overlap(
    *, levels: Iterable[str], group: str = "", **settings: Unpack[Settings]
) -> RulePolicy:
    """Keep a patient from being at two of some levels in two episodes at once.

    Judges every move that reaches one of the levels and is no step up, unless `on` says otherwise.
    Another open episode that has no level yet leaves it undetermined.

    Args:
        levels: The codes of the levels that may not overlap, in any pair, a level with itself too.
        group: Tells several such policies of one program apart: small letters, digits and
            underscores; also the end of its id.
        settings: See `Settings`.

    Raises:
        PolicyInvalid: No level is named.
        FactInvalid: The group could not stand in a rule.
    """
    codes = tuple(levels)
    if not codes:
        says = "no level is named; name those that may not overlap"
        raise PolicyInvalid(policy="carecontinuum.no-overlap", says=says)
    return ready_made(
        level_elsewhere(codes, group=group).one_of(""),
        settings,
        name="no-overlap",
        about=group,
        on=REACHES_A_LEVEL,
        says=f"no other open episode at one of {', '.join(f'`{code}`' for code in codes)}",
        applies=REQUESTED_LEVEL.one_of(*codes),
    )
