"""A client that lags, drops out, is removed and let in again ends with what the log says."""

import tempfile
from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.core import run
from tests.house import COUNTED, House, Somebody, Wire, housed
from tests.properties.steps import BOUNDED, Copy, Stage, Step, sizes, steps
from uptc_messenger.models.events import ChatEvent
from uptc_messenger.services.websocket.config import WebSocketConfig

TIGHT = WebSocketConfig(window_events=5, window_bytes=4_000, soft_bytes=2_000)
habits = st.lists(st.sampled_from(["ack", "ack", "quiet", "sync", "cut"]), min_size=1, max_size=12)


class Client:
    """Luis's program: it keeps a copy of one chat by the rules of the protocol alone."""

    def __init__(self, house: House, who: Somebody, stage: Stage, copy: Copy) -> None:
        self.house, self.who, self.stage, self.copy = house, who, stage, copy
        self.member, self.behind, self.es = True, False, 0
        self.wire: Wire

    async def connect(self) -> None:
        self.wire, welcome = await self.house.enter(self.who, self.stage.chat)
        self.es = 0
        self.member = bool(welcome["heads"])
        self.behind = any(head["seq"] > self.copy.seq for head in welcome["heads"])

    async def listen(self) -> None:
        """Take in everything that was sent so far."""
        for told in await self.wire.all_until_pong():
            self.es += told["type"] in COUNTED
            await self._take(told)

    async def catch_up(self) -> None:
        if self.member and self.behind:
            wanted = {"chat_id": self.stage.chat, "from_seq": self.copy.seq}
            self.wire.say({"type": "sync", "id": 1, "chats": [wanted], "limit": 500})
            await self.listen()

    async def live(self, habit: str) -> None:
        match habit:
            case "cut":
                self.wire.hang_up()
                await self.connect()
            case "ack":
                await self.listen()
                self.wire.say({"type": "ack", "es": self.es})
            case "sync":
                await self.listen()
                await self.catch_up()
            case _:
                pass

    async def settle(self) -> None:
        """The end of trouble: acknowledge, and sync until nothing is missing."""
        for _ in range(4):
            await self.listen()
            self.wire.say({"type": "ack", "es": self.es})
            await self.listen()
            await self.catch_up()

    async def _take(self, told: dict[str, Any]) -> None:
        assert told["type"] != "error", told
        match told:
            case {"type": "event"}:
                assert self.member, "an event after chat.left"
                self._apply([told])
            case {"type": "sync.result", "reset": reset, "to_seq": to_seq}:
                assert not reset
                self._apply(told["items"])
                self.copy.seq = max(self.copy.seq, to_seq)
                self.behind = False
            case {"type": "chat.head" | "pong"}:
                assert self.member or not told.get("heads")
                heads: list[dict[str, Any]] = told.get("heads") or []
                self.behind |= any(head["seq"] > self.copy.seq for head in heads)
            case {"type": "flow", "state": "lagging"}:
                assert told["dropped_from_es"] == self.es + 1, "counted differently"
            case {"kind": "chat.left"}:
                self.member = False
            case {"kind": "chat.joined"}:
                self.member, self.behind = True, True
                self.wire.say({"type": "view.set", "id": 2, "open": [self.stage.chat]})
            case _:
                pass

    def _apply(self, items: Sequence[dict[str, Any]]) -> None:
        events = [msgspec.convert(item, ChatEvent) for item in items]
        new = [event for event in events if event.seq > self.copy.seq]
        if new and new[0].seq > self.copy.seq + 1:
            self.behind = True
            return
        self.copy.apply(new)


@BOUNDED
@given(steps, sizes, habits)
def test_a_client_ends_with_what_the_log_says(
    script: list[Step], at_once: list[int], habit: list[str]
):
    async def story() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with housed(f"sqlite:///{folder}/uptc.db", TIGHT) as house:
                stage = await Stage.set(house.world)
                who = await house.log_in(stage.people[1])
                client = Client(house, who, stage, await Copy.load(stage))
                await client.connect()
                for turn in range(0, len(script), 4):
                    await stage.play(script[turn : turn + 4], at_once)
                    house.gateway.hub.tick(1e6 + turn * 10)
                    await client.live(habit[turn // 4 % len(habit)])
                await client.settle()
                here = await house.world.member_ids(stage.chat)
                assert client.member is (stage.people[1] in here)
                if client.member:
                    assert client.copy == await Copy.load(stage)

    run(story())
