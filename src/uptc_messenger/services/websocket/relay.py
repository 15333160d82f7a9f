"""Between the hub and the bus: what this node commits goes out, what others commit comes in.

A small chat is announced to each of its members, a large one to itself: a person then costs
one subscription and a large chat one message, however many there are of either
(docs/decisions/0081). Nothing here is a promise: what is lost is read from the log.
"""

from collections.abc import Collection, Sequence
from typing import Final, Protocol, assert_never

import msgspec

from uptc_messenger.models.base import ChatId, Seq, UserId
from uptc_messenger.models.events import (
    Apart,
    Audience,
    EndSessions,
    ToChat,
    ToUser,
    ToViewers,
    UserEvent,
)
from uptc_messenger.models.fleeting import ReceiptShown, Typing
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket import mail as form
from uptc_messenger.services.websocket.broker import Broker
from uptc_messenger.services.websocket.crowds import Crowds
from uptc_messenger.services.websocket.elsewhere import Elsewhere
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.mail import (
    AnyMail,
    ApartMail,
    ChatMail,
    EndMail,
    Entry,
    FleetingMail,
    NewsMail,
    UserMail,
)
from uptc_messenger.services.websocket.packets import encode
from uptc_messenger.services.websocket.rosters import Rosters
from uptc_messenger.services.websocket.sweeper import Sweep
from uptc_messenger.services.websocket.told import Kind, Told
from uptc_messenger.services.websocket.unsaid import Unsaid
from uptc_messenger.services.websocket.vigil import Vigil

_read_user: Final = msgspec.json.Decoder(UserEvent).decode
_read_fleeting: Final = msgspec.json.Decoder(Typing | ReceiptShown).decode
MAX_WAITING: Final = 1_000
"""Messages that wait for the members of their chats to be read."""


class Surroundings(Protocol):
    """What a relay asks of the node around it."""

    def now(self) -> float:
        """Seconds of a clock that never goes back."""
        ...

    def ask_members(self, chat_id: ChatId) -> None:
        """Read who is in a chat; the answer goes to `members`."""
        ...

    def end_sessions(self, ended: Sequence[EndSessions]) -> None:
        """Another node has ended these."""
        ...


class Relay:
    """One node's conversation with the others; the hub's `Outgoing`, the bus's `Listener`."""

    def __init__(self, hub: Hub, vigil: Vigil, around: Surroundings) -> None:
        self._hub = hub
        self._vigil = vigil
        self._around = around
        self._unsaid = Unsaid()
        self._rosters = Rosters()
        self._asked: dict[ChatId, list[bytes]] = {}
        self._wide: set[ChatId] = set()
        self.crowds = Crowds(hub.directory)
        self._broker: Broker | None = None
        self._elsewhere: Elsewhere | None = None
        self.unread = 0

    def connect(self, broker: Broker) -> None:
        """Begin to speak and to listen."""
        self._broker = broker
        broker.subscribe(form.ENDINGS)
        broker.subscribe(form.SWEEPS)
        self._hub.outgoing = self
        self._hub.directory.interest = self

    def present(self, elsewhere: Elsewhere, node: str) -> None:
        """Let presence speak and listen as well; without a bus there is nobody to speak to."""
        if self._broker is not None:
            self._elsewhere = elsewhere
            elsewhere.connect(self, node)
            self.crowds.connect(self.mail, node)
            self.follow(form.CROWDS, here=True)

    # What this node commits

    def chat(self, chat_id: ChatId, publications: Sequence[ToChat], entries: list[Told]) -> None:
        audience = publications[-1].audience
        head = Head(chat_id=chat_id, seq=entries[-1].seq, n=entries[-1].n)
        said = self._say(chat_id, audience, form.entries_of(entries))
        self._unsaid.chat(head, audience, self._around.now() if said else None)

    def announce(self, publication: ToUser | ToViewers | Apart | EndSessions) -> None:
        match publication:
            case ToUser(user_id=user_id, event=event):
                text = encode(event)
                body = text if len(text) <= form.MAX_BODY else None
                said = self.mail(form.of_user(user_id), UserMail(user_id, event.useq, body))
                self._unsaid.user(user_id, event.useq, self._around.now() if said else None)
            case ToViewers(frame=frame):
                self.mail(form.of_viewers(frame.chat_id), FleetingMail(encode(frame)))
            case Apart(one=one, other=other, on=on):
                for user_id in (one, other):
                    self.mail(form.of_user(user_id), ApartMail(one, other, on))
            case EndSessions(user_id=user_id, session_ids=ids, code=code):
                ended = EndMail(user_id, None if ids is None else list(ids), code)
                self.mail(form.of_endings(user_id), ended)
            case _:
                assert_never(publication)

    def members(self, chat_id: ChatId, roster: Seq, members: Collection[UserId]) -> None:
        """The members of a chat that were asked for."""
        self._rosters.put(chat_id, roster, members)
        for payload in self._asked.pop(chat_id, ()):
            self._to_each(members, payload)

    # Who is here

    def person(self, user_id: UserId, *, here: bool) -> None:
        self.follow(form.of_user(user_id), here=here)

    def room(self, chat_id: ChatId, *, here: bool) -> None:
        if not here and chat_id in self._wide:
            self._wide.discard(chat_id)
            self.follow(form.of_chat(chat_id), here=False)

    def viewers(self, chat_id: ChatId, *, here: bool) -> None:
        self.follow(form.of_viewers(chat_id), here=here)

    def widen(self, chat_ids: Collection[ChatId]) -> None:
        """These chats are announced to themselves: follow those that somebody here is in."""
        for chat_id in chat_ids:
            if chat_id not in self._wide and chat_id in self._hub.directory.rooms:
                self._wide.add(chat_id)
                self.follow(form.of_chat(chat_id), here=True)

    # What others say

    def heard(self, subject: str, payload: bytes) -> None:
        del subject
        try:
            match form.unpack(payload):
                case form.CrowdAskMail() as mail:
                    self.crowds.asked(mail)
                case form.CrowdMail() as mail:
                    self.crowds.told(mail)
                case form.SeenMail() | form.AskMail() | form.BeatMail() as mail:
                    if self._elsewhere is not None:
                        self._elsewhere.take(mail)
                case mail:
                    self._take(mail)
        except msgspec.DecodeError:
            self.unread += 1

    def linked(self, *, up: bool) -> None:
        self._vigil.link(up=up, now=self._around.now())
        if up:
            self._say_again()
        if self._elsewhere is not None:
            self._elsewhere.linked(up=up)

    def sweep(self, sweep: Sweep) -> None:
        """What this node found when it swept is for all nodes, itself included."""
        self.mail(form.SWEEPS, sweep)
        self._take_sweep(sweep)

    def tick(self) -> None:
        """Forget what surely arrived; call it every second or so."""
        self._unsaid.forget(self._around.now())
        self.crowds.turn(self._around.now())
        if self._elsewhere is not None:
            self._elsewhere.turn()

    def forget(self) -> None:
        """The log is another one: what was known of it, and is still to be said, is void."""
        self._unsaid, self._rosters = Unsaid(), Rosters()
        self._asked.clear()

    def leave(self) -> None:
        """This node ends."""
        if self._elsewhere is not None:
            self._elsewhere.leave()

    # What presence needs

    def now(self) -> float:
        return self._around.now()

    def mail(self, subject: str, mail: AnyMail) -> bool:
        return self._send(subject, form.pack(mail))

    def follow(self, subject: str, *, here: bool) -> None:
        if self._broker is None:
            return
        if here:
            self._broker.subscribe(subject)
        else:
            self._broker.unsubscribe(subject)

    def _take(self, mail: NewsMail) -> None:
        match mail:
            case ChatMail():
                self._take_chat(mail)
            case UserMail():
                self._take_user(mail)
            case FleetingMail(payload=payload):
                self._hub.show_viewers(_read_fleeting(payload))
            case EndMail(user_id=user_id, session_ids=ids, code=code):
                named = None if ids is None else frozenset(ids)
                ended = EndSessions(user_id=user_id, session_ids=named, code=code)
                self._around.end_sessions([ended])
            case ApartMail(one=one, other=other, on=on):
                self._hub.part(Apart(one=one, other=other, on=on))
            case Sweep():
                self._take_sweep(mail)
            case _:
                assert_never(mail)

    def _take_chat(self, mail: ChatMail) -> None:
        if mail.wide:
            self.widen([mail.chat_id])
        whole = [form.told_of(entry) for entry in mail.entries if entry.payload is not None]
        if whole:
            self._hub.hear(mail.chat_id, whole)
        if mail.entries and mail.entries[-1].payload is None:
            last = mail.entries[-1]
            self._hub.learn(Head(chat_id=mail.chat_id, seq=last.seq, n=last.n))

    def _take_user(self, mail: UserMail) -> None:
        if mail.payload is None:
            self._hub.learn_user(mail.user_id, mail.useq)
        else:
            self._hub.hear_user(mail.user_id, (_read_user(mail.payload),))

    def _take_sweep(self, sweep: Sweep) -> None:
        self.widen([chat.chat_id for chat in sweep.chats if chat.wide])
        for chat in sweep.chats:
            self._hub.learn(Head(chat_id=chat.chat_id, seq=chat.seq, n=chat.n))
        for user in sweep.users:
            self._hub.learn_user(user.user_id, user.useq)
        now = self._around.now()
        self._vigil.sweep(sweep, now)

    # The way out

    def _say(self, chat_id: ChatId, audience: Audience, entries: list[Entry]) -> bool:
        payload = form.pack(ChatMail(chat_id, audience.wide, entries))
        said = True
        if audience.wide or audience.both:
            said = self._send(form.of_chat(chat_id), payload)
        if not audience.wide or audience.both:
            said = self._to_members(chat_id, audience.roster, payload) and said
        return said

    def _say_again(self) -> None:
        chats, users = self._unsaid.take(self._around.now())
        for head, audience in chats:
            self._say(head.chat_id, audience, [Entry(head.seq, head.n, Kind.OTHER, None)])
        for user_id, useq in users:
            self.mail(form.of_user(user_id), UserMail(user_id, useq, None))

    def _to_members(self, chat_id: ChatId, roster: Seq, payload: bytes) -> bool:
        members = self._rosters.get(chat_id, roster)
        if members is not None:
            return self._to_each(members, payload)
        if chat_id not in self._asked:
            self._asked[chat_id] = []
            self._around.ask_members(chat_id)
        waiting = self._asked[chat_id]
        if len(waiting) >= MAX_WAITING:
            return False
        waiting.append(payload)
        return True

    def _to_each(self, members: Collection[UserId], payload: bytes) -> bool:
        said = [self._send(form.of_user(user_id), payload) for user_id in members]
        return all(said)

    def _send(self, subject: str, payload: bytes) -> bool:
        return self._broker is not None and self._broker.publish(subject, payload)
