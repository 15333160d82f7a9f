"""What a letter says at the moment of sending: everything is asked again."""

from typing import Final

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import MAX_SEQ, ChatId, Millis, Record
from uptc_messenger.models.notifications import NotificationSettings
from uptc_messenger.services import users
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.chats.service import Called
from uptc_messenger.services.messages import news
from uptc_messenger.services.messages.markdown import excerpt
from uptc_messenger.services.messages.news import News
from uptc_messenger.services.notifications import judging, preferences, slots
from uptc_messenger.services.notifications.letters import Conversation, Said

MOST_CHATS: Final = 20
MOST_SAID: Final = 3
LOOK_BACK: Final = 100
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
        return self._plan(self._conversations())

    def _plan(self, found: list[Conversation], until: Millis | None = None) -> Plan:
        reached = max((one.newest for one in found), default=self._row.wanted)
        return Plan(
            row=self._row, settings=self._settings, chats=found, reached=reached, until=until
        )

    def _gets_mail(self) -> bool:
        standing = users.standing(self._reader, self._row.user_id)
        if standing is None or standing.disabled:
            return False
        return self._settings.mail != "off" and self._settings.address_state == "confirmed"

    def _conversations(self) -> list[Conversation]:
        entries = chats.digest(self._reader, self._row.user_id, self._row.done)
        unread = [one.chat_id for one in entries if one.n > one.read_n]
        called = chats.called(self._reader, unread)
        found: list[Conversation] = []
        for chat_id in unread:
            heard = self._heard(chat_id)
            if heard and chat_id in called:
                found.append(self._conversation(chat_id, called[chat_id], heard))
            if len(found) == MOST_CHATS:
                break
        return found

    def _heard(self, chat_id: ChatId) -> list[News]:
        user, after = self._row.user_id, self._row.done
        said = news.newest(self._reader, chat_id, MAX_SEQ - 1, LOOK_BACK)
        senders = {one.sender_id for one in said}
        listener = judging.listeners(self._reader, chat_id, [user], senders).get(user)
        if listener is None:
            return []
        heard = judging.wanted(listener, said, self._now)
        return [one for one in heard if one.created_at > after]

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
