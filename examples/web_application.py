"""A caseload behind HTTP, with FastAPI: who asks is the application's, what is decided is not.

Run it with `uvicorn --factory`, and a factory of your own that calls `application`.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI, Header, HTTPException, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import carecontinuum as cc
from carecontinuum.caseload import Caseload, EpisodeNotNamed, NoProgram, NoSuchProposal
from carecontinuum.codec import SCHEMA, from_json, to_json
from carecontinuum.history import Change, EventConflict, HistoryRefused, NoSuchEpisode, RecordBody
from carecontinuum.stores import MemoryStore, StoreError, StoreUnavailable, StreamChanged

MOST_BYTES = 64 * 1024
"""How long a body may be; the longest that is meant is an intake assessment."""

STATUS: dict[type[Exception], int] = {
    cc.CareContinuumError: 400,  # what was asked makes no sense: the message says what would
    cc.TransitionForbidden: 409,
    cc.NotOnTheMap: 409,
    cc.TransitionUndetermined: 422,  # `decision.needs` says what is missing
    HistoryRefused: 409,
    EventConflict: 409,  # the key, or the event's id, was used for something else
    EpisodeNotNamed: 409,
    NoSuchEpisode: 404,
    NoSuchProposal: 404,
    StreamChanged: 409,  # others wrote again and again: ask again with the same key
    StoreUnavailable: 503,  # ask again later with the same key
    StoreError: 500,
    NoProgram: 500,
}
"""How each kind of error is told; the nearest base counts."""
ASK_AGAIN = {StreamChanged: "1", StoreUnavailable: "5"}
"""After how many seconds the same may be asked again, with the same key."""


def whoever() -> cc.Actor:
    """Let nobody in; the application puts its own in the place of this."""
    raise HTTPException(401)


By = Annotated[cc.Actor, Depends(whoever)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
PatientId = Annotated[str, Path(min_length=1, max_length=200)]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=200)]


class Asked(BaseModel):
    """A move that is asked for; `at` is now where it is left out."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    kind: cc.TransitionKind | None = None
    to: Text | None = None
    reason_code: Text | None = None
    note: Annotated[str, Field(max_length=4000)] = ""
    proposal_id: Text | None = None
    discharge_kind: Text | None = None
    destination: Text | None = None
    last_contact: AwareDatetime | None = None
    leave_kind: Text | None = None
    expected_return: AwareDatetime | None = None
    at: AwareDatetime | None = None
    episode_id: Text | None = None
    stated: dict[str, bool | int | float | str] = {}

    def move(self) -> cc.Move:
        """Give the move."""
        return cc.Move(**self.model_dump(exclude={"at", "episode_id", "stated"}))


class Fact(BaseModel):
    """A fact from the field, as the codec writes an event; who says so is whoever asks."""

    model_config = ConfigDict(extra="forbid")
    id: Text
    episode_id: Text | None = None
    occurred_at: Any
    body: dict[str, Any]


def now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)  # noqa: TID251  an application's clock


def application(
    caseload: Caseload, asker: Callable[..., cc.Actor], *, clock: Callable[[], datetime] = now
) -> FastAPI:
    """Make the application around the one caseload of this process.

    Args:
        caseload: The caseload; its threads and FastAPI's may use it at once.
        asker: A FastAPI dependency that says who asks, or raises `HTTPException`; it also sees to
            it that they may ask about this patient.
        clock: Tells the time; the same as the caseload's.
    """
    web = FastAPI(title="A caseload", dependencies=[Depends(whoever), Depends(not_kept)])
    web.dependency_overrides[whoever] = asker
    web.add_middleware(Limited)
    web.add_exception_handler(cc.CareContinuumError, told)
    web.add_exception_handler(RequestValidationError, refused)

    @web.get("/patients/{patient_id}")
    def patient(patient_id: PatientId) -> dict[str, Any]:
        record = caseload.for_patient(patient_id)
        if not record.version:
            raise HTTPException(404, "no such patient")
        return {"version": record.version, "episodes": [seen(one) for one in episodes(record)]}

    @web.post("/patients/{patient_id}/considered")
    def considered(patient_id: PatientId, asked: Asked, by: By) -> dict[str, Any]:
        decision = caseload.consider(
            patient_id,
            asked.move(),
            at=asked.at or clock(),
            by=by,
            episode_id=asked.episode_id,
            stated=asked.stated,
        )
        return {"decision": to_json(decision)}

    @web.get("/patients/{patient_id}/options")
    def options(patient_id: PatientId, by: By, episode_id: str | None = None) -> dict[str, Any]:
        found = caseload.options(patient_id, at=clock(), by=by, episode_id=episode_id)
        return {"decisions": [to_json(decision) for decision in found]}

    @web.post("/patients/{patient_id}/requests", status_code=201)
    def request(patient_id: PatientId, asked: Asked, key: Key, by: By) -> dict[str, Any]:
        outcome = caseload.request(
            patient_id,
            asked.move(),
            at=asked.at or clock(),
            by=by,
            episode_id=asked.episode_id,
            request_id=key,
            stated=asked.stated,
        )
        return {"decision": to_json(outcome.decision), "version": outcome.record.version}

    @web.post("/patients/{patient_id}/events", status_code=201)
    def report(patient_id: PatientId, fact: Fact, by: By) -> dict[str, Any]:
        found = caseload.report(patient_id, event(patient_id, fact, by=by, at=clock()))
        return {
            "version": found.record.version,
            "does_not_fit": [misfit.code for misfit in found.discrepancies],
            "changes": [change.event_id for change in found.consequences],
        }

    @web.get("/census")
    def census(at: AwareDatetime | None = None) -> dict[str, Any]:
        found = caseload.census(at or clock())
        by_level = {level or "without a level": n for level, n in found.by_level.items()}
        return {"by_level": by_level, "on_leave": found.on_leave, "pending": found.pending}

    return web


def event(patient_id: str, fact: Fact, *, by: cc.Actor, at: datetime) -> cc.Event:
    """Read a fact; who it is about, who says so and when it is recorded are not the sender's.

    Raises:
        CodecInvalid: With the path of each problem.
        HTTPException: It is a decision, a correction or a merge, which have calls of their own.
    """
    known = {
        "type": "event",
        "schema": SCHEMA,
        "patient_id": patient_id,
        "recorded_at": at.isoformat(),
        "by": {"id": by.id, "role": by.role},
    }
    found = from_json(cc.Event, {**fact.model_dump(exclude_none=True), **known})
    if not isinstance(found.body, Change | RecordBody):
        raise HTTPException(400, "`body` is no fact about an episode and no record")
    return found


def episodes(record: cc.PatientRecord) -> list[cc.EpisodeOfCare]:
    """Give a patient's episodes, those that are open first."""
    return sorted(record.episodes.values(), key=lambda episode: not episode.is_open)


def seen(episode: cc.EpisodeOfCare) -> dict[str, Any]:
    """Say where an episode stands."""
    since = episode.level_since
    return {
        "id": episode.id,
        "status": episode.status.value,
        "level": episode.level,
        "since": str(since) if since else None,
        "waiting": [{"id": move.id, "to": move.level} for move in episode.pending],
    }


def told(_: Request, error: Exception) -> JSONResponse:
    """Tell an error: its code and words, which hold nothing about a patient, and its decision."""
    assert isinstance(error, cc.CareContinuumError)
    content: dict[str, Any] = {"code": error.code, "says": error.message()}
    if isinstance(error, cc.TransitionRefused):
        content["decision"] = to_json(error.decision)
        content["needs"] = [need.fact for need in error.decision.needs]
    if isinstance(error, cc.Invalid):
        content["problems"] = [{"path": one.path, "code": one.code} for one in error.problems]
    if isinstance(error, EpisodeNotNamed):
        content["episodes"] = list(error.episodes)
    kind = next(kind for kind in type(error).__mro__ if kind in STATUS)
    headers = {"Cache-Control": "no-store"}
    if kind in ASK_AGAIN:
        headers["Retry-After"] = ASK_AGAIN[kind]
    return JSONResponse(content, STATUS[kind], headers)


def refused(_: Request, error: Exception) -> JSONResponse:
    """Tell what is wrong with a request, and where; FastAPI's own answer repeats what was sent."""
    assert isinstance(error, RequestValidationError)
    problems = [{"path": place(one), "code": one["type"]} for one in error.errors()]
    return JSONResponse({"code": "request", "problems": problems}, 400)


def place(problem: dict[str, Any]) -> str:
    """Say where a problem is, by names that are ours; a key nobody knows is the sender's."""
    steps = problem["loc"][:-1] if problem["type"] == "extra_forbidden" else problem["loc"][:2]
    return ".".join(str(step) for step in steps)


def not_kept(response: Response) -> None:
    """Let no cache keep what is told about a patient."""
    response.headers["Cache-Control"] = "no-store"


class Limited:
    """Refuses a body that is too long, before it is read to its end."""

    def __init__(self, web: ASGIApp) -> None:
        """Stand before an application."""
        self.web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        left = MOST_BYTES

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, f"a body has {MOST_BYTES} bytes at most")
            return message

        await self.web(scope, counted, send)


async def main() -> None:
    """Ask the application what a clinician's page would ask, without a server."""
    caseload = Caseload([cc.shipped_program("community")], store=MemoryStore())
    web = application(caseload, lambda: cc.Actor("dr-sample", role="physician"))
    steady = {"medically_stable": True, "withdrawal_risk": 0}
    to_iop = {"kind": "admit", "to": "iop", "stated": steady}
    to_op = {"kind": "step_down", "to": "op", "stated": steady}
    there = httpx.ASGITransport(app=web)
    async with httpx.AsyncClient(transport=there, base_url="http://example") as client:
        for key, asked in (("alex-0001", to_iop), ("alex-0001", to_iop), ("alex-0002", to_op)):
            answer = await client.post(
                "/patients/alex-example/requests", json=asked, headers={"Idempotency-Key": key}
            )
            print(answer.status_code, answer.json()["decision"]["verdict"])
        print((await client.get("/census")).json())


if __name__ == "__main__":
    asyncio.run(main())
