"""Uploads, uses and their end mean the same on both engines."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from tests import media
from tests.core import World, refused
from tests.library import Library
from uptc_messenger.database import Database, DatabaseConfig, open_database
from uptc_messenger.models.base import FileId
from uptc_messenger.models.errors import NotFound, Problem
from uptc_messenger.models.files import File
from uptc_messenger.models.users import ProfileChange, User
from uptc_messenger.services.chats import access, editing
from uptc_messenger.services.files import repository
from uptc_messenger.services.files.collecting import doom_stale
from uptc_messenger.services.messages import attachments
from uptc_messenger.services.messages.sender import Sender
from uptc_messenger.services.users import service as users

DAY_MS = 24 * 3_600_000


@pytest.fixture
def library(world: World, tmp_path: Path) -> Library:
    return Library(world, tmp_path, part_bytes=65_536, user_bytes=1_000_000)


async def test_a_message_shows_its_files_and_a_page_all_of_them(library: Library):
    world = library.world
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    files = [await library.put(ana, media.picture(), name=f"{n}.jpg") for n in range(3)]
    files.append(await library.put(ana, b"hola"))
    ids = [file.file_id for file in files]
    await library.send(ana, chat, ids[:2], "dos")
    await library.send(ana, chat, ids[2:])
    first, second = await world.page(luis, chat)
    assert (first.files, second.files) == (files[:2], files[2:])
    assert [event.data for event in world.told_to_chat(chat)] == [first, second]

    async def pages(kind: attachments.Gallery | None) -> list[str]:
        found, end = list[str](), None
        while True:
            page, end = await world.look(
                luis, chat, lambda r, m, at=end: attachments.page(r, m, kind, at, 1)
            )
            found += [each.file.name for each in page]
            if end is None:
                return found

    assert await pages(None) == ["2.jpg", "a.txt", "0.jpg", "1.jpg"]
    assert await pages("media") == ["2.jpg", "0.jpg", "1.jpg"]
    assert await pages("files") == ["a.txt"]
    assert await pages("voice") == []


async def test_only_ones_own_files_that_are_ready_are_sent(library: Library):
    world = library.world
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    ready = (await library.put(ana, b"hola")).file_id
    pending = await library.reserve(ana, 4)
    portrait = (await library.put(ana, media.picture(), purpose="picture")).file_id
    for by, ids in (
        (luis, [ready]),
        (ana, [pending]),
        (ana, [portrait]),
        (ana, [ready, ready]),
        (ana, [ready, pending]),
    ):
        assert await refused(library.send(by, chat, ids)) == "not_found"
    assert await world.page(ana, chat) == []
    await library.send(ana, chat, [ready])
    head = await world.chat(ana, chat)
    assert (head.seq, head.n) == (1, 1)


async def test_a_file_lives_as_long_as_the_last_message_with_it(library: Library):
    world = library.world
    ana = await world.user("ana")
    one, other = await world.group(ana), await world.group(ana)
    file = await library.put(ana, b"hola")
    here = await library.send(ana, one, [file.file_id])
    there = await library.send(ana, other, [file.file_id])
    await world.delete(ana, (one, here))
    world.clock.now += 2 * DAY_MS
    await library.files.collector.collect()
    assert library.objects
    await world.delete(ana, (other, there))
    assert await refused(library.send(ana, one, [file.file_id])) == "not_found"
    await library.files.collector.collect()
    assert library.objects == []
    usage = await library.files.intake.usage(ana)
    assert usage.used_bytes == 0


async def test_what_nobody_uses_goes_after_a_day(library: Library):
    world = library.world
    ana = await world.user("ana")
    chat = await world.group(ana)
    used = await library.put(ana, b"used")
    await library.send(ana, chat, [used.file_id])
    await library.put(ana, b"unused")
    begun = await library.reserve(ana, 100_000)
    await library.part(ana, begun, b"x" * 65_536)
    assert len(library.objects) == 3
    world.clock.now += DAY_MS - 1
    await library.files.collector.collect()
    assert len(library.objects) == 3
    world.clock.now += 2
    await library.files.collector.collect()
    assert [path.read_bytes() for path in library.objects] == [b"used"]
    assert library.files.collector.collected == 2
    assert (await library.files.intake.usage(ana)).used_bytes == 4


async def test_files_of_a_deleted_chat_go(library: Library):
    world = library.world
    ana = await world.user("ana")
    chat = await world.group(ana)
    files = [await library.put(ana, b"hola") for _ in range(3)]
    for file in files:
        await library.send(ana, chat, [file.file_id])
    picture = await library.put(ana, media.picture(), purpose="picture")
    wanted = editing.ChatChange(picture_file_id=picture.file_id)
    await world.as_holder(ana, chat, lambda tx, member: editing.update(tx, member, wanted))
    assert (await world.chat(ana, chat)).picture_file_id == picture.file_id
    await world.database.write(lambda tx: editing.delete(tx, access.hold(tx, ana, chat)))
    await library.files.collector.collect()
    assert library.objects == []


async def test_a_send_and_the_collector_at_the_same_moment(library: Library):
    """F1: whichever comes first wins, and a message never has a file that is not there."""
    world = library.world
    ana = await world.user("ana")
    chat = await world.group(ana)
    files = [await library.put(ana, b"x" * 10) for _ in range(20)]
    world.clock.now += 2 * DAY_MS

    async def send(file: File) -> bool:
        try:
            await library.send(ana, chat, [file.file_id])
        except NotFound:
            return False
        return True

    async def collect(file: File) -> bool:
        doom = partial(doom_stale, file_ids=[file.file_id], before=world.clock.now)
        return await world.database.write(doom) == 1

    rivals = [
        each(file)
        for turn, file in enumerate(files)
        for each in ((send, collect) if turn % 2 else (collect, send))
    ]
    won = await asyncio.gather(*rivals)
    assert [one + other for one, other in zip(won[::2], won[1::2], strict=True)] == [1] * len(files)
    sent = sum(won[1::4]) + sum(won[2::4])
    assert 0 < sent < len(files)
    await library.files.collector.collect()
    shown = [file for m in await world.page(ana, chat) for file in m.files or ()]
    assert len(shown) == sent == len(library.objects)


async def test_the_quota_holds_however_many_come_at_once(library: Library):
    ana = await library.world.user("ana")

    async def reserve() -> bool:
        try:
            await library.reserve(ana, 300_000)
        except Problem:
            return False
        return True

    assert sum(await asyncio.gather(*(reserve() for _ in range(8)))) == 3


async def test_two_parts_for_one_place(library: Library):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    intake = library.files.intake
    states = await asyncio.gather(*(library.part(ana, file_id, b"hola") for _ in range(4)))
    assert {state.offset for state in states} == {4}
    assert len(library.objects) == 1
    done = await asyncio.gather(*(library.complete(ana, file_id, b"hola") for _ in range(3)))
    assert len({each.file_id for each in done}) == 1
    assert intake.completed == 1


async def test_a_portrait_is_changed_and_taken_away(library: Library):
    world = library.world
    ana = await world.user("ana")
    first = await library.put(ana, media.picture(), purpose="picture")
    second = await library.put(ana, media.picture("PNG"), purpose="picture")
    for wanted in (first.file_id, second.file_id, None):
        change = ProfileChange(avatar_file_id=wanted)
        me = await world.database.write(lambda tx, c=change: users.change(tx, ana, c))
        assert me.avatar_file_id == wanted
    await library.files.collector.collect()
    assert library.objects == []


async def test_what_waits_uses_its_files_until_it_is_sent(library: Library):
    world = library.world
    ana = await world.user("ana")
    chat = await world.group(ana)
    one, two = [await library.put(ana, text) for text in (b"uno", b"dos")]
    made = await library.schedule(ana, chat, [one.file_id])
    changed = await library.schedule(ana, chat, [two.file_id, one.file_id], made.message_id)
    assert await world.waiting(ana) == [changed]
    assert changed.files == [two, one]
    left = await library.schedule(ana, chat, [two.file_id], made.message_id)
    assert left.files == [two]
    world.clock.now += 60_000
    await Sender(world.database, world.clock).turn()
    (message,) = await world.page(ana, chat)
    assert message.files == [two]
    assert [await library.state(each.file_id) for each in (one, two)] == [
        ("doomed", 0),
        ("ready", 1),
    ]


async def test_of_two_changes_of_a_portrait_at_once_one_picture_is_left(library: Library):
    world = library.world
    ana = await world.user("ana")
    first, *two = [
        (await library.put(ana, media.picture(), purpose="picture")).file_id for _ in range(3)
    ]

    async def change(database: Database, wanted: FileId) -> User:
        to = ProfileChange(avatar_file_id=wanted)
        return await database.write(lambda tx: users.change(tx, ana, to))

    await change(world.database, first)
    other = await open_database(DatabaseConfig(url=world.url), clock=world.clock)
    both = await asyncio.gather(*map(change, (world.database, other), two))
    await other.close()
    left = await world.database.read(lambda reader: users.me(reader, ana))
    assert left in both
    shown = await world.database.read(lambda r: repository.by_ids(r, [first, *two]))
    in_use = [(row.id, row.uses) for row in shown.values() if row.uses]
    assert in_use == [(left.avatar_file_id, 1)]
