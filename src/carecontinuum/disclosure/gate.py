"""The consent gate: leave to tell records, or every reason why not."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import TypeAlias, cast

import attrs

from carecontinuum.arguments import an_instance
from carecontinuum.canonical import Problem
from carecontinuum.datatypes import Calendar, a_calendar, utc
from carecontinuum.disclosure.clearance import Clearance, issue
from carecontinuum.disclosure.consents import Consents
from carecontinuum.disclosure.errors import DisclosureRefused
from carecontinuum.history import (
    EpisodeOfCare,
    EpisodeStatus,
    NotDisclosed,
    PatientRecord,
    RecordIsAView,
    WhyNot,
    WhyNotCode,
)
from carecontinuum.records import (
    Consent,
    ConsentPurpose,
    DisclosureRequest,
    Exemption,
    ExemptionClaimed,
    RecordInvalid,
    RecordKind,
)

__all__ = ["VALID_FOR", "Under", "clear"]

VALID_FOR = timedelta(minutes=15)
"""How long a clearance holds, and never past the end of its day; our own choice."""

_IN_ERROR = EpisodeStatus.ENTERED_IN_ERROR

Under: TypeAlias = str | ExemptionClaimed | None
"""What a request rests on: the id of a consent, an exemption, or `None` for any consent."""


def clear(
    record: PatientRecord,
    request: DisclosureRequest,
    *,
    at: datetime,
    calendar: Calendar,
    under: Under = None,
    merged: Iterable[PatientRecord] = (),
) -> Clearance:
    """Give leave to tell records, or refuse with every reason.

    A request is judged on all that the records hold; where a clock that is ahead recorded some of
    it, the moment is that of the last recorded. It is allowed by a consent that is complete, in
    force, and covers all of it; by a claimed exemption that is complete; or where every episode
    asked for is `standard`, and neither consents nor notes are. A consent that was revoked never
    allows again: a new signature is a new consent with an id of its own. One that was recorded for
    an episode allows for that one, wherever it is recorded again.

    Args:
        record: The patient's whole record.
        request: Who is to be told what, by whom and what for.
        at: The moment now, an aware datetime.
        calendar: Whose zone says which day it is.
        under: The id of the one consent to look at, an exemption claimed, or `None` for any.
        merged: The records of the patients merged with this one, as consent may have been revoked
            there; those of anybody else are not looked at.

    Raises:
        DisclosureRefused: It is not allowed; the error holds every reason, for the log.
        RecordIsAView: A record is a view as of some moment, which may leave a revocation out.
        NaiveDatetime: `at` has no zone.
        WrongArgument: The request, or the calendar, is of another kind.
        RecordInvalid: `under` is something else, as a consent itself or an exemption not claimed.
    """
    an_instance("request", request, DisclosureRequest, "a `DisclosureRequest`")
    a_calendar(calendar)
    if not isinstance(cast("object", under), str | ExemptionClaimed | None):
        says = "the id of a consent, an `ExemptionClaimed` or `None` is needed"
        raise RecordInvalid(subject="the ground", problems=[Problem("under", "wrong-type", says)])
    asked = _asked(record, request, at=utc(at), calendar=calendar, under=under, merged=merged)
    reasons, consent = _judged(asked)
    if reasons:
        refused = NotDisclosed(
            request=request,
            reasons=reasons,
            consent_id=under if isinstance(under, str) else None,
            exemption=asked.claim,
        )
        raise DisclosureRefused(refused=refused)
    return issue(
        record=record,
        request=request,
        at=asked.at,
        valid_until=_until(asked.at, calendar),
        consent=consent,
        exemption=asked.claim,
        is_part2=asked.is_part2,
        patient_alone=asked.patient_alone,
    )


@attrs.frozen(order=False, kw_only=True)
class _Asked:
    request: DisclosureRequest
    under: Under = attrs.field(repr=False)
    at: datetime
    record: PatientRecord
    others: tuple[PatientRecord, ...]
    missing: bool
    consents: Consents

    @property
    def claim(self) -> ExemptionClaimed | None:
        return self.under if isinstance(self.under, ExemptionClaimed) else None

    @property
    def is_part2(self) -> bool:
        """Whether any episode asked for is under Part 2: all are that do not say otherwise."""
        episodes = self.record.episodes
        return any(_is_part2(episodes[id]) for id in self.request.episode_ids)

    @property
    def patient_alone(self) -> bool:
        """Whether what concerns no episode goes along: not where only other episodes are Part 2."""
        every = (
            episode for one in (self.record, *self.others) for episode in one.episodes.values()
        )
        return self.is_part2 or not any(map(_is_part2, every))


def _is_part2(episode: EpisodeOfCare) -> bool:
    return episode.confidentiality != "standard"


def _asked(
    record: PatientRecord,
    request: DisclosureRequest,
    *,
    at: datetime,
    calendar: Calendar,
    under: Under,
    merged: Iterable[PatientRecord],
) -> _Asked:
    given = {other.patient_id: other for other in merged}
    ids = _merged_ids(record, given)
    others = tuple(given[id] for id in ids if id in given)
    if any(one.is_view for one in (record, *given.values())):
        raise RecordIsAView
    last = (one.events[-1].recorded_at for one in (record, *others) if one.events)
    now = max((at, *last))
    consents = Consents.of((record, *others), patient_id=record.patient_id, day=calendar.day(now))
    return _Asked(
        request=request,
        under=under,
        at=now,
        record=record,
        others=others,
        missing=len(others) < len(ids),
        consents=consents,
    )


def _merged_ids(record: PatientRecord, given: Mapping[str, PatientRecord]) -> tuple[str, ...]:
    """Give the id of every patient who is this one, those merged with a merged one among them."""
    found: dict[str, None] = {}
    waiting = list(record.merged_with)
    while waiting:
        id = waiting.pop()
        if id == record.patient_id or id in found:
            continue
        found[id] = None
        if id in given:
            waiting.extend(given[id].merged_with)
    return tuple(found)


def _judged(asked: _Asked) -> tuple[tuple[WhyNot, ...], Consent | None]:
    """Give the reasons against a request, and the consent where one allows it."""
    if reasons := tuple(WhyNot(code=code) for code in _of_the_record(asked)):
        return reasons, None
    if asked.claim is not None:
        return tuple(_of_the_claim(asked.claim, asked.request)), None
    if asked.under is None and not asked.is_part2 and asked.request.scope.isdisjoint(_AGREED_TO):
        return (), None
    return _of_the_consents(asked)


_AGREED_TO = frozenset({RecordKind.NOTES, RecordKind.CONSENTS})
"""Kinds that may tell of Part 2 whatever episode they stand in: never told without consent."""


def _of_the_record(asked: _Asked) -> Iterator[WhyNotCode]:
    episodes, wanted = asked.record.episodes, asked.request.episode_ids
    if not episodes.keys() >= set(wanted):
        yield WhyNotCode.NO_SUCH_EPISODE
    if any(episodes[id].status is _IN_ERROR for id in wanted if id in episodes):
        yield WhyNotCode.ENTERED_IN_ERROR
    if asked.missing:
        yield WhyNotCode.MERGED_RECORD_MISSING


def _of_the_claim(claim: ExemptionClaimed, request: DisclosureRequest) -> Iterator[WhyNot]:
    if claim.lacking:
        yield WhyNot(code=WhyNotCode.EXEMPTION_INCOMPLETE, lacking=claim.lacking)
    legal = request.purpose is ConsentPurpose.LEGAL_PROCEEDINGS
    if legal and claim.exemption is not Exemption.COURT_ORDER:
        yield WhyNot(code=WhyNotCode.LEGAL_PROCEEDINGS)
    within = claim.exemption is Exemption.WITHIN_THE_PROGRAM
    program = (request.discloser.name, *request.discloser.classes)
    if within and not request.recipient.is_among(program):
        yield WhyNot(code=WhyNotCode.NOT_WITHIN_THE_PROGRAM)
    if RecordKind.NOTES in request.scope and not within:
        yield WhyNot(code=WhyNotCode.NOTES_NEED_THEIR_OWN)


def _of_the_consents(asked: _Asked) -> tuple[tuple[WhyNot, ...], Consent | None]:
    named = asked.under is not None
    found = [one for one in asked.consents.latest if not named or one.value.id == asked.under]
    if not found:
        none = WhyNotCode.NO_SUCH_CONSENT if named else WhyNotCode.NO_CONSENT
        return (WhyNot(code=none),), None
    against: list[WhyNot] = []
    for one in found:
        reasons = asked.consents.why_not(one, asked.request, named=named)
        if not reasons:
            return (), one.value
        against += reasons
    return tuple(against), None


def _until(at: datetime, calendar: Calendar) -> datetime:
    """Give when a clearance is over: no consent's last day is stretched."""
    midnight = datetime.combine(calendar.day(at) + timedelta(days=1), time(), calendar.zone)
    return min(at + VALID_FOR, utc(midnight))
