"""Who is in the small chats that this node writes to, as their last commit said."""

from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from uptc_messenger.models.base import ChatId, Seq, UserId

MAX_CHATS: Final = 5_000


class Rosters:
    """Members by chat and by the position of the last change of members.

    The position comes with each commit, read under the chat's lock, so a roster that bears
    the same one is exact: no message costs a look at its chat's members.
    """

    def __init__(self, capacity: int = MAX_CHATS) -> None:
        self._capacity = capacity
        self._known: OrderedDict[ChatId, tuple[Seq, Collection[UserId]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, chat_id: ChatId, roster: Seq) -> Collection[UserId] | None:
        """The members as of that change, or None where they must be read."""
        known = self._known.get(chat_id)
        if known is None or known[0] != roster:
            return None
        self._known.move_to_end(chat_id)
        return known[1]

    def put(self, chat_id: ChatId, roster: Seq, members: Collection[UserId]) -> None:
        """The members as they were read; the chat unused for longest makes room."""
        self._known[chat_id] = (roster, members)
        self._known.move_to_end(chat_id)
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)
