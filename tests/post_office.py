"""A real SMTP server on this machine that keeps what it is handed."""

import asyncio
import email
import email.policy
import ssl
from email.message import EmailMessage
from typing import Any, Final, Literal, cast

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from uptc_messenger.toolkit.certificates import Files

WAIT_S: Final = 30.0


class PostOffice:
    """Takes letters in the loop of the test; `refuses` says by address how it answers RCPT."""

    def __init__(
        self,
        security: Literal["none", "starttls", "tls"] = "none",
        certificate: Files | None = None,
        accounts: dict[str, str] | None = None,
    ) -> None:
        self._security = security
        self._tls = None if certificate is None else _context(certificate)
        self._accounts = accounts
        """Who may hand in letters, and with which password; None is anybody."""

        self.admitted: list[tuple[str, bool]] = []
        """Who wanted to log in, and whether nobody else could hear it."""

        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuses: dict[str, str] = {}
        self.answer = "250 OK"
        self.held: asyncio.Event | None = None
        """While it is there and not set, letters are taken and nothing is answered."""

        self.silent = False
        """While it is, nobody is let in."""

        self.port = 0
        self._server: asyncio.Server | None = None
        self._lines: list[SMTP] = []
        self._news = asyncio.Event()

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        at_once = self._tls if self._security == "tls" else None
        self._server = await loop.create_server(self._protocol, "127.0.0.1", 0, ssl=at_once)
        self.port = self._server.sockets[0].getsockname()[1]

    def _protocol(self) -> SMTP:
        later = self._tls if self._security == "starttls" else None
        line = SMTP(
            self,
            hostname="post.example.edu",
            loop=asyncio.get_running_loop(),
            tls_context=later,
            require_starttls=later is not None,
            authenticator=self._admit,
            # It does not count a socket that was encrypted from the start as such.
            auth_required=self._accounts is not None and later is not None,
            auth_require_tls=later is not None,
        )
        self._lines.append(line)
        return line

    def _admit(
        self, _server: Any, session: Any, _envelope: Any, _how: str, who: LoginPassword
    ) -> AuthResult:
        name = who.login.decode()
        self.admitted.append((name, session.ssl is not None or self._security == "tls"))
        known = (self._accounts or {}).get(name)
        return AuthResult(success=known == who.password.decode(), handled=False)

    async def close(self) -> None:
        if self.held is not None:
            self.held.set()
        if self._server is not None:
            self._server.close()
        for line in self._lines:
            # A handshake that failed leaves its socket to nobody.
            if line.transport is not None:
                cast("asyncio.Transport", line.transport).abort()
        await asyncio.sleep(0)

    async def until(self, count: int) -> None:
        """Wait for so many letters in all."""
        async with asyncio.timeout(WAIT_S):
            while len(self.letters) < count:
                self._news.clear()
                await self._news.wait()

    async def handle_RCPT(  # noqa: N802 - the library's name for it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.silent:
            await asyncio.Event().wait()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if not self.answer.startswith("250"):
            return self.answer
        raw = cast("bytes", envelope.content)
        parsed = email.message_from_bytes(raw, policy=email.policy.default)
        self.letters.append(parsed)
        self.recipients.extend(envelope.rcpt_tos)
        self._news.set()
        if self.held is not None:
            await self.held.wait()
        return self.answer


def _context(certificate: Files) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """What a letter says in one of its two forms."""
    part = letter.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content
