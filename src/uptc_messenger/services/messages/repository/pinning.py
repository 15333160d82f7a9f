"""The SQL of pinned messages."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.schema import pins
from uptc_messenger.models.base import ChatId, Seq

_CHAT: Final = pins.c.chat_id == sa.bindparam("chat")
_ONE: Final = sa.and_(_CHAT, pins.c.seq == sa.bindparam("at_seq"))
_FIND: Final = sa.select(sa.literal(1)).where(_ONE)
_COUNT: Final = sa.select(sa.func.count()).select_from(pins).where(_CHAT)
_PAGE: Final = (
    sa.select(pins)
    .where(_CHAT, pins.c.seq > sa.bindparam("visible"), pins.c.pin_seq < sa.bindparam("before"))
    .order_by(pins.c.pin_seq.desc())
    .limit(sa.bindparam("limit"))
)
_PIN: Final = sa.insert(pins)
_UNPIN: Final = sa.delete(pins).where(_ONE)


def is_pinned(reader: Reader, chat_id: ChatId, seq: Seq) -> bool:
    return reader.first(_FIND, {"chat": chat_id, "at_seq": seq}) is not None


def count(reader: Reader, chat_id: ChatId) -> int:
    """How many messages of the chat are pinned."""
    return reader.value(_COUNT, {"chat": chat_id})


def page(
    reader: Reader, chat_id: ChatId, visible_after: Seq, before: Seq, limit: int
) -> Sequence[sa.Row[Any]]:
    """Rows of `pins` made before a position, the newest first, of messages one may read."""
    values = {"chat": chat_id, "visible": visible_after, "before": before, "limit": limit}
    return reader.all(_PAGE, values)


def pin(tx: Transaction, row: dict[str, Any]) -> None:
    """Store a pin: the columns of `pins`."""
    tx.run(_PIN, row)


def unpin(tx: Transaction, chat_id: ChatId, seq: Seq) -> None:
    tx.run(_UNPIN, {"chat": chat_id, "at_seq": seq})
