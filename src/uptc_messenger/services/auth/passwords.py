"""Passwords: which are good enough, and their hashes, made beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.auth.common import is_common
from uptc_messenger.services.auth.config import AuthConfig
from uptc_messenger.services.auth.turns import Turns

T = TypeVar("T")
MIN_CHARACTERS: Final = 8
MAX_BYTES: Final = 1024


def check_size(password: str) -> None:
    """Refuse what is too long to be worth a hash."""
    if len(password) > MAX_BYTES or len(password.encode()) > MAX_BYTES:
        raise BadRequest("password: at most 1024 bytes.")


def check(password: str, username: str = "") -> None:
    """Refuse a new password that is too long, too short, or among the first to be guessed."""
    check_size(password)
    if len(password) < MIN_CHARACTERS:
        raise BadRequest("password: at least 8 characters.")
    if is_common(password, username):
        raise BadRequest("password: too easy to guess; take a few words of your own.")


class Passwords:
    """Hashes and verifies with argon2id on a few threads, the known before strangers.

    `Overloaded` for who would wait too long for a thread.
    """

    def __init__(self, config: AuthConfig) -> None:
        self._hasher = PasswordHasher(
            time_cost=config.argon2_time,
            memory_cost=config.argon2_memory_kib,
            parallelism=1,
            type=Type.ID,
        )
        self._threads = ThreadPoolExecutor(config.hash_threads, thread_name_prefix="password")
        patience = (config.hash_wait_s, config.hash_wait_known_s)
        self._turns = Turns(config.hash_threads, patience)
        # Verified against when there is no account, so that both answers take the same time.
        self._nobody = self._hasher.hash("nobody has this password")

    @property
    def waiting(self) -> int:
        """Callers that wait for a thread."""
        return self._turns.waiting

    async def hash(self, password: str, *, known: bool) -> str:
        """The hash of a password that `check` has let through."""
        return await self._run(lambda: self._hasher.hash(password), known=known)

    async def verify(self, stored: str | None, password: str, *, known: bool) -> bool:
        """Whether the password is the one of the hash; as slow where there is no hash."""
        check_size(password)
        good = await self._run(lambda: self._verify(stored or self._nobody, password), known=known)
        return good and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """End the threads; what they still hash is finished."""
        self._threads.shutdown()

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T], *, known: bool) -> T:
        async with self._turns.turn(known=known):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
