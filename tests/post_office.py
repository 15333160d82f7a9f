"""A real SMTP server on this machine that keeps what it is handed."""

import asyncio
import email
import email.policy
from email.message import EmailMessage
from typing import Any, Final, cast

from aiosmtpd.smtp import SMTP

WAIT_S: Final = 30.0


class PostOffice:
    """Takes letters in the loop of the test; `refuses` says by address how it answers RCPT."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuses: dict[str, str] = {}
        self.answer = "250 OK"
        self.held: asyncio.Event | None = None
        """While it is there and not set, letters are taken and nothing is answered."""

        self.port = 0
        self._server: asyncio.Server | None = None
        self._news = asyncio.Event()

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def _protocol(self) -> SMTP:
        return SMTP(self, hostname="post.example.edu", loop=asyncio.get_running_loop())

    async def close(self) -> None:
        if self.held is not None:
            self.held.set()
        if self._server is not None:
            self._server.close()

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


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """What a letter says in one of its two forms."""
    part = letter.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content
