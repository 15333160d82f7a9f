from pathlib import Path

import pytest

from tests import media
from tests.core import World, world
from tests.library import Library
from uptc_messenger.models.base import FileId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.errors import NotFound
from uptc_messenger.services.messages import attachments
from uptc_messenger.services.messages.attachments import require_visible
from uptc_messenger.toolkit.ids import uuid7

__all__ = ["world"]


async def sees(world: World, user_id: UserId, file_id: FileId) -> bool:
    try:
        await world.database.read(lambda r: require_visible(r, user_id, file_id))
    except NotFound:
        return False
    return True


async def test_one_of_many_chats_is_enough(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(attachments, "_CHATS", 2)
    library = Library(world, tmp_path)
    ana, luis = await world.users("ana", "luis")
    file_id = (await library.put(ana, b"hola")).file_id
    for _ in range(4):
        await library.send(ana, await world.group(ana), [file_id])
    assert not await sees(world, luis, file_id)
    await library.send(ana, await world.group(ana, luis), [file_id])
    assert await sees(world, luis, file_id)


async def test_the_newest_place_counts_where_history_is_hidden(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana)
    await world.set(chat, ana, SettingsChange(history="joined"))
    file_id = (await library.put(ana, b"hola")).file_id
    await library.send(ana, chat, [file_id])
    await world.add(chat, ana, luis)
    assert not await sees(world, luis, file_id)
    await library.send(ana, chat, [file_id])
    assert await sees(world, luis, file_id)


async def test_what_is_not_ready_is_seen_by_nobody(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    ana = await world.user("ana")
    assert not await sees(world, ana, await library.reserve(ana, 4))
    assert not await sees(world, ana, FileId(uuid7()))


async def test_an_edit_leaves_files_and_may_take_the_text(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    ana = await world.user("ana")
    chat = await world.group(ana)
    file = await library.put(ana, media.picture())
    message_id = await library.send(ana, chat, [file.file_id], "mira")
    await world.edit(ana, (chat, message_id), "")
    (message,) = await world.page(ana, chat)
    assert (message.body and message.body.text, message.files) == ("", [file])


async def test_a_forward_takes_its_files_along_and_keeps_them(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    ana, luis, eva = await world.users("ana", "luis", "eva")
    here, there = await world.group(ana, luis), await world.group(luis, eva)
    file_id = (await library.put(ana, b"hola")).file_id
    said = await library.send(ana, here, [file_id])
    assert not await sees(world, eva, file_id)
    await world.forward(luis, there, (here, said))
    (copy,) = await world.page(eva, there)
    assert copy.file_ids == [file_id]
    assert copy.files
    assert [file.file_id for file in copy.files] == [file_id]
    assert [event.data for event in world.told_to_chat(there)] == [copy]
    await world.delete(ana, (here, said))
    assert await sees(world, eva, file_id), "a deletion elsewhere takes nothing from a forward"
