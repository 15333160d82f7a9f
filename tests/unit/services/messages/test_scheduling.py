from pathlib import Path

import pytest
from msgspec import UNSET

from tests.core import World, kinds, new_message_id, refused
from tests.library import Library
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.errors import Problem, Unavailable
from uptc_messenger.models.messages import Sent
from uptc_messenger.models.scheduled import Failure, Scheduled
from uptc_messenger.services import users
from uptc_messenger.services.chats import blocking
from uptc_messenger.services.chats.scheduled import Due, next_due
from uptc_messenger.services.messages import scheduling


async def carry_out(world: World, made: Scheduled, who: UserId) -> bool:
    due = Due(user_id=who, chat_id=made.chat_id, message_id=made.message_id, send_at=0)
    return await world.database.write(lambda tx: scheduling.send_due(tx, due))


async def why(world: World, who: UserId) -> str:
    (one,) = await world.waiting(who)
    assert isinstance(one.failure, Failure)
    return one.failure.code


async def test_when_its_time_has_come_it_is_an_ordinary_message(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    made = await world.schedule(ana, chat, "ven, @luis", 60)
    assert not await carry_out(world, made, ana)
    world.clock.now += 60_000
    assert await carry_out(world, made, ana)
    (message,) = await world.page(luis, chat)
    assert (message.message_id, message.scheduled) == (made.message_id, True)
    assert message.mentions == [luis]
    assert kinds(world.told_to_chat(chat)) == ["message.new"]
    assert world.told_to_chat(chat) == await world.events(luis, chat)
    assert await world.waiting(ana) == []
    assert kinds(world.told_to(ana))[-2:] == ["scheduled.updated", "read.updated"]


async def test_it_is_sent_once_whoever_tries_again(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    made = await world.schedule(ana, chat, "hola", 1)
    world.clock.now += 2_000
    assert [await carry_out(world, made, ana) for _ in range(3)] == [True, False, False]
    assert await world.texts(ana, chat) == ["hola"]
    assert await refused(world.schedule(ana, chat, "hola", 60, made.message_id)) == "conflict"


async def test_it_reads_nothing_that_its_author_has_not_read(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    made = [await world.schedule(ana, chat, str(number), 60) for number in range(2)]
    world.clock.now += 60_000
    await carry_out(world, made[0], ana)
    assert (await world.chat(ana, chat)).read_n == 1
    await world.send(luis, chat, "de noche")
    await carry_out(world, made[1], ana)
    shown = await world.chat(ana, chat)
    assert (shown.n, shown.read_n) == (3, 1)


@pytest.mark.parametrize("reason", ["left", "only admins", "guest", "deleted chat"])
async def test_the_rights_that_count_are_those_of_that_moment(world: World, reason: str):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    made = await world.schedule(luis, chat, "hola")
    await _lose(world, reason, (ana, luis), chat)
    world.clock.now += 60_000
    assert await carry_out(world, made, luis)
    expected = "not_found" if reason in {"left", "deleted chat"} else "forbidden"
    assert await why(world, luis) == expected
    assert kinds(world.told_to(luis))[-1] == "scheduled.updated"
    assert await world.database.read(lambda r: next_due(r, 9)) == [], "it is not tried for ever"


async def _lose(world: World, reason: str, people: tuple[UserId, UserId], chat: ChatId) -> None:
    ana, luis = people
    match reason:
        case "left":
            await world.remove(chat, ana, luis)
        case "only admins":
            await world.set(chat, ana, SettingsChange(post="admins"))
        case "guest":
            await world.add(chat, ana, luis, "guest")
        case _:
            await world.end(chat, ana)


async def test_a_block_and_a_disabled_account_send_nothing(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat, group = await world.group(ana, luis, kind="direct"), await world.group(eva)
    whispered = await world.schedule(luis, chat, "hola")
    said = await world.schedule(eva, group, "hola")
    await world.database.write(lambda tx: blocking.block(tx, ana, luis))
    await world.database.write(lambda tx: users.set_disabled(tx, eva, disabled=True))
    world.clock.now += 60_000
    await carry_out(world, whispered, luis)
    await carry_out(world, said, eva)
    assert [await why(world, who) for who in (luis, eva)] == ["forbidden", "forbidden"]
    assert await world.texts(luis, chat) == await world.texts(eva, group) == []


async def test_what_may_not_be_said_now_cannot_be_scheduled(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis)
    assert await refused(world.schedule(eva, chat, "hola")) == "not_found"
    await world.set(chat, ana, SettingsChange(post="admins"))
    assert await refused(world.schedule(luis, chat, "hola")) == "forbidden"


async def test_it_may_be_sent_now(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    made = await world.schedule(ana, chat, "hola", 600)

    async def now(who: UserId) -> Sent:
        return await world.database.write(
            lambda tx: scheduling.send_now(tx, who, chat, made.message_id)
        )

    assert await refused(now(luis)) == "not_found"
    first = await now(ana)
    assert (first.n, first.duplicate) == (1, False)
    again = await now(ana)
    assert (again.seq, again.duplicate) == (first.seq, True), "its answer may have been lost"
    assert await refused(now(luis)) == "not_found"
    assert await world.texts(luis, chat) == ["hola"]


async def test_what_is_refused_now_waits_on_as_it_was(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    made = await world.schedule(luis, chat, "hola", 600)
    await world.set(chat, ana, SettingsChange(post="admins"))
    send = world.database.write(lambda tx: scheduling.send_now(tx, luis, chat, made.message_id))
    assert await refused(send) == "forbidden"
    assert await world.waiting(luis) == [made]


async def test_it_answers_what_it_was_to_answer(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    quoted = await world.say(ana, chat, "¿vienes?")
    made = await world.schedule(ana, chat, "sí", 60, reply_to=quoted)
    assert made.reply_to == quoted
    nobody = world.schedule(ana, chat, "sí", 60, reply_to=new_message_id())
    assert await refused(nobody) == "not_found"
    world.clock.now += 60_000
    await carry_out(world, made, ana)
    reply = (await world.page(ana, chat))[-1].reply_to
    assert reply
    assert reply.message_id == quoted


async def test_what_passes_is_tried_again_and_leaves_no_trace(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    ana = await world.user("ana")
    chat = await world.group(ana)
    made = await world.schedule(ana, chat, "hola")
    world.clock.now += 60_000

    def away(tx: object, posts: object) -> list[Problem]:
        del tx, posts
        return [Unavailable()]

    with monkeypatch.context() as patched:
        patched.setattr(scheduling, "post", away)
        assert await refused(carry_out(world, made, ana)) == "unavailable"
    assert await world.waiting(ana) == [made]
    assert await carry_out(world, made, ana)


async def test_its_files_are_sent_with_it(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    files = [await library.put(ana, text) for text in (b"uno", b"dos")]
    made = await library.schedule(ana, chat, [file.file_id for file in files])
    world.clock.now += 60_000
    assert await carry_out(world, made, ana)
    (message,) = await world.page(luis, chat)
    assert (message.files, message.scheduled) == (files, True)
    assert [await library.state(file.file_id) for file in files] == [("ready", 1)] * 2
    await world.delete(ana, (chat, made.message_id))
    assert [await library.state(file.file_id) for file in files] == [("doomed", 0)] * 2


async def test_what_is_refused_keeps_its_files(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    file = await library.put(luis, b"uno")
    made = await library.schedule(luis, chat, [file.file_id])
    await world.remove(chat, ana, luis)
    world.clock.now += 60_000
    assert await carry_out(world, made, luis)
    (left,) = await world.waiting(luis)
    assert (left.files, left.failure is not UNSET) == ([file], True)
    assert await library.state(file.file_id) == ("ready", 1)
