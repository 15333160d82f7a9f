from datetime import UTC, datetime
from typing import Any

import pytest

from tests.core import World
from tests.house_of_news import Newsroom, newsroom
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import PreferencesPut
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.notifications import QuietHours
from uptc_messenger.services import users
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.chats import blocking, editing, preferences
from uptc_messenger.services.notifications.planning import Planner
from uptc_messenger.services.notifications.repository import jobs


async def prefer(world: World, user: UserId, chat: ChatId, **changed: Any) -> None:
    plain: dict[str, Any] = {"level": "all", "pinned": False, "archived": False}
    wanted = PreferencesPut(**plain | changed)
    await world.as_member(user, chat, lambda tx, m: preferences.put(tx, m, wanted))


async def begun(room: Newsroom) -> tuple[UserId, UserId, ChatId]:
    """Ana said something that Luis is about to be told of."""
    ana, luis = await room.world.users("ana", "luis")
    chat = await room.world.group(ana, luis)
    await room.device(luis)
    await room.world.send(ana, chat, "hola")
    assert await room.settle() == 0
    return ana, luis, chat


CHANGES = (
    *("read", "left", "blocked", "muted", "level", "quiet", "snooze", "archived", "gone"),
    *("deleted", "logged out", "disabled"),
)


@pytest.mark.parametrize("change", CHANGES)
async def test_what_changes_before_it_is_sent_counts(world: World, change: str):
    async with newsroom(world) as room:
        ana, luis, chat = await begun(room)
        await alter(room, change, (ana, luis, chat))
        await room.settle(10)
        assert room.service.received == []
        assert await world.database.read(lambda r: jobs.waiting(r, "push", 10)) == 0


async def alter(room: Newsroom, change: str, who: tuple[UserId, UserId, ChatId]) -> None:
    if change in {"quiet", "snooze", "logged out", "disabled", "blocked"}:
        await alter_person(room, change, who)
    else:
        await alter_chat(room.world, change, who)


async def alter_chat(world: World, change: str, who: tuple[UserId, UserId, ChatId]) -> None:
    ana, luis, chat = who
    match change:
        case "read":
            await world.read_to(luis, chat, 1)
        case "left":
            await world.remove(chat, luis, luis)
        case "muted":
            await prefer(world, luis, chat, muted_until=datetime(2100, 1, 1, tzinfo=UTC))
        case "level":
            await prefer(world, luis, chat, level="mentions")
        case "archived":
            await prefer(world, luis, chat, archived=True)
        case "gone":
            await world.as_holder(ana, chat, editing.delete)
        case _:
            (message,) = await world.page(ana, chat)
            await world.delete(ana, (chat, message.message_id))


async def alter_person(room: Newsroom, change: str, who: tuple[UserId, UserId, ChatId]) -> None:
    world, (ana, luis, _) = room.world, who
    match change:
        case "quiet":
            await room.wish(luis, quiet=QuietHours(start="00:00", end="23:59"))
        case "snooze":
            await room.wish(luis, snoozed_until=datetime(2100, 1, 1, tzinfo=UTC))
        case "blocked":
            await world.database.write(lambda tx: blocking.block(tx, luis, ana))
        case "logged out":
            await world.database.write(lambda tx: sessions.end_all(tx, luis))
        case _:
            await world.database.write(lambda tx: users.set_disabled(tx, luis, disabled=True))


async def test_messages_of_a_chat_are_told_together_the_newest_in_words(world: World):
    async with newsroom(world) as room:
        ana, _, chat = await begun(room)
        for number in range(3):
            await world.send(ana, chat, f"{number}")
        assert await room.settle(10) == 1
        (told,) = room.service.opened
        assert (told["text"], told["count"], told["seq"]) == ("2", 4, 4)


async def test_what_is_deleted_gives_way_to_what_is_left_without_a_sound(world: World):
    async with newsroom(world) as room:
        ana, _, chat = await begun(room)
        second = await world.say(ana, chat, "me equivoqué")
        await room.settle(10)
        await world.delete(ana, (chat, second))
        await room.settle()
        first, then = room.service.opened
        assert (first["text"], first["quiet"]) == ("me equivoqué", False)
        assert (then["text"], then["quiet"], then["count"]) == ("hola", True, 1)
        (left,) = [m for m in await world.page(ana, chat) if not m.deleted]
        await world.delete(ana, (chat, left.message_id))
        await room.settle()
        assert room.service.opened[-1]["kind"] == "read"
        assert await room.settle(60) == 0


async def test_reading_closes_it_on_the_other_devices(world: World):
    async with newsroom(world) as room:
        _, luis, chat = await begun(room)
        await room.device(luis)
        await world.send(luis, await world.group(luis), "para mí")
        ana = (await world.member_ids(chat))[0]
        await world.send(ana, chat, "otra")
        await room.settle(10)
        assert [one["kind"] for one in room.service.opened] == ["message", "message"]
        await world.read_to(luis, chat, 2)
        await room.settle()
        assert [one["kind"] for one in room.service.opened[2:]] == ["read", "read"]
        same = {one.headers["topic"] for one in room.service.received}
        assert len(same) == 2, "what was not delivered yet is replaced, on each device"


async def test_safari_is_not_told_in_silence(world: World, monkeypatch: pytest.MonkeyPatch):
    async with newsroom(world) as room:
        _, luis, chat = await begun(room)
        await room.settle(10)
        monkeypatch.setattr(
            "uptc_messenger.services.notifications.destinations.Destination.keeps_silence", False
        )
        await world.read_to(luis, chat, 1)
        await room.settle()
        assert [one["kind"] for one in room.service.opened] == ["message"]


async def test_a_plan_for_a_device_that_is_gone_forgets_it(world: World):
    async with newsroom(world) as room:
        await begun(room)
        (row,) = await world.database.read(
            lambda r: jobs.due(r, "push", world.clock.now + 10_000, 10)
        )
        await world.database.write(
            lambda tx: sessions.end_all(tx, row.user_id, CloseCode.SESSION_REVOKED)
        )
        (plan,) = await world.database.read(
            lambda r: Planner(r, world.clock.now, loopback=True).plans([row])
        )
        assert plan.gone
