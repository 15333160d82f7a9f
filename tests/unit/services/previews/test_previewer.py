import asyncio

import pytest

from tests.core import World, kinds
from tests.peeker import Peeker
from tests.sites import Site, ok
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.models.users import ProfileChange
from uptc_messenger.services.auth.limits import LIMITS
from uptc_messenger.services.previews import previewer
from uptc_messenger.services.previews.previewer import Place, Stretch
from uptc_messenger.services.users import service as users
from uptc_messenger.toolkit.tasks import TaskGroup


async def test_a_message_with_a_link_gets_its_preview(peeker: Peeker, world: World, outside: Site):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    url = outside.shows()
    said = await peeker.say(ana, chat, f"Miren [esto]({url})")
    shown = await peeker.shown(luis, chat, said)
    assert shown is not None
    assert (shown.url, shown.title) == (url, "Feria del libro")
    assert (peeker.previewer.made, peeker.previewer.waiting) == (1, 0)
    assert kinds(await world.events(luis, chat))[-1] == "message.previewed"


async def test_only_the_first_link_that_is_one(peeker: Peeker, world: World, outside: Site):
    ana = await world.user("ana")
    chat = await world.group(ana)
    url = outside.shows()
    code = await peeker.say(ana, chat, f"`{url}` hola://no mailto:a@example.org")
    assert await peeker.shown(ana, chat, code) is None
    both = await peeker.say(ana, chat, f"> {url}\n\nhttp://127.0.0.1/ `x`")
    assert await peeker.shown(ana, chat, both) is not None
    assert all("127.0.0.1" not in asked for asked in outside.asked)


async def test_who_wants_none_has_none(peeker: Peeker, world: World, outside: Site):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.database.write(lambda tx: users.change(tx, ana, ProfileChange(hides_previews=True)))
    said = await peeker.say(ana, chat, outside.shows())
    assert await peeker.shown(ana, chat, said) is None
    assert outside.asked == []


async def test_nothing_is_asked_where_it_is_off_or_not_ours(
    peeker: Peeker, world: World, outside: Site
):
    ana = await world.user("ana")
    chat = await world.group(ana)
    peeker.previewer.ours = lambda: False
    await peeker.say(ana, chat, outside.shows())
    peeker.previewer.ours = lambda: True
    peeker.previewer.on = False
    await peeker.say(ana, chat, outside.shows())
    peeker.previewer.swept([(chat, 3)])
    assert (peeker.previewer.waiting, outside.asked) == (0, [])


async def test_what_other_nodes_wrote_is_found_by_the_sweep(
    peeker: Peeker, world: World, outside: Site
):
    ana = await world.user("ana")
    chat = await world.group(ana)
    url = outside.shows()
    old = await world.say(ana, chat, url)
    world.clock.now += previewer.FRESH_MS + 1
    new = await world.say(ana, chat, url)
    peeker.previewer.swept([(chat, 3)])
    peeker.previewer.swept([(chat, 3)])
    assert peeker.previewer.waiting == 1
    await peeker.previewer.drain()
    assert await peeker.shown(ana, chat, old) is None
    assert await peeker.shown(ana, chat, new) is not None
    await world.edit(ana, (chat, old), f"otra vez {url}")
    peeker.previewer.swept([(chat, 6)])
    await peeker.previewer.drain()
    assert await peeker.shown(ana, chat, old) is not None


async def test_what_was_heard_here_is_not_read_once_more(
    peeker: Peeker, world: World, outside: Site
):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.say(ana, chat, "hola")
    peeker.previewer.published(world.announced)
    peeker.previewer.swept([(chat, 1)])
    await peeker.previewer.drain()
    heard = len(world.announced)
    for text in ("hola", outside.shows(), "hola"):
        await world.say(ana, chat, text)
    peeker.previewer.published(world.announced[heard:])
    assert peeker.previewer.waiting == 1
    peeker.previewer.swept([(chat, 4)])
    peeker.previewer.swept([(chat, 2)])
    assert peeker.previewer.waiting == 1


async def test_what_found_no_room_is_told_again_by_the_sweep(
    peeker: Peeker, world: World, outside: Site
):
    ana = await world.user("ana")
    chat = await world.group(ana)
    small = Peeker(world, peeker.library.folder, outside, queue_limit=1)
    await world.say(ana, chat, "hola")
    small.previewer.swept([(chat, 1)])
    await small.previewer.drain()
    heard = len(world.announced)
    url = outside.shows()
    first, second = [await world.say(ana, chat, url) for _ in range(2)]
    small.previewer.published(world.announced[heard:])
    assert small.previewer.dropped == 1
    await small.previewer.drain()
    assert await small.shown(ana, chat, first) is not None
    assert await small.shown(ana, chat, second) is None
    small.previewer.swept([(chat, 4)])
    await small.previewer.drain()
    assert await small.shown(ana, chat, second) is not None


async def test_what_waited_with_somebody_who_stopped_is_looked_into(
    peeker: Peeker, world: World, outside: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(previewer, "PAUSE_S", 0.01)
    ana, luis = await world.users("ana", "luis")
    chats = [await world.group(ana, luis) for _ in range(2)]
    old = await world.say(ana, chats[0], outside.shows())
    world.clock.now += previewer.FRESH_MS + 1
    new = [await world.say(ana, chat, outside.shows()) for chat in chats]
    look_back, failures, ended = peeker.previewer.look_back, [Unavailable()], asyncio.Event()

    async def once() -> None:
        if failures:
            raise failures.pop()
        await look_back()
        ended.set()

    monkeypatch.setattr(peeker.previewer, "look_back", once)
    tasks = TaskGroup("test")
    tasks.start("follow", peeker.previewer.follow())
    await asyncio.wait_for(ended.wait(), 30)
    for chat, said in zip(chats, new, strict=True):
        assert await peeker.shown(luis, chat, said) is not None
    assert await peeker.shown(luis, chats[0], old) is None
    later = await world.say(ana, chats[0], outside.shows())
    resting = asyncio.Event()
    ended.clear()
    peeker.previewer.ours = lambda: bool(resting.set())
    await asyncio.wait_for(resting.wait(), 30)
    peeker.previewer.ours = lambda: True
    await asyncio.wait_for(ended.wait(), 30)
    await tasks.close()
    assert await peeker.shown(luis, chats[0], later) is not None


async def test_it_remembers_so_many_chats(
    peeker: Peeker, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(previewer, "MOST_CHATS", 2)
    ana = await world.user("ana")
    chats = [await world.group(ana) for _ in range(4)]
    peeker.previewer.swept([(chat, 1) for chat in chats])
    peeker.previewer.swept([(chat, 1) for chat in chats[2:]])
    assert peeker.previewer.waiting == 4


async def test_a_full_queue_drops_and_says_so(world: World, outside: Site, peeker: Peeker):
    ana = await world.user("ana")
    chat = await world.group(ana)
    small = Peeker(world, peeker.library.folder, outside, queue_limit=2)
    url = outside.shows()
    said = [await world.say(ana, chat, url) for _ in range(5)]
    small.previewer.published(world.announced)
    assert (small.previewer.waiting, small.previewer.dropped) == (2, 3)
    await small.previewer.drain()
    found = [await small.shown(ana, chat, each) is not None for each in said]
    assert found == [True, True, False, False, False]


async def test_one_person_has_so_many(peeker: Peeker, world: World, outside: Site):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    url = outside.shows()
    burst = LIMITS["preview"].burst
    said = [await peeker.say(ana, chat, url) for _ in range(burst + 1)]
    assert peeker.previewer.limited == 1
    assert await peeker.shown(ana, chat, said[-1]) is None
    assert await peeker.shown(ana, chat, await peeker.say(luis, chat, url)) is not None
    assert len(outside.asked) == 2


async def test_who_has_left_or_deleted_meanwhile_changes_nothing(
    peeker: Peeker, world: World, outside: Site
):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    held = asyncio.Event()
    asked = asyncio.Event()

    async def wait(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await held.wait()
        writer.write(ok("<title>Tarde</title>"))

    outside.answers["/"] = wait
    url = outside.url + "/"
    by_luis = await world.say(luis, chat, url)
    by_ana = await world.say(ana, chat, url)
    edited = await world.say(ana, chat, url)
    peeker.previewer.published(world.announced)
    tasks = TaskGroup("test")
    looking = tasks.start("look", peeker.previewer.drain())
    await asked.wait()
    await world.remove(chat, ana, luis)
    await world.delete(ana, (chat, by_ana))
    await world.edit(ana, (chat, edited), "sin enlace")
    held.set()
    await looking
    for each in (by_luis, by_ana, edited):
        assert await peeker.shown(ana, chat, each) is None
    assert peeker.previewer.made == 0


@pytest.mark.parametrize("failure", [Unavailable(), ZeroDivisionError()])
async def test_a_failure_ends_nothing(
    peeker: Peeker,
    world: World,
    outside: Site,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
):
    ana = await world.user("ana")
    chat = await world.group(ana)
    url = outside.shows()
    await world.say(ana, chat, url)
    second = await world.say(ana, chat, url)
    look, failures, asked = peeker.previewer._look, [failure], asyncio.Event()

    async def once(what: Place | Stretch) -> None:
        if failures:
            raise failures.pop()
        await look(what)
        asked.set()

    monkeypatch.setattr(peeker.previewer, "_look", once)
    peeker.previewer.published(world.announced)
    tasks = TaskGroup("test")
    tasks.start("run", peeker.previewer.run())
    await asyncio.wait_for(asked.wait(), 30)
    await tasks.close()
    assert await peeker.shown(ana, chat, second) is not None
