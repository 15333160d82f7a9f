"""The SQL of search: how far each chat is indexed, and the index on either engine."""

from collections.abc import Sequence
from typing import Final

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.search.repository import postgres, sqlite
from uptc_messenger.services.search.repository.entries import Entry, Proposal, Wanted

__all__ = ["Entry", "Proposal", "Wanted", "clear", "forget", "propose", "put"]

_ENGINES: Final = {"sqlite": sqlite, "postgresql": postgres}


def put(tx: Transaction, chat_id: ChatId, entries: Sequence[Entry]) -> None:
    """Store, replace, or remove where there are no terms, entries of one chat."""
    _ENGINES[tx.dialect].put(tx, chat_id, entries)


def forget(tx: Transaction, chat_id: ChatId, limit: int) -> int:
    """Remove some of what is indexed of a chat; how many, 0 when nothing is left."""
    return _ENGINES[tx.dialect].forget(tx, chat_id, limit)


def clear(tx: Transaction) -> None:
    """Remove the whole index."""
    _ENGINES[tx.dialect].clear(tx)


def propose(reader: Reader, wanted: Wanted) -> Sequence[Proposal]:
    """The newest messages that have the terms, newest first."""
    return _ENGINES[reader.dialect].propose(reader, wanted)
