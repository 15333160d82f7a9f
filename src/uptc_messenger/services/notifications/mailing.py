"""Handing letters to the SMTP server: what it answers, told apart by whose fault it is."""

import asyncio
import re
from typing import Final, Literal

import aiosmtplib
import structlog
from aiosmtplib.typing import Default

from uptc_messenger.services.notifications import letters
from uptc_messenger.services.notifications.config import MailConfig
from uptc_messenger.services.notifications.letters import Letter
from uptc_messenger.services.notifications.outcomes import SENT, Outcome
from uptc_messenger.toolkit.clock import Clock

_PERMANENT: Final = 500
_NOBODY: Final = frozenset({550, 551, 553})
_STATUS: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_GONE: Final = re.compile(r"5\.1\.([0-6]|10)|5\.2\.1")
_log = structlog.get_logger(__name__)


def is_gone(code: int, said: str) -> bool:
    """Whether an answer says that there is no such address, and not what is thought of us.

    By its status (RFC 3463) where it has one: a server that does not let us in, or whose list
    we are on, says 550, too.
    """
    status = _STATUS.search(said)
    return _GONE.fullmatch(status[1]) is not None if status else code in _NOBODY


class Unanswered(aiosmtplib.SMTPException):
    """A letter was handed over, and nobody said what became of it."""


class _Client(aiosmtplib.SMTP):
    async def data(
        self,
        message: str | bytes,
        /,
        *,
        timeout: float | Literal[Default.token] | None = Default.token,  # noqa: ASYNC109 - its name
    ) -> aiosmtplib.SMTPResponse:
        try:
            return await super().data(message, timeout=timeout)
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError) as error:
            raise Unanswered("no answer to a letter that was handed over") from error


class Mailer:
    """Sends letters; `send` never raises for what SMTP does."""

    def __init__(self, config: MailConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self.problem: str | None = None
        """Why the last letter was not taken; None while all is well."""

    @property
    def on(self) -> bool:
        """Whether there is mail at all."""
        return self._config.on

    @property
    def per_hour(self) -> int:
        """Letters that one person gets in an hour at most."""
        return self._config.per_hour

    async def send(self, letter: Letter) -> Outcome:
        """Send one; whatever happens on the way is an outcome.

        `sent`: taken, or handed over without an answer, for nobody gets a letter twice. `gone`:
        there is no such address. `refused`: this letter is not wanted. `later`: the server, or
        what it thinks of us, may be mended.
        """
        outcome = await self._attempt(letter)
        self.problem = None if outcome.verdict == "gone" else outcome.detail or None
        if self.problem is not None:
            _log.warning("a letter was not taken", verdict=outcome.verdict)
        return outcome

    async def _attempt(self, letter: Letter) -> Outcome:
        try:
            await self._send(letter)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _about_recipient(error)
        except Unanswered as error:
            return Outcome(verdict="sent", detail=str(error))
        except aiosmtplib.SMTPDataError as error:
            verdict = "refused" if error.code >= _PERMANENT else "later"
            return Outcome(verdict=verdict, detail=f"{error.code} {error.message}"[:200])
        except aiosmtplib.SMTPResponseException as error:
            return Outcome(verdict="later", detail=f"{error.code} {error.message}"[:200])
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return Outcome(verdict="later", detail=str(error)[:200] or type(error).__name__)
        return SENT

    async def _send(self, letter: Letter) -> None:
        config = self._config
        made = letters.message(letter, config.sender, self._clock())
        async with connection(config, config.timeout_s) as client:
            try:
                await client.send_message(made, sender=config.sender, recipients=[letter.address])
            except asyncio.CancelledError:
                # Who is told to stop says no goodbye to a server that may not listen.
                client.close()
                raise


def connection(config: MailConfig, timeout_s: float) -> aiosmtplib.SMTP:
    """To be entered: then it is connected, encrypted and logged in as configured."""
    secret = config.secret() if config.user else ""
    return _Client(
        hostname=config.host,
        port=config.port,
        username=config.user or None,
        password=secret if config.user else None,
        timeout=timeout_s,
        use_tls=config.security == "tls",
        start_tls=config.security == "starttls",
    )


def _about_recipient(error: aiosmtplib.SMTPRecipientsRefused) -> Outcome:
    refused = error.recipients[0]
    verdict = "gone" if is_gone(refused.code, refused.message) else "later"
    return Outcome(verdict=verdict, detail=f"{refused.code} {refused.message}"[:200])
