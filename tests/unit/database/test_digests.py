from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.core import World
from uptc_messenger.database.digests import ChatSum, LogHash, digest_of
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.toolkit.ids import uuid7

Change = Callable[[World, UserId, ChatId, MessageId], Coroutine[Any, Any, object]]


async def digest(world: World, chat_id: ChatId) -> ChatSum:
    found = await world.database.read(lambda reader: digest_of(reader, chat_id))
    assert found is not None
    return found


CHANGES: list[Change] = [
    lambda w, who, chat, _m: w.say(who, chat, "otra"),
    lambda w, who, chat, m: w.edit(who, (chat, m), "corregido"),
    lambda w, who, chat, m: w.delete(who, (chat, m)),
    lambda w, who, chat, m: w.react(who, (chat, m), "👍"),
]


@pytest.mark.parametrize("change", CHANGES)
async def test_every_change_of_the_log_changes_the_digest(world: World, change: Change):
    ana, ben = await world.users("ana", "ben")
    chat_id, other = await world.group(ana, ben), await world.group(ana)
    message_id = await world.say(ana, chat_id, "hola")
    before, elsewhere = await digest(world, chat_id), await digest(world, other)
    assert await digest(world, chat_id) == before
    await change(world, ana, chat_id, message_id)
    after = await digest(world, chat_id)
    assert after.last_seq > before.last_seq
    assert after.digest != before.digest
    assert await digest(world, other) == elsewhere


async def test_there_is_no_digest_of_no_chat(world: World):
    unknown = ChatId(uuid7())
    assert await world.database.read(lambda reader: digest_of(reader, unknown)) is None


def test_the_order_of_the_tables_does_not_matter_that_of_the_lines_does():
    first, second, third = LogHash(), LogHash(), LogHash()
    for log, lines in (
        (first, [("messages", b"1"), ("messages", b"2"), ("changes", b"3")]),
        (second, [("changes", b"3"), ("messages", b"1"), ("messages", b"2")]),
        (third, [("messages", b"2"), ("messages", b"1"), ("changes", b"3")]),
    ):
        for table, line in lines:
            log.add(table, line)
    assert first.sum(3, 2) == second.sum(3, 2) != third.sum(3, 2)
    assert first.sum(3, 2).digest != first.sum(4, 2).digest
