"""Everything a client may ask over a socket: one closed union, one decoder."""

import re
from contextlib import suppress
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from uptc_messenger.models.base import (
    Record,
    WireChangeId,
    WireChatId,
    WireMessageId,
    WireSeq,
    WireUserId,
)
from uptc_messenger.models.errors import BadRequest, Problem
from uptc_messenger.models.messages import Body, Emoji, FileIds, MessageRef, require_content

CommandId = Annotated[int, Meta(ge=-(2**53), le=2**53)] | Annotated[str, Meta(max_length=64)]
MAX_OPEN: Final = 50
MAX_WATCHED: Final = 200
MAX_DEPTH: Final = 64
MAX_COMMANDS: Final = 128
"""Objects in one frame."""


class Command(Record, frozen=True, kw_only=True):
    """`id` comes back as `ref`; without it only a refusal is answered."""

    id: CommandId | None = None


class Device(Record, frozen=True):
    name: Annotated[str, Meta(max_length=120)] = ""
    version: Annotated[str, Meta(max_length=64)] = ""
    os: Annotated[str, Meta(max_length=64)] = ""


class Cursor(Record, frozen=True):
    chat_id: WireChatId
    seq: WireSeq


class ReadFrom(Record, frozen=True):
    chat_id: WireChatId
    from_seq: WireSeq


class Resume(Record, frozen=True):
    useq: WireSeq
    sync_token: Annotated[str, Meta(max_length=512)] | None = None
    open: Annotated[list[Cursor], Meta(max_length=MAX_OPEN)] = msgspec.field(
        default_factory=list[Cursor]
    )


HeadLevel = Literal["head", "none"]


class View(Record, frozen=True):
    """What a session shows: bodies for `open`, heads for the rest."""

    open: Annotated[list[WireChatId], Meta(max_length=MAX_OPEN)] = msgspec.field(
        default_factory=list[WireChatId]
    )
    levels: dict[WireChatId, HeadLevel] = msgspec.field(default_factory=dict[WireChatId, HeadLevel])
    users: Annotated[list[WireUserId], Meta(max_length=MAX_WATCHED)] = msgspec.field(
        default_factory=list[WireUserId]
    )
    mode: Literal["active", "background"] = "active"


class Hello(Command, frozen=True, tag="hello"):
    token: Annotated[str, Meta(max_length=512)] | None = None
    device: Device | None = None
    resume: Resume | None = None
    view: View | None = None


class Ping(Command, frozen=True, tag="ping"):
    ts: int | float | None = None


class Pong(Command, frozen=True, tag="pong"):
    ts: int | float | None = None


class Ack(Command, frozen=True, tag="ack"):
    es: WireSeq


class SetView(Command, frozen=True, tag="view.set"):
    open: Annotated[list[WireChatId], Meta(max_length=MAX_OPEN)] = msgspec.field(
        default_factory=list[WireChatId]
    )
    levels: dict[WireChatId, HeadLevel] = msgspec.field(default_factory=dict[WireChatId, HeadLevel])
    users: Annotated[list[WireUserId], Meta(max_length=MAX_WATCHED)] = msgspec.field(
        default_factory=list[WireUserId]
    )
    mode: Literal["active", "background"] = "active"


class Sync(Command, frozen=True, tag="sync"):
    chats: Annotated[list[ReadFrom], Meta(max_length=MAX_OPEN)]
    limit: Annotated[int, Meta(ge=1, le=500)] = 200


class SendMessage(Command, frozen=True, tag="message.send"):
    chat_id: WireChatId
    message_id: WireMessageId
    body: Body
    reply_to: WireMessageId | None = None
    file_ids: FileIds | None = None

    def __post_init__(self) -> None:
        require_content(self.body, self.file_ids)


class ForwardMessage(Command, frozen=True, tag="message.forward"):
    """`chat_id` and `message_id` are those of the message to come, `source` is what it copies."""

    chat_id: WireChatId
    message_id: WireMessageId
    source: MessageRef


AnySend = SendMessage | ForwardMessage
"""What ends in a message, and has a lane of its own."""


class EditMessage(Command, frozen=True, tag="message.edit"):
    chat_id: WireChatId
    message_id: WireMessageId
    change_id: WireChangeId
    body: Body
    base_revision: Annotated[int, Meta(ge=1)] | None = None


class DeleteMessage(Command, frozen=True, tag="message.delete"):
    chat_id: WireChatId
    message_id: WireMessageId
    change_id: WireChangeId


class SetReaction(Command, frozen=True, tag="reaction.set"):
    chat_id: WireChatId
    message_id: WireMessageId
    emoji: Emoji
    on: bool


class SetRead(Command, frozen=True, tag="read.set"):
    chat_id: WireChatId
    n: WireSeq
    force: bool = False


class SetTyping(Command, frozen=True, tag="typing"):
    chat_id: WireChatId
    on: bool


class SetPresence(Command, frozen=True, tag="presence.set"):
    state: Literal["online", "idle", "dnd", "offline"]
    text: Annotated[str, Meta(max_length=140)] | None = None


AnyCommand = (
    Hello
    | Ping
    | Pong
    | Ack
    | SetView
    | Sync
    | SendMessage
    | ForwardMessage
    | EditMessage
    | DeleteMessage
    | SetReaction
    | SetRead
    | SetTyping
    | SetPresence
)


class _Named(msgspec.Struct):
    """Just enough of a refused command to say which one it was."""

    id: CommandId | None = None


_one = msgspec.json.Decoder(AnyCommand)
_many = msgspec.json.Decoder(list[msgspec.Raw])
_named = msgspec.json.Decoder(_Named)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


class Refused(Record, frozen=True):
    """A command that could not be read, and its `id` if that much was readable."""

    ref: int | str | None
    problem: Problem


def decode(frame: bytes) -> list[AnyCommand | Refused]:
    """Every command of one text frame, in order; what is malformed comes as `Refused`.

    A frame that is not JSON at all, or nests deeper than 64, is one `Refused`.
    """
    try:
        check_json(frame)
        if frame[:1] != b"[" and frame.lstrip()[:1] != b"[":
            return [_decode_one(frame)]
        items = _many.decode(frame)
    except (msgspec.DecodeError, RecursionError, Problem) as error:
        return [Refused(ref=_ref(frame), problem=refusal(error))]
    if len(items) > MAX_COMMANDS:
        return [Refused(ref=None, problem=BadRequest("A frame holds at most 128 commands."))]
    return [_decode_one(item) for item in items]


def _decode_one(raw: bytes | msgspec.Raw) -> AnyCommand | Refused:
    try:
        return _one.decode(raw)
    except (msgspec.DecodeError, RecursionError, Problem) as error:
        return Refused(ref=_ref(raw), problem=refusal(error))


def _ref(raw: bytes | msgspec.Raw) -> int | str | None:
    # Half a pair of surrogates is refused also where nobody wants to know what is there.
    for readable in (raw, _SURROGATE.sub(rb"\\u0000", bytes(raw))):
        with suppress(msgspec.DecodeError, RecursionError):
            ref = _named.decode(readable).id
            return None if isinstance(ref, str) and "\0" in ref else ref
    return None


def refusal(error: Exception) -> Problem:
    """The refusal to answer for what a decoder raised; it repeats little of the input."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, msgspec.ValidationError):
        return BadRequest(_PATTERN.sub("text of the documented form", str(error))[:200] + ".")
    if isinstance(error, RecursionError):
        return BadRequest("Nested too deeply.")
    return BadRequest("This is not JSON in UTF-8.")


_PATTERN = re.compile(r"`str` matching regex .*(?= - at|$)")


def check_json(raw: bytes) -> None:
    """Refuse what no decoder should see: nesting deeper than 64, and U+0000.

    PostgreSQL cannot store U+0000 in text and SQLite can: refusing it here keeps both alike.
    """
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _depth(raw) > MAX_DEPTH:
        raise BadRequest("Nested too deeply.")
    if b"\\u0000" in raw and _has_nul(raw):
        raise BadRequest("A text may not contain U+0000.")


def _depth(raw: bytes) -> int:
    depth = deepest = 0
    for token in _TOKENS.finditer(raw):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in b"]}":
            depth -= 1
    return deepest


def _has_nul(raw: bytes) -> bool:
    # An odd number of backslashes before u0000 makes it an escape, not six characters.
    return any(len(match[1]) % 2 == 1 for match in re.finditer(rb"(\\+)u0000", raw))
