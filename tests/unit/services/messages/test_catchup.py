import asyncio
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from tests.core import World, kinds
from uptc_messenger.database import Transaction
from uptc_messenger.database.schema import changes
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import Member, SettingsChange
from uptc_messenger.models.events import ChangeUnknown, ChatDeleted, MessageNew, PinChange
from uptc_messenger.models.messages import MessagePage
from uptc_messenger.services.chats import log
from uptc_messenger.services.messages import catchup
from uptc_messenger.services.messages.catchup import FARTHEST, Slice

Scene = tuple[UserId, UserId, ChatId]


@pytest.fixture
async def scene(world: World) -> Scene:
    """A group in which Ana has said one to nine."""
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    for number in range(1, 10):
        await world.send(ana, chat, f"{number}")
    return ana, luis, chat


async def after(world: World, who: UserId, chat: ChatId, seq: int, limit: int = 100) -> Slice:
    return await world.look(who, chat, lambda r, m: catchup.events_after(r, m, seq, limit))


def said(page: MessagePage) -> str:
    return "".join(m.body.text for m in page.messages if m.body)


async def test_the_log_after_a_position_page_by_page(world: World, scene: Scene):
    _, luis, chat = scene
    first = await after(world, luis, chat, 3, limit=4)
    assert ([e.seq for e in first.items], first.to_seq, first.more) == ([4, 5, 6, 7], 7, True)
    rest = await after(world, luis, chat, first.to_seq, limit=4)
    assert ([e.seq for e in rest.items], rest.to_seq, rest.more) == ([8, 9], 9, False)
    end = await after(world, luis, chat, 9)
    assert (end.items, end.to_seq, end.more, end.reset) == ([], 9, False, False)


async def test_messages_and_changes_stand_in_one_order(world: World, scene: Scene):
    ana, luis, chat = scene
    last = (await world.page(ana, chat))[-1].message_id
    await world.react(luis, (chat, last), "👍")
    await world.send(luis, chat, "bien")
    await world.edit(ana, (chat, last), "nueve")
    found = await after(world, luis, chat, 9)
    assert kinds(found.items) == ["reaction.changed", "message.new", "message.edited"]
    assert [e.seq for e in found.items] == [10, 11, 12]


async def test_a_position_beyond_the_log_means_that_the_log_was_restored(
    world: World, scene: Scene
):
    _, luis, chat = scene
    found = await after(world, luis, chat, 10)
    assert (found.reset, found.items, found.to_seq) == (True, [], 9)


async def test_too_far_back_is_a_reset(world: World, scene: Scene):
    ana, luis, chat = scene
    await asyncio.gather(*(world.send(ana, chat, "x") for _ in range(FARTHEST)))
    assert (await after(world, luis, chat, 8)).reset
    assert not (await after(world, luis, chat, 9)).reset


async def test_who_came_late_reads_from_the_joining_where_history_is_hidden(
    world: World, scene: Scene
):
    ana, luis, chat = scene
    await world.set(chat, ana, SettingsChange(history="joined"))
    eva = await world.user("eva")
    await world.add(chat, ana, eva)
    await world.send(luis, chat, "hola, eva")
    assert await world.texts(eva, chat) == ["hola, eva"]
    assert (await after(world, eva, chat, 0)).reset
    seen = await after(world, eva, chat, 10)
    assert kinds(seen.items) == ["member.joined", "message.new"]
    around = await world.look(eva, chat, lambda r, m: catchup.around(r, m, 3, 10))
    before = await world.look(eva, chat, lambda r, m: catchup.before(r, m, 9, 10))
    assert said(around) == "hola, eva"
    assert (said(before), before.more) == ("", False)
    assert len(await world.texts(luis, chat)) == 10


async def test_a_quote_of_what_came_before_the_joining_shows_nothing(world: World, scene: Scene):
    ana, luis, chat = scene
    quoted = (await world.page(ana, chat))[0].message_id
    await world.set(chat, ana, SettingsChange(history="joined"))
    eva = await world.user("eva")
    await world.add(chat, ana, eva)
    await world.send(luis, chat, "sobre lo de antes", reply_to=quoted)
    (seen,) = await world.page(eva, chat)
    assert seen.reply_to
    assert seen.reply_to.excerpt == ""
    told = world.told_to_chat(chat)[-1]
    assert isinstance(told, MessageNew)
    assert told.data.reply_to
    assert told.data.reply_to.excerpt == ""


async def test_pages_both_ways_and_around(world: World, scene: Scene):
    _, luis, chat = scene

    async def page(query: str, seq: int, limit: int) -> tuple[str, bool, object]:
        ask = getattr(catchup, query)
        found: MessagePage = await world.look(luis, chat, lambda r, m: ask(r, m, seq, limit))
        return said(found), found.more, found.more_after

    assert (await page("before", 6, 3))[:2] == ("345", True)
    assert (await page("before", 4, 3))[:2] == ("123", False)
    assert await page("after", 6, 2) == ("78", True, True)
    assert await page("after", 6, 3) == ("789", False, False)
    assert await page("around", 5, 4) == ("4567", True, True)
    assert await page("around", 1, 4) == ("123", False, True)
    assert await page("around", 9, 4) == ("89", True, False)


async def test_one_message_and_the_last_ones(world: World, scene: Scene):
    ana, luis, chat = scene
    empty = await world.group(ana, luis)
    last = (await world.page(luis, chat))[-1]
    one = await world.look(luis, chat, lambda r, m: catchup.one(r, m, last.message_id))
    assert one == last
    members: list[Member] = [
        await world.look(luis, place, lambda _, member: member) for place in (chat, empty)
    ]
    found = await world.database.read(lambda r: catchup.last_messages(r, members))
    assert found == {chat: last}


async def test_what_a_newer_node_has_written_has_its_place_and_is_passed_over(
    world: World, scene: Scene
):
    ana, _, chat = scene
    pin = {"message_id": "01a2154d-2c71-7e25-9fc4-9ea2dbec13b3", "on": True, "colour": "green"}
    stored = [("later.than.this", pin), ("pin.changed", pin), ("pin.changed", {"on": "green"})]

    def write(tx: Transaction, kind: str, data: Any) -> None:
        change = log.Change(chat_id=chat, actor_id=ana, data=data)
        seq = log.record(tx, change, ChatDeleted)
        tx.run(sa.update(changes).where(changes.c.seq == seq).values(kind=kind), {})

    for kind, data in stored:
        await world.database.write(partial(write, kind=kind, data=data))
    one, two, three = (await after(world, ana, chat, 9)).items
    assert isinstance(one, ChangeUnknown)
    assert isinstance(two.data, PinChange)
    assert isinstance(three, ChangeUnknown)
    assert [one.seq, two.seq, three.seq] == [10, 11, 12]
