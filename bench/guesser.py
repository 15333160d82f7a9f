"""Somebody at the same address who guesses passwords, invitations and codes without a pause."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from bench.browser import Browser

A_MINUTE: Final = 10_000
_HANDS: Final = 400
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


class Guesser:
    """Counts the answers by what was guessed and their status."""

    def __init__(self, port: int, usernames: Sequence[str], seed: int) -> None:
        self._port = port
        self._usernames = usernames
        self._random = random.Random(seed)
        self.answers: Counter[tuple[str, int]] = Counter()
        self.seconds = 0.0
        self._due = 0.0

    @property
    def guesses(self) -> int:
        return self.answers.total()

    @property
    def wins(self) -> int:
        """Guesses that were right: there must be none."""
        return sum(n for (_, status), n in self.answers.items() if status < 300)

    @property
    def hashed(self) -> int:
        """Passwords that the server compared at all."""
        return self.answers["password", 401]

    async def run(self) -> None:
        """Guess ten thousand times a minute, until cancelled."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            await asyncio.gather(*(self._hand() for _ in range(_HANDS)))
        finally:
            self.seconds += loop.time() - begun

    async def _hand(self) -> None:
        browser = Browser(self._port)
        try:
            while True:
                await self._turn()
                kind, path, body = self._guess()
                try:
                    answer = await browser.post(f"/api/v1/{path}", body)
                except (OSError, asyncio.IncompleteReadError, IndexError):
                    browser.close()  # the server restarts meanwhile
                else:
                    self.answers[kind, answer.status] += 1
        finally:
            browser.close()

    async def _turn(self) -> None:
        """The next moment for a guess; whichever hand is free takes it."""
        now = asyncio.get_running_loop().time()
        self._due = max(self._due + 60 / A_MINUTE, now - 1)
        await asyncio.sleep(max(0.0, self._due - now))

    def _guess(self) -> tuple[str, str, dict[str, Any]]:
        secret = "".join(self._random.choices(_LETTERS, k=32))
        name = self._random.choice(self._usernames)
        new = {"username": f"eve{secret[:8].lower()}", "password": f"una clave {secret}"}
        return self._random.choice(
            [
                ("password", "auth/login", {"username": name, "password": f"clave {secret}"}),
                ("invitation", "invites/preview", {"invite": secret}),
                ("invitation", "auth/register", {**new, "invite": secret}),
                ("code", "auth/reset", {"code": secret, "password": f"otra clave {secret}"}),
                ("code", "auth/owner", {**new, "code": secret}),
            ]
        )
