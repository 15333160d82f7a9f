"""What a push job comes to at the moment of sending: everything is asked again."""

from collections.abc import Sequence
from typing import Final

from msgspec import structs

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import ChatId, Millis, Record, Seq
from uptc_messenger.services import users
from uptc_messenger.services.messages import news
from uptc_messenger.services.messages.news import News
from uptc_messenger.services.notifications import (
    composing,
    destinations,
    devices,
    judging,
    preferences,
)
from uptc_messenger.services.notifications.composing import Read, Told
from uptc_messenger.services.notifications.judging import Listener
from uptc_messenger.services.notifications.outcomes import Outcome
from uptc_messenger.services.notifications.pushing import Parcel
from uptc_messenger.services.notifications.repository import devices as repository

LOOK_BACK: Final = 50
"""Messages that are looked at for one notification: a screen shows the newest."""

_HOUR_S: Final = 3_600


class Plan(Record, frozen=True):
    """What to do about a push job: without a `parcel` nothing is sent, `gone` forgets the device.

    Then it is told up to `reached`, and the screen shows the message `shown_n`: `shown` is that
    message where it is new there. `failed` says why nobody could judge it.
    """

    row: Row
    reached: Seq
    shown_n: int | None = None
    parcel: Parcel | None = None
    gone: bool = False
    shown: News | None = None
    failed: Outcome | None = None


class Planner:
    """Plans on one snapshot of the database."""

    def __init__(self, reader: Reader, now: Millis, *, loopback: bool) -> None:
        self._reader = reader
        self._now = now
        self._loopback = loopback
        self._said: dict[tuple[ChatId, Seq], list[News]] = {}

    def plans(self, rows: Sequence[Row]) -> list[Plan]:
        """One plan for each of these jobs."""
        found = repository.by_ids(self._reader, {row.target_id for row in rows})
        for ended in devices.ended(self._reader, list(found.values())):
            del found[ended]
        return [self._plan(row, found.get(row.target_id)) for row in rows]

    def _plan(self, row: Row, device: Row | None) -> Plan:
        standing = users.standing(self._reader, row.user_id)
        if device is None or standing is None or standing.disabled:
            return Plan(row=row, reached=row.wanted, gone=True)
        said = self._newest(row.chat_id, row.wanted)
        listener = self._listener(row, said)
        if listener is None:
            return self._closing(row, device)
        heard = judging.wanted(listener, said, self._now)
        if any(one.seq > row.done for one in heard):
            if preferences.is_quiet(listener.settings, self._now):
                return Plan(row=row, reached=row.wanted, shown_n=row.shown_n)
            return self._telling(row, device, listener, heard)
        return self._again(row, device, listener, heard)

    def _newest(self, chat_id: ChatId, upto: Seq) -> list[News]:
        """Read once, for however many devices: they are told of the same."""
        if (chat_id, upto) not in self._said:
            self._said[chat_id, upto] = news.newest(self._reader, chat_id, upto, LOOK_BACK)
        return self._said[chat_id, upto]

    def _listener(self, row: Row, said: Sequence[News]) -> Listener | None:
        senders = {one.sender_id for one in said}
        found = judging.listeners(self._reader, row.chat_id, [row.user_id], senders)
        return found.get(row.user_id)

    def _again(self, row: Row, device: Row, listener: Listener, heard: Sequence[News]) -> Plan:
        """Nothing new: what is on the screen stays, goes, or gives way to what is left."""
        left = [one for one in heard if row.shown_n is not None and one.n <= row.shown_n]
        if not left:
            return self._closing(row, device)
        if left[-1].n == row.shown_n:
            return Plan(row=row, reached=row.wanted, shown_n=row.shown_n)
        return self._telling(row, device, listener, left, quiet=True)

    def _telling(
        self,
        row: Row,
        device: Row,
        listener: Listener,
        heard: Sequence[News],
        *,
        quiet: bool = False,
    ) -> Plan:
        what = composing.told(self._reader, listener, row.chat_id, heard, quiet=quiet)
        return Plan(
            row=row,
            reached=row.wanted,
            shown_n=what.n,
            parcel=self._parcel(row, device, what),
            shown=heard[-1],
        )

    def _closing(self, row: Row, device: Row) -> Plan:
        """Take away what is shown; a browser that would punish silence keeps it."""
        to = destinations.parse(device.endpoint, loopback=self._loopback)
        if row.shown_n is None or not to.keeps_silence:
            return Plan(row=row, reached=row.wanted)
        locale = composing.locale_of(self._reader, row.user_id)
        what = Read(chat_id=row.chat_id, locale=locale)
        return Plan(row=row, reached=row.wanted, parcel=self._parcel(row, device, what))

    def _parcel(self, row: Row, device: Row, what: Told | Read) -> Parcel:
        # About the same chat: what was read before a phone woke up is never shown there.
        made = devices.parcel(device, composing.payload(what), row.chat_id, loopback=self._loopback)
        if isinstance(what, Read):
            return structs.replace(made, ttl_s=_HOUR_S)
        return structs.replace(made, urgency="high" if what.call else "normal")
