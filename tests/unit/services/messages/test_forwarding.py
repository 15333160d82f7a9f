import asyncio

import pytest
from msgspec import UNSET

from tests.core import World, new_message_id, refused
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import MessageNew
from uptc_messenger.models.messages import Body, Forwarded, MessageRef, Origin
from uptc_messenger.services.messages import forwarding
from uptc_messenger.services.messages.forwarding import Forward
from uptc_messenger.services.messages.posting import Post
from uptc_messenger.toolkit.clock import rfc3339


async def origin(world: World, who: UserId, chat: ChatId, message_id: MessageId) -> Origin:
    return await world.look(who, chat, lambda r, m: forwarding.origin(r, m, message_id))


async def last(world: World, who: UserId, chat: ChatId) -> MessageId:
    return (await world.page(who, chat))[-1].message_id


async def test_a_forward_says_what_the_log_says_and_who_wrote_it(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    here, there = await world.group(ana, luis), await world.group(luis, eva)
    said = await world.say(ana, here, "**hola** @eva")
    at = rfc3339(world.clock.now)
    world.clock.now += 60_000
    sent = await world.forward(luis, there, (here, said))
    assert (sent.seq, sent.n, sent.duplicate) == (1, 1, False)
    (told,) = world.told_to_chat(there)
    assert isinstance(told, MessageNew)
    assert (told.data,) == tuple(await world.page(eva, there))
    assert told.data.body == Body(text="**hola** @eva")
    assert told.data.forwarded == Forwarded(sender_id=ana, sent_at=at)
    assert (told.data.sender_id, told.data.created_at) == (luis, rfc3339(world.clock.now))
    assert here not in str(told), "where it was written is for who may read it there"


async def test_what_is_unread_where_it_goes_stays_unread(world: World):
    ana, luis = await world.users("ana", "luis")
    here, there = await world.group(ana, luis), await world.group(luis, ana)
    said = await world.say(luis, here, "hola")
    await world.forward(ana, there, (here, said))
    assert (await world.chat(ana, there)).read_n == 1, "its own message is not unread"
    await world.say(luis, there, "@ana, mira")
    await asyncio.gather(*(world.forward(ana, there, (here, said)) for _ in range(2)))
    chat = await world.chat(ana, there)
    assert (chat.n, chat.read_n, chat.mentions) == (4, 1, 1)
    await world.say(ana, there, "ya vi")
    await asyncio.gather(*(world.forward(ana, there, (here, said)) for _ in range(2)))
    assert (await world.chat(ana, there)).read_n == 7


async def test_who_is_named_in_it_is_not_called_again(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    said = await world.say(ana, chat, "ven, @luis")
    before = len(world.told_to(luis))
    await world.forward(ana, chat, (chat, said))
    assert (await world.page(luis, chat))[-1].mentions == []
    assert len(world.told_to(luis)) == before


async def test_a_retry_is_the_same_message_whatever_became_of_what_it_copied(world: World):
    ana, luis = await world.users("ana", "luis")
    here, there, once = await world.group(ana, luis), await world.group(luis), new_message_id()
    said = await world.say(ana, here, "hola")
    first = await world.forward(luis, there, (here, said), once)
    await world.delete(ana, (here, said))
    await world.remove(here, ana, luis)
    again = await world.forward(luis, there, (here, said), once)
    assert again.duplicate
    assert (again.seq, again.created_at) == (first.seq, first.created_at)
    other = await world.say(luis, there, "otra")
    assert await refused(world.forward(luis, there, (there, other), once)) == "id_conflict"
    assert await refused(world.send(luis, there, "hola", once)) == "id_conflict"
    assert await world.texts(luis, there) == ["hola", "otra"]


async def test_what_one_may_not_read_cannot_be_forwarded(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    here, mine = await world.group(ana, luis), await world.group(eva, kind="saved")
    before = await world.say(ana, here, "antes")
    never = await refused(world.forward(eva, mine, (here, new_message_id())))
    assert never == await refused(world.forward(eva, mine, (here, before))) == "not_found"
    await world.set(here, ana, SettingsChange(history="joined"))
    await world.add(here, ana, eva, "guest")
    assert await refused(world.forward(eva, mine, (here, before))) == "not_found"
    after = await world.say(ana, here, "después")
    await world.forward(eva, mine, (here, after))
    assert await world.texts(eva, mine) == ["después"]


async def test_where_one_may_not_write_nothing_is_forwarded_to(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    mine, group = await world.group(luis, kind="saved"), await world.group(ana, luis)
    said = await world.say(luis, mine, "hola")
    await world.set(group, ana, SettingsChange(post="admins"))
    assert await refused(world.forward(luis, group, (mine, said))) == "forbidden"
    assert await refused(world.forward(luis, await world.group(eva), (mine, said))) == "not_found"


async def test_what_was_deleted_is_not_forwarded_and_what_was_forwarded_stays(world: World):
    ana, luis = await world.users("ana", "luis")
    here, there = await world.group(ana, luis), await world.group(luis)
    said = await world.say(ana, here, "hola")
    await world.forward(luis, there, (here, said))
    await world.edit(ana, (here, said), "adiós")
    await world.delete(ana, (here, said))
    assert await refused(world.forward(luis, there, (here, said))) == "conflict"
    assert await world.texts(luis, there) == ["hola"]


async def test_what_was_forwarded_is_not_edited_and_its_deletion_forgets_its_author(world: World):
    ana, luis = await world.users("ana", "luis")
    here, there = await world.group(ana, luis), await world.group(luis)
    await world.forward(luis, there, (here, await world.say(ana, here, "hola")))
    copy = await last(world, luis, there)
    assert await refused(world.edit(luis, (there, copy), "otra cosa")) == "forbidden"
    await world.delete(luis, (there, copy))
    (gone,) = await world.page(luis, there)
    assert (gone.deleted, gone.forwarded) == (True, UNSET)
    with pytest.raises(NotFound):
        await origin(world, luis, there, copy)


async def test_a_forward_of_a_forward_names_who_wrote_it_first(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    one, two = await world.group(ana, luis), await world.group(luis, eva)
    three = await world.group(eva, ana)
    said = await world.say(ana, one, "hola")
    await world.forward(luis, two, (one, said))
    await world.forward(eva, three, (two, await last(world, eva, two)))
    (copy,) = await world.page(ana, three)
    assert isinstance(copy.forwarded, Forwarded)
    assert copy.forwarded.sender_id == ana
    found = await origin(world, ana, three, copy.message_id)
    assert found == Origin(chat_id=one, message_id=said, seq=1)
    with pytest.raises(NotFound):
        await origin(world, eva, three, copy.message_id)


async def test_only_who_may_read_it_there_learns_where_it_was_written(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    here, there = await world.group(ana, luis), await world.group(ana, luis, eva)
    said = await world.say(ana, here, "hola")
    await world.forward(ana, there, (here, said))
    copy = await last(world, eva, there)
    assert (await origin(world, luis, there, copy)).chat_id == here
    await world.set(here, ana, SettingsChange(history="joined"))
    await world.add(here, ana, eva)
    with pytest.raises(NotFound):
        await origin(world, eva, there, copy)
    await world.remove(here, ana, luis)
    with pytest.raises(NotFound):
        await origin(world, luis, there, copy)
    plain = await world.say(ana, there, "sin origen")
    for message_id in (plain, new_message_id()):
        with pytest.raises(NotFound):
            await origin(world, ana, there, message_id)
    await world.delete(ana, (here, said))
    with pytest.raises(NotFound):
        await origin(world, ana, there, copy)


async def test_a_message_and_its_forward_may_wait_in_the_queue_together(world: World):
    ana = await world.user("ana")
    here, mine, first = (
        await world.group(ana),
        await world.group(ana, kind="saved"),
        new_message_id(),
    )
    ids = [new_message_id() for _ in range(3)]
    await asyncio.gather(
        world.send(ana, here, "uno", first),
        *(world.forward(ana, mine, (here, first), message_id) for message_id in ids),
    )
    assert [m.message_id for m in await world.page(ana, mine)] == ids
    assert await world.texts(ana, mine) == ["uno"] * 3


def test_a_forward_is_never_taken_for_a_message_that_was_written():
    chat, ana = ChatId("c"), UserId("a")
    source = MessageRef(chat_id=ChatId("s"), message_id=MessageId("m"))
    forward = Forward(author_id=ana, chat_id=chat, message_id=MessageId("x"), source=source)
    twin = Post(author_id=ana, chat_id=chat, message_id=MessageId("x"), body=Body(text="forward"))
    assert forward.digest != twin.digest
    assert forward.key == twin.key
