"""Scheduled messages under random hands: each is sent once, as last written, or says why not."""

import tempfile
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from tests.core import World, installed, new_message_id, run
from tests.properties.steps import BOUNDED
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.errors import Conflict, NotFound
from uptc_messenger.services.chats import scheduled
from uptc_messenger.services.messages import scheduling
from uptc_messenger.services.messages.sender import Sender

KINDS = (*("plan",) * 4, "change", "cancel", "now", "leave", "join", *("turn",) * 3)
steps = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.integers(1, 120)),
    min_size=3,
    max_size=40,
)


@dataclass
class Model:
    """Luis writes for later into Ana's group, which he leaves and joins."""

    world: World
    ana: UserId
    luis: UserId
    chat: ChatId
    planned: list[MessageId] = field(default_factory=list[MessageId])
    waiting: dict[MessageId, str] = field(default_factory=dict[MessageId, str])
    sent: dict[MessageId, str] = field(default_factory=dict[MessageId, str])

    async def step(self, what: str, which: int, seconds: int) -> None:
        known = self.planned[which % len(self.planned)] if self.planned else None
        text = f"texto {len(self.planned)} {which} {seconds}"
        match what:
            case "plan":
                await self._plan(new_message_id(), text, seconds)
            case "change" if known:
                await self._plan(known, text, seconds)
            case "cancel" if known:
                await self.world.database.write(
                    lambda tx: scheduling.cancel(tx, self.luis, self.chat, known)
                )
                del self.waiting[known]
            case "now" if known:
                sent = await self.world.database.write(
                    lambda tx: scheduling.send_now(tx, self.luis, self.chat, known)
                )
                assert sent.duplicate == (known in self.sent)
                self.sent[known] = self.waiting.pop(known, self.sent.get(known, ""))
            case "leave":
                await self.world.remove(self.chat, self.ana, self.luis)
            case "join":
                await self.world.add(self.chat, self.ana, self.luis)
            case _:
                await self._turn(seconds)

    async def _plan(self, message_id: MessageId, text: str, seconds: int) -> None:
        await self.world.schedule(self.luis, self.chat, text, seconds, message_id)
        assert message_id not in self.sent, "what was sent does not wait again"
        if message_id not in self.planned:
            self.planned.append(message_id)
        self.waiting[message_id] = text

    async def _turn(self, seconds: int) -> None:
        self.world.clock.now += seconds * 1000
        due = await self.world.database.read(lambda reader: scheduled.next_due(reader, 100))
        there = self.luis in await self.world.member_ids(self.chat)
        await Sender(self.world.database, self.world.clock).turn()
        for one in due:
            if one.send_at <= self.world.clock.now and there:
                self.sent[one.message_id] = self.waiting.pop(one.message_id)


@BOUNDED
@given(steps)
def test_each_is_sent_once_as_it_was_last_written(script: list[tuple[str, int, int]]):
    async def story() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with installed(f"sqlite:///{folder}/uptc.db") as world:
                ana, luis = await world.users("ana", "luis")
                model = Model(world, ana, luis, await world.group(ana, luis))
                for step in script:
                    try:
                        await model.step(*step)
                    except (NotFound, Conflict):
                        continue
                page = await world.page(ana, model.chat)
                assert {m.message_id: m.body and m.body.text for m in page} == model.sent
                assert len(page) == len(model.sent)
                left = await world.waiting(luis)
                assert {one.message_id: one.body.text for one in left} == model.waiting
                assert await world.own_log(luis) == world.told_to(luis)

    run(story())
