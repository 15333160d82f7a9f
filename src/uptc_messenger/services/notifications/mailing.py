"""Handing letters to the SMTP server: what it answers, told apart by whose fault it is."""

from typing import Final

import aiosmtplib
import structlog

from uptc_messenger.services.notifications import letters
from uptc_messenger.services.notifications.config import MailConfig
from uptc_messenger.services.notifications.letters import Letter
from uptc_messenger.services.notifications.outcomes import SENT, Outcome
from uptc_messenger.toolkit.clock import Clock

_PERMANENT: Final = 500
_log = structlog.get_logger(__name__)


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

        `gone`: there is no such address. `refused`: this letter is not wanted. `later`: the
        server, or what it thinks of us, may be mended.
        """
        outcome = await self._attempt(letter)
        self.problem = None if outcome.verdict in {"sent", "gone"} else outcome.detail
        if self.problem is not None:
            _log.warning("a letter was not taken", verdict=outcome.verdict)
        return outcome

    async def _attempt(self, letter: Letter) -> Outcome:
        try:
            await self._send(letter)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _about_recipient(error)
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
            await client.send_message(made, sender=config.sender, recipients=[letter.address])


def connection(config: MailConfig, timeout_s: float) -> aiosmtplib.SMTP:
    """To be entered: then it is connected, encrypted and logged in as configured."""
    secret = config.secret() if config.user else ""
    return aiosmtplib.SMTP(
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
    verdict = "gone" if refused.code >= _PERMANENT else "later"
    return Outcome(verdict=verdict, detail=f"{refused.code} {refused.message}"[:200])
