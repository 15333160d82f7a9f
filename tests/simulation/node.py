"""A node: the product's own hub, relay, repairs, vigil, chain, sweeper and tokens.

Around them stands what the controllers do with a real loop and a real database.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tests.sessions import CONFIG
from tests.simulation.log import Change, Chat, Database, Send
from tests.simulation.stage import Stage
from uptc_messenger.models.base import ChatId, Seq, UserId
from uptc_messenger.models.events import EndSessions, Publication
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket.broker_memory import MemoryBroker, MemoryBus
from uptc_messenger.services.websocket.checkpoints import Checkpoints
from uptc_messenger.services.websocket.heads import HeadTicker
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.relay import Relay
from uptc_messenger.services.websocket.repairs import ChatGap, Gap, Key
from uptc_messenger.services.websocket.sweeper import (
    EVERY_S,
    LONGEST_MS,
    ChatAt,
    Sweeper,
    UserAt,
    parts_of,
)
from uptc_messenger.services.websocket.tokens import SyncTokens
from uptc_messenger.services.websocket.told import of
from uptc_messenger.services.websocket.vigil import Scope, Vigil

if TYPE_CHECKING:
    from tests.simulation.world import Plan

TOKENS = SyncTokens(b"k" * 32, "epoch")
TICK_S = 0.5
Answer = Callable[[Seq | None], None]
"""Told the position of what was sent, or None for a refusal to be retried."""


class Node:
    """One life of a node, from its start to its crash."""

    def __init__(self, stage: Stage, database: Database, bus: MemoryBus, plan: "Plan") -> None:
        self.stage, self.database, self.bus, self.plan = stage, database, bus, plan
        self.alive, self.asleep_until = True, 0.0
        self.hub = Hub(HeadTicker(CONFIG, lambda _: ""))
        self.vigil = Vigil(stage.time)
        self.relay = Relay(self.hub, self.vigil, self)
        self.sweeper = Sweeper()
        self.checkpoints = Checkpoints(self.hub, TOKENS)
        self.dozing: list[Callable[[], None]] = []
        self._queue: list[tuple[Send | Change, Answer]] = []
        self._writing = False
        self.hub.repairs.connect(self)
        self.hub.awake = lambda: self.vigil.notice(self.stage.time)
        self.broker = MemoryBroker(bus, self.relay)
        self.relay.connect(self.broker)
        self.relay.linked(up=True)
        self.soon(TICK_S * stage.chance.random(), self._tick)

    # Time, for this node: nothing happens after a crash, everything late after a sleep

    def soon(self, seconds: float, act: Callable[[], None]) -> None:
        def happen() -> None:
            if not self.alive:
                return
            if self.stage.time < self.asleep_until:
                self.stage.later(self.asleep_until - self.stage.time, happen)
                return
            act()

        self.stage.later(seconds, happen)

    def crash(self) -> None:
        """Kill -9."""
        if self.alive:
            self.alive = False
            self.broker.up = False
            self.bus.brokers.remove(self.broker)

    def _tick(self) -> None:
        now = self.stage.time
        self.vigil.notice(now)
        self.hub.tick(now)
        self.relay.tick()
        scope = self.vigil.turn(now)
        if scope is not None:
            self._compare(scope)
        self.checkpoints.offer(self.vigil.watermark(self.stage.millis), now)
        self.checkpoints.turn()
        self.soon(TICK_S, self._tick)

    # What the relay and the repairs ask for

    def now(self) -> float:
        return self.stage.time

    def later(self, seconds: float, key: Key) -> None:
        self.soon(seconds, lambda: self.hub.repairs.turn(key))

    def end_sessions(self, ended: Sequence[EndSessions]) -> None:
        raise AssertionError("nobody ends a session here")

    def ask_members(self, chat_id: ChatId) -> None:
        def answer() -> None:
            chat = self.database.chats[chat_id]
            self.relay.members(chat_id, chat.roster, chat.current())

        self.soon(self._reading(), answer)

    def start(self, key: Key, gap: Gap) -> None:
        def read() -> None:
            well = not self.database.away and self._fill(gap)
            self.hub.repairs.ended(key, well=well)

        self.soon(self._reading(), read)

    def _fill(self, gap: Gap) -> bool:
        if isinstance(gap, ChatGap):
            chat = self.database.chats[gap.chat_id]
            entries = [of(row.event, 0) for row in chat.rows[gap.after :]]
            return self.hub.filled(self.head_of(chat), entries)
        person = self.database.people[gap.user_id]
        self.hub.filled_user(gap.user_id, [event for event, _ in person.events[gap.after :]])
        return True

    # Comparing, as controllers/watching.py does

    def _compare(self, scope: Scope) -> None:
        asleep, at = not self.vigil.awake, self.stage.millis()

        def people() -> None:
            if self.database.away:
                self.vigil.compared(scope, at, self.stage.time, well=False)
                return
            for user_id in tuple(self.hub.directory.people):
                self.hub.learn_user(user_id, self.database.people[user_id].useq)
            self.soon(0.0, chats)

        def chats() -> None:
            if asleep and self.hub.repairs.people:
                self.soon(0.01, chats)
                return
            self._compare_chats(scope)
            self.vigil.compared(scope, at, self.stage.time, well=True)
            if asleep and self.vigil.awake:
                self._wake()

        self.soon(self._reading(), people)

    def _compare_chats(self, scope: Scope) -> None:
        for room in tuple(self.hub.directory.rooms.values()):
            if scope is Scope.ALL or room.watched:
                self.hub.learn(self.head_of(self.database.chats[room.chat_id]))

    def _wake(self) -> None:
        self.hub.check_all()
        dozing, self.dozing = self.dozing, []
        for go_on in dozing:
            go_on()

    # Sweeping, as controllers/sweeping.py does

    def sweep(self) -> None:
        """Sweep now and from now on, until another life holds the lease."""
        if self.plan.sweeper is not self or not self.alive:
            return
        self.soon(EVERY_S, self.sweep)
        if self.database.away or not self.plan.sweeps:
            return
        at = self.stage.millis()
        oldest = min(self.database.open.values(), default=None)
        since, hold = self.sweeper.begin(at, oldest)

        def read() -> None:
            chats, people = self.plan.scan(self, since)
            moved = [ChatAt(c.chat_id, c.last_seq, c.n, c.wide) for c in chats]
            users = [UserAt(p.user_id, p.useq) for p in people]
            for part in parts_of(at, moved, users, hold=hold):
                self.relay.sweep(part)

        self.soon(self._reading(), read)

    # Writing, as the lane and the services do

    def write(self, item: Send | Change, answer: Answer) -> None:
        """Queue a command."""
        self._queue.append((item, answer))
        if not self._writing:
            self._writing = True
            self.soon(0.0, self._begin)

    def _begin(self) -> None:
        if not self._queue:
            self._writing = False
            return
        item, answer = self._queue.pop(0)
        if self.database.away:
            self._end(answer, None)
            return
        stamp, key = self.stage.millis(), self.stage.chance.getrandbits(60)
        self.database.open[key] = stamp
        early = self._known(item) if self.database.dangers.dedup_before_lock else None

        def held() -> None:
            if not self.alive:
                self._give_up(item, key)
                return
            takes = self.plan.commit_takes(self.stage.chance)
            if self.database.dangers.publish_before_commit and isinstance(item, Send):
                self._publish_early(item)
            self.stage.later(takes, lambda: self._commit(item, answer, stamp, key, early))

        self.database.lock(item.chat_id, held)

    def _commit(
        self, item: Send | Change, answer: Answer, stamp: int, key: int, early: Seq | None
    ) -> None:
        late = self.stage.millis() - stamp > LONGEST_MS
        if not self.alive or late or self.plan.crashes(self):
            self._give_up(item, key)
            self._end(answer, None)
            return
        seq, publications = self._append(item, stamp, early)
        self._give_up(item, key)
        # The answer and the announcement leave at the same time; a crash may come between.
        leave = [lambda: self._end(answer, seq), lambda: self.hub.publish(publications)]
        self.stage.chance.shuffle(leave)
        for one in leave:
            if not self.plan.crashes(self):
                one()

    def _append(
        self, item: Send | Change, stamp: int, early: Seq | None
    ) -> tuple[Seq | None, list[Publication]]:
        if isinstance(item, Change):
            return None, item.commit(self.database, stamp)
        dangers = self.database.dangers
        known = early if dangers.dedup_before_lock else self._known(item)
        if known is None and self._is_member(item):
            return item.commit(self.database, stamp)
        if known is not None and dangers.counter_without_row:
            self.database.chats[item.chat_id].last_seq += 1
        return known, []

    def _give_up(self, item: Send | Change, key: int) -> None:
        self.database.open.pop(key, None)
        self.database.unlock(item.chat_id)

    def _end(self, answer: Answer, seq: Seq | None) -> None:
        self.soon(0.0, lambda: answer(seq))
        self.soon(0.0, self._begin)

    def _known(self, item: Send | Change) -> Seq | None:
        row = self.database.find(item.chat_id, item.name) if isinstance(item, Send) else None
        return None if row is None else row.event.seq

    def _is_member(self, item: Send) -> bool:
        return item.author in self.database.chats[item.chat_id].current()

    def _publish_early(self, item: Send) -> None:
        chat = self.database.chats[item.chat_id]
        rows, last, at = list(chat.rows), chat.last_seq, chat.updated_at
        _, publications = item.commit(self.database, 0)
        chat.rows, chat.last_seq, chat.updated_at = rows, last, at
        self.hub.publish(publications)

    def _reading(self) -> float:
        return self.stage.chance.uniform(0.001, 0.02)

    def head_of(self, chat: Chat) -> Head:
        return Head(chat_id=chat.chat_id, seq=chat.last_seq, n=chat.n)

    def snapshot(self, user_id: UserId) -> tuple[dict[ChatId, Seq], Seq]:
        """Where a user belongs, and the head of the user's own log."""
        chats = {
            chat.chat_id: chat.members[user_id].joined
            for chat in self.database.chats.values()
            if user_id in chat.current()
        }
        return chats, self.database.people[user_id].useq
