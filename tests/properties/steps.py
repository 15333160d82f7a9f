"""Random things that people do in a chat, and what a client makes of what it is told."""

import asyncio
import os
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st

from tests.core import World, new_change_id, new_message_id
from uptc_messenger.models.base import ChangeId, ChatId, MessageId, UserId
from uptc_messenger.models.errors import Problem
from uptc_messenger.models.events import (
    ChatEvent,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessageNew,
    PinChanged,
    ReactionChange,
    ReactionChanged,
)
from uptc_messenger.models.messages import Changed, Message, Sent
from uptc_messenger.services.messages.markdown import excerpt

EXAMPLES = int(os.environ.get("UPTC_TEST_EXAMPLES", "20"))
"""The short form; `make test-long` tries ten times as many."""

BOUNDED = settings(
    derandomize=True, deadline=None, database=None, max_examples=EXAMPLES, print_blob=True
)
PEOPLE = 4
TEXTS = ("hola", "adiós", "**sí** @luis", "@all a clase", "👍")
EMOJIS = ("👍", "🎉", "❤️")


@dataclass(frozen=True)
class Step:
    """One person does one thing; `target` chooses among the messages named so far."""

    what: str
    who: int
    target: int
    word: int


@dataclass
class Done:
    """A step with what it was about and how it ended."""

    step: Step
    user: UserId
    message_id: MessageId | None
    text: str
    result: Any

    @property
    def ok(self) -> bool:
        return not isinstance(self.result, BaseException)


KINDS = (
    *("post",) * 4,
    *("retry",) * 2,
    "forge",
    "reply",
    *("edit",) * 2,
    "again",
    "delete",
    *("react",) * 2,
    "unreact",
    *("pin",) * 2,
    "unpin",
    "add",
    "remove",
    "read",
    "unread",
)
steps = st.lists(
    st.builds(
        Step,
        what=st.sampled_from(KINDS),
        who=st.integers(0, PEOPLE - 1),
        target=st.integers(0, 30),
        word=st.integers(0, 30),
    ),
    min_size=1,
    max_size=40,
)
sizes = st.lists(st.integers(1, 7), min_size=1, max_size=10)
"""How many steps go into the queue at once, over and over."""


@dataclass
class Stage:
    """A chat of the first two of four people; the third and fourth come and go."""

    world: World
    people: list[UserId]
    chat: ChatId
    named: list[MessageId] = field(default_factory=list[MessageId])
    changes: list[tuple[MessageId, ChangeId]] = field(
        default_factory=list[tuple[MessageId, ChangeId]]
    )
    done: list[Done] = field(default_factory=list[Done])

    @classmethod
    async def set(cls, world: World) -> "Stage":
        people = await world.users("ana", "luis", "eva", "juan")
        return cls(world, people, await world.group(people[0], people[1]))

    async def play(self, script: Sequence[Step], at_once: Sequence[int]) -> None:
        """Do the steps in their order, some of them in one batch of the lane."""
        rest, turn = list(script), 0
        while rest:
            size = at_once[turn % len(at_once)]
            batch, rest, turn = rest[:size], rest[size:], turn + 1
            begun = [self._begin(step) for step in batch]
            results = await asyncio.gather(*(work for _, work in begun), return_exceptions=True)
            for (done, _), result in zip(begun, results, strict=True):
                assert not isinstance(result, BaseException) or isinstance(result, Problem)
                done.result = result
                self.done.append(done)

    def _begin(self, step: Step) -> tuple[Done, Coroutine[Any, Any, object]]:
        known = self.named[step.target % len(self.named)] if self.named else new_message_id()
        done = Done(step, self.people[step.who], known, TEXTS[step.word % len(TEXTS)], None)
        return done, self._work(step, done)

    def _work(self, step: Step, done: Done) -> Coroutine[Any, Any, object]:
        match step.what:
            case "post" | "retry" | "forge" | "reply":
                return self._send(step, done)
            case "edit" | "again" | "delete":
                return self._change(step, done)
            case "react" | "unreact":
                return self._react(step, done)
            case "pin" | "unpin":
                return self.world.pin(done.user, self._place(done), on=step.what == "pin")
            case _:
                return self._come_and_go(step, done)

    def _send(self, step: Step, done: Done) -> Coroutine[Any, Any, object]:
        quoted = None
        if step.what in {"post", "reply"}:
            quoted = done.message_id if step.what == "reply" else None
            done.message_id = new_message_id()
            self.named.append(done.message_id)
        elif step.what == "retry":
            done.user, done.text, quoted = self._first(done)
        return self.world.send(done.user, self.chat, done.text, done.message_id, quoted)

    def _first(self, done: Done) -> tuple[UserId, str, MessageId | None]:
        sends = [d for d in self.done if d.step.what == "post" and d.message_id == done.message_id]
        return (sends[0].user, sends[0].text, None) if sends else (done.user, done.text, None)

    def _place(self, done: Done) -> tuple[ChatId, MessageId]:
        assert done.message_id is not None
        return self.chat, done.message_id

    def _change(self, step: Step, done: Done) -> Coroutine[Any, Any, object]:
        change = new_change_id()
        if step.what == "again" and self.changes:
            done.message_id, change = self.changes[step.target % len(self.changes)]
        self.changes.append((self._place(done)[1], change))
        if step.what == "delete":
            return self.world.delete(done.user, self._place(done), change)
        return self.world.edit(done.user, self._place(done), done.text, change)

    def _react(self, step: Step, done: Done) -> Coroutine[Any, Any, object]:
        emoji = EMOJIS[step.word % len(EMOJIS)]
        return self.world.react(done.user, self._place(done), emoji, on=step.what == "react")

    def _come_and_go(self, step: Step, done: Done) -> Coroutine[Any, Any, object]:
        other = self.people[step.target % PEOPLE]
        match step.what:
            case "add":
                return self.world.add(self.chat, done.user, other)
            case "remove":
                return self.world.remove(self.chat, done.user, other)
            case "unread":
                return self.world.read_to(done.user, self.chat, step.target, force=True)
            case _:
                return self.world.read_to(done.user, self.chat, step.target)

    def sent(self) -> list[tuple[Done, Sent]]:
        return [(d, d.result) for d in self.done if isinstance(d.result, Sent)]

    def changed(self) -> list[tuple[Done, Changed]]:
        return [(d, d.result) for d in self.done if isinstance(d.result, Changed)]


@dataclass
class Copy:
    """A client's copy of a chat: how far it is, the messages, who is in it, what is pinned."""

    seq: int
    messages: dict[MessageId, dict[str, Any]]
    members: set[UserId]
    pins: list[MessageId]

    @classmethod
    async def load(cls, stage: Stage) -> "Copy":
        """As a client loads it anew, from one snapshot each."""
        owner = stage.people[0]
        page = await stage.world.page(owner, stage.chat, 1_000)
        here = await stage.world.member_ids(stage.chat)
        head = (await stage.world.chat(owner, stage.chat)).seq
        pins = await stage.world.pins(owner, stage.chat)
        return cls(head, {m.message_id: plain(m) for m in page}, set(here), pins)

    def apply(self, events: Sequence[ChatEvent]) -> None:
        """The client's rule: the next position is applied, an old one ignored, no other comes."""
        for event in events:
            if event.seq <= self.seq:
                continue
            assert event.seq == self.seq + 1, "a hole in what was told"
            self.seq = event.seq
            self._one(event)

    def _one(self, event: ChatEvent) -> None:
        match event:
            case MessageNew(data=message):
                self.messages[message.message_id] = plain(message)
            case MessageEdited(data=message) | MessageDeleted(data=message):
                self.messages[message.message_id] = plain(message)
                self._requote(message)
                if message.deleted and message.message_id in self.pins:
                    self._pin(message.message_id, on=False)
            case PinChanged(data=change):
                self._pin(change.message_id, on=change.on)
            case ReactionChanged(data=change):
                self._react(change)
            case MemberJoined(data=change):
                self.members.add(change.user_id)
            case MemberLeft(data=change):
                self.members.discard(change.user_id)
            case _:
                raise AssertionError(event)

    def _react(self, change: ReactionChange) -> None:
        counts = self.messages[change.message_id]["reactions"]
        counts[change.emoji] = change.count
        if not change.count:
            del counts[change.emoji]

    def _pin(self, message_id: MessageId, *, on: bool) -> None:
        if on:
            self.pins.insert(0, message_id)
        else:
            self.pins.remove(message_id)

    def _requote(self, message: Message) -> None:
        # A quote shows what the quoted message says now.
        text = message.body.text if message.body else ""
        for other in self.messages.values():
            if other.get("reply_to", {}).get("message_id") == message.message_id:
                other["reply_to"]["excerpt"] = excerpt(text, 140)


def plain(message: Message) -> dict[str, Any]:
    """A message as comparable values; reactions by emoji, in no order, without whose."""
    value: dict[str, Any] = msgspec.to_builtins(message)
    value["reactions"] = {r["emoji"]: r["count"] for r in value["reactions"]}
    return value
