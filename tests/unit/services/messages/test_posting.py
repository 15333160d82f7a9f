import asyncio

import pytest

from tests.core import World, kinds, new_message_id, refused
from uptc_messenger.models.base import FileId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import MentionAt, Mentioned, MessageNew
from uptc_messenger.models.messages import Body
from uptc_messenger.services.messages.posting import Post, post, written
from uptc_messenger.toolkit.ids import uuid7


async def test_the_first_message_of_a_chat_is_number_one(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    sent = await world.send(ana, chat, "hola")
    assert (sent.seq, sent.n, sent.duplicate) == (1, 1, False)
    (told,) = world.told_to_chat(chat)
    assert isinstance(told, MessageNew)
    assert (told.data,) == tuple(await world.page(luis, chat))


async def test_who_may_no_longer_read_it_is_told_what_was_written(world: World):
    ana, luis = await world.users("ana", "luis")
    chat, once = await world.group(ana, luis), new_message_id()
    sent = await world.send(ana, chat, "hola", once)
    item = Post(author_id=ana, chat_id=chat, message_id=once, body=Body(text="hola"))
    assert [written(item, sent)] == await world.page(luis, chat)


async def test_a_retry_is_answered_as_the_first_time_and_told_nobody(world: World):
    ana, luis = await world.users("ana", "luis")
    chat, once = await world.group(ana, luis), new_message_id()
    first = await world.send(ana, chat, "hola", once)
    world.clock.now += 60_000
    again = await world.send(ana, chat, "hola", once)
    assert again.duplicate
    assert (again.seq, again.n, again.created_at) == (first.seq, first.n, first.created_at)
    assert len(world.told_to_chat(chat)) == 1


async def test_the_same_id_for_another_text_or_by_somebody_else_is_a_conflict(world: World):
    ana, luis = await world.users("ana", "luis")
    chat, once = await world.group(ana, luis), new_message_id()
    await world.send(ana, chat, "hola", once)
    quoted = await world.say(ana, chat, "otra")
    assert await refused(world.send(ana, chat, "adiós", once)) == "id_conflict"
    assert await refused(world.send(luis, chat, "hola", once)) == "id_conflict"
    assert await refused(world.send(ana, chat, "hola", once, quoted)) == "id_conflict"


async def test_the_same_id_in_another_chat_is_another_message(world: World):
    ana, luis = await world.users("ana", "luis")
    one, other, once = await world.group(ana), await world.group(ana, luis), new_message_id()
    assert not (await world.send(ana, one, "hola", once)).duplicate
    assert not (await world.send(ana, other, "hola", once)).duplicate


async def test_who_may_not_write(world: World):
    ana, luis, eva, ivan = await world.users("ana", "luis", "eva", "ivan")
    chat = await world.group(ana, luis)
    await world.add(chat, ana, eva, "guest")
    assert await refused(world.send(ivan, chat, "no soy de aquí")) == "not_found"
    assert await refused(world.send(eva, chat, "soy invitada")) == "forbidden"
    await world.set(chat, ana, SettingsChange(post="admins"))
    assert await refused(world.send(luis, chat, "ya no")) == "forbidden"
    await world.send(ana, chat, "yo sí")
    await world.remove(chat, ana, luis)
    assert await refused(world.send(luis, chat, "ya no estoy")) == "not_found"
    assert await world.texts(ana, chat) == ["yo sí"]


async def test_a_retry_after_losing_the_right_to_write_still_gets_its_answer(world: World):
    ana, luis = await world.users("ana", "luis")
    chat, once = await world.group(ana, luis), new_message_id()
    await world.send(luis, chat, "hola", once)
    await world.set(chat, ana, SettingsChange(post="admins"))
    assert (await world.send(luis, chat, "hola", once)).duplicate


async def test_a_reply_quotes_what_is_there(world: World):
    ana, luis = await world.users("ana", "luis")
    chat, elsewhere = await world.group(ana, luis), await world.group(ana)
    quoted = await world.say(ana, chat, "**¿Quién** trae el cable?")
    await world.send(luis, chat, "yo", reply_to=quoted)
    reply = (await world.page(ana, chat))[1].reply_to
    assert reply
    assert (reply.message_id, reply.seq, reply.sender_id) == (quoted, 1, ana)
    assert reply.excerpt == "¿Quién trae el cable?"
    outside = await world.say(ana, elsewhere, "secreto")
    assert await refused(world.send(luis, chat, "y esto", reply_to=outside)) == "not_found"
    assert await refused(world.send(luis, chat, "y", reply_to=new_message_id())) == "not_found"


async def test_a_reply_may_wait_in_the_queue_behind_its_message(world: World):
    ana, luis = await world.users("ana", "luis")
    chat, first = await world.group(ana, luis), new_message_id()
    await asyncio.gather(
        world.send(ana, chat, "¿vienes?", first), world.send(luis, chat, "sí", reply_to=first)
    )
    assert world.told_to_chat(chat) == await world.events(ana, chat)


async def test_sending_reads_what_is_there_for_the_sender_alone(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    for text in ("uno", "dos"):
        await world.send(ana, chat, text)
    assert (await world.chat(ana, chat)).read_n == 2
    assert (await world.chat(luis, chat)).read_n == 0
    await world.send(luis, chat, "tres")
    assert (await world.chat(luis, chat)).read_n == 3


async def test_who_is_mentioned_hears_of_it_wherever_they_look(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.send(ana, chat, "ven, @luis")
    event = world.told_to(luis)[-1]
    assert isinstance(event, Mentioned)
    assert event.data == MentionAt(chat_id=chat, seq=1, n=1)
    assert (await world.chat(luis, chat)).mentions == 1
    await world.read_to(luis, chat, 1)
    assert (await world.chat(luis, chat)).mentions == 0


async def test_files_that_do_not_exist_are_refused(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    item = Post(
        author_id=ana,
        chat_id=chat,
        message_id=new_message_id(),
        body=Body(text="mira"),
        file_ids=(FileId(uuid7()),),
    )
    with pytest.raises(NotFound):
        await world.database.write_each(post, item)


async def test_what_is_refused_is_told_to_nobody(world: World):
    ana, luis, ivan = await world.users("ana", "luis", "ivan")
    chat = await world.group(ana, luis)
    before = len(world.announced)
    await refused(world.send(ivan, chat, "@luis"))
    assert world.announced[before:] == []
    assert kinds(await world.events(ana, chat)) == []
