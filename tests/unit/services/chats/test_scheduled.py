from pathlib import Path

import pytest
from msgspec import UNSET

from tests.core import World, new_message_id, refused, world
from tests.library import Library
from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import Forbidden
from uptc_messenger.models.events import ScheduledUpdated
from uptc_messenger.models.scheduled import Failure, ScheduledUpdate
from uptc_messenger.services.chats import scheduled
from uptc_messenger.toolkit.clock import rfc3339

__all__ = ["world"]


def updates(world: World, who: UserId) -> list[ScheduledUpdate]:
    return [event.data for event in world.told_to(who) if isinstance(event, ScheduledUpdated)]


async def test_it_waits_with_its_time_and_every_device_hears_of_it(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    made = await world.schedule(ana, chat, "hola", 60)
    assert made.send_at == rfc3339(world.clock.now + 60_000)
    assert made.created_at == rfc3339(world.clock.now)
    assert await world.waiting(ana) == [made]
    assert await world.waiting(luis) == []
    assert updates(world, ana) == [
        ScheduledUpdate(chat_id=chat, message_id=made.message_id, state="waiting", scheduled=1)
    ]
    assert updates(world, luis) == []
    assert (await world.chat(ana, chat)).scheduled == 1
    assert (await world.chat(luis, chat)).scheduled is UNSET
    assert await world.own_log(ana) == world.told_to(ana)


async def test_it_is_changed_under_its_id_and_the_same_again_changes_nothing(world: World):
    ana = await world.user("ana")
    chat, once = await world.group(ana), new_message_id()
    await world.schedule(ana, chat, "hola", 60, once)
    await world.schedule(ana, chat, "hola", 60, once)
    assert len(updates(world, ana)) == 1
    changed = await world.schedule(ana, chat, "hola, hola", 120, once)
    assert await world.waiting(ana) == [changed]
    assert [u.scheduled for u in updates(world, ana)] == [1, 1]
    other = await world.group(ana)
    assert await refused(world.schedule(ana, other, "hola", 60, once)) == "id_conflict"


async def test_the_same_id_of_two_people_is_two_messages(world: World):
    ana, luis = await world.users("ana", "luis")
    chat, once = await world.group(ana, luis), new_message_id()
    await world.schedule(ana, chat, "de ana", 60, once)
    await world.schedule(luis, chat, "de luis", 60, once)
    assert [one.body.text for one in await world.waiting(luis)] == ["de luis"]


@pytest.mark.parametrize("seconds", [0, -60, 367 * 24 * 3600])
async def test_a_time_that_is_past_or_too_far_is_refused(world: World, seconds: int):
    ana = await world.user("ana")
    chat = await world.group(ana)
    assert await refused(world.schedule(ana, chat, "hola", seconds)) == "bad_request"


async def test_a_person_has_so_many_at_most(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(scheduled, "MOST", 3)
    ana, luis = await world.users("ana", "luis")
    chat, other = await world.group(ana, luis), await world.group(ana)
    made = [await world.schedule(ana, where, "hola") for where in (chat, other, chat)]
    assert await refused(world.schedule(ana, chat, "una más")) == "too_large"
    await world.schedule(ana, chat, "otra cosa", 30, made[0].message_id)
    await world.schedule(luis, chat, "hola")
    await world.database.write(lambda tx: scheduled.cancel(tx, ana, other, made[1].message_id))
    await world.schedule(ana, chat, "ya cabe")


async def test_what_is_cancelled_waits_no_more(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    one, two = await world.schedule(ana, chat, "uno"), await world.schedule(ana, chat, "dos")

    async def cancel(who: UserId) -> None:
        await world.database.write(lambda tx: scheduled.cancel(tx, who, chat, one.message_id))

    assert await refused(cancel(luis)) == "not_found"
    await cancel(ana)
    assert await world.waiting(ana) == [two]
    assert (updates(world, ana)[-1].state, updates(world, ana)[-1].scheduled) == ("cancelled", 1)
    assert await refused(cancel(ana)) == "not_found"


async def test_what_failed_says_why_and_waits_again_when_it_is_changed(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    made = await world.schedule(ana, chat, "hola")
    place = (chat, made.message_id)
    await world.database.write(lambda tx: scheduled.fail(tx, ana, place, Forbidden("No.")))
    (failed,) = await world.waiting(ana)
    assert failed.failure == Failure(code="forbidden", message="No.")
    assert updates(world, ana)[-1].state == "failed"
    assert await world.database.read(lambda r: scheduled.next_due(r, 5)) == []
    await world.schedule(ana, chat, "hola", 60, made.message_id)
    assert (await world.waiting(ana))[0].failure is UNSET
    assert len(await world.database.read(lambda r: scheduled.next_due(r, 5))) == 1


async def test_files_wait_with_it_and_are_let_go_with_it(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    ana = await world.user("ana")
    chat = await world.group(ana)
    one, two, three = [await library.put(ana, text) for text in (b"uno", b"dos", b"tres")]
    made = await library.schedule(ana, chat, [two.file_id, one.file_id])
    assert made.files == [two, one]
    assert await world.waiting(ana) == [made]
    again = await library.schedule(ana, chat, [two.file_id, one.file_id], made.message_id)
    assert (again, len(updates(world, ana))) == (made, 1)
    changed = [one.file_id, three.file_id]
    assert (await library.schedule(ana, chat, changed, made.message_id)).files == [one, three]
    states = [await library.state(file.file_id) for file in (one, two, three)]
    assert states == [("ready", 1), ("doomed", 0), ("ready", 1)]
    await world.database.write(lambda tx: scheduled.cancel(tx, ana, chat, made.message_id))
    assert [await library.state(each) for each in changed] == [("doomed", 0)] * 2


async def test_a_file_that_waits_is_not_collected_and_no_other_person_has_it(
    world: World, tmp_path: Path
):
    library = Library(world, tmp_path)
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    file_id = (await library.put(ana, b"hola")).file_id
    assert await refused(library.schedule(luis, chat, [file_id])) == "not_found"
    assert await refused(library.schedule(ana, chat, [file_id, file_id])) == "not_found"
    assert await library.state(file_id) == ("ready", 0)
    await library.schedule(ana, chat, [file_id])
    world.clock.now += 48 * 3_600_000
    await library.files.collector.collect()
    assert await library.state(file_id) == ("ready", 1)
    assert await refused(library.files.intake.cancel(ana, file_id)) == "conflict"
