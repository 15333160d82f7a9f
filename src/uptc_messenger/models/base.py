"""The values that everything else is made of: identifiers, positions, instants."""

from typing import Annotated, Final, Literal, NewType

import msgspec
from msgspec import Meta

UserId = NewType("UserId", str)
ChatId = NewType("ChatId", str)
MessageId = NewType("MessageId", str)
ChangeId = NewType("ChangeId", str)
SessionId = NewType("SessionId", str)
InviteId = NewType("InviteId", str)
FileId = NewType("FileId", str)
UploadId = NewType("UploadId", str)

UUID_PATTERN: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
"""Canonical text of a UUID (RFC 9562, section 4): lower case, so equal ids are equal strings.

`$` also matches before a final line break: the length of 36 shuts that door.
"""

_ID = Meta(pattern=UUID_PATTERN, min_length=36, max_length=36, extra_json_schema={"format": "uuid"})
WireUserId = Annotated[UserId, _ID]
WireChatId = Annotated[ChatId, _ID]
WireMessageId = Annotated[MessageId, _ID]
WireChangeId = Annotated[ChangeId, _ID]
WireSessionId = Annotated[SessionId, _ID]
WireInviteId = Annotated[InviteId, _ID]
WireFileId = Annotated[FileId, _ID]
WireUploadId = Annotated[UploadId, _ID]

NodeRole = Literal["gateway", "api", "worker"]
"""What a node serves: sockets; the HTTP interface and the client; work behind the scenes."""

Seq = int
"""Position in a chat's log: dense from 1; 0 is before the first change."""

MAX_SEQ: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exact (RFC 8259, section 6)."""

WireSeq = Annotated[int, Meta(ge=0, le=MAX_SEQ)]
Millis = int
"""Milliseconds since the Unix epoch, UTC; for people, never for order."""

Timestamp = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""RFC 3339 in UTC with milliseconds, as `toolkit.clock.rfc3339` writes it."""

ServerRole = Literal["owner", "admin", "moderator", "member", "guest", "bot"]
ChatRole = Literal["owner", "admin", "member", "guest"]
ChatKind = Literal["direct", "group", "channel", "saved"]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A value: immutable, and an undeclared field is an error."""
