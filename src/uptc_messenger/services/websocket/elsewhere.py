"""Who is seen on other nodes, without a store: each node knows its own people and is asked.

Only people whom somebody here shows are followed, so memory grows with what is shown, not
with who exists. Transitions are told by whoever has the person; what was true before is
asked for, and once a minute again, for what was told may be lost. A node that falls silent
leaves its people uncertain: they are shown as they were for a grace, unless they appear
elsewhere (docs/decisions/0084).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, Protocol, assert_never

import msgspec

from uptc_messenger.models.base import UserId
from uptc_messenger.services.websocket import mail as form
from uptc_messenger.services.websocket.announcer import Announcer
from uptc_messenger.services.websocket.asking import PATIENCE_S, Ask, Asks
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.mail import (
    AskMail,
    BeatMail,
    Post,
    PresenceMail,
    Seen,
    SeenMail,
)
from uptc_messenger.services.websocket.peers import BEAT_S, Peers
from uptc_messenger.services.websocket.wanted import Wanted

_SPREAD_S: Final = 5.0


class Home(Protocol):
    """Who is on this node, and who wants to know of the others."""

    def here(self, user_id: UserId) -> Seen | None:
        """How this node sees one of its own people; None for who is not here."""
        ...

    def changed(self, user_id: UserId) -> None:
        """Somebody is seen differently elsewhere."""
        ...


@dataclass(slots=True)
class _Heard:
    seen: Seen
    count: int


class Elsewhere:
    """What other nodes say of the people shown here, and what this one says of its own."""

    def __init__(
        self,
        config: WebSocketConfig,
        spread: Callable[[], float] = lambda: random.uniform(0, _SPREAD_S),  # noqa: S311
    ) -> None:
        self._grace_s = config.offline_after_s
        self._spread = spread
        self._announcer = Announcer(config.presence_every_s, self._say)
        self._peers = Peers()
        self._heard: dict[UserId, dict[str, _Heard]] = {}
        self._graces: dict[tuple[UserId, str], float] = {}
        self._asks = Asks()
        self._wanted = Wanted()
        self._numbers = count(1)
        self._incarnation = 0
        self._next_beat = 0.0
        self._post: Post | None = None
        self._home: Home | None = None
        self._node = ""

    @property
    def followed(self) -> int:
        """People whom somebody here shows."""
        return len(self._heard)

    @property
    def entries(self) -> int:
        """States of people on other nodes that are kept."""
        return sum(map(len, self._heard.values()))

    @property
    def peers(self) -> set[str]:
        """Other nodes that live, by name."""
        return self._peers.alive

    @property
    def nodes(self) -> int:
        """Other nodes that live."""
        return len(self._peers.alive)

    def live(self, home: Home) -> None:
        """Whose people this node has."""
        self._home = home

    def connect(self, post: Post, node: str) -> None:
        """Begin to speak and to listen under this name, which no process ever had before."""
        self._post, self._node = post, node
        for subject in (form.BEATS, form.QUESTIONS, form.of_node(node)):
            post.follow(subject, here=True)

    # What this node wants to know

    def follow(self, user_id: UserId, *, here: bool) -> None:
        """Somebody here begins to show a person, or nobody does any more."""
        if here:
            self._heard[user_id] = {}
        else:
            for node in self._heard.pop(user_id, ()):
                self._graces.pop((user_id, node), None)
        if self._post is not None:
            self._post.follow(form.of_seen(user_id), here=here)

    def ask(self, user_ids: Sequence[UserId], done: Callable[[], None]) -> None:
        """Ask for the state of people who are followed from now on.

        `done` is called once every node that is known to live has answered.
        """
        if user_ids:
            self._ask(form.QUESTIONS, user_ids, self._peers.alive, done)
        else:
            done()

    def of(self, user_id: UserId) -> list[Seen]:
        """How a person who is followed is seen on other nodes."""
        heard = self._heard.get(user_id, {})
        return [each.seen for each in heard.values() if each.seen.state != "offline"]

    def parted(self, user_id: UserId) -> bool:
        """Whether the node that a person left said so, and that others may know when."""
        return any(each.seen.openly for each in self._heard.get(user_id, {}).values())

    # What this node says

    def say(self, user_id: UserId) -> None:
        """One of this node's own people is seen differently."""
        if self._post is not None:
            self._announcer.changed(user_id, self._post.now())

    def part(self, user_id: UserId, *, openly: bool) -> None:
        """One of this node's own people is here no more, and others may know since when."""
        self._tell(Seen(user_id, "offline", openly=openly))

    def linked(self, *, up: bool) -> None:
        """The way to the others went or came back: all may have missed something."""
        if up:
            self._incarnation += 1
            self._announcer.clear()
            self._peers.doubt()
            self._beat()

    def leave(self) -> None:
        """This node ends: its people are on their way to others."""
        self._mail(form.BEATS, BeatMail(self._node, self._incarnation, leaves=True))
        self._post = None

    def turn(self) -> None:
        """Time passes; call it every second or so."""
        if self._post is None:
            return
        now = self._post.now()
        if now >= self._next_beat:
            self._beat()
        self._announcer.turn(now)
        self._ask_wanted()
        self._asks.turn(now)
        for node in self._peers.lapse(now):
            self._lose(node)
        for user_id, node in [key for key, at in self._graces.items() if at <= now]:
            self._end_grace(user_id, node)

    # What others say

    def take(self, mail: PresenceMail) -> None:
        """A message of another node."""
        match mail:
            case SeenMail():
                self._take_seen(mail)
            case AskMail():
                self._answer(mail)
            case BeatMail(node=node, leaves=True):
                self._peers.forget(node)
                self._lose(node)
            case BeatMail(node=node, incarnation=incarnation):
                if self._peers.beat(node, incarnation, self._now()):
                    self._meet(node)
            case _:
                assert_never(mail)

    def _meet(self, node: str) -> None:
        # It may know what we have missed; what it has missed of us it asks after our beat.
        self._wanted.meet(node, self._heard)
        self._next_beat = 0.0

    def _take_seen(self, mail: SeenMail) -> None:
        self._peers.spoke(mail.node, self._now())
        for seen in mail.seen:
            self._note(seen, mail)
        named = [seen.user_id for seen in mail.seen]
        for user_id in self._asks.answered(mail.ask, mail.node, named):
            if mail.node in self._heard.get(user_id, ()):
                self._note(Seen(user_id, "offline"), mail)

    def _note(self, seen: Seen, mail: SeenMail) -> None:
        heard = self._heard.get(seen.user_id)
        if heard is None:
            return
        known = heard.get(mail.node)
        if known is not None and known.count >= mail.count:
            return
        heard[mail.node] = _Heard(seen, mail.count)
        self._graces.pop((seen.user_id, mail.node), None)
        if seen.moving:
            self._doubt(seen.user_id, mail.node)
        self._changed(seen.user_id)

    def _answer(self, mail: AskMail) -> None:
        if self._home is not None:
            found = [self._home.here(user_id) for user_id in mail.user_ids]
            seen = [each for each in found if each is not None]
            answer = SeenMail(self._node, next(self._numbers), seen, mail.ask)
            self._mail(form.of_node(mail.node), answer)

    def _lose(self, node: str) -> None:
        """A node is gone: its people are uncertain, and shown as they were for a while."""
        self._wanted.lose(node)
        for user_id, heard in self._heard.items():
            known = heard.get(node)
            if known is None:
                continue
            if known.seen.state == "offline":
                del heard[node]
            else:
                known.seen = msgspec.structs.replace(known.seen, moving=True)
                self._doubt(user_id, node)
                self._changed(user_id)
        self._asks.lost(node)

    def _doubt(self, user_id: UserId, node: str) -> None:
        self._graces.setdefault((user_id, node), self._now() + self._grace_s + self._spread())

    def _end_grace(self, user_id: UserId, node: str) -> None:
        del self._graces[user_id, node]
        heard = self._heard[user_id]
        if node in self._peers.alive:
            heard[node].seen = Seen(user_id, "offline")
        else:
            del heard[node]
        self._changed(user_id)

    def _changed(self, user_id: UserId) -> None:
        if self._home is not None:
            self._home.changed(user_id)

    # The way out

    def _say(self, user_id: UserId) -> None:
        seen = None if self._home is None else self._home.here(user_id)
        self._tell(seen or Seen(user_id, "offline"))

    def _tell(self, seen: Seen) -> None:
        mail = SeenMail(self._node, next(self._numbers), [seen])
        self._mail(form.of_seen(seen.user_id), mail)

    def _ask_wanted(self) -> None:
        for node, people in self._wanted.of_nodes():
            self._ask(form.of_node(node), people, {node}, _nothing)
        if alive := self._peers.alive:
            for people in self._wanted.of_all(self._heard):
                self._ask(form.QUESTIONS, people, set(alive), _nothing)

    def _ask(
        self, subject: str, user_ids: Sequence[UserId], nodes: set[str], done: Callable[[], None]
    ) -> None:
        number = next(self._numbers)
        until = self._now() + PATIENCE_S
        self._asks.begin(number, Ask(frozenset(user_ids), nodes, done, until))
        self._mail(subject, AskMail(self._node, number, list(user_ids)))

    def _beat(self) -> None:
        self._next_beat = self._now() + BEAT_S
        self._mail(form.BEATS, BeatMail(self._node, self._incarnation))

    def _mail(self, subject: str, mail: PresenceMail) -> None:
        if self._post is not None:
            self._post.mail(subject, mail)

    def _now(self) -> float:
        return 0.0 if self._post is None else self._post.now()


def _nothing() -> None:
    """Nobody waits."""
