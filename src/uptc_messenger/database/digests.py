"""The digest of a chat's log: two databases that agree on it hold the same conversation.

It covers every column of the chat's messages and of its changes, both in the order of `seq`,
and how far the chat has come. It does not depend on the engine. A later schema may give other
digests: compare databases of one schema.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from uptc_messenger.database import copying
from uptc_messenger.database.copying import Sheet
from uptc_messenger.database.transaction import Reader
from uptc_messenger.models.base import ChatId, Record

LOG: Final = ("messages", "changes")
"""The tables that together are the log of a chat, in the order in which they are hashed."""

_SIZE: Final = 16
_HASHED: Final = {sheet.name: sheet for sheet in copying.sheets() if sheet.name in ("chats", *LOG)}


class ChatSum(Record, frozen=True):
    """How far a chat has come, and the digest of all that was said in it."""

    last_seq: int
    last_n: int
    digest: str


class LogHash:
    """The digest of one chat, fed with the lines of `messages`, then those of `changes`."""

    def __init__(self) -> None:
        self._parts = {name: hashlib.blake2b(digest_size=_SIZE) for name in LOG}

    def add(self, table: str, line: bytes) -> None:
        """Take the next line of one of the tables of the log."""
        part = self._parts[table]
        part.update(line)
        part.update(b"\n")

    def sum(self, last_seq: int, last_n: int) -> ChatSum:
        """The digest of everything that was added, for a chat that has come this far."""
        whole = hashlib.blake2b(f"{last_seq} {last_n}".encode(), digest_size=_SIZE)
        for name in LOG:
            whole.update(self._parts[name].digest())
        return ChatSum(last_seq=last_seq, last_n=last_n, digest=whole.hexdigest())


def digest_of(reader: Reader, chat_id: ChatId) -> ChatSum | None:
    """The digest of one chat as this snapshot has it; None where there is no such chat."""
    found = next(copying.select_rows(reader, _HASHED["chats"], {"id": chat_id}), None)
    if found is None:
        return None
    log = LogHash()
    for name in LOG:
        _add_all(log, name, copying.select_rows(reader, _HASHED[name], {"chat_id": chat_id}))
    return log.sum(*heads(_HASHED["chats"], found))


def heads(chats: Sheet, row: Sequence[Any]) -> tuple[int, int]:
    """`last_seq` and `last_n` of a row of `chats`."""
    return row[chats.position("last_seq")], row[chats.position("last_n")]


def _add_all(log: LogHash, table: str, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        log.add(table, copying.line(row))
