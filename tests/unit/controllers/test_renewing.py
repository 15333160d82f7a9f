"""Real servers: a primary is killed and its standby takes over, with everything or without."""

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from websockets.exceptions import ConnectionClosed

from tests.core import until
from tests.fakes import Running, ServerTasks, register
from tests.nats import serving
from tests.talk import Person, Talker
from uptc_messenger.cluster.postgres import Postgres
from uptc_messenger.cluster.processes import Processes
from uptc_messenger.controllers import renewing
from uptc_messenger.controllers.renewing import Renewal, RenewalParts
from uptc_messenger.database import witness
from uptc_messenger.database.migrate import upgrade
from uptc_messenger.database.witness import Witness
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.errors import CloseCode

QUICK = {"fsync": "off", "full_page_writes": "off"}


@pytest.fixture
def home() -> Generator[Path, None, None]:
    with tempfile.TemporaryDirectory(prefix="uptc-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def template() -> Generator[Path, None, None]:
    """A folder with the binaries, and with a server whose database has the schema; made once."""

    async def fill(folder: Path) -> None:
        processes = Processes()
        await processes.open()
        server = Postgres("primary", folder / "primary", processes)
        server.options |= QUICK
        await server.create()
        await server.start()
        await server.create_database()
        await upgrade(sa.make_url(server.url()))
        await server.stop()
        await processes.close()

    with tempfile.TemporaryDirectory(prefix="uptc-") as name:
        Path(name).chmod(0o755)
        asyncio.run(fill(Path(name)))
        yield Path(name)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "EVERY_S", 0.1)


class Pair:
    """A primary, its standby, and two nodes that know both."""

    def __init__(self, primary: Postgres, standby: Postgres, nodes: list[Running]) -> None:
        self.primary = primary
        self.standby = standby
        self.nodes = nodes

    @property
    def renewals(self) -> list[Renewal]:
        found = [node.application.cluster.renewal for node in self.nodes]
        return [renewal for renewal in found if renewal is not None]

    async def caught_up(self) -> None:
        """Return when the standby has what the primary has now."""
        (row,) = await self.primary.execute("SELECT pg_current_wal_lsn()::text AS at")
        behind = f"SELECT pg_last_wal_replay_lsn() < '{row['at']}'::pg_lsn AS behind"
        async with asyncio.timeout(20):
            while (await self.standby.execute(behind))[0]["behind"]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def hold_back(self) -> None:
        """From now on the standby hears nothing; it stays where it is."""
        await self.standby.execute("ALTER SYSTEM SET primary_conninfo = ''")
        await self.standby.execute("SELECT pg_reload_conf()")
        async with asyncio.timeout(20):
            while await self.standby.execute("SELECT 1 FROM pg_stat_wal_receiver"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def fail_over(self) -> None:
        await self.primary.kill()
        await self.standby.promote()

    async def epoch(self) -> str:
        query = "SELECT value FROM installation WHERE name = 'log_epoch'"
        return (await self.standby.execute(query, "uptc"))[0]["value"]


@asynccontextmanager
async def pair(home: Path, template: Path, *, synchronous: bool) -> AsyncGenerator[Pair, None]:
    processes = Processes()
    await processes.open()
    primary = Postgres("primary", home / "primary", processes)
    standby = Postgres("standby", home / "standby", processes)
    subprocess.run(["cp", "-a", template / "primary", primary.home], check=True)  # noqa: ASYNC221
    standby.home.mkdir()
    if (template / "primary" / "pginstall").exists():
        (standby.home / "pginstall").symlink_to(template / "primary" / "pginstall")
    for server in (primary, standby):
        server.options |= QUICK
    await primary.create()
    await primary.start()
    await primary.create_database()
    await standby.copy(primary)
    await standby.start()
    if synchronous:
        await primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        await primary.execute("SELECT pg_reload_conf()")
    url = f"{primary.url()}&host={standby.home}"
    with serving() as nats:
        tasks = [ServerTasks(home / name) for name in ("one", "two")]
        place = {"bus": nats.url, "database": url, "websocket_drain_s": 0.0}
        nodes = [await each.start(**place) for each in tasks]
        for node in nodes:
            broker = node.application.cluster.broker
            await until(lambda broker=broker: broker is not None and broker.up)
        yield Pair(primary, standby, nodes)
        for each in tasks:
            await each.close()
    await processes.close()


@pytest_asyncio.fixture
async def waited_for(home: Path, template: Path) -> AsyncGenerator[Pair, None]:
    """The standby has every commit that was acknowledged."""
    async with pair(home, template, synchronous=True) as made:
        yield made


@pytest_asyncio.fixture
async def left_behind(home: Path, template: Path) -> AsyncGenerator[Pair, None]:
    """Nobody waits for the standby."""
    async with pair(home, template, synchronous=False) as made:
        yield made


async def people(nodes: list[Running]) -> tuple[Person, Person]:
    one, two = nodes
    async with one.client() as stranger:
        return (
            Person(one, await register(stranger, "ana")),
            Person(two, await register(stranger, "luis")),
        )


async def said(talker: Talker, chat: str, text: str) -> int:
    """Say it until it is acknowledged."""
    async with asyncio.timeout(30):
        while True:
            answer = await talker.send(chat, text)
            if answer["type"] == "result":
                return answer["data"]["seq"]
            assert answer["retryable"], answer
            await asyncio.sleep(0.1)


async def texts(person: Person, chat: str) -> list[str]:
    """What the database has, through the person's node."""
    async with asyncio.timeout(30), person.http() as http:
        while True:
            answer = await http.get(f"/api/v1/chats/{chat}/messages")
            page = answer.json()
            if answer.is_success:
                return [message["body"]["text"] for message in page["messages"]]
            assert page["retryable"], page
            await asyncio.sleep(0.1)


async def back(person: Person, **hello: object) -> Talker:
    """Come as every client does: again, while a node still holds connections to the old server."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await person.connect(**hello)
            except ConnectionClosed as end:
                if end.rcvd is None or end.rcvd.code != CloseCode.OVERLOADED:
                    raise
            await asyncio.sleep(0.1)


async def judge(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """As each node does some time after a server took over: who has not come."""
    monkeypatch.setattr(witness, "PATIENCE_S", 0.0)
    for renewal in pair.renewals:
        await renewal.turn()


def resuming(talker: Talker, chat: str, seq: int) -> dict[str, object]:
    welcome = next(frame for frame in talker.heard if frame["type"] == "welcome")
    cursors = [{"chat_id": chat, "seq": seq}]
    resume = {"useq": welcome["useq"], "sync_token": welcome["sync_token"], "open": cursors}
    return {"view": {"open": [chat]}, "resume": resume}


async def test_a_standby_that_lacks_commits_begins_another_log_and_every_client_anew(
    left_behind: Pair, monkeypatch: pytest.MonkeyPatch
):
    ana, luis = await people(left_behind.nodes)
    chat = await ana.found(luis)
    here, there = await ana.watch(chat), await luis.watch(chat)
    assert await said(here, chat, "queda") == 1
    await left_behind.caught_up()
    before = await left_behind.epoch()
    await left_behind.hold_back()
    assert await said(here, chat, "se pierde") == 2
    await there.hear("event", seq=2)
    await left_behind.fail_over()
    # Neither of them writes anything.
    assert [await here.closed(), await there.closed()] == [CloseCode.GOAWAY] * 2
    epoch = await left_behind.epoch()
    assert epoch != before
    await until(lambda: all(renewal.count == 1 for renewal in left_behind.renewals))
    for person, old in ((ana, here), (luis, there)):
        again = await back(person, **resuming(old, chat, 2))
        assert (again.heard[0]["log_epoch"], again.heard[0]["resumed"]) == (epoch, False)
        assert (await again.hear("sync.result"))["reset"]
        assert await texts(person, chat) == ["queda"]
    view = {"open": [chat]}
    here, there = await back(ana, view=view), await back(luis, view=view)
    assert await said(there, chat, "otra") == 2
    assert (await here.hear("event", seq=2))["data"]["body"] == {"text": "otra"}
    await judge(left_behind, monkeypatch)
    assert await left_behind.epoch() == epoch
    assert [renewal.count for renewal in left_behind.renewals] == [1, 1]


async def test_a_standby_with_every_commit_takes_over_and_nobody_begins_anew(
    waited_for: Pair, monkeypatch: pytest.MonkeyPatch
):
    ana, luis = await people(waited_for.nodes)
    chat = await ana.found(luis)
    here, there = await ana.watch(chat), await luis.watch(chat)
    before = await waited_for.epoch()
    await said(here, chat, "queda")
    await waited_for.fail_over()
    seq = await said(here, chat, "también")
    await there.hear("event", seq=seq)
    witnesses = [node.application.backend.database.witness for node in waited_for.nodes]
    await until(lambda: all(seen and seen.timeline == "00000002" for seen in witnesses))
    await judge(waited_for, monkeypatch)
    assert await waited_for.epoch() == before
    assert [renewal.count for renewal in waited_for.renewals] == [0, 0]
    assert await texts(luis, chat) == ["queda", "también"]
    await said(there, chat, "los dos siguen aquí")


async def test_what_only_others_had_told_is_missed_as_well(left_behind: Pair):
    """The node that committed it died with the primary, and another had passed it on."""
    ana, luis = await people(left_behind.nodes)
    chat = await ana.found(luis)
    there = await luis.watch(chat)
    await left_behind.caught_up()
    (renewal,) = left_behind.renewals[1:]
    room = left_behind.nodes[1].application.cluster.hub.directory.rooms[ChatId(chat)]
    room.reach(room.seq + 1, room.n + 1)
    await left_behind.fail_over()
    assert await there.closed() == CloseCode.GOAWAY
    await until(lambda: renewal.count == 1)


async def test_who_cannot_be_heard_is_accused_only_while_this_node_hears():
    seen, peers = Witness("node-1"), {"node-2"}
    nobody: Any = None
    bus: list[set[str] | None] = [None]
    parts = RenewalParts(
        *(nobody, nobody, nobody, nobody, nobody, nobody), heard=lambda: bus[0], renewed=nobody
    )
    renewal = Renewal(parts, seen)
    for heard, strangers in ((None, 0), (peers, 0), (set[str](), 1), (peers, 0)):
        bus[0] = heard
        for _ in range(2 * renewing._TURNS):
            renewal._judge({"node-1", "node-2"})
        assert renewal.strangers == strangers
