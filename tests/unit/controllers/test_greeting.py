import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.core import NOON
from tests.fakes import Running
from tests.house import House, housed
from tests.talk import Talker, dial, person
from uptc_messenger.controllers import greeting
from uptc_messenger.database import Database
from uptc_messenger.services.auth import AuthService
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.toolkit.clock import rfc3339


async def test_a_good_token_is_welcomed(house: House):
    ana = await house.person("ana")
    wire, welcome = await house.enter(ana)
    assert (welcome["ref"], welcome["user_id"]) == (0, ana.user_id)
    assert (welcome["resumed"], welcome["heads"]) == (False, [])
    assert welcome["protocol"] == "uptc.v1.json"
    assert welcome["server_time"] == rfc3339(NOON)
    assert welcome["limits"]["frame"] == 65_536
    assert [told["type"] for told in await wire.all_until_pong()] == ["pong"]


async def test_a_bad_token_is_refused_and_told_not_to_come_back(house: House):
    wire = house.connect()
    wire.say({"type": "hello", "id": 7, "token": "guessed"})
    told = await wire.hear()
    assert (told["type"], told["code"], told["ref"]) == ("error", "unauthenticated", 7)
    assert await wire.ended() == 4503


async def test_no_token_at_all_is_the_same(house: House):
    wire = house.connect()
    wire.say({"type": "hello"})
    assert (await wire.hear())["code"] == "unauthenticated"
    assert await wire.ended() == 4503


async def test_a_browser_brings_its_cookie_and_an_origin_of_ours(house: House):
    ana = await house.person("ana")
    wire = house.connect(Cookie=f"session={ana.token}", Origin="http://localhost:8000")
    wire.say({"type": "hello"})
    assert (await wire.hear())["user_id"] == ana.user_id


async def test_a_herd_is_told_to_come_back_before_the_database_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(greeting, "steady_clock", lambda: NOON)
    config = WebSocketConfig(hellos_per_s=1)
    async with housed(f"sqlite:///{tmp_path}/uptc.db", config, limits=True) as house:
        ana = await house.person("ana")
        await house.enter(ana)

        async def asked(*_: object) -> None:
            raise AssertionError("nothing is proved of whom there is no room for")

        monkeypatch.setattr(AuthService, "authenticate", asked)
        wire = house.connect()
        wire.say({"type": "hello", "id": 1, "token": ana.token})
        told = await wire.hear()
        assert (told["code"], told["retryable"]) == ("overloaded", True)
        assert told["retry_after_ms"] >= 500
        assert await wire.ended() == 4013
        assert house.gateway.hellos_turned_away == 1


async def test_one_account_has_so_many_sockets_and_no_more(tmp_path: Path):
    config = WebSocketConfig(max_user_sessions=1)
    async with housed(f"sqlite:///{tmp_path}/uptc.db", config) as house:
        ana = await house.person("ana")
        await house.enter(ana)
        wire = house.connect()
        wire.say({"type": "hello", "token": ana.token})
        assert (await wire.hear())["code"] == "conflict"
        assert await wire.ended() == 4506


async def test_a_full_or_stopping_server_says_come_back(tmp_path: Path):
    config = WebSocketConfig(max_sessions=0)
    async with housed(f"sqlite:///{tmp_path}/uptc.db", config) as house:
        ana = await house.person("ana")
        wire = house.connect()
        wire.say({"type": "hello", "token": ana.token})
        told = await wire.hear()
        assert (told["code"], told["retryable"]) == ("overloaded", True)
        assert told["retry_after_ms"] > 0
        assert await wire.ended() == 4013


async def test_reconnecting_in_a_storm_is_limited(tmp_path: Path):
    async with housed(f"sqlite:///{tmp_path}/uptc.db", limits=True) as house:
        ana = await house.person("ana")
        for _ in range(20):
            wire, _ = await house.enter(ana)
            wire.hang_up()
        wire = house.connect()
        wire.say({"type": "hello", "token": ana.token})
        assert (await wire.hear())["code"] == "rate_limited"
        assert await wire.ended() == 4029


@pytest.mark.parametrize(("owner", "name"), [(AuthService, "authenticate"), (Database, "read")])
async def test_who_hangs_up_during_the_greeting_is_forgotten(
    server: Running, monkeypatch: pytest.MonkeyPatch, owner: type[Any], name: str
):
    ana = await person(server, "ana")
    chat_id = await ana.found()
    asked, go_on = asyncio.Event(), asyncio.Event()
    gateway, real = server.application.gateway, getattr(owner, name)

    async def slow(*arguments: Any) -> Any:
        asked.set()
        await go_on.wait()
        return await real(*arguments)

    socket = await dial(server)
    monkeypatch.setattr(owner, name, slow)
    await Talker(socket).say({"type": "hello", "token": ana.token, "view": {"open": [chat_id]}})
    async with asyncio.timeout(10):
        await asked.wait()
        monkeypatch.undo()
        socket.transport.abort()
        while gateway.sockets:  # noqa: ASYNC110 - the gateway tells nobody who leaves
            await asyncio.sleep(0)
        go_on.set()
        while len(gateway.tasks) > 1:  # noqa: ASYNC110 - what remains is the clock
            await asyncio.sleep(0)
    directory = gateway.hub.directory
    assert (gateway.hub.sessions, directory.people, directory.rooms) == (0, {}, {})
