"""What a search finds."""

from uptc_messenger.models.base import ChatId, Record
from uptc_messenger.models.messages import Message


class Hit(Record, frozen=True):
    """A message that was found; `highlights` are [start, end) of its text, in code points."""

    chat_id: ChatId
    message: Message
    highlights: list[tuple[int, int]]


class SearchPage(Record, frozen=True):
    """The best first. It may have fewer hits than asked for while more follow."""

    hits: list[Hit]
    next_cursor: str | None
