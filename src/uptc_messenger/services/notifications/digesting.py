"""What a letter says at the moment of sending: everything is asked again."""

from typing import Final

from msgspec import structs

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import MAX_SEQ, ChatId, Millis, Record, Seq
from uptc_messenger.models.frames import DigestEntry
from uptc_messenger.models.notifications import NotificationSettings
from uptc_messenger.services import users
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.chats.service import Called
from uptc_messenger.services.messages import news
from uptc_messenger.services.messages.markdown import excerpt
from uptc_messenger.services.messages.news import News
from uptc_messenger.services.notifications import judging, preferences, slots
from uptc_messenger.services.notifications.letters import Conversation, Others, Said

MOST_CHATS: Final = 20
"""Conversations that a letter tells of; how many more there are it says at its end."""

MOST_SAID: Final = 3
PAGE: Final = 100
MOST_PAGES: Final = 10
"""So far a conversation is read back; of what is older a letter has what calls its person."""

MOST_CALLS: Final = 100
EXCERPT_CHARS: Final = 200


class Plan(Record, frozen=True):
    """A letter to write, or `until` when to look again; neither where there is nothing to say.

    `reached` is when the newest was said that is in it: what comes later is in the next.
    """

    row: Row
    settings: NotificationSettings
    chats: list[Conversation]
    reached: Millis
    until: Millis | None = None
    others: Others = Others()


class Digest:
    """Plans one letter on one snapshot of the database; links in it begin with `base`."""

    def __init__(self, reader: Reader, row: Row, base: str, now: Millis) -> None:
        self._reader, self._row, self._base, self._now = reader, row, base, now
        self._settings = preferences.of(reader, row.user_id)

    def plan(self) -> Plan:
        """What is unread, wanted, and in no letter yet."""
        settings = self._settings
        if not self._gets_mail():
            return self._plan([])
        if preferences.is_quiet(settings, self._now):
            return self._plan([], slots.quiet_until(settings, self._now))
        return self._telling()

    def _plan(self, found: list[Conversation], until: Millis | None = None) -> Plan:
        return Plan(
            row=self._row,
            settings=self._settings,
            chats=found,
            reached=self._row.wanted,
            until=until,
        )

    def _gets_mail(self) -> bool:
        standing = users.standing(self._reader, self._row.user_id)
        if standing is None or standing.disabled:
            return False
        return self._settings.mail != "off" and self._settings.address_state == "confirmed"

    def _telling(self) -> Plan:
        entries = chats.digest(self._reader, self._row.user_id, self._row.done)
        unread = [one for one in entries if one.n > one.read_n]
        called = chats.called(self._reader, [one.chat_id for one in unread])
        found: list[Conversation] = []
        others, reached = Others(), 0
        for entry in unread:
            heard = self._heard(entry) if entry.chat_id in called else []
            reached = max([reached, *(one.created_at for one in heard[-1:])])
            if heard and len(found) < MOST_CHATS:
                found.append(self._conversation(entry.chat_id, called[entry.chat_id], heard))
            elif heard:
                others = Others(chats=others.chats + 1, messages=others.messages + len(heard))
        plan = self._plan(found)
        return structs.replace(plan, reached=reached or plan.reached, others=others)

    def _heard(self, entry: DigestEntry) -> list[News]:
        user, after = self._row.user_id, self._row.done
        said = self._since(entry)
        senders = {one.sender_id for one in said}
        listener = judging.listeners(self._reader, entry.chat_id, [user], senders).get(user)
        if listener is None:
            return []
        heard = judging.wanted(listener, said, self._now)
        return [one for one in heard if one.created_at > after]

    def _since(self, entry: DigestEntry) -> list[News]:
        """Back to what was read or told; of a chat where too much was said, what calls."""
        said: list[News] = []
        upto: Seq | None = MAX_SEQ - 1
        for _ in range(MOST_PAGES):
            if upto is None:
                return said
            page, upto = news.back(self._reader, entry.chat_id, upto, PAGE)
            said = [*page, *said]
            if page and (page[0].created_at <= self._row.done or page[0].n <= entry.read_n):
                return said
        before = 0 if upto is None else upto + 1
        calls = chats.unread_calls(
            self._reader, self._row.user_id, entry.chat_id, entry.read_n, before
        )
        return [*news.at(self._reader, entry.chat_id, calls[-MOST_CALLS:]), *said]

    def _conversation(self, chat_id: ChatId, called: Called, heard: list[News]) -> Conversation:
        shown = heard[-MOST_SAID:]
        people = users.profiles(self._reader, {one.sender_id for one in shown})
        names = {user: person.display_name for user, person in people.items()}
        return Conversation(
            title=called.title or names.get(heard[-1].sender_id, ""),
            count=len(heard),
            said=[self._said(one, names.get(one.sender_id, "")) for one in shown],
            link=f"{self._base}/c/{chat_id}/m/{heard[0].seq}",
            newest=heard[-1].created_at,
        )

    def _said(self, one: News, sender: str) -> Said:
        shows = self._settings.preview
        return Said(sender=sender, text=excerpt(one.text, EXCERPT_CHARS) if shows else None)
