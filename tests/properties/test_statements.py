"""What a send costs does not grow with members, with history or with company in its batch."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests.core import World, new_message_id
from uptc_messenger.database import prepared
from uptc_messenger.database.sqlite import SqliteStore
from uptc_messenger.models.base import UserId
from uptc_messenger.models.chats import Draft, PreferencesPut
from uptc_messenger.services.chats import blocking, drafts, preferences
from uptc_messenger.services.users import service as users
from uptc_messenger.services.users.service import NewUser


@contextmanager
def counted(world: World) -> Generator[list[str], None, None]:
    """The statements that the writer executes meanwhile."""
    store = world.database._store
    assert isinstance(store, SqliteStore)
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(" ".join(statement.split()[:4]))

    def driven(connection: sa.Connection) -> Any:
        seen.append("prepared")
        return driver(connection)

    event.listen(store._writer, "before_cursor_execute", note)
    driver = prepared._driver
    prepared._driver = driven
    try:
        yield seen
    finally:
        prepared._driver = driver
        event.remove(store._writer, "before_cursor_execute", note)


async def crowd(world: World, size: int) -> list[UserId]:
    return await world.database.write(
        lambda tx: [
            users.create(tx, NewUser(username=f"person{i:04}")).user_id for i in range(size)
        ]
    )


async def cost(world: World, members: int, history: int = 0) -> list[str]:
    ana, *others = await crowd(world, members)
    chat = await world.group(ana, *others)
    await asyncio.gather(*(world.send(others[0], chat, f"{i}") for i in range(history + 1)))
    quoted = await world.say(ana, chat, "uno")
    with counted(world) as seen:
        await world.send(others[0], chat, "dos", reply_to=quoted)
    return seen


@pytest.mark.parametrize("members", [2, 100, 1_000])
async def test_a_send_costs_the_same_in_a_chat_of(world: World, members: int):
    seen = await cost(world, members)
    assert len(seen) == 8, seen


async def test_a_send_costs_the_same_after_a_long_history(world: World):
    assert len(await cost(world, 2, history=1_000)) == 8


async def test_in_a_direct_chat_a_send_costs_the_same_also_for_who_has_blocked_many(world: World):
    ana, luis, *others = await crowd(world, 100)
    chat = await world.group(ana, luis, kind="direct")
    for other in others:
        await world.database.write(lambda tx, other=other: blocking.block(tx, ana, other))
    await world.say(ana, chat, "uno")
    with counted(world) as seen:
        await world.send(luis, chat, "dos")
    assert len(seen) == 7, seen


@pytest.mark.parametrize("members", [2, 200])
async def test_what_is_ones_own_and_a_pin_cost_the_same_in_a_chat_of(world: World, members: int):
    ana, *others = await crowd(world, members)
    chat = await world.group(ana, *others)
    said = [await world.say(ana, chat, str(number)) for number in range(3)]
    await world.pin(ana, (chat, said[0]))
    costs: list[int] = []
    first = Draft(text="ho", version=0)
    await world.as_member(ana, chat, lambda tx, m: drafts.put(tx, m, first))
    wanted, draft = (
        PreferencesPut(level="none", pinned=True, archived=True),
        Draft(text="hola", version=1),
    )
    for work in (
        lambda: world.pin(ana, (chat, said[1])),
        lambda: world.as_member(ana, chat, lambda tx, m: preferences.put(tx, m, wanted)),
        lambda: world.as_member(ana, chat, lambda tx, m: drafts.put(tx, m, draft)),
    ):
        with counted(world) as seen:
            await work()
        costs.append(len(seen))
    assert costs == [12, 8, 10]


async def test_a_hundred_sends_in_one_commit_cost_as_much_as_one(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.send(ana, chat, "warm")
    with counted(world) as one:
        await world.send(ana, chat, "uno")
    commits = world.database.lane.commits
    with counted(world) as many:
        await asyncio.gather(
            *(world.send((ana, luis)[i % 2], chat, "x", new_message_id()) for i in range(100))
        )
    assert len(many) == len(one) * (world.database.lane.commits - commits)


async def test_reading_a_page_costs_the_same_however_long_it_is(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    first = await world.say(ana, chat, "uno")
    await asyncio.gather(*(world.send(luis, chat, "x", reply_to=first) for _ in range(100)))
    store = world.database._store
    assert isinstance(store, SqliteStore)
    sizes: list[int] = []
    for limit in (5, 100):
        seen: list[str] = []

        def note(_c: Any, _k: Any, statement: str, *_: Any, seen: list[str] = seen) -> None:
            seen.append(statement)

        event.listen(store._reader, "before_cursor_execute", note)
        await world.page(luis, chat, limit)
        event.remove(store._reader, "before_cursor_execute", note)
        sizes.append(len(seen))
    assert sizes[0] == sizes[1] <= 5
