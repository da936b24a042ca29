"""The web application of the examples: what it answers, to whom, and what it never tells."""

import asyncio
import json
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from examples.web_application import MOST_BYTES, application
from fastapi import FastAPI, Header, HTTPException

import carecontinuum as cc
from carecontinuum.caseload import Caseload
from carecontinuum.codec import to_json
from carecontinuum.history import Event
from carecontinuum.stores import (
    MemoryStore,
    SqliteStore,
    StoreUnavailable,
    StreamChanged,
    StreamKey,
)
from caseload.every_command import NOW, PROGRAM, Clock
from invented import RISK, STABLE, START, program

CANARY = "Zanzibar-Canary"
Answer = httpx.Response


def asker(authorization: Annotated[str | None, Header()] = None) -> cc.Actor:
    """Say who asks, by an invented token."""
    if authorization != "Bearer dr-sample":
        raise HTTPException(401, "who are you")
    return cc.Actor("dr-sample", role="physician")


def send(web: FastAPI, method: str, path: str, **more: Any) -> Answer:
    """Ask an application something, in a loop of its own; a fault in it is an answer too."""
    headers = {"Authorization": "Bearer dr-sample", **more.pop("headers", {})}

    async def sent() -> Answer:
        there = httpx.ASGITransport(app=web, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=there, base_url="http://example") as client:
            return await client.request(method, path, headers=headers, **more)

    return asyncio.run(sent())


def ask(web: FastAPI, key: str, asked: object, *, patient: str = "p-1") -> Answer:
    """Request a move."""
    headers = {"Idempotency-Key": key}
    return send(web, "POST", f"/patients/{patient}/requests", json=asked, headers=headers)


@pytest.fixture
def clock() -> Clock:
    """Give a clock."""
    return Clock(START)


@pytest.fixture
def caseload(tmp_path: Path, clock: Clock) -> Caseload:
    """Give a caseload of one patient in intensive outpatient care."""
    store = SqliteStore(tmp_path / "care.db")
    found = Caseload([PROGRAM], store=store, clock=clock)
    found.admit("p-1", to="iop", at=START, by="dr", request_id="r-1", episode_id="e-1")
    clock.at = NOW
    return found


@pytest.fixture
def web(caseload: Caseload, clock: Clock) -> FastAPI:
    """Give the application around it."""
    return application(caseload, asker, clock=clock)


def test_a_clinician_s_day(web: FastAPI) -> None:
    """Where the patient stands, what could be, a move, a fact from the field, and the census."""
    found = send(web, "GET", "/patients/p-1")
    assert found.json()["episodes"][0]["level"] == "iop"
    assert found.headers["Cache-Control"] == "no-store"
    options = send(web, "GET", "/patients/p-1/options").json()["decisions"]
    assert {"permit"} <= {decision["verdict"] for decision in options}
    to_op = {"kind": "step_down", "to": "op"}
    considered = send(web, "POST", "/patients/p-1/considered", json=to_op)
    assert considered.json()["decision"]["verdict"] == "permit"
    made = ask(web, "key-0001", to_op)
    assert (made.status_code, made.json()["version"]) == (201, 4)
    fact = {
        "id": "f-1",
        "episode_id": "e-1",
        "occurred_at": "2026-03-21T09:00:00-05:00",
        "body": {"type": "moved", "level": "moon"},
    }
    told = send(web, "POST", "/patients/p-1/events", json=fact)
    assert told.status_code == 201, told.text
    assert told.json()["does_not_fit"] == ["unknown-level"]
    assert told.json()["changes"] == ["key-0001"]
    assert send(web, "GET", "/census").json()["by_level"] == {"op": 1}
    at = (START + timedelta(days=1)).isoformat()
    assert send(web, "GET", "/census", params={"at": at}).json()["by_level"] == {"iop": 1}


def test_who_reports_is_who_asks(web: FastAPI, caseload: Caseload) -> None:
    """Nobody says for another who they are, whom it is about, or when it was recorded."""
    fact = {"id": "f-1", "episode_id": "e-1", "occurred_at": "2026-03-03T09:00:00-05:00"}
    fact["body"] = {"type": "return-to-use"}  # type: ignore[assignment]
    for more in ({"by": {"id": "other"}}, {"patient_id": "p-2"}, {"recorded_at": "2020-01-01"}):
        assert send(web, "POST", "/patients/p-1/events", json={**fact, **more}).status_code == 400
    assert send(web, "POST", "/patients/p-1/events", json=fact).status_code == 201
    event = caseload.for_patient("p-1").by_id["f-1"]
    assert (event.by.id, event.recorded_at) == ("dr-sample", NOW)


def test_a_decision_is_not_reported(web: FastAPI, caseload: Caseload) -> None:
    """A permit of one's own making, and a correction, are no facts from the field."""
    fact = {"id": "f-1", "episode_id": "e-1", "occurred_at": "2026-03-03T09:00:00-05:00"}
    decided = cc.decide(
        caseload.for_patient("p-1"),
        cc.step_up(to="res"),
        program=PROGRAM,
        episode_id="e-1",
        at=NOW,
        by="x",
    )
    bodies = [
        {"type": "decided", "decision": to_json(decided)},
        {"type": "retracted", "event_id": "r-1"},
        {"type": "patients-merged", "patient_id": "p-2"},
    ]
    for body in bodies:
        found = send(web, "POST", "/patients/p-1/events", json={**fact, "body": body})
        assert found.status_code == 400, found.text
    assert caseload.for_patient("p-1").version == 2


def test_nobody_is_answered_who_is_not_known(web: FastAPI) -> None:
    """Without a token nothing is told, whatever is asked."""
    nobody = {"Authorization": "Bearer somebody"}
    for method, path in (
        ("GET", "/patients/p-1"),
        ("GET", "/patients/p-1/options"),
        ("GET", "/census"),
        ("POST", "/patients/p-1/requests"),
        ("POST", "/patients/p-1/considered"),
        ("POST", "/patients/p-1/events"),
    ):
        found = send(web, method, path, headers=nobody)
        assert found.status_code == 401
        assert "p-1" not in found.text


def test_a_refusal_comes_with_its_decision(caseload: Caseload, clock: Clock) -> None:
    """What is forbidden is a conflict, what is not known says what is missing."""
    clock.at = START + timedelta(days=5)
    web = application(caseload, asker, clock=clock)
    forbidden = ask(web, "key-0001", {"kind": "step_down", "to": "op"})
    assert (forbidden.status_code, forbidden.json()["code"]) == (409, "CC402")
    assert forbidden.json()["decision"]["verdict"] == "forbid"
    unmapped = ask(web, "key-0002", {"kind": "aftercare", "to": "after"})
    assert (unmapped.status_code, unmapped.json()["code"]) == (409, "CC401")
    stable = cc.requires(STABLE, id="stable", citation="invented", on=["step_up"])
    other = Caseload([program(stable)], store=MemoryStore(), clock=clock)
    other.admit("p-1", to="iop", at=START, by="dr")
    missing = ask(
        application(other, asker, clock=clock), "key-0001", {"kind": "step_up", "to": "res"}
    )
    assert (missing.status_code, missing.json()["needs"]) == (422, ["stable"])


def test_a_key_told_again_has_one_effect(web: FastAPI, caseload: Caseload) -> None:
    """The same key gives the same decision; with another move it is a conflict."""
    to_op = {"kind": "step_down", "to": "op"}
    first, again = ask(web, "key-0001", to_op), ask(web, "key-0001", to_op)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert caseload.for_patient("p-1").version == 4
    assert ask(web, "key-0001", {"kind": "step_up", "to": "res"}).status_code == 409
    without = send(web, "POST", "/patients/p-1/requests", json=to_op)
    assert (without.status_code, without.json()["problems"][0]["code"]) == (400, "missing")


def test_two_clients_race_for_one_patient(web: FastAPI, caseload: Caseload) -> None:
    """Of eight clients that ask for the same move, one makes it and the others are told."""
    to_op = {"kind": "step_down", "to": "op"}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: ask(web, f"key-{n:04}", to_op).status_code, range(8)))
    assert sorted(found) == [201] + [409] * 7
    assert [stay.level for stay in caseload.for_patient("p-1").episode("e-1").stays] == [
        "iop",
        "op",
    ]


def test_patients_that_are_not_there(web: FastAPI) -> None:
    """An unknown patient is not found, and can be referred, wait, or be admitted."""
    assert send(web, "GET", "/patients/p-9").status_code == 404
    found = send(web, "GET", "/patients/p-9/options").json()["decisions"]
    assert {one["request"]["kind"] for one in found} == {"refer", "waitlist", "admit"}
    assert send(web, "GET", "/patients/p-9/options?episode_id=e-9").status_code == 404
    assert ask(web, "key-0001", {"kind": "step_down", "to": "op"}, patient="p-9").status_code == 409
    named = {"kind": "step_down", "to": "op", "episode_id": "e-9"}
    assert ask(web, "key-0001", named).status_code in {404, 409}


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{" + CANARY.encode(),
    "a list": json.dumps([CANARY]).encode(),
    "another kind": json.dumps({"kind": CANARY}).encode(),
    "a number for a word": b'{"to": 7, "kind": "admit"}',
    "an unknown key": json.dumps({CANARY: 1}).encode(),
    "a day without a zone": b'{"kind": "cancel", "at": "2026-03-03T10:00:00"}',
    "the end of time": b'{"kind": "cancel", "at": "9999-12-31T23:59:59Z"}',
    "a long word": json.dumps({"kind": "admit", "to": CANARY * 100}).encode(),
    "half a character": b'{"kind": "admit", "to": "\\ud800"}',
    "not a number": b'{"kind": "admit", "to": "iop", "stated": {"withdrawal_risk": NaN}}',
    "endless": b'{"kind": "admit", "to": "iop", "stated": {"withdrawal_risk": 1e999}}',
    "a deep nest": b"[" * 60_000,
    "a fact that is not stated": b'{"kind": "admit", "stated": {"no_such_fact": 1}}',
    "a wrong value": json.dumps(
        {"kind": "step_down", "to": "op", "stated": {RISK.id: CANARY}}
    ).encode(),
    "bytes": bytes(range(128, 256)),
    "too much": b'{"note": "' + b"x" * 1_000_000 + b'"}',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("call", ["requests", "considered", "events"])
def test_hostile_bodies_are_refused(
    name: str, call: str, web: FastAPI, caseload: Caseload, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is refused as the sender's fault, keeps nothing, and is repeated nowhere."""
    caplog.set_level(logging.DEBUG)
    headers = {"Idempotency-Key": "key-0001", "Content-Type": "application/json"}
    found = send(web, "POST", f"/patients/p-1/{call}", content=HOSTILE[name], headers=headers)
    assert 400 <= found.status_code < 500, found.text
    assert (found.status_code == 413) == (name == "too much")
    assert CANARY not in found.text
    assert CANARY not in caplog.text
    assert caseload.for_patient("p-1").version == 2


def test_a_body_of_unknown_length_is_counted(web: FastAPI) -> None:
    """What is sent in pieces, with no length told, is refused once it is too long."""

    async def pieces() -> Any:
        for _ in range(MOST_BYTES // 1000 + 2):
            yield b"x" * 1000

    headers = {"Idempotency-Key": "key-0001"}
    found = send(web, "POST", "/patients/p-1/requests", content=pieces(), headers=headers)
    assert found.status_code == 413


def test_events_are_refused_with_paths(web: FastAPI) -> None:
    """What the codec cannot read is told with the path of each problem, and no value."""
    fact = {
        "id": "f-1",
        "episode_id": "e-1",
        "occurred_at": CANARY,
        "body": {"type": "leave-started", "kind": "pass", "expected_return": CANARY},
    }
    found = send(web, "POST", "/patients/p-1/events", json=fact)
    assert found.status_code == 400
    assert {problem["path"] for problem in found.json()["problems"]} == {
        "occurred_at",
        "body.expected_return",
    }
    assert CANARY not in found.text


class Failing(MemoryStore):
    """A store that fails as it is told."""

    error: Exception | None = None

    def append(self, key: StreamKey, events: Iterable[Event], *, expected_version: int) -> int:
        """Fail."""
        if self.error is not None:
            raise self.error
        return super().append(key, events, expected_version=expected_version)


@pytest.mark.parametrize(
    ("error", "status", "again"),
    [
        (StoreUnavailable(says="the disk is full"), 503, "5"),
        (StreamChanged(expected=1, found=2), 409, "1"),
    ],
)
def test_a_store_that_fails_says_when_to_ask_again(
    error: Exception, status: int, again: str, clock: Clock
) -> None:
    """Nothing was kept, and the same key may be told again."""
    store = Failing()
    web = application(Caseload([PROGRAM], store=store, clock=clock), asker, clock=clock)
    store.error = error
    asked = {"kind": "admit", "to": "iop"}
    found = ask(web, "key-0001", asked)
    assert (found.status_code, found.headers["Retry-After"]) == (status, again)
    store.error = None
    assert ask(web, "key-0001", asked).status_code == 201


def test_a_fault_of_the_program_tells_nothing(clock: Clock) -> None:
    """Where no program of the caseload applies, or code fails, the answer is a plain 500."""
    web = application(Caseload([], store=MemoryStore(), clock=clock), asker, clock=clock)
    assert ask(web, "key-0001", {"kind": "admit", "to": "iop"}).status_code == 500
    store = Failing()
    store.error = ValueError(CANARY)
    web = application(Caseload([PROGRAM], store=store, clock=clock), asker, clock=clock)
    found = ask(web, "key-0001", {"kind": "admit", "to": "iop"})
    assert (found.status_code, CANARY in found.text) == (500, False)


def test_who_never_says_who_asks_lets_nobody_in() -> None:
    """An application whose dependency was taken away refuses, and does not open."""
    web = application(Caseload([PROGRAM], store=MemoryStore()), asker)
    web.dependency_overrides.clear()
    assert send(web, "GET", "/census").status_code == 401
