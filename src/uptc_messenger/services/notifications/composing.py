"""What a push message says: a few facts, from which the device makes words in its language."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from uptc_messenger.database import Reader
from uptc_messenger.models.base import ChatId, Record, Seq, UserId
from uptc_messenger.models.users import Locale
from uptc_messenger.services import users
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.messages.markdown import excerpt
from uptc_messenger.services.messages.news import News
from uptc_messenger.services.notifications import judging
from uptc_messenger.services.notifications.judging import Listener

EXCERPT_CHARS: Final = 240


class Told(Record, frozen=True):
    """There is something new in a chat: shown in place of what was shown of it before.

    `title` is None of a direct chat; without `text` the person wants none shown. `quiet`:
    it replaces what was withdrawn, and makes no sound.
    """

    chat_id: ChatId
    seq: Seq
    n: int
    count: int
    title: str | None
    sender: str
    locale: Locale
    call: bool
    quiet: bool = False
    text: str | UnsetType = UNSET
    files: int | UnsetType = UNSET
    kind: Literal["message"] = "message"
    v: Literal[1] = 1


class Read(Record, frozen=True):
    """Nothing of a chat is news any more: what is shown of it goes."""

    chat_id: ChatId
    locale: Locale
    kind: Literal["read"] = "read"
    v: Literal[1] = 1


class Trying(Record, frozen=True):
    """A test that the person asked for."""

    locale: Locale
    kind: Literal["test"] = "test"
    v: Literal[1] = 1


def told(
    reader: Reader, listener: Listener, chat_id: ChatId, heard: Sequence[News], *, quiet: bool
) -> Told:
    """What is said of these messages, the newest of them in words."""
    newest = heard[-1]
    people = users.profiles(reader, [newest.sender_id])
    called = chats.called(reader, [chat_id]).get(chat_id)
    shows = listener.settings.preview
    return Told(
        chat_id=chat_id,
        seq=newest.seq,
        n=newest.n,
        count=len(heard),
        title=None if called is None or listener.direct else called.title,
        sender=people[newest.sender_id].display_name if newest.sender_id in people else "",
        locale=locale_of(reader, listener.user_id),
        call=any(judging.is_call(listener, one) for one in heard),
        quiet=quiet,
        text=excerpt(newest.text, EXCERPT_CHARS) if shows else UNSET,
        files=newest.files if shows and newest.files else UNSET,
    )


def locale_of(reader: Reader, user_id: UserId) -> Locale:
    """The language of a person."""
    return users.me(reader, user_id).locale


def payload(what: Told | Read | Trying) -> bytes:
    """As it travels, before it is sealed."""
    return msgspec.json.encode(what)
