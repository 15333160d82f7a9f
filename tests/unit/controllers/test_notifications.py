from typing import Any

import httpx
import pytest

from tests.browsers import WISHES, Browser
from tests.fakes import ServerTasks, code_of, register
from tests.push_service import push_service
from uptc_messenger.toolkit.ids import uuid7

SETTINGS = "/api/v1/notifications/settings"
PUSH = "/api/v1/notifications/push"
DEVICES = "/api/v1/notifications/devices"


async def test_wishes_are_put_as_a_whole(ana: httpx.AsyncClient):
    first = (await ana.get(SETTINGS)).json()
    assert first["level"] == "all"
    wanted = WISHES | {
        "level": "mentions",
        "keywords": ["parcial"],
        "quiet": {"start": "22:00", "end": "06:00"},
    }
    put = await ana.put(SETTINGS, json=wanted)
    assert put.status_code == 200
    assert put.json() == wanted | {"address": None, "address_state": "none"}
    assert (await ana.get(SETTINGS)).json() == put.json()


@pytest.mark.parametrize(
    "change",
    [
        {"level": "default"},
        {"keywords": ["a"] * 51},
        {"keywords": ["x" * 61]},
        {"quiet": {"start": "24:00", "end": "06:00"}},
        {"quiet": {"start": "2:00", "end": "06:00"}},
        {"time_zone": "../etc/passwd"},
        {"time_zone": "Nowhere/Land"},
        {"mail": "hourly"},
        {"address": "ana@example.edu"},
    ],
)
async def test_bad_wishes(ana: httpx.AsyncClient, change: dict[str, Any]):
    assert code_of(await ana.put(SETTINGS, json=WISHES | change)) == "bad_request"


async def test_a_browser_subscribes_and_is_listed_and_goes(ana: httpx.AsyncClient):
    about = (await ana.get(PUSH)).json()
    assert (about["push"], len(about["key"]), about["device"]) == ("on", 87, None)
    made = await ana.put(PUSH, json=Browser().body)
    assert made.status_code == 200
    assert made.json()["current"]
    assert (await ana.get(DEVICES)).json()["devices"] == [made.json()]
    assert (await ana.get(PUSH)).json()["device"] == made.json()
    gone = await ana.delete(f"{DEVICES}/{made.json()['session_id']}")
    assert gone.status_code == 204
    assert (await ana.get(DEVICES)).json() == {"devices": [], "next_cursor": None}
    assert (await ana.delete(PUSH)).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://127.0.0.1:1/x"},
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://x.example.com/" + "a" * 1024},
        {"p256dh": "short"},
        {"auth": "A" * 23},
        {"expirationTime": None},
    ],
)
async def test_bad_subscriptions(ana: httpx.AsyncClient, change: dict[str, Any]):
    assert code_of(await ana.put(PUSH, json=Browser().body | change)) == "bad_request"


async def test_a_server_without_push_says_so(servers: ServerTasks):
    server = await servers.start(notify_push="off")
    async with server.client() as stranger:
        token = (await register(stranger, "ana"))["token"]
    async with server.client(token) as ana:
        assert (await ana.get(PUSH)).json()["push"] == "off"
        assert code_of(await ana.put(PUSH, json=Browser().body)) == "forbidden"


async def test_a_push_to_the_browser_and_each_hop(servers: ServerTasks):
    async with push_service() as service:
        server = await servers.start(notify_loopback=True, notify_delay_s=0.0)
        async with server.client() as stranger:
            first, second = [await register(stranger, name) for name in ("ana", "luis")]
        async with server.client(first["token"]) as ana, server.client(second["token"]) as luis:
            await luis.put(PUSH, json=service.browser().body)
            health = (await luis.get("/api/v1/notifications/health")).json()
            assert (health["push"], health["mail"], health["quiet"]) == ("on", "off", False)
            assert health["device"]["current"]
            tried = await luis.post("/api/v1/notifications/test", json={"channel": "push"})
            assert tried.json() == {"hop": "none", "detail": ""}
            members = [second["user"]["user_id"]]
            made = await ana.post("/api/v1/chats", json={"kind": "direct", "member_ids": members})
            path = f"/api/v1/chats/{made.json()['chat_id']}"
            await ana.put(f"{path}/messages/{uuid7()}", json={"body": {"text": "¿vienes?"}})
            test, told = await service.until(2)
            assert (test["kind"], told["text"], told["title"]) == ("test", "¿vienes?", None)
            await luis.put(f"{path}/read", json={"n": 1})
            assert (await service.until(3))[-1]["kind"] == "read"
            await luis.post("/api/v1/auth/logout")
            await ana.put(f"{path}/messages/{uuid7()}", json={"body": {"text": "hola"}})
            await server.application.backend.notifications.reader.catch_up()
            await server.application.backend.notifications.deliverer.pump()
            assert len(service.received) == 3


async def test_tests_are_limited(ana: httpx.AsyncClient):
    path = "/api/v1/notifications/test"
    for _ in range(5):
        assert (await ana.post(path, json={"channel": "mail"})).json()["hop"] == "off"
    assert code_of(await ana.post(path, json={"channel": "push"})) == "rate_limited"
    assert code_of(await ana.post(path, json={"channel": "fax"})) == "bad_request"
