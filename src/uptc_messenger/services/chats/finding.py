"""A person's own chats by what they are called."""

from collections.abc import Collection
from typing import Final

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.services import users
from uptc_messenger.services.chats import service
from uptc_messenger.services.chats.repository import chats, members
from uptc_messenger.services.users import names

# No title is stored: clients call it so in the language of who looks.
_SAVED: Final = names.search_key("", "Mensajes guardados Saved messages")


def find(reader: Reader, user_id: UserId, typed: str) -> set[ChatId]:
    """My chats that are called so: each word typed is the beginning of a word of the title.

    A direct chat is called what the other person is, what one saves so in both languages of
    the house. Blind to case and accents.
    """
    words = names.words(typed)
    if not words:
        return set()
    rows = chats.full(reader, service.chat_ids(reader, user_id))
    called = {chat_id: _called(row) for chat_id, row in rows.items()}
    called |= _people(reader, user_id, rows.values())
    return {
        chat_id for chat_id, name in called.items() if all(f" {word}" in name for word in words)
    }


def _called(row: Row) -> str:
    return _SAVED if row.kind == "saved" else names.search_key("", row.title or "")


def _people(reader: Reader, user_id: UserId, rows: Collection[Row]) -> dict[ChatId, str]:
    peers = members.peers(reader, user_id, [row.id for row in rows if row.kind == "direct"])
    known = users.profiles(reader, list(peers.values()))
    return {
        chat_id: names.search_key(known[peer].username, known[peer].display_name)
        for chat_id, peer in peers.items()
        if peer in known
    }
