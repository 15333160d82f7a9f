"""A client that follows the protocol's rules and nothing else, and the session that serves it.

The session does what controllers/greeting.py and controllers/conversation.py do; whatever
decides is the product's.
"""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from tests.core import unframed
from tests.simulation.log import Change, Send
from tests.simulation.node import TOKENS, Node
from uptc_messenger.models.base import ChatId, MessageId, Seq, SessionId, UserId
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.events import ChatEvent, ChatJoined, ChatLeft, UserEvent
from uptc_messenger.models.frames import ChatHeads
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.outbox import Budget, Outbox
from uptc_messenger.services.websocket.packets import single
from uptc_messenger.services.websocket.subscriber import Subscriber

if TYPE_CHECKING:
    from tests.simulation.world import World

TIGHT = WebSocketConfig(window_events=4, window_bytes=20_000, soft_bytes=8_000)
COUNTED = {"event", "user.event", "chat.head", "digest"}
decode = msgspec.json.Decoder().decode


class ViolationError(AssertionError):
    """A promise was broken."""


class Client:
    """A device: cursors, heads, a token, and messages that wait for their answer."""

    def __init__(self, world: "World", user_id: UserId, chats: list[ChatId]) -> None:
        self.world, self.user_id = world, user_id
        self.stage = world.stage
        self.chats = set(chats)
        self.cursors: dict[ChatId, Seq] = dict.fromkeys(chats, 0)
        self.copies: dict[ChatId, list[str]] = {chat: [] for chat in chats}
        self.heads: dict[ChatId, Seq] = dict.fromkeys(chats, 0)
        self.wanted = chats[:1]
        self.useq: Seq = 0
        self.token: str | None = None
        self.unsent: dict[MessageId, ChatId] = {}
        self.acknowledged: dict[MessageId, tuple[ChatId, Seq]] = {}
        self.session: Session | None = None
        self.slow = self.owing = False
        self.es = 0
        self.syncing: set[ChatId] = set()

    # Connecting

    def connect(self) -> None:
        node = self.world.somewhere()
        if node is None or self.session is not None:
            self.stage.later(0.5, self.connect)
            return
        self.es, self.syncing = 0, set()
        self.session = Session(self, node)

    def lost(self, session: "Session") -> None:
        if self.session is session:
            self.session = None
            self.stage.later(self.stage.chance.uniform(0.1, 1.0), self.connect)

    def welcome(self, told: dict[str, Any]) -> None:
        for event in told["missed"]:
            self._own(event)
        for chat_id, seq in told["digest"]:
            self._head(chat_id, seq)
        for chat_id, start, upto, rows in told["synced"]:
            self.synced(chat_id, start, upto, rows)
        for chat_id, seq in told["truth"].items():
            if chat_id in self.chats and self.heads.get(chat_id, 0) < seq:
                raise ViolationError(f"D4: {chat_id} at {seq}, known {self.heads[chat_id]}")
        self.token = told["token"]
        for name in list(self.unsent):
            self._post(name)

    # Hearing

    def hear(self, frame: dict[str, Any]) -> None:
        self.es += frame["type"] in COUNTED
        match frame["type"]:
            case "event":
                self._event(msgspec.convert(frame, ChatEvent))
            case "user.event":
                self._own(msgspec.convert(frame, UserEvent))
            case "chat.head":
                for head in frame["heads"]:
                    self._head(head["chat_id"], head["seq"])
            case "checkpoint":
                self.token = frame["sync_token"]
            case _:
                pass

    def _event(self, event: ChatEvent) -> None:
        chat_id, seq = event.chat_id, event.seq
        chat = self.world.database.chats[chat_id]
        if not chat.may_hear(self.user_id, seq):
            raise ViolationError(f"I6: {seq} of {chat_id} is not for this user")
        self._match(event)
        cursor = self.cursors.get(chat_id, 0)
        if seq <= cursor:
            return
        if seq == cursor + 1:
            self._apply(event)
        else:
            self.stage.later(0.05, lambda: self._ask(chat_id, seq))

    def _own(self, event: UserEvent) -> None:
        if event.useq <= self.useq:
            return
        if event.useq != self.useq + 1:
            raise ViolationError(f"own log: {event.useq} after {self.useq}")
        self.useq = event.useq
        if isinstance(event, ChatJoined):
            chat_id = event.data.chat_id
            self.chats.add(chat_id)
            self.cursors[chat_id] = self.heads[chat_id] = event.data.seq
            self.copies[chat_id] = []
            self._view()
        elif isinstance(event, ChatLeft):
            self.chats.discard(event.data.chat_id)

    def synced(self, chat_id: ChatId, start: Seq, upto: Seq, rows: list[ChatEvent]) -> None:
        self.syncing.discard(chat_id)
        if chat_id not in self.chats or start > self.cursors[chat_id]:
            return
        for event in rows:
            if event.seq > self.cursors[chat_id]:
                self._apply(event)
        if self.cursors[chat_id] < upto:
            raise ViolationError(f"D2: {chat_id} has a hole before {upto}")

    def refused(self, chat_id: ChatId) -> None:
        """The database is away, or this is no chat of mine: ask again if it still matters."""
        self.syncing.discard(chat_id)
        self.stage.later(1.0, lambda: self._head(chat_id, 0))

    def _apply(self, event: ChatEvent) -> None:
        if event.seq != self.cursors[event.chat_id] + 1:
            raise ViolationError(f"D1: {event.seq} after {self.cursors[event.chat_id]}")
        self.cursors[event.chat_id] = event.seq
        self.copies[event.chat_id].append(name_of(event))
        self._head(event.chat_id, event.seq)

    def _match(self, event: ChatEvent) -> None:
        rows = self.world.database.chats[event.chat_id].rows
        if event.seq > len(rows) or name_of(rows[event.seq - 1].event) != name_of(event):
            raise ViolationError(f"D4: {event.seq} of {event.chat_id[-4:]} was never committed")

    def _head(self, chat_id: ChatId, seq: Seq) -> None:
        self.heads[chat_id] = max(self.heads.get(chat_id, 0), seq)
        if chat_id in self.wanted and self.heads[chat_id] > self.cursors.get(chat_id, 0):
            self._ask(chat_id, self.heads[chat_id])

    def _ask(self, chat_id: ChatId, seq: Seq) -> None:
        stale = self.cursors.get(chat_id, 0) >= seq or chat_id in self.syncing
        if self.session is not None and not stale and chat_id in self.chats:
            self.syncing.add(chat_id)
            self.session.sync(chat_id, self.cursors[chat_id])

    def look(self, chats: list[ChatId]) -> None:
        """Open these instead."""
        self.wanted = list(chats)
        self._view()

    def _view(self) -> None:
        if self.session is not None:
            self.session.view()

    # Saying

    def send(self, chat_id: ChatId) -> None:
        name = MessageId(f"m{self.stage.chance.getrandbits(40):x}")
        self.unsent[name] = chat_id
        self._post(name)

    def _post(self, name: MessageId) -> None:
        session, chat_id = self.session, self.unsent.get(name)
        if chat_id is None:
            return
        if session is not None:
            session.write(Send(self.user_id, chat_id, name), lambda seq: self._sent(name, seq))
        # Whatever became of it, the same again under the same name.
        self.stage.later(self.stage.chance.uniform(1.5, 3.0), lambda: self._post(name))

    def _sent(self, name: MessageId, seq: Seq | None) -> None:
        chat_id = self.unsent.get(name)
        if chat_id is None:
            known = self.acknowledged.get(name)
            if seq is not None and known is not None and known[1] != seq:
                raise ViolationError(f"D2: one message at {known[1]} and at {seq}")
        elif seq is not None:
            del self.unsent[name]
            self.acknowledged[name] = (chat_id, seq)

    def change(self, chat_id: ChatId, *, on: bool) -> None:
        if self.session is not None:
            self.session.write(Change(self.user_id, chat_id, on), lambda _: None)


class Session:
    """One socket, the server's side: also the hub's way to the client."""

    def __init__(self, client: Client, node: Node) -> None:
        self.client, self.node, self.stage = client, node, client.stage
        self.open, self._corked, self._arrives = True, True, 0.0
        # Its own chance: sets have no order, and a schedule must be the same each time.
        self._chance = random.Random(f"{self.stage.seed}.{len(client.world.sessions)}")
        self.outbox = Outbox(TIGHT, Budget(1 << 30))
        self.subscriber = Subscriber(
            client.user_id, SessionId(f"session{len(client.world.sessions)}"), self.outbox, self
        )
        self._write_due = False
        node.soon(self._latency(), self._greet)
        node.soon(5.0, self._beat)
        client.world.sessions.append(self)

    # The hub's side

    def wake(self) -> None:
        if not self._write_due:
            self._write_due = True
            self.node.soon(0.0, self._flush)

    def end(self, code: CloseCode, reason: str) -> None:
        del code, reason
        self.close()

    def close(self) -> None:
        """The connection is gone, for whatever reason."""
        if self.open:
            self.open = False
            if self.node.alive:
                self.node.hub.detach(self.subscriber)
            self.stage.later(self._latency(), lambda: self.client.lost(self))

    def _flush(self) -> None:
        self._write_due = False
        if self._corked or not self.open or self.client.slow:
            return
        if not self.node.vigil.awake:
            self.node.dozing.append(self.wake)
            return
        for payload in unframed(self.outbox.take()):
            frame = decode(payload)
            self._to_client(lambda frame=frame: self.client.hear(frame))
        self._to_client(self.acknowledge)

    def acknowledge(self) -> None:
        """The client says how much of this session it has."""
        if self.client.owing:
            return
        es = self.client.es
        self._from_client(lambda: self._acknowledged(es))

    def _acknowledged(self, es: int) -> None:
        self.outbox.acknowledge(es)
        held = self.outbox.recover()
        if held is not None:
            heads = self.node.hub.heads_of(held)
            self.subscriber.put(single(ChatHeads(heads=heads), counted=1))

    def _beat(self) -> None:
        if self.open and not self._corked:
            self.node.checkpoints.give(self.subscriber)
            self.wake()
        self.node.soon(5.0, self._beat)

    # Coming in, as the greeter lets in

    def _greet(self) -> None:
        if not self.open:
            return
        node, client = self.node, self.client
        person = node.hub.attach(self.subscriber)
        watermark = self.stage.millis()
        self.subscriber.watermark = watermark
        token, useq = client.token, client.useq
        cursors = {c: client.cursors[c] for c in client.wanted if c in client.chats}

        def read() -> None:
            if node.database.away:
                self.close()
            if not self.open:
                return
            chats, head = node.snapshot(client.user_id)
            own = node.database.people[client.user_id].events
            told = {
                "token": TOKENS.issue(watermark),
                "missed": [event for event, _ in own[useq:]],
                "digest": self._digest(chats, TOKENS.since(token)),
                "synced": [self._log(c, at) for c, at in cursors.items() if c in chats],
                "truth": {c: node.database.chats[c].last_seq for c in chats},
            }
            node.hub.settle(person, chats, head)
            self._show(lambda: self._admit(told))

        node.soon(self._latency(), read)

    def _admit(self, told: dict[str, Any]) -> None:
        self._to_client(lambda: self.client.welcome(told))
        self._corked = False
        self.wake()

    def _digest(self, chats: dict[ChatId, Seq], since: int | None) -> list[tuple[ChatId, Seq]]:
        rows = [self.node.database.chats[chat_id] for chat_id in chats]
        return [
            (row.chat_id, row.last_seq) for row in rows if since is None or row.updated_at > since
        ]

    def _show(self, then: Callable[[], None]) -> None:
        hub = self.node.hub
        if self.client.user_id not in hub.directory.people:
            return
        opened = hub.visible(self.subscriber, self.client.wanted)
        hub.show(self.subscriber, opened, ())

        def read() -> None:
            if self.node.database.away:
                self.close()
                return
            heads = [self.node.head_of(self.node.database.chats[chat]) for chat in opened]
            hub.reached(self.subscriber, heads)
            then()
            for head in heads:
                self._to_client(lambda head=head: self.client._head(head.chat_id, head.seq))

        self.node.soon(self._latency(), lambda: read() if self.open else None)

    # What the client asks for

    def view(self) -> None:
        self._from_client(lambda: self._show(lambda: None))

    def sync(self, chat_id: ChatId, start: Seq) -> None:
        def read() -> None:
            if self.node.database.away or chat_id not in self.node.snapshot(self.client.user_id)[0]:
                self._to_client(lambda: self.client.refused(chat_id))
                return
            found = self._log(chat_id, start)
            self._to_client(lambda: self.client.synced(*found))

        self._from_client(lambda: self.node.soon(self._latency(), read))

    def write(self, item: Send | Change, answer: Callable[[Seq | None], None]) -> None:
        self._from_client(
            lambda: self.node.write(item, lambda seq: self._to_client(lambda: answer(seq)))
        )

    def _log(self, chat_id: ChatId, start: Seq) -> tuple[ChatId, Seq, Seq, list[ChatEvent]]:
        rows = self.node.database.chats[chat_id].rows
        return chat_id, start, len(rows), [row.event for row in rows[start:]]

    # The network between the two: in order, late, and sometimes at its end

    def _to_client(self, act: Callable[[], None]) -> None:
        self._arrives = max(self._arrives, self.stage.time + self._latency())
        self.stage.later(self._arrives - self.stage.time, lambda: act() if self.open else None)

    def _from_client(self, act: Callable[[], None]) -> None:
        def happen() -> None:
            if not self.open:
                return
            if self.node.vigil.notice(self.stage.time):
                act()
            else:
                self.node.dozing.append(happen)

        self.node.soon(self._latency(), happen)

    def _latency(self) -> float:
        return self._chance.uniform(0.001, 0.03)


def name_of(event: ChatEvent) -> str:
    """What an entry is, the same in every copy of the log."""
    body = getattr(event.data, "body", None)
    return body.text if body else f"{type(event).__name__} {event.actor_id}"
