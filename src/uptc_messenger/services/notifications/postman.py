"""Letters that are due: written from what is unread now, and noted as sent before they go."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import structlog
from msgspec import structs

from uptc_messenger.database import Database, Row, Transaction
from uptc_messenger.models.base import Millis, UserId
from uptc_messenger.models.errors import Problem
from uptc_messenger.models.notifications import NotificationSettings
from uptc_messenger.services import users
from uptc_messenger.services.notifications import letters, preferences, slots, tickets
from uptc_messenger.services.notifications.config import NotifyConfig
from uptc_messenger.services.notifications.digesting import Digest, Plan
from uptc_messenger.services.notifications.letters import Envelope, Letter
from uptc_messenger.services.notifications.mailing import Mailer
from uptc_messenger.services.notifications.outcomes import Outcome
from uptc_messenger.services.notifications.repository import jobs
from uptc_messenger.services.notifications.repository.jobs import Settled
from uptc_messenger.services.notifications.retrying import Retries
from uptc_messenger.services.notifications.tickets import Ticket
from uptc_messenger.services.notifications.working import Claim, Job
from uptc_messenger.toolkit.clock import Clock, steady_clock
from uptc_messenger.toolkit.gcra import Gcra

RETRIES: Final = Retries(attempts=10, first_ms=60_000, most_ms=4 * 3_600_000)
_HOUR_MS: Final = 3_600_000
_log = structlog.get_logger(__name__)


class Postman:
    """Writes letters and hands them to the mailer; `base` is where people find this server."""

    def __init__(
        self, database: Database, clock: Clock, ways: tuple[NotifyConfig, Mailer], key: bytes
    ) -> None:
        self._database, self._clock, self._key = database, clock, key
        self._config, self.mailer = ways
        self.base: Callable[[], str] = lambda: ""
        self.steady: Clock = steady_clock
        """By which the letters of an hour are measured."""

        per_hour = self.mailer.per_hour
        self._pace = Gcra(per_hour, _HOUR_MS // per_hour)
        self.sent = self.failed = 0

    async def places(self, rows: Sequence[Row]) -> list[str]:
        """One mail server for all."""
        return ["" for _ in rows]

    async def prepare(self, claims: Sequence[Claim]) -> list[Job]:
        """Each is judged by itself."""
        return [partial(self._deliver, claim.row, claim.holder) for claim in claims]

    async def _deliver(self, row: Row, holder: str) -> bool:
        """Always True: how the mail server fares does not change how many letters go at once."""
        try:
            await self._write_to(row, holder)
        except Exception as error:
            if isinstance(error, Problem) and error.retryable:
                raise
            _log.exception("a letter cannot be written")
            await self._put_off(row, holder)
        return True

    async def _put_off(self, row: Row, holder: str) -> None:
        """Nobody could write it: again later, and at last no more."""
        self.failed += 1
        if row.attempts < RETRIES.attempts:
            until = self._clock() + RETRIES.wait_ms(row.attempts)
            await self._wait(row, holder, until, row.attempts + 1)
        else:
            how = Settled(reached=row.wanted, shown_n=None, next=self._clock() + _HOUR_MS)
            await self._database.write(lambda tx: jobs.settle(tx, row, holder, how))

    async def _write_to(self, row: Row, holder: str) -> None:
        now, base = self._clock(), self.base()
        plan = await self._database.scan(lambda reader: Digest(reader, row, base, now).plan())
        if plan.until is not None:
            await self._wait(row, holder, plan.until)
        elif not plan.chats or not self.mailer.on:
            await self._settle(plan, holder)
        elif (wait := self._wait_ms(row.user_id)) > 0:
            await self._wait(row, holder, now + wait)
        else:
            await self._send(plan, holder)

    def _wait_ms(self, user_id: UserId) -> Millis:
        return max(self._pace.take(user_id, self.steady()), 0)

    async def _send(self, plan: Plan, holder: str) -> None:
        row = plan.row
        # The same in every attempt: who gets it twice for all that sees one.
        envelope = await self.envelope(row.user_id, plan.settings, f"digest-{row.done}")
        letter = letters.digest(envelope, plan.chats, plan.others)
        if not await self._database.write(lambda tx: jobs.begin(tx, row, holder, plan.reached)):
            return
        outcome = await self.mailer.send(letter)
        if outcome.verdict == "later" and row.attempts < RETRIES.attempts:
            self.failed += 1
            until = self._clock() + RETRIES.wait_ms(row.attempts)
            await self._wait(row, holder, until, row.attempts + 1)
            return
        self.sent += outcome.verdict == "sent"
        self.failed += outcome.verdict != "sent"
        await self._settle(plan, holder, outcome)

    async def _wait(
        self, row: Row, holder: str, until: Millis, attempts: int | None = None
    ) -> None:
        tried = row.attempts if attempts is None else attempts
        await self._database.write(lambda tx: jobs.postpone(tx, row, holder, until, tried))

    async def _settle(self, plan: Plan, holder: str, outcome: Outcome | None = None) -> None:
        due = slots.mail_due(plan.settings, self._clock(), self._config.mail_after_s)
        how = Settled(reached=plan.reached, shown_n=None, next=due)

        def settle(tx: Transaction) -> None:
            jobs.settle(tx, plan.row, holder, how)
            if outcome is not None and outcome.verdict == "gone":
                preferences.set_state(tx, plan.row.user_id, "refused", outcome.detail)

        await self._database.write(settle)

    async def envelope(
        self, user_id: UserId, settings: NotificationSettings, occasion: str
    ) -> Envelope:
        """For a letter to this person's address."""
        me = await self._database.read(lambda reader: users.me(reader, user_id))
        address = settings.address or ""
        ticket = Ticket(user_id=user_id, ends_at=0)
        stop = tickets.issue(self._key, "unsubscribe", address, ticket)
        return Envelope(
            address=address,
            name=me.display_name,
            username=me.username,
            locale=me.locale,
            base=self.base(),
            stop=f"{self.base()}/mail/unsubscribe/{stop}",
            key=tickets.signed(self._key, address, f"{user_id}-{occasion}"),
        )

    async def ask(self, user_id: UserId, settings: NotificationSettings) -> Outcome:
        """Ask whoever reads the address whether they want it."""
        now = self._clock()
        # By the username: whoever asks for it may not write into a letter to a stranger.
        plain = await self.envelope(user_id, settings, f"confirm-{now}")
        envelope = structs.replace(plain, name=f"@{plain.username}")
        ticket = Ticket(user_id=user_id, ends_at=now + tickets.CONFIRM_MS)
        code = tickets.issue(self._key, "confirm", envelope.address, ticket)
        link = f"{self.base()}/mail/confirm/{code}"
        return await self.mailer.send(letters.confirmation(envelope, link))

    async def attempt(self, user_id: UserId, settings: NotificationSettings) -> Outcome:
        """Send a test letter now."""
        envelope = await self.envelope(user_id, settings, f"test-{self._clock()}")
        letter: Letter = letters.trial(envelope)
        return await self.mailer.send(letter)
