from typing import Any

import httpx
import pytest

from tests.browsers import WISHES, Browser
from tests.fakes import ServerTasks, code_of, register

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
