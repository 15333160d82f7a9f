"""Previews come, go and take their images along on both engines."""

from tests.core import World, kinds, refused
from tests.peeker import Peeker, outside, peeker
from tests.sites import Site
from uptc_messenger.models.events import MessagePreviewed
from uptc_messenger.models.users import ProfileChange
from uptc_messenger.services.messages import attachments
from uptc_messenger.services.users import service as users

__all__ = ["outside", "peeker"]


async def test_a_preview_lives_and_ends_with_its_link(peeker: Peeker, world: World, outside: Site):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis)
    url = outside.shows()
    said = await peeker.say(ana, chat, url)
    shown = await peeker.shown(luis, chat, said)
    assert shown is not None
    assert shown.image
    file_id = shown.image.file_id
    for who, seen in ((luis, True), (eva, False)):
        look = world.database.read(lambda r, who=who: attachments.require_visible(r, who, file_id))
        assert (await refused(look) == "not_found") if not seen else (await look).id == file_id
    told = [e for e in world.told_to_chat(chat) if isinstance(e, MessagePreviewed)]
    assert [e for e in await world.events(luis, chat) if isinstance(e, MessagePreviewed)] == told
    await world.react(luis, (chat, said), "👍")
    await world.edit(ana, (chat, said), f"Miren: {url}")
    assert await peeker.shown(luis, chat, said) == shown
    await world.edit(ana, (chat, said), "ya no")
    assert await peeker.shown(luis, chat, said) is None
    await peeker.library.files.collector.collect()
    assert peeker.library.objects == []


async def test_removed_deleted_and_not_wanted(peeker: Peeker, world: World, outside: Site):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    url = outside.shows()
    first, second = await peeker.say(ana, chat, url), await peeker.say(ana, chat, url)
    assert await refused(peeker.remove(luis, chat, first)) == "forbidden"
    await peeker.remove(ana, chat, first)
    await world.edit(ana, (chat, first), f"otra vez {url}")
    await peeker.look()
    assert await peeker.shown(luis, chat, first) is None
    assert await peeker.shown(luis, chat, second) is not None
    await world.delete(ana, (chat, second))
    change = ProfileChange(hides_previews=True)
    await world.database.write(lambda tx: users.change(tx, luis, change))
    third = await peeker.say(luis, chat, url)
    assert await peeker.shown(ana, chat, third) is None
    assert kinds(await world.events(luis, chat))[-1] == "message.new"
    await peeker.library.files.collector.collect()
    assert peeker.library.objects == []
