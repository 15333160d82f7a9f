"""One schedule: three nodes, a bus and a database with bad luck, clients, and the verdict.

Everything follows from the seed. Faults happen for twenty seconds; then everything heals, and
after a while of quiet every client must have what the log says.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulation.client import Client, Session, ViolationError, name_of
from tests.simulation.log import Chat, Dangers, Database, Person
from tests.simulation.node import Node
from tests.simulation.stage import Stage
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.services.websocket.broker_memory import MemoryBus

TROUBLE_S = 20.0
QUIET_S = 16.0
"""A sweep, a reading, a reconnection, and chains that broke at the very end."""


@dataclass
class Luck:
    """How bad a schedule is."""

    lost: float
    repeated: float
    delay: float
    slow: float
    """Chance that a commit takes up to the limit."""

    crash: float
    """Chance of a crash at each point where one may happen."""

    @classmethod
    def of(cls, chance: random.Random) -> "Luck":
        return cls(
            lost=chance.choice([0.0, 0.0, 0.1, 0.3, 0.6, 1.0]),
            repeated=chance.choice([0.0, 0.1, 0.3]),
            delay=chance.choice([0.002, 0.02, 0.2, 2.0]),
            slow=chance.choice([0.0, 0.0, 0.15, 0.4]),
            crash=chance.choice([0.0, 0.01, 0.04]),
        )


@dataclass
class Plan:
    """What nodes ask of the schedule; and where a mutant of the sweep takes hold."""

    world: "World"
    sweeper: Node | None = None
    sweeps: bool = True
    scan: Callable[[Node, int], tuple[list[Chat], list[Person]]] = field(
        default=lambda node, since: node.database.changed_since(since)
    )

    def commit_takes(self, chance: random.Random) -> float:
        if not self.world.calm and chance.random() < self.world.luck.slow:
            return chance.uniform(0.0, 4.5)
        return chance.uniform(0.001, 0.005)

    def crashes(self, node: Node) -> bool:
        if self.world.calm or self.world.stage.chance.random() >= self.world.luck.crash:
            return False
        self.world.crash(node)
        return True


class World:
    """Nodes, clients, and what goes wrong between them."""

    def __init__(self, seed: int, dangers: Dangers | None = None, luck: Luck | None = None) -> None:
        self.stage = Stage(seed)
        chance = self.stage.chance
        self.luck = luck or Luck.of(chance)
        self.calm = False
        self.database = Database(self.stage, dangers or Dangers())
        self.bus = MemoryBus(self._carry)
        self.plan = Plan(self)
        self.nodes: list[Node] = []
        self.sessions: list[Session] = []
        self.lost_power = False
        users = [UserId(f"user{number}") for number in range(3)]
        chats = [ChatId(f"chat{number}") for number in range(2)]
        for user in users:
            self.database.people[user] = Person(user)
        for index, chat in enumerate(chats):
            self.database.found(chat, users)
            self.database.chats[chat].wide = index == 1
        self.clients = [Client(self, user, list(chats)) for user in (*users, users[0])]
        self.clients[1].wanted = list(chats)
        self.clients[2].wanted = []

    def play(self) -> None:
        """Trouble, healing, quiet, verdict."""
        for _ in range(3):
            self._start()
        self._lease()
        for client in self.clients:
            client.connect()
        end = self.stage.time + TROUBLE_S
        self._schedule(TROUBLE_S)
        self.stage.run(end)
        self._heal()
        self.stage.run(end + QUIET_S)
        self.verdict()

    def somewhere(self) -> Node | None:
        """A node that takes connections."""
        alive = [node for node in self.nodes if node.alive]
        return self.stage.chance.choice(alive) if alive else None

    def crash(self, node: Node) -> None:
        if not node.alive:
            return
        node.crash()
        for session in self.sessions:
            if session.node is node:
                session.close()
        self.stage.later(self.stage.chance.uniform(0.5, 4.0), self._start)

    # Trouble

    def _schedule(self, seconds: float) -> None:
        chance, later = self.stage.chance, self.stage.later
        for _ in range(24):
            client = chance.choice(self.clients)
            later(chance.uniform(0.2, seconds), lambda c=client: self._say(c))
        for _ in range(chance.randrange(6)):
            later(chance.uniform(1.0, seconds), self._come_or_go)
        for trouble in (self._kill, self._cut, self._doze, self._slow, self._away):
            for _ in range(chance.randrange(3)):
                later(chance.uniform(1.0, seconds - 1.0), trouble)
        for trouble in (self._hang_up, self._owe, self._switch):
            for _ in range(chance.randrange(6)):
                later(chance.uniform(1.0, seconds - 1.0), trouble)
        if chance.random() < 0.3:
            later(chance.uniform(5.0, seconds), self._lose_power)

    def _say(self, client: Client) -> None:
        chats = sorted(client.chats)
        if chats:
            client.send(self.stage.chance.choice(chats))

    def _come_or_go(self) -> None:
        client = self.stage.chance.choice(self.clients[1:3])
        chat_id = self.stage.chance.choice(sorted(self.database.chats))
        here = client.user_id in self.database.chats[chat_id].current()
        client.change(chat_id, on=not here)
        for _ in range(2):
            # What is said right after it must not reach who went.
            self.stage.later(
                self.stage.chance.uniform(0.05, 0.4), lambda: self.clients[0].send(chat_id)
            )

    def _kill(self) -> None:
        node = self.somewhere()
        if node is not None:
            self.crash(node)

    def _cut(self) -> None:
        node = self.somewhere()
        if node is not None:
            node.broker.cut()
            node.soon(self.stage.chance.uniform(0.2, 8.0), node.broker.mend)

    def _doze(self) -> None:
        node = self.somewhere()
        if node is not None:
            node.asleep_until = self.stage.time + self.stage.chance.uniform(0.5, 6.0)

    def _hang_up(self) -> None:
        client = self.stage.chance.choice(self.clients)
        if client.session is not None:
            client.session.close()

    def _slow(self) -> None:
        client = self.stage.chance.choice(self.clients)
        client.slow = True
        self.stage.later(self.stage.chance.uniform(0.5, 5.0), lambda: self._quicken(client))

    def _owe(self) -> None:
        """A client takes everything and acknowledges nothing, so that it soon lags."""
        client = self.stage.chance.choice(self.clients)
        client.owing = True
        self.stage.later(self.stage.chance.uniform(0.5, 8.0), lambda: self._pay(client))

    def _pay(self, client: Client) -> None:
        client.owing = False
        if client.session is not None:
            client.session.acknowledge()

    def _switch(self) -> None:
        """A client looks at something else."""
        client = self.stage.chance.choice(self.clients)
        chats = sorted(self.database.chats)
        client.look(self.stage.chance.choice([[], chats[:1], chats[1:], chats]))

    def _quicken(self, client: Client) -> None:
        client.slow = False
        if client.session is not None:
            client.session.wake()

    def _away(self) -> None:
        self.database.away = True
        self.stage.later(self.stage.chance.uniform(0.2, 3.0), self._back)

    def _back(self) -> None:
        self.database.away = False

    def _lose_power(self) -> None:
        """The machine of the database: what it forced to the disk is there, nothing else."""
        self.lost_power = True
        self.database.lose_power()

    def _heal(self) -> None:
        self.calm = True
        self.database.away = False
        for client in self.clients:
            self._quicken(client)
            self._pay(client)
        for node in self.nodes:
            node.broker.mend()

    # The bus, and who sweeps

    def _carry(self, act: Callable[[], None]) -> None:
        chance, luck = self.stage.chance, self.luck
        if not self.calm and chance.random() < luck.lost:
            return
        delay = 0.001 if self.calm else luck.delay
        for _ in range(1 + (not self.calm and chance.random() < luck.repeated)):
            self.stage.later(chance.uniform(0.0005, delay), act)

    def _start(self) -> None:
        self.nodes = [node for node in self.nodes if node.alive]
        self.nodes.append(Node(self.stage, self.database, self.bus, self.plan))

    def _lease(self) -> None:
        """A dead holder's lease runs out; sometimes another takes it for no reason."""
        holder = self.plan.sweeper
        fickle = self.stage.chance.random() < 0.1 and not self.calm
        if holder is None or not holder.alive or fickle:
            self.plan.sweeper = self.somewhere()
            if self.plan.sweeper is not None and self.plan.sweeper is not holder:
                self.plan.sweeper.sweeper.rest()
                self.plan.sweeper.sweep()
        self.stage.later(3.0, self._lease)

    # The verdict

    def verdict(self) -> None:
        for chat in self.database.chats.values():
            self._judge_log(chat)
        for client in self.clients:
            self._judge_writer(client)
            self._judge_reader(client)

    def _judge_log(self, chat: Chat) -> None:
        seqs = [row.event.seq for row in chat.rows]
        if seqs != list(range(1, chat.last_seq + 1)):
            raise ViolationError(f"I2: {seqs} with the head at {chat.last_seq}")
        names = [row.name for row in chat.rows if row.name is not None]
        if len(set(names)) != len(names):
            raise ViolationError("I5: a message is there twice")

    def _judge_writer(self, client: Client) -> None:
        for name, (chat_id, seq) in client.acknowledged.items():
            row = self.database.find(chat_id, name)
            if row is None or row.event.seq != seq:
                raise ViolationError(f"I1: what was acknowledged at {seq} is not there")

    def _judge_reader(self, client: Client) -> None:
        if client.session is None:
            raise ViolationError("L1: not connected")
        for chat in self.database.chats.values():
            here = client.user_id in chat.current()
            if here is not (chat.chat_id in client.chats):
                raise ViolationError("L1: does not know where it belongs")
            if here:
                self._judge_chat(client, chat)

    def _judge_chat(self, client: Client, chat: Chat) -> None:
        if client.heads[chat.chat_id] != chat.last_seq:
            raise ViolationError(f"L1: head {client.heads[chat.chat_id]} of {chat.last_seq}")
        if chat.chat_id not in client.wanted:
            return
        copy = client.copies[chat.chat_id]
        log = [name_of(row.event) for row in chat.rows]
        if client.cursors[chat.chat_id] != chat.last_seq or copy != log[len(log) - len(copy) :]:
            raise ViolationError(f"L1: copy at {client.cursors[chat.chat_id]} of {chat.last_seq}")


def play(
    seed: int,
    dangers: Dangers | None = None,
    prepare: Callable[[World], None] | None = None,
    luck: Luck | None = None,
) -> World:
    """Play the schedule of a seed; raises `ViolationError`."""
    world = World(seed, dangers, luck)
    if prepare is not None:
        prepare(world)
    try:
        world.play()
    except ViolationError as broken:
        raise ViolationError(f"seed {seed}: {broken}") from broken
    return world
