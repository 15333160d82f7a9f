from tests.core import World, kinds, refused
from tests.peeker import Peeker, outside, peeker
from tests.sites import Site
from uptc_messenger.models.base import ChatId, FileId, MessageId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.events import MessageEdited, MessagePreviewed
from uptc_messenger.models.messages import Changed
from uptc_messenger.services.messages import attachments, previewing
from uptc_messenger.services.messages.previews import Kept

__all__ = ["outside", "peeker"]


async def image(peeker: Peeker, by: UserId, chat: ChatId, said: MessageId) -> FileId:
    shown = await peeker.shown(by, chat, said)
    assert shown is not None
    assert shown.image
    return shown.image.file_id


async def test_it_is_one_entry_that_changes_nothing_else(
    peeker: Peeker, world: World, outside: Site
):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = await peeker.say(ana, chat, outside.shows())
    message = await peeker.message(ana, chat, said)
    (told,) = (e for e in world.told_to_chat(chat) if isinstance(e, MessagePreviewed))
    assert (told.seq, told.actor_id, told.data) == (message.seq + 1, ana, message)
    assert (message.revision, message.file_ids) == (1, [])
    assert [e for e in await world.events(ana, chat) if isinstance(e, MessagePreviewed)] == [told]


async def test_its_image_is_seen_by_who_reads_the_message(
    peeker: Peeker, world: World, outside: Site
):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis)
    said = await peeker.say(ana, chat, outside.shows())
    file_id = await image(peeker, luis, chat, said)

    async def look(who: UserId) -> None:
        await world.database.read(lambda r: attachments.require_visible(r, who, file_id))

    await look(luis)
    assert await refused(look(eva)) == "not_found"
    await world.set(chat, ana, SettingsChange(history="joined"))
    await world.add(chat, ana, eva)
    assert await refused(look(eva)) == "not_found"
    await world.remove(chat, ana, luis)
    assert await refused(look(luis)) == "not_found"
    gallery, _ = await world.look(ana, chat, lambda r, m: attachments.page(r, m, None, None, 9))
    assert gallery == []


async def test_its_author_takes_it_off_and_it_stays_off(
    peeker: Peeker, world: World, outside: Site
):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    url = outside.shows()
    said = await peeker.say(luis, chat, url)
    assert await refused(peeker.remove(ana, chat, said)) == "forbidden"
    done = await peeker.remove(luis, chat, said)
    assert kinds(await world.events(ana, chat))[-1] == "message.previewed"
    assert done.seq == 3
    assert await peeker.shown(ana, chat, said) is None
    assert await peeker.remove(luis, chat, said) == Changed(duplicate=True)
    await peeker.library.files.collector.collect()
    assert peeker.library.objects == []
    await world.edit(luis, (chat, said), f"con palabras {url}")
    await peeker.look()
    assert await peeker.shown(ana, chat, said) is None
    other = outside.shows(path="/otra")
    await world.edit(luis, (chat, said), other)
    await peeker.look()
    shown = await peeker.shown(ana, chat, said)
    assert shown is not None
    assert shown.url == other


async def test_it_may_be_refused_before_it_came(peeker: Peeker, world: World, outside: Site):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = await world.say(ana, chat, outside.shows())
    await peeker.remove(ana, chat, said)
    await peeker.look()
    assert await peeker.shown(ana, chat, said) is None
    plain = await world.say(ana, chat, "hola")
    assert await peeker.remove(ana, chat, plain) == Changed(duplicate=True)


async def test_it_goes_with_its_link_and_stays_with_it(peeker: Peeker, world: World, outside: Site):
    ana = await world.user("ana")
    chat = await world.group(ana)
    url = outside.shows()
    said = await peeker.say(ana, chat, url)
    await world.edit(ana, (chat, said), f"Miren {url}")
    assert await peeker.shown(ana, chat, said) is not None
    await world.edit(ana, (chat, said), "nada")
    assert await peeker.shown(ana, chat, said) is None
    edited = [e for e in world.told_to_chat(chat) if isinstance(e, MessageEdited)]
    assert [e.data.preview is not None and bool(e.data.preview) for e in edited] == [True, False]
    await peeker.library.files.collector.collect()
    assert peeker.library.objects == []


async def test_a_deletion_takes_all_of_it(peeker: Peeker, world: World, outside: Site):
    ana = await world.user("ana")
    chat = await world.group(ana)
    url = outside.shows()
    said = await peeker.say(ana, chat, url)
    second = await peeker.say(ana, chat, url)
    assert await image(peeker, ana, chat, said) == await image(peeker, ana, chat, second)
    await world.delete(ana, (chat, said))
    await peeker.library.files.collector.collect()
    assert len(peeker.library.objects) == 1
    await world.delete(ana, (chat, second))
    await peeker.library.files.collector.collect()
    assert peeker.library.objects == []
    told = [e for e in await world.events(ana, chat) if isinstance(e, MessagePreviewed)]
    assert [(e.data.deleted, bool(e.data.preview)) for e in told] == [(True, False)] * 2


async def test_what_is_forwarded_gets_its_own(peeker: Peeker, world: World, outside: Site):
    ana, luis = await world.users("ana", "luis")
    chat, other = await world.group(ana), await world.group(ana, luis)
    said = await peeker.say(ana, chat, outside.shows())
    await world.forward(ana, other, (chat, said))
    await peeker.look()
    (copy,) = await world.page(luis, other)
    assert copy.preview
    await world.delete(ana, (chat, said))
    assert await peeker.shown(luis, other, copy.message_id) is not None


async def test_what_was_found_for_another_link_is_not_shown(peeker: Peeker, world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = await world.say(ana, chat, "https://a.example/")
    for found, shown in (
        (Kept(url="https://b.example/", title="b"), False),
        (Kept(url="https://a.example/", title="a", file_id=FileId(said)), True),
        (Kept(url="https://a.example/", title="c"), False),
    ):
        done = await world.as_holder(
            ana, chat, lambda tx, m, found=found: previewing.show(tx, m, said, found)
        )
        assert done == shown
    preview = await peeker.shown(ana, chat, said)
    assert preview is not None
    assert (preview.title, bool(preview.image)) == ("a", False)
