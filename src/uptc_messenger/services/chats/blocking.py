"""Blocking a person, and what it means for the direct chat of the two.

The chat itself remembers that it is barred, under the lock under which everything in it is
written: a send pays nothing for the question.
"""

from collections.abc import Collection

from uptc_messenger.database import Transaction
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.errors import Forbidden
from uptc_messenger.models.users import Block
from uptc_messenger.services.chats import log
from uptc_messenger.services.chats.repository import chats
from uptc_messenger.services.users import blocks


def block(tx: Transaction, user_id: UserId, other_id: UserId) -> Block:
    """Block a person; the same again changes nothing and tells nobody.

    Raises `BadRequest` for oneself and `NotFound` for nobody.
    """
    chat_id = _hold(tx, user_id, other_id)
    if blocks.add(tx, user_id, other_id) and chat_id is not None:
        chats.bar(tx, chat_id, barred=True)
    return blocks.one(tx, user_id, other_id)


def unblock(tx: Transaction, user_id: UserId, other_id: UserId) -> None:
    """Take it back; where the other has blocked too, their direct chat stays barred."""
    chat_id = _hold(tx, user_id, other_id)
    if blocks.remove(tx, user_id, other_id) and chat_id is not None:
        chats.bar(tx, chat_id, barred=blocks.is_between(tx, user_id, other_id))


def require_may_gather(tx: Transaction, user_id: UserId, others: Collection[UserId]) -> None:
    """Let nobody bring into a chat who has blocked them; raises `Forbidden`."""
    if unwilling := blocks.blocking(tx, user_id, others):
        raise Forbidden("You cannot add this person.", details={"user_id": min(unwilling)})


def _hold(tx: Transaction, user_id: UserId, other_id: UserId) -> ChatId | None:
    """Lock the direct chat of the two, or else that one is made meanwhile."""
    # The chat before the people, as a send that mentions somebody does.
    if (chat_id := chats.find_direct(tx, user_id, other_id)) is not None:
        log.lock(tx, chat_id)
        return chat_id
    blocks.hold(tx, user_id, other_id)
    if (chat_id := chats.find_direct(tx, user_id, other_id)) is not None:
        log.lock(tx, chat_id)
    return chat_id
