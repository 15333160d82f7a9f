"""Two servers on one database, and a real bus between them."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from tests import postgres
from tests.core import until
from tests.fakes import Running, ServerTasks, make_settings, register
from tests.nats import free_port, serving
from tests.postgres import Postgres
from tests.talk import Person
from uptc_messenger import app
from uptc_messenger.controllers import renewing
from uptc_messenger.services.websocket.broker import BusError
from uptc_messenger.toolkit.ids import uuid7


@pytest.fixture(scope="module")
def database() -> Generator[Postgres, None, None]:
    with postgres.serving() as started:
        yield started


@asynccontextmanager
async def started(
    tmp_path: Path, database: Postgres, *roles: str
) -> AsyncGenerator[tuple[Running, Running], None]:
    """Two nodes with these roles."""
    name = f"test_{uuid7().replace('-', '')}"
    await database.execute(f"CREATE DATABASE {name}")
    with serving() as nats:
        homes = [ServerTasks(tmp_path / name) for name in ("one", "two")]
        place = {
            "bus": nats.url,
            "database": database.url(name),
            "websocket_presence_every_s": 0.0,
            "websocket_offline_after_s": 1.0,
        }
        pairs = zip(homes, roles, strict=True)
        one, two = [await home.start(**place, roles=given) for home, given in pairs]
        for node in (one, two):
            await linked(node)
        yield one, two
        for home in homes:
            await home.close()


@pytest_asyncio.fixture
async def nodes(
    tmp_path: Path, database: Postgres
) -> AsyncGenerator[tuple[Running, Running], None]:
    everything = "gateway,api,worker"
    async with started(tmp_path, database, everything, everything) as both:
        yield both


async def linked(node: Running) -> None:
    broker = node.application.cluster.broker
    assert broker is not None
    await until(lambda: broker.up)


async def people(nodes: tuple[Running, Running]) -> tuple[Person, Person]:
    """Ana is at home on the first node, Luis on the second."""
    one, two = nodes
    async with one.client() as stranger:
        ana = Person(one, await register(stranger, "ana"))
        luis = Person(two, await register(stranger, "luis"))
    return ana, luis


def message(chat_id: str, text: str) -> dict[str, object]:
    return {
        "type": "message.send",
        "id": text,
        "chat_id": chat_id,
        "message_id": uuid7(),
        "body": {"text": text},
    }


async def test_what_is_said_on_one_node_is_heard_on_the_other(nodes: tuple[Running, Running]):
    ana, luis = await people(nodes)
    chat = await ana.found(luis)
    here, there = await ana.watch(chat), await luis.watch(chat)
    await here.say(message(chat, "hola"))
    assert (await there.hear("event", seq=1))["data"]["body"] == {"text": "hola"}
    await there.say(message(chat, "buenas"))
    assert (await here.hear("event", seq=2))["data"]["body"] == {"text": "buenas"}
    await here.say({"type": "typing", "chat_id": chat, "on": True})
    assert (await there.hear("typing"))["user_id"] == ana.user_id


async def test_presence_passes_between_nodes(nodes: tuple[Running, Running]):
    ana, luis = await people(nodes)
    await ana.found(luis)
    there = await luis.connect()
    here = await ana.connect()
    shown = await here.ask("view.set", open=[], users=[luis.user_id])
    if shown["data"]["presence"][0]["state"] == "offline":  # the nodes have not met yet
        await here.hear("presence", users=[{"user_id": luis.user_id, "state": "online"}])
    await there.say({"type": "presence.set", "state": "dnd", "text": "En clase"})
    told = {"user_id": luis.user_id, "state": "dnd", "text": "En clase"}
    await here.hear("presence", users=[told])
    again = await ana.connect(view={"open": [], "users": [luis.user_id]})
    await again.hear("presence", users=[told])
    assert nodes[0].application.gateway.elsewhere.entries == 1
    await there.socket.close()
    assert (await here.hear("presence"))["users"][0]["state"] == "offline"


async def test_whoever_is_removed_on_one_node_hears_nothing_more_on_the_other(
    nodes: tuple[Running, Running],
):
    ana, luis = await people(nodes)
    chat = await ana.found(luis)
    there = await luis.watch(chat)
    async with ana.http() as http:
        await http.delete(f"/api/v1/chats/{chat}/members/{luis.user_id}")
        await http.put(f"/api/v1/chats/{chat}/messages/{uuid7()}", json={"body": {"text": "psst"}})
    await there.hear("user.event", kind="chat.left")
    await there.say({"type": "ping", "ts": 1})
    await there.hear("pong")
    assert all(frame.get("kind") != "message.new" for frame in there.heard)


async def test_a_session_ended_on_one_node_ends_on_the_other(nodes: tuple[Running, Running]):
    ana, _ = await people(nodes)
    elsewhere = Person(
        nodes[1],
        {
            "user": {"user_id": ana.user_id},
            "token": ana.token,
            "session": {"session_id": ana.session_id},
        },
    )
    there = await elsewhere.connect()
    async with ana.http() as http:
        assert (await http.post("/api/v1/auth/logout")).status_code == 204
    assert await there.closed() == 4504


async def test_each_node_serves_its_roles_and_says_which_one_it_lacks(
    tmp_path: Path, database: Postgres
):
    async with started(tmp_path, database, "gateway", "api,worker") as (gateway, api):
        async with api.client() as stranger:
            account = await register(stranger, "ana")
            luis = Person(api, await register(stranger, "luis"))
        ana = Person(api, account)
        chat = await ana.found(luis)
        here = await Person(gateway, account).watch(chat)
        async with luis.http() as http:
            said = f"/api/v1/chats/{chat}/messages/{uuid7()}"
            assert (await http.put(said, json={"body": {"text": "hola"}})).is_success
        assert (await here.hear("event"))["data"]["body"] == {"text": "hola"}
        with pytest.raises(InvalidStatus) as refused:
            await ana.connect()
        assert refused.value.response.status_code == 503
        assert "gateway" in str(refused.value.response.body)
        async with gateway.client(ana.token) as http:
            for path in ("/", "/api/v1/users/me", "/openapi.json"):
                answer = await http.get(path)
                assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
                assert "api" in answer.json()["detail"]
            for path in ("/healthz", "/readyz", "/metrics"):
                assert (await http.get(path)).status_code == 200
        assert gateway.owner_link is None
        sweeping = api.application.cluster.sweeping
        await until(lambda: sweeping.holding)
        assert not gateway.application.cluster.sweeping.holding


async def test_a_copy_of_the_database_on_the_same_bus_does_not_start(
    tmp_path: Path, database: Postgres
):
    name, copy = (f"test_{uuid7().replace('-', '')}" for _ in range(2))
    await database.execute(f"CREATE DATABASE {name}")
    original = ServerTasks(tmp_path / "original")
    with serving() as nats:
        await original.start(bus=nats.url, database=database.url(name))
        await original.close()
        await database.execute(f"CREATE DATABASE {copy} TEMPLATE {name}")
        node = await original.start(bus=nats.url, database=database.url(name))
        await linked(node)
        place = make_settings(tmp_path / "copy", bus=nats.url, database=database.url(copy))
        application = await app.build(place)
        with pytest.raises(BusError, match="copy"):
            await application.serve(lambda _: None)
        await application.close()
        assert node.application.cluster.twins.seen == 1
        await original.close()


async def test_nodes_on_one_database_that_do_not_hear_each_other_say_so(
    tmp_path: Path, database: Postgres, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(renewing, "EVERY_S", 0.05)
    monkeypatch.setattr(renewing, "_TURNS", 3)
    name = f"test_{uuid7().replace('-', '')}"
    await database.execute(f"CREATE DATABASE {name}")
    homes = [ServerTasks(tmp_path / which) for which in ("one", "two")]
    with serving() as ours, serving() as theirs:
        nodes = [
            await home.start(bus=nats.url, database=database.url(name))
            for home, nats in zip(homes, (ours, theirs), strict=True)
        ]
        for node in nodes:
            renewal = node.application.cluster.renewal
            assert renewal is not None
            await until(lambda renewal=renewal: renewal.strangers == 1)
        for home in homes:
            await home.close()


async def test_a_node_does_not_start_without_its_bus(tmp_path: Path):
    application = await app.build(make_settings(tmp_path, bus=f"nats://127.0.0.1:{free_port()}"))
    with pytest.raises(BusError, match="nothing listens there"):
        await application.serve(lambda _: None)
    await application.close()
