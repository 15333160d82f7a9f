import asyncio

import pytest

from tests.core import World
from tests.house_of_news import Newsroom, newsroom
from tests.post_office import text_of
from uptc_messenger.models.base import UserId
from uptc_messenger.services.notifications import postman, preferences, working
from uptc_messenger.services.notifications.delivering import Deliverer
from uptc_messenger.services.notifications.digesting import Digest, Plan
from uptc_messenger.services.notifications.letters import Letter
from uptc_messenger.services.notifications.outcomes import Outcome
from uptc_messenger.services.notifications.postman import RETRIES
from uptc_messenger.services.notifications.repository import jobs
from uptc_messenger.services.notifications.retrying import Retries


async def crowd(room: Newsroom, size: int) -> tuple[UserId, list[UserId]]:
    """So many people who have something unread and want mail."""
    world = room.world
    ana, *others = await world.users("ana", *(f"user{n}" for n in range(size)))
    for user in others:
        await room.subscribe(user, f"{user[-12:]}@example.edu")
    await world.send(ana, await world.group(ana, *others), "hola")
    return ana, others


async def test_a_restart_in_the_middle_of_a_digest_gives_nobody_two(world: World):
    async with newsroom(world) as room:
        await crowd(room, 9)
        await room.settle()
        world.clock.now += 900_000
        room.office.held = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            dying = group.create_task(room.deliverer.pump())
            await room.office.until(3)
            dying.cancel()
        room.office.held.set()
        ways = (room.made.pusher, room.made.postman)
        heir = Deliverer(world.database, world.clock, room.made.config, ways)
        world.clock.now += working.LEASE_MS
        while await heir.pump():
            pass
        got = room.office.recipients
        assert len(got) == len(set(got))
        assert len(got) >= 9 - 4, "only who was just being written to waits for the next"
        world.clock.now += 86_400_000
        assert await heir.pump() == 0


async def test_an_address_that_does_not_exist_is_asked_for_no_more(world: World):
    async with newsroom(world) as room:
        ana, (luis,) = await crowd(room, 1)
        room.office.refuses[f"{luis[-12:]}@example.edu"] = "550 5.1.1 no such user"
        await room.settle(900)
        found = await world.database.read(lambda r: preferences.of(r, luis))
        assert found.address_state == "refused"
        why = await world.database.read(lambda r: preferences.problem_of(r, luis))
        assert why == "550 5.1.1 no such user"
        await world.send(ana, await world.group(ana, luis), "otra")
        assert await room.settle(900) == 0


async def test_a_server_that_is_away_is_tried_again_and_nothing_is_lost(world: World):
    async with newsroom(world) as room:
        await crowd(room, 1)
        room.office.answer = "451 later"
        await room.settle(900)
        assert room.made.postman.mailer.problem == "451 later"
        room.office.answer = "250 OK"
        assert await room.settle(59) == 0
        assert await room.settle(1) == 1
        assert len(room.office.letters) == 1
        assert room.made.postman.mailer.problem is None


async def test_every_attempt_is_the_same_letter(world: World):
    async with newsroom(world) as room:
        await crowd(room, 1)
        seen: list[str] = []
        send = room.made.postman.mailer.send

        async def note(letter: Letter) -> Outcome:
            seen.append(letter.key)
            return await send(letter)

        room.made.postman.mailer.send = note
        room.office.answer = "451 later"
        for _ in range(3):
            await room.settle(3_600)
        assert len(seen) == 3
        assert len(set(seen)) == 1


async def test_one_letter_that_cannot_be_written_keeps_none_of_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    async with newsroom(world) as room:
        _, (luis, *_) = await crowd(room, 3)
        plan = Digest.plan

        def fail(digest: Digest) -> Plan:
            if digest._row.user_id == luis:
                raise ZeroDivisionError
            return plan(digest)

        monkeypatch.setattr(Digest, "plan", fail)
        monkeypatch.setattr(postman, "RETRIES", Retries(attempts=2, first_ms=1, most_ms=1))
        await room.settle(900)
        assert len(room.office.letters) == 2
        for _ in range(2):
            await room.settle(1)
        assert await world.database.read(lambda r: jobs.waiting(r, "mail", 10)) == 0


async def test_a_letter_is_given_up_in_the_end(world: World):
    async with newsroom(world) as room:
        await crowd(room, 1)
        room.office.answer = "451 never"
        for _ in range(RETRIES.attempts + 4):
            await room.settle(5 * 3_600)
        room.office.answer = "250 OK"
        assert await room.settle(86_400) == 0
        assert room.office.letters == []
        assert room.made.postman.failed == RETRIES.attempts + 1


async def test_nobody_gets_more_than_so_many_in_an_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    async with newsroom(world, mail_after_s=0) as room:
        ana, (luis,) = await crowd(room, 1)
        chat = await world.group(ana, luis)
        for number in range(20):
            await world.send(ana, chat, f"{number}")
            await room.settle(1)
        assert len(room.office.letters) == 6
        for _ in range(12):
            await room.settle(600)
        assert len(room.office.letters) == 7


async def test_a_test_and_the_question_whether_an_address_is_theirs(world: World):
    async with newsroom(world) as room:
        luis = await world.user("luis")
        await room.subscribe(luis, "luis@example.edu")
        settings = await world.database.read(lambda r: preferences.of(r, luis))
        assert (await room.made.postman.attempt(luis, settings)).verdict == "sent"
        assert (await room.made.postman.ask(luis, settings)).verdict == "sent"
        test, question = room.office.letters
        assert test["Subject"] == "Correo de prueba"
        assert test["List-Unsubscribe"].startswith("<https://chat.example.edu/mail/unsubscribe/")
        assert question["Subject"] == "Confirma tu dirección de correo"
        assert "los avisos de @luis en" in text_of(question)
