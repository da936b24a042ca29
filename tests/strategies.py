"""Generated facts, histories, programs and requests: hypothesis strategies that the tests share."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

import carecontinuum as cc
from carecontinuum.continuum import Track, TransitionKind
from carecontinuum.decisions import ProgramRef
from carecontinuum.facts import DaysAtLevel, LegalStatusNow, OtherOpenEpisodes, ReturnsToUse
from carecontinuum.history import (
    LEAVE_KINDS,
    Admitted,
    Body,
    Cancelled,
    Change,
    Corrected,
    Discharged,
    Disclosed,
    EnteredInError,
    LeaveStarted,
    LegalStatusRecorded,
    LevelPlaced,
    MoveAccepted,
    Moved,
    MoveDeclined,
    MoveProposed,
    MoveWithdrawn,
    NotDisclosed,
    PatientsMerged,
    PatientsUnmerged,
    ProgramAdopted,
    Referred,
    Relocated,
    Retracted,
    Returned,
    ReturnToUse,
    ServiceEnded,
    ServiceStarted,
    Unplaced,
    Waitlisted,
    WhyNot,
    WhyNotCode,
)
from carecontinuum.records import ConsentPurpose, DisclosureRequest, Party, RecordKind
from carecontinuum.rules import All, AnyOf, Expression, Not
from invented import DAYS, RISK, SETTING, STABLE, START

HOUR = timedelta(hours=1)
ZONES = [ZoneInfo(key) for key in ("UTC", "America/New_York", "Asia/Tokyo", "Pacific/Apia")]
CODES = ["res", "iop", "op", "after", "moon"]
"""The levels of the invented map, and one that no map has."""

RETURNS = cc.Count("returns_to_use")
OTHERS = cc.Count("other_open_episodes")
LEGAL = cc.Choice("legal_status")

codes = st.sampled_from(CODES)
maybe_codes = st.none() | codes
candidates = st.lists(codes, unique=True, max_size=2).map(tuple)
few_ids = st.sampled_from(["a", "b"])
kinds = st.sampled_from(list(TransitionKind))
sites = st.none() | st.sampled_from([cc.Site(facility="north"), cc.Site(facility="south")])
versions = st.sampled_from(["1", "2"]).map(
    lambda version: ProgramRef(id="generated", version=version, digest=version)
)

changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(Referred),
    st.builds(Waitlisted),
    st.builds(Cancelled),
    st.builds(Admitted, level=maybe_codes, proposal_id=st.none() | few_ids),
    st.builds(Admitted, candidates=candidates),
    st.builds(LevelPlaced, level=codes),
    st.builds(Unplaced, candidates=candidates),
    st.builds(Moved, level=codes, kind=st.none() | kinds, proposal_id=st.none() | few_ids),
    st.builds(Relocated),
    st.builds(LeaveStarted, kind=st.none() | st.sampled_from(LEAVE_KINDS)),
    st.builds(Returned, level=maybe_codes),
    st.builds(
        ServiceStarted,
        service_id=few_ids,
        service=st.just(cc.Coding(code="housing")),
        ends_with_episode=st.booleans(),
    ),
    st.builds(ServiceEnded, service_id=few_ids),
    st.builds(MoveProposed, proposal_id=few_ids, kind=kinds, level=maybe_codes),
    st.builds(MoveAccepted, proposal_id=few_ids),
    st.builds(MoveDeclined, proposal_id=few_ids),
    st.builds(MoveWithdrawn, proposal_id=few_ids),
    st.builds(Discharged, kind=st.sampled_from(["planned", "death", "flew"])),
    st.builds(EnteredInError),
    st.builds(LegalStatusRecorded, status=st.sampled_from(["voluntary", "involuntary"])),
    st.builds(ReturnToUse),
    st.builds(
        ProgramAdopted, program=versions, level_map=st.dictionaries(codes, codes, max_size=2)
    ),
)
"""Every kind of fact about an episode, on the map or off it."""

others = st.sampled_from(["p-2", "p-3"])
merges: st.SearchStrategy[Body] = st.one_of(
    st.builds(PatientsMerged, patient_id=others), st.builds(PatientsUnmerged, patient_id=others)
)

REQUEST = DisclosureRequest(
    episode_ids=("e-1",),
    scope=frozenset({RecordKind.ASSESSMENTS}),
    recipient=Party(name="Dr. Invented"),
    discloser=Party(name="Harbor Sample Program"),
    purpose=ConsentPurpose.TREATMENT,
)
logged: st.SearchStrategy[Body] = st.one_of(
    st.builds(Disclosed, request=st.just(REQUEST), consent_id=st.none() | few_ids),
    st.builds(
        NotDisclosed,
        request=st.just(REQUEST),
        reasons=st.builds(WhyNot, code=st.sampled_from(WhyNotCode)).map(lambda one: (one,)),
    ),
)
"""Entries of the log of disclosures, which concern the patient alone and change nothing."""

in_care: st.SearchStrategy[Change] = st.one_of(
    st.builds(Moved, level=codes),
    st.builds(LeaveStarted, kind=st.sampled_from(LEAVE_KINDS)),
    st.builds(Returned, level=maybe_codes),
    st.builds(Relocated),
    st.builds(ReturnToUse),
)
"""Facts that go on with an episode, so that generated ones do not all end at once."""


@st.composite
def moments_told(draw: st.DrawFn, latest: datetime) -> cc.When:
    """Generate a moment no later than another: an instant in some zone, a day, a month, a year."""
    told = latest - draw(st.sampled_from([0, 0, 0, 1, 26, 24 * 40])) * HOUR
    zone = draw(st.sampled_from(ZONES))
    local = told.astimezone(zone)
    match draw(st.sampled_from(["instant", "instant", "instant", "day", "month", "year"])):
        case "day":
            return cc.When.on(local.date(), zone=zone)
        case "month":
            return cc.When.parse(f"{local:%Y-%m}", zone=zone)
        case "year":
            return cc.When.parse(f"{local:%Y}", zone=zone)
        case _:
            return cc.When.of(local)


@st.composite
def amendments(draw: st.DrawFn, target: cc.Event, known: datetime) -> Body:
    """Generate a correction or a retraction of an event, recorded at a moment."""
    if isinstance(target.body, (Retracted, Corrected)) or draw(st.booleans()):
        return Retracted(event_id=target.id)
    body = draw(st.none() | changes)
    told = draw(moments_told(known)) if body is None or draw(st.booleans()) else None
    return Corrected(event_id=target.id, occurred_at=told, body=body)


@st.composite
def histories(draw: st.DrawFn, *, most: int = 16) -> list[cc.Event]:
    """Generate a stream: two episodes, late entries, ties, days, amendments of amendments."""
    found: list[cc.Event] = []
    known = START
    for number in range(draw(st.integers(0, most))):
        known += draw(st.sampled_from([0, 0, 1, 24, 60])) * HOUR
        episode_id = draw(st.sampled_from(["e-1", "e-1", "e-1", "e-2", None]))
        amendable = [event for event in found if event.episode_id == episode_id]
        body: Body
        if episode_id is None:
            body = draw(merges | logged)
        elif amendable and draw(st.integers(0, 3)) == 0:
            body = draw(amendments(draw(st.sampled_from(amendable)), known))
        else:
            body = draw(changes | in_care)
        found.append(
            cc.Event(
                id=f"h-{number}",
                patient_id="p-1",
                episode_id=episode_id,
                occurred_at=draw(moments_told(known)),
                recorded_at=known,
                by="field",
                body=body,
                site=draw(sites),
                program=draw(st.none() | versions),
                identifiers=draw(st.sampled_from([(), (cc.Identifier(value="1"),)])),
            )
        )
    return found


moments = st.integers(-30, 24 * 60).map(lambda hours: START + hours * HOUR)
"""Moments before, within and after generated histories."""

dates = st.dates(date(2025, 1, 1), date(2027, 12, 31))

leaves: st.SearchStrategy[Expression] = st.one_of(
    st.builds(lambda bound: bound <= DAYS, st.integers(0, 30)),
    st.builds(lambda bound: bound >= RISK, st.integers(0, 4)),
    st.builds(lambda bound: bound > OTHERS, st.integers(0, 2)),
    st.builds(RETURNS.equals, st.integers(0, 2)),
    st.just(STABLE),
    st.builds(SETTING.one_of, st.sampled_from(SETTING.codes)),
    st.just(LEGAL.one_of("voluntary")),
)
rules: st.SearchStrategy[Expression] = st.recursive(
    leaves,
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(part, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        part.map(Not),
    ),
    max_leaves=5,
)
stated = st.fixed_dictionaries(
    {},
    optional={
        RISK: st.integers(0, 4),
        STABLE: st.booleans(),
        SETTING: st.sampled_from(SETTING.codes),
    },
)
"""Facts that come with a request; a program takes only those that its policies read."""


@st.composite
def continua(draw: st.DrawFn) -> cc.Continuum:
    """Generate maps over the known codes: any ranks, any tracks, any routes."""
    chosen = draw(st.lists(st.sampled_from(CODES[:-1]), min_size=1, unique=True))
    levels = tuple(
        cc.LevelOfCare(
            code=code,
            display=code.upper(),
            setting=draw(st.sampled_from(cc.Setting)),
            intensity=draw(st.integers(0, 3)),
            track=draw(st.sampled_from([Track.TREATMENT, Track.RECOVERY])),
        )
        for code in chosen
    )
    some = st.lists(st.sampled_from(chosen), unique=True).map(tuple)
    aftercare = draw(some)
    pairs = [(a, b) for a in levels for b in levels if a is not b and draw(st.booleans())]
    across = st.sampled_from(
        [TransitionKind.STEP_UP, TransitionKind.STEP_DOWN, TransitionKind.LATERAL]
    )
    return cc.Continuum(
        id="generated",
        version="1",
        levels=levels,
        routes=tuple(
            cc.Route(
                origin=a.code,
                target=b.code,
                kind=draw(across) if a.track is not b.track and b.code not in aftercare else None,
            )
            for a, b in pairs
        ),
        entry=draw(some),
        aftercare=aftercare,
        discharge_from=draw(some),
        leave_from=draw(some),
    )


@st.composite
def rule_policies(draw: st.DrawFn, id: str = "policy-0") -> cc.TransitionPolicy:
    """Generate a policy made of a rule, for some kinds of move, perhaps under a condition."""
    return cc.requires(
        draw(rules),
        id=id,
        citation="generated",
        on=draw(st.none() | st.sets(kinds, min_size=1)),
        applies=draw(st.none() | rules),
        overridable_by=draw(st.sampled_from([(), ("physician",)])),
    )


@st.composite
def programs(draw: st.DrawFn) -> cc.Program:
    """Generate programs of up to three rule policies on any map."""
    policies = [draw(rule_policies(f"policy-{n}")) for n in range(draw(st.integers(0, 3)))]
    if len(policies) == 3:
        join = draw(st.sampled_from([cc.all_of, cc.any_of]))
        policies = [policies[0], join(*policies[1:], id="joined", overridable_by=["physician"])]
    return cc.Program(
        id="generated",
        version="1",
        continuum=draw(continua()),
        calendar=cc.Calendar(zone=draw(st.sampled_from(ZONES)), leave_counts=draw(st.booleans())),
        when_ungoverned=draw(
            st.sampled_from(cc.Verdict)
            | st.fixed_dictionaries(
                {kind.value: st.sampled_from(cc.Verdict) for kind in TransitionKind}
            )
        ),
        readings=(
            cc.Reading(DAYS, DaysAtLevel()),
            cc.Reading(RETURNS, ReturnsToUse()),
            cc.Reading(OTHERS, OtherOpenEpisodes()),
            cc.Reading(LEGAL, LegalStatusNow()),
        ),
        policies=tuple(policies),
    )


moves: st.SearchStrategy[cc.Move] = st.one_of(
    st.builds(cc.refer),
    st.builds(cc.waitlist),
    st.builds(cc.cancel),
    st.builds(cc.admit, to=maybe_codes),
    st.builds(cc.place, to=codes),
    st.builds(cc.move, to=codes),
    st.builds(cc.step_down, to=codes, proposal_id=st.none() | few_ids),
    st.builds(cc.step_up, to=codes),
    st.builds(cc.lateral, to=codes),
    st.builds(cc.aftercare, to=codes),
    st.builds(cc.leave, st.none() | st.sampled_from(LEAVE_KINDS)),
    st.builds(cc.return_from_leave, to=maybe_codes),
    st.builds(
        cc.discharge,
        st.sampled_from(["planned", "transfer", "against-advice", "death", "flew"]),
        reason_code=st.sampled_from([None, "done"]),
        destination=st.sampled_from([None, "home"]),
        last_contact=st.sampled_from([None, cc.When.of(START)]),
    ),
)
"""Everything that can be asked for, on the map or off it."""
