"""Forwards under random hands: only what was read, only what was written, nothing told of where."""

import tempfile
from collections import defaultdict
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from tests.core import World, installed, new_message_id, run
from tests.properties.steps import BOUNDED
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.errors import NotFound, Problem
from uptc_messenger.models.messages import Message
from uptc_messenger.services.messages import forwarding

Place = tuple[ChatId, MessageId]
KINDS = (*("say",) * 3, *("forward",) * 5, "edit", "delete", "leave", "join")
steps = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 2), st.integers(0, 30)),
    min_size=4,
    max_size=40,
)


@dataclass
class Model:
    """Three people in three groups, the last of which shows nothing from before one joined."""

    world: World
    people: list[UserId]
    chats: list[ChatId]
    places: list[Place] = field(default_factory=list[Place])
    texts: defaultdict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    first: dict[Place, Place] = field(default_factory=dict[Place, Place])
    author: dict[Place, UserId] = field(default_factory=dict[Place, UserId])

    async def step(self, what: str, who: int, where: int, which: int) -> None:
        user, chat = self.people[who], self.chats[where]
        known = self.places[which % len(self.places)] if self.places else None
        match what:
            case "say":
                await self._say(user, chat, f"texto {len(self.places)}")
            case "leave" if who:
                await self.world.remove(chat, user, user)
            case "join" if who:
                await self.world.add(chat, self.people[0], user)
            case "forward" if known:
                await self._forward(user, chat, known)
            case "edit" if known:
                text = f"texto {len(self.places)} de {which}"
                await self.world.edit(user, known, text)
                self.texts[known].add(text)
            case "delete" if known:
                await self.world.delete(user, known)
            case _:
                return

    async def _say(self, user: UserId, chat: ChatId, text: str) -> None:
        place = chat, await self.world.say(user, chat, text)
        self.places.append(place)
        self.texts[place].add(text)
        self.author[place] = user

    async def _forward(self, user: UserId, chat: ChatId, source: Place) -> None:
        readable = {m.message_id for m in await self.read(user, source[0])}
        copy = chat, new_message_id()
        try:
            await self.world.forward(user, chat, source, copy[1])
        except NotFound:
            assert source[1] not in readable or not await self.is_in(user, chat)
            raise
        assert source[1] in readable, "nobody forwards what they may not read"
        self.places.append(copy)
        self.first[copy] = self.first.get(source, source)

    async def read(self, user: UserId, chat: ChatId) -> list[Message]:
        return await self.world.page(user, chat) if await self.is_in(user, chat) else []

    async def is_in(self, user: UserId, chat: ChatId) -> bool:
        return user in await self.world.member_ids(chat)


@BOUNDED
@given(steps)
def test_a_forward_is_what_somebody_wrote_and_leads_only_where_one_may_go(
    script: list[tuple[str, int, int, int]],
):
    async def story() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with installed(f"sqlite:///{folder}/uptc.db") as world:
                people = await world.users("ana", "luis", "eva")
                chats = [await world.group(*people) for _ in range(3)]
                await world.set(chats[2], people[0], SettingsChange(history="joined"))
                model = Model(world, people, chats)
                for step in script:
                    try:
                        await model.step(*step)
                    except Problem:
                        continue
                for user in people:
                    await everything_holds(model, user)

    run(story())


async def everything_holds(model: Model, user: UserId) -> None:
    mine = {chat: await model.read(user, chat) for chat in model.chats}
    readable = {(c, m.message_id): m for c, page in mine.items() for m in page if not m.deleted}
    for place, message in readable.items():
        if (first := model.first.get(place)) is None:
            assert not message.forwarded
            continue
        assert message.forwarded
        assert message.forwarded.sender_id == model.author[first]
        assert message.body
        assert message.body.text in model.texts[first]
        assert first[1] not in str(message)
        try:
            found = await model.world.look(
                user,
                place[0],
                lambda r, m, message_id=place[1]: forwarding.origin(r, m, message_id),
            )
        except NotFound:
            assert first not in readable, "who may read it there is told where"
        else:
            assert (found.chat_id, found.message_id) == first
            assert first in readable, "who may not read it there is told nothing"
