"""What goes into the index and comes out of it, whatever the engine."""

from collections.abc import Mapping
from typing import NamedTuple

from uptc_messenger.models.base import ChatId, Millis, Record, Seq
from uptc_messenger.services.search.terms import Groups


class Entry(NamedTuple):
    """A message in the index: `place` orders by time; without terms it is not to be there."""

    seq: Seq
    place: int
    terms: list[str]


class Proposal(NamedTuple):
    """A message that has the terms."""

    chat_id: ChatId
    seq: Seq
    place: int


class Wanted(Record, frozen=True):
    """What is looked for, in places of [since, before).

    `chats` are those that may be read, each with the position after which it may. Hardly anything
    is newer than `now`.
    """

    chats: Mapping[ChatId, Seq]
    groups: Groups
    since: int
    before: int
    limit: int
    now: Millis
