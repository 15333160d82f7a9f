"""What nodes say to each other, and on which subject.

MessagePack arrays: between nodes of one version or two neighbouring ones nobody reads them
by eye. What cannot be read is dropped, like anything else that a bus may do to a message.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from uptc_messenger.models.base import ChatId, Seq, SessionId, UserId
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.frames import PresenceState
from uptc_messenger.services.websocket.sweeper import Sweep
from uptc_messenger.services.websocket.told import Kind, Told

_KINDS: Final = {int(kind): kind for kind in Kind}

MAX_BODY: Final = 4_096
"""Bytes of an event that travel with its position; a longer one is read from the log."""

MAX_BODIES: Final = 131_072
"""Bytes of bodies in one message; what goes beyond travels as positions."""


class Mail(msgspec.Struct, frozen=True, array_like=True, tag_field="t"):
    """One message between nodes."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A change of a chat; without `payload` only that it is there."""

    seq: Seq
    n: int
    kind: int
    payload: bytes | None


class ChatMail(Mail, frozen=True, tag=1):
    """Changes of a chat, in order; `wide` where its nodes follow the chat itself."""

    chat_id: ChatId
    wide: bool
    entries: list[Entry]


def entries_of(entries: Sequence[Told]) -> list[Entry]:
    """Changes as they travel: those that fit with what they say, in order."""
    room = MAX_BODIES
    packed: list[Entry] = []
    for entry in entries:
        size = len(entry.payload)
        fits = size <= min(MAX_BODY, room)
        room -= size if fits else 0
        packed.append(Entry(entry.seq, entry.n, entry.kind, entry.payload if fits else None))
    return packed


def told_of(entry: Entry) -> Told:
    """A change that another node told with what it says."""
    kind = _KINDS.get(entry.kind, Kind.OTHER)
    return Told(entry.seq, entry.n, kind, payload=entry.payload)


class UserMail(Mail, frozen=True, tag=2):
    """An entry of a user's own log; without `payload` only that it is there."""

    user_id: UserId
    useq: Seq
    payload: bytes | None


class FleetingMail(Mail, frozen=True, tag=3):
    """A frame for whoever has the chat open."""

    payload: bytes


class EndMail(Mail, frozen=True, tag=4):
    """Sessions that were ended; None is all of the user's."""

    user_id: UserId
    session_ids: list[SessionId] | None
    code: CloseCode


class ApartMail(Mail, frozen=True, tag=5):
    """Two people between whom something changed."""

    one: UserId
    other: UserId
    on: bool


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """How a person is seen on one node; `moving` when the last session there has ended.

    Of who is `offline`: `openly` where others may know that it is since now.
    """

    user_id: UserId
    state: PresenceState
    text: str | None = None
    moving: bool = False
    openly: bool = False


class SeenMail(Mail, frozen=True, tag=7):
    """People of a node; `count` grows with each of its messages.

    As the answer to a question it bears its number, and who is not in it is not there.
    """

    node: str
    count: int
    seen: list[Seen]
    ask: int = 0


class AskMail(Mail, frozen=True, tag=8):
    """A question: how these people are seen on the node that answers."""

    node: str
    ask: int
    user_ids: list[UserId]


class BeatMail(Mail, frozen=True, tag=9):
    """A node lives, or `leaves`."""

    node: str
    incarnation: int
    leaves: bool = False


class CrowdAskMail(Mail, frozen=True, tag=10):
    """A question: how many members of these chats are connected to each other node."""

    node: str
    chat_ids: list[ChatId]


class CrowdMail(Mail, frozen=True, tag=11):
    """The answer of one node, without chats that nobody there is in."""

    node: str
    here: dict[ChatId, int]


PresenceMail = SeenMail | AskMail | BeatMail
NewsMail = ChatMail | UserMail | FleetingMail | EndMail | ApartMail | Sweep
CrowdsMail = CrowdAskMail | CrowdMail
AnyMail = NewsMail | PresenceMail | CrowdsMail


class Post(Protocol):
    """The way to the other nodes."""

    def now(self) -> float:
        """Seconds of a clock that never goes back."""
        ...

    def mail(self, subject: str, mail: AnyMail) -> bool:
        """Tell the others; False where it is known that nobody will hear it."""
        ...

    def follow(self, subject: str, *, here: bool) -> None:
        """Hear a subject, or no longer."""
        ...


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(AnyMail).decode


def pack(mail: AnyMail) -> bytes:
    """A message as bytes."""
    return _encode(mail)


def unpack(payload: bytes) -> AnyMail:
    """A message from bytes; raises `DecodeError` for what is none."""
    return _decode(payload)


ENDINGS: Final = "ctl.user.*"
SWEEPS: Final = "node.sweep"
BEATS: Final = "node.beat"
QUESTIONS: Final = "presence.query"
CROWDS: Final = "crowd.query"


def of_user(user_id: UserId) -> str:
    """Followed by the nodes where the user is: own events, and those of small chats."""
    return f"u.{user_id}"


def of_chat(chat_id: ChatId) -> str:
    """Followed by the nodes of a large chat's members."""
    return f"c.{chat_id}"


def of_viewers(chat_id: ChatId) -> str:
    """Followed by the nodes where the chat is open."""
    return f"e.{chat_id}"


def of_endings(user_id: UserId) -> str:
    """Followed by every node."""
    return f"ctl.user.{user_id}"


def of_seen(user_id: UserId) -> str:
    """Followed by the nodes where somebody shows the user."""
    return f"p.{user_id}"


def of_node(node: str) -> str:
    """Followed by one node."""
    return f"n.{node}"
