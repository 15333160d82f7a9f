"""Blocks, pins, drafts and preferences on each engine."""

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from tests.core import World, new_change_id, refused
from tests.pages import Page
from uptc_messenger.controllers.dispatch import change
from uptc_messenger.database import DatabaseConfig, open_database
from uptc_messenger.models.chats import Draft, PreferencesPut
from uptc_messenger.models.commands import EditMessage
from uptc_messenger.models.errors import Conflict, Forbidden
from uptc_messenger.models.messages import Body, Changed
from uptc_messenger.services.chats import blocking, drafts, preferences
from uptc_messenger.services.messages import (
    forwarding,
    pinning,
    reactors,
    read_marks,
    revisions,
)
from uptc_messenger.services.messages.export import copying
from uptc_messenger.services.messages.sender import Sender
from uptc_messenger.services.users import blocks


async def test_blocks(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis, kind="direct")
    for other in (luis, eva):
        await world.database.write(lambda tx, other=other: blocking.block(tx, ana, other))
    listed, end = await world.database.read(lambda r: blocks.page(r, ana, None, 1))
    rest, _ = await world.database.read(lambda r: blocks.page(r, ana, end, 1))
    assert {b.user.user_id for b in (*listed, *rest)} == {luis, eva}
    assert await world.database.read(lambda r: blocks.apart(r, luis)) == {ana}
    assert await refused(world.send(luis, chat, "hola")) == "forbidden"
    await world.database.write(lambda tx: blocking.unblock(tx, ana, luis))
    await world.send(luis, chat, "hola")
    assert await refused(world.group(eva, luis, ana)) == "forbidden"


async def test_a_block_and_a_direct_chat_at_once_leave_no_open_door(world: World):
    for number in range(5):
        ana, luis = await world.users(f"ana{number}", f"luis{number}")

        async def block(ana: Any = ana, luis: Any = luis) -> None:
            await world.database.write(lambda tx: blocking.block(tx, ana, luis))

        both = (world.group(luis, ana, kind="direct"), block())
        made, _ = await asyncio.gather(*both, return_exceptions=True)
        assert isinstance(made, str | Forbidden)
        if isinstance(made, str):
            assert await refused(world.send(luis, made, "hola")) == "forbidden"


async def test_pins_and_earlier_texts(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    said = [await world.say(ana, chat, str(number)) for number in range(3)]
    for message in said:
        done = await world.pin(luis, (chat, message))
        assert isinstance(done.seq, int)
    again = await world.pin(luis, (chat, said[0]))
    assert again == Changed(duplicate=True)
    await world.edit(ana, (chat, said[0]), "otra")
    await world.delete(ana, (chat, said[2]))
    pins, end = await world.look(ana, chat, lambda r, m: pinning.page(r, m, None, 50))
    assert [p.message.message_id for p in pins] == said[1::-1]
    assert end is None
    texts, _ = await world.look(ana, chat, lambda r, m: revisions.page(r, m, said[0], None, 50))
    assert [t.body.text for t in texts] == ["otra", "0"]


async def test_who_reacted_is_told_in_pages(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis, eva)
    place = chat, await world.say(ana, chat, "hola")
    for who, emoji in ((ana, "👍"), (luis, "🎉"), (eva, "👍"), (luis, "👍"), (eva, "❤️")):
        await world.react(who, place, emoji)
    told: list[tuple[str, str]] = []
    after: reactors.Place | None = reactors.BEGINNING
    while after is not None:
        wanted = reactors.Wanted(after=after, limit=2)
        found, after = await world.look(
            eva, chat, lambda r, m, wanted=wanted: reactors.page(r, m, place[1], wanted)
        )
        assert len(found) <= 2
        told += [(one.emoji, one.user_id) for one in found]
    thumbs = sorted([("👍", ana), ("👍", eva), ("👍", luis)])
    assert sorted(told) == sorted([*thumbs, ("🎉", luis), ("❤️", eva)])
    assert [pair for pair in told if pair[0] == "👍"] == thumbs
    only = reactors.Wanted(emoji="❤")
    hearts, end = await world.look(ana, chat, lambda r, m: reactors.page(r, m, place[1], only))
    assert ([(one.emoji, one.user_id) for one in hearts], end) == ([("❤️", eva)], None)


async def test_of_two_devices_that_write_a_draft_at_once_one_is_told_of_the_other(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)

    async def put(text: str) -> Draft:
        wanted = Draft(text=text, version=0)
        return await world.as_member(ana, chat, lambda tx, m: drafts.put(tx, m, wanted))

    done = await asyncio.gather(put("uno"), put("dos"), return_exceptions=True)
    (won,) = [one for one in done if isinstance(one, Draft)]
    (lost,) = [one for one in done if isinstance(one, Conflict)]
    assert lost.details == {"text": won.text, "version": "1"}
    assert (await world.chat(ana, chat)).draft == won


async def test_preferences(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    wanted = PreferencesPut(level="none", pinned=True, archived=True)
    for _ in range(2):
        await world.as_member(ana, chat, lambda tx, m: preferences.put(tx, m, wanted))
    shown = await world.chat(ana, chat)
    assert (shown.level, shown.pinned, shown.archived) == ("none", True, True)
    assert len(world.told_to(ana)) == 2
    assert await world.own_log(ana) == world.told_to(ana)


async def test_receipts_and_a_copy(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    for number in range(3):
        await world.send(ana, chat, f"número {number}")
    await world.read_to(luis, chat, 2)
    found, _ = await world.look(ana, chat, lambda r, m: read_marks.receipts(r, m, None, 50))
    assert {one.user_id: one.n for one in found} == {ana: 3, luis: 2}
    at = "2026-03-09T14:05:06.789Z"
    copy = await world.database.read(
        lambda r: copying.plan(r, ana, chat, ZoneInfo("America/Bogota"), at)
    )
    written = b"".join([piece async for piece in copying.write(world.database, copy)])
    assert Page(written.decode()).ids == ["m1", "m2", "m3"]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_change_that_waits_for_a_block_on_another_machine_is_refused(
    world: World, url: str
):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis, kind="direct")
    said = await world.say(luis, chat, "hola")
    wanted = EditMessage(
        chat_id=chat, message_id=said, change_id=new_change_id(), body=Body(text="otra")
    )
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.connect() as other, engine.connect() as looking:
        await other.exec_driver_sql("UPDATE chats SET barred = true")
        edit = asyncio.gather(refused(world.database.write(lambda tx: change(luis, wanted, tx))))
        # The database does the waiting between two looks.
        waiting = "SELECT count(*) FROM pg_locks, pg_sleep(0.01) WHERE NOT granted"
        async with asyncio.timeout(20):
            while not (await looking.exec_driver_sql(waiting)).scalar():
                pass
        await other.commit()
        assert await edit == ["forbidden"]
    await engine.dispose()
    assert await world.texts(luis, chat) == ["hola"]


async def test_saving_and_forwarding(world: World):
    ana, luis = await world.users("ana", "luis")
    group, saved = await world.group(ana, luis), await world.group(ana, kind="saved")
    assert await world.group(ana, kind="saved") == saved
    said = [await world.say(luis, group, str(number)) for number in range(3)]
    for message in said:
        await world.forward(ana, saved, (group, message))
    copies = await world.page(ana, saved)
    assert [m.body and m.body.text for m in copies] == ["0", "1", "2"]
    assert {m.forwarded and m.forwarded.sender_id for m in copies} == {luis}
    assert world.told_to_chat(saved) == await world.events(ana, saved)
    found = await world.look(ana, saved, lambda r, m: forwarding.origin(r, m, copies[1].message_id))
    assert (found.chat_id, found.message_id, found.seq) == (group, said[1], 2)
    await world.delete(ana, (saved, copies[1].message_id))
    assert await world.texts(ana, saved) == ["0", None, "2"]


async def test_two_devices_that_save_for_the_first_time_at_once_have_one_place(world: World):
    ana = await world.user("ana")
    made = await asyncio.gather(*(world.group(ana, kind="saved") for _ in range(4)))
    assert len(set(made)) == 1
    assert len(world.told_to(ana)) == 1


async def test_scheduling(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    first = await world.schedule(ana, chat, "uno", 60)
    await world.schedule(luis, chat, "dos", 30)
    assert (await world.chat(ana, chat)).scheduled == 1
    await world.schedule(ana, chat, "uno, cambiado", 61, first.message_id)
    other = await open_database(DatabaseConfig(url=world.url), clock=world.clock)
    senders = [Sender(database, world.clock) for database in (world.database, other)]
    world.clock.now += 120_000
    await asyncio.gather(*(sender.turn() for sender in senders))
    assert sum(sender.done for sender in senders) == 2
    assert await world.texts(ana, chat) == ["dos", "uno, cambiado"]
    assert await world.waiting(ana) == await world.waiting(luis) == []
    failing = await world.schedule(luis, chat, "tres", 60)
    await world.remove(chat, ana, luis)
    world.clock.now += 120_000
    await senders[0].turn()
    (left,) = await world.waiting(luis)
    assert left.message_id == failing.message_id
    assert left.failure
    await other.close()
