from typing import Any

import pytest
from msgspec import structs

from tests.browsers import settings
from tests.core import NOON, World
from uptc_messenger.models.base import UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.messages import ALL
from uptc_messenger.services.chats import blocking
from uptc_messenger.services.chats.service import Own
from uptc_messenger.services.messages.news import News
from uptc_messenger.services.notifications import judging
from uptc_messenger.services.notifications.judging import Listener
from uptc_messenger.toolkit.ids import uuid7

ANA, LUIS = UserId(uuid7()), UserId(uuid7())
NEWS = News(seq=5, n=5, sender_id=LUIS, created_at=NOON, text="hay parcial", called=(), files=0)
OWN = Own(read_n=4, level="default", muted_until=None, archived=False)


def listener(
    own: dict[str, Any] | None = None, wishes: dict[str, Any] | None = None, **more: Any
) -> Listener:
    plain: dict[str, Any] = {"direct": False, "visible_after": 0, "blocked": frozenset()}
    return Listener(
        user_id=ANA,
        own=structs.replace(OWN, **own or {}),
        settings=settings(**wishes or {}),
        **plain | more,
    )


CASES: dict[str, tuple[Listener, News, bool]] = {
    "new": (listener(), NEWS, True),
    "mine": (listener(), structs.replace(NEWS, sender_id=ANA), False),
    "read": (listener({"read_n": 5}), NEWS, False),
    "before I came": (listener(visible_after=5), NEWS, False),
    "of somebody blocked": (listener(blocked=frozenset({LUIS})), NEWS, False),
    "archived": (listener({"archived": True}), NEWS, False),
    "muted": (listener({"muted_until": NOON + 1}), NEWS, False),
    "muted until now": (listener({"muted_until": NOON}), NEWS, True),
    "muted though called": (
        listener({"muted_until": NOON + 1}),
        structs.replace(NEWS, called=(ANA,)),
        False,
    ),
    "nothing here": (listener({"level": "none"}), structs.replace(NEWS, called=(ANA,)), False),
    "nothing anywhere": (listener(wishes={"level": "none"}), NEWS, False),
    "all here, nothing else": (listener({"level": "all"}, {"level": "none"}), NEWS, True),
    "mentions, not called": (listener(wishes={"level": "mentions"}), NEWS, False),
    "mentions, called": (
        listener(wishes={"level": "mentions"}),
        structs.replace(NEWS, called=(ANA,)),
        True,
    ),
    "mentions, everybody called": (
        listener({"level": "mentions"}),
        structs.replace(NEWS, called=(ALL,)),
        True,
    ),
    "mentions, a keyword": (
        listener(wishes={"level": "mentions", "keywords": ["Parcial"]}),
        NEWS,
        True,
    ),
    "mentions, in private": (listener(wishes={"level": "mentions"}, direct=True), NEWS, True),
    "mentions here, in private": (listener({"level": "mentions"}, direct=True), NEWS, False),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_told(name: str):
    who, news, told = CASES[name]
    assert judging.wants(who, news, NOON) == told
    assert bool(judging.wanted(who, [news], NOON)) == told


def test_what_is_said_to_me():
    assert not judging.is_call(listener(), NEWS)
    assert judging.is_call(listener(direct=True), NEWS)
    assert judging.is_call(listener(), structs.replace(NEWS, called=(ALL,)))


async def test_members_are_read_as_they_are_now(world: World):
    ana, luis, eva, out = await world.users("ana", "luis", "eva", "out")
    chat = await world.group(ana, luis, eva, out)
    await world.remove(chat, ana, out)
    await world.send(ana, chat, "antes")
    await world.set(chat, ana, SettingsChange(history="joined"))
    late = await world.user("late")
    await world.add(chat, ana, late)
    await world.database.write(lambda tx: blocking.block(tx, eva, luis))
    found = await world.database.read(
        lambda r: judging.listeners(r, chat, [luis, eva, out, late], {luis})
    )
    assert set(found) == {luis, eva, late}
    assert found[eva].blocked == {luis}
    assert found[luis].blocked == frozenset()
    assert found[late].visible_after > 0
