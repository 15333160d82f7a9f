from datetime import UTC, datetime
from typing import Any

from tests.core import NOON, World, kinds, refused
from tests.core import world as whole_world
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import Preferences, PreferencesPut
from uptc_messenger.models.events import LevelUpdated
from uptc_messenger.services.chats import preferences
from uptc_messenger.toolkit.clock import rfc3339

world = whole_world


async def put(world: World, who: UserId, chat: ChatId, **wanted: Any) -> Preferences:
    whole: dict[str, Any] = {"level": "all", "pinned": False, "archived": False, **wanted}
    return await world.as_member(
        who, chat, lambda tx, m: preferences.put(tx, m, PreferencesPut(**whole))
    )


def at(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)


async def test_ones_own_devices_learn_and_the_chat_shows_it(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    until = NOON + 3_600_000
    await put(world, luis, chat, level="none", archived=True, muted_until=at(until))
    event = world.told_to(luis)[-1]
    assert isinstance(event, LevelUpdated)
    shown = await world.chat(luis, chat)
    assert shown.muted_until == event.data.muted_until == rfc3339(until)
    assert (shown.level, shown.pinned, shown.archived) == ("none", False, True)
    assert (event.data.level, event.data.pinned, event.data.archived) == ("none", False, True)
    assert await world.own_log(luis) == world.told_to(luis)
    other = await world.chat(ana, chat)
    assert (other.level, other.archived) == ("default", False)


async def test_what_changes_nothing_is_told_to_nobody(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    first = await put(world, ana, chat, pinned=True)
    assert await put(world, ana, chat, pinned=True) == first
    assert await put(world, ana, chat, pinned=True, muted_until=at(NOON)) == first
    assert kinds(world.told_to(ana)) == ["chat.joined", "level.updated"]


async def test_leaving_forgets_them(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await put(world, luis, chat, level="none")
    await world.remove(chat, ana, luis)
    assert await refused(put(world, luis, chat)) == "not_found"
    await world.add(chat, ana, luis)
    assert (await world.chat(luis, chat)).level == "default"


async def test_what_is_muted_or_archived_is_delivered_and_counted(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await put(world, luis, chat, level="none", archived=True)
    await world.send(ana, chat, "hola @luis")
    shown = await world.chat(luis, chat)
    assert (shown.n - shown.read_n, shown.mentions, shown.archived) == (1, 1, True)
    assert kinds(world.told_to(luis))[-1] == "mention"
