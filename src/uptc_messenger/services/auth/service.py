"""Accounts and sessions: who somebody is, and for how long we believe it."""

import asyncio
import itertools
from collections.abc import Iterable
from typing import Final

import structlog

from uptc_messenger.database import Database, Reader, Transaction
from uptc_messenger.database.locks import RELAXED
from uptc_messenger.models.auth import Login, OwnerClaim, PasswordChange, Principal, Reset
from uptc_messenger.models.base import Millis, ServerRole, SessionId, UserId
from uptc_messenger.models.errors import Conflict, Forbidden, Problem, Unauthenticated
from uptc_messenger.models.events import EndSessions, Publication
from uptc_messenger.services import users
from uptc_messenger.services.auth import codes, passwords, repository, sessions
from uptc_messenger.services.auth.cache import Known, PrincipalCache
from uptc_messenger.services.auth.config import AuthConfig
from uptc_messenger.services.auth.devices import Devices
from uptc_messenger.services.auth.passwords import Passwords
from uptc_messenger.services.auth.sessions import Live, Opened
from uptc_messenger.services.users import NewUser, names
from uptc_messenger.toolkit.clock import Clock
from uptc_messenger.toolkit.ids import fingerprint

CACHE_MS: Final = 30_000
TOUCH_MS: Final = 60_000
CLEAN_EVERY: Final = 240
WRITE_EVERY_S: Final = 15.0
_log = structlog.get_logger(__name__)


class AuthService:
    """The only place that makes a `Principal`."""

    def __init__(
        self, database: Database, config: AuthConfig, clock: Clock, devices: Devices
    ) -> None:
        self.config = config
        self.devices = devices
        self.passwords = Passwords(config)
        self._database = database
        self._clock = clock
        self._cache = PrincipalCache()
        self._seen: dict[SessionId, tuple[UserId, Millis]] = {}

    async def authenticate(self, token: str) -> Principal:
        """Whom a token stands for; `Unauthenticated` or `SessionExpired` otherwise."""
        now, token_hash = self._clock(), fingerprint(token)
        known = self._cache.get(token_hash, now)
        if known is None:
            generation = self._cache.generation
            known = await self._database.read(lambda reader: self._look_up(reader, token, now))
            self._cache.put(token_hash, known, generation)
        self._used(known, now)
        return known.principal

    def _look_up(self, reader: Reader, token: str, now: Millis) -> Known:
        live = sessions.find(reader, token, now, self.config)
        standing = users.standing(reader, live.user_id)
        if standing is None or standing.disabled:
            raise Unauthenticated
        return Known(
            principal=_principal(live, standing.role),
            until=min(now + CACHE_MS, live.ends_at),
            stored_at=live.last_seen_at,
        )

    def _used(self, known: Known, now: Millis) -> None:
        who = known.principal
        stored = self._seen.get(who.session_id, (who.user_id, known.stored_at))[1]
        if now - stored >= TOUCH_MS:
            self._seen[who.session_id] = (who.user_id, now)

    def left(self, who: Principal) -> None:
        """A long connection of this session just ended: it was used until now."""
        self._seen[who.session_id] = (who.user_id, self._clock())

    async def new_hash(self, password: str, username: str = "", *, known: bool = True) -> str:
        """The hash of a new password, or `BadRequest` where it is not good enough."""
        passwords.check(password, username)
        return await self.passwords.hash(password, known=known)

    def register(
        self, tx: Transaction, account: NewUser, password_hash: str, device: str = ""
    ) -> Opened:
        """Make an account and log it in, in the caller's transaction."""
        user = users.create(tx, account)
        repository.set_password_hash(tx, user.user_id, password_hash)
        return sessions.open_session(tx, user, device, self.config)

    async def log_in(self, command: Login, device: str = "", *, known: bool = False) -> Opened:
        """Open a session; the same refusal, as slow, for a wrong password and for nobody.

        `known` says that this account was logged in to from the same device before.
        """
        username = command.username.casefold()
        user_id, stored = await self._database.read(lambda reader: _credential(reader, username))
        good = await self.passwords.verify(stored, command.password, known=known)
        if not good or not (user_id and stored):
            _log.info("login refused", known=user_id is not None)
            raise Unauthenticated("Username and password do not belong together.")
        renewed = None
        if self.passwords.outdated(stored):
            renewed = await self.passwords.hash(command.password, known=True)
        opened = await self._database.write(
            lambda tx: self._open(tx, user_id, device, (stored, renewed))
        )
        _log.info("logged in", user_id=user_id, session_id=opened.session.session_id)
        return opened

    def _open(
        self, tx: Transaction, user_id: UserId, device: str, hashes: tuple[str, str | None]
    ) -> Opened:
        verified, renewed = hashes
        standing = users.standing(tx, user_id)
        if standing is None or repository.password_hash(tx, user_id) != verified:
            raise Unauthenticated("Username and password do not belong together.")
        if standing.disabled:
            raise Forbidden("This account is disabled; ask an administrator.")
        if renewed is not None:
            repository.set_password_hash(tx, user_id, renewed)
        return sessions.open_session(tx, users.me(tx, user_id), device, self.config)

    async def change_password(self, principal: Principal, command: PasswordChange) -> Opened:
        """Set a new password; this session gets a new token and every other one ends."""
        user_id = principal.user_id
        stored = await self._database.read(lambda r: repository.password_hash(r, user_id))
        if not await self.passwords.verify(stored, command.old_password, known=True):
            raise Forbidden("The old password is not right.")
        username = (await self._database.read(lambda r: users.me(r, user_id))).username
        new_hash = await self.new_hash(command.new_password, username)

        def change(tx: Transaction) -> Opened:
            if repository.password_hash(tx, user_id) != stored:
                raise Conflict("The password was changed meanwhile.")
            repository.set_password_hash(tx, user_id, new_hash)
            sessions.end_others(tx, user_id, principal.session_id)
            return sessions.renew(tx, user_id, principal.session_id)

        opened = await self._database.write(change)
        self._cache.forget([principal.session_id])
        _log.info("password changed", user_id=user_id)
        return opened

    async def require_code(self, purpose: codes.Purpose, code: str) -> None:
        """`NotFound` unless the one-time code is good now; it is not used up by this."""
        now = self._clock()
        await self._database.read(lambda reader: codes.require(reader, purpose, code, now))

    async def reset(self, command: Reset, device: str = "") -> Opened:
        """Set a new password with a one-time code; every session ends and one begins."""
        new_hash = await self.new_hash(command.password)

        def reset(tx: Transaction) -> Opened:
            user_id = codes.redeem(tx, "reset", command.code)
            standing = None if user_id is None else users.standing(tx, user_id)
            if standing is None or standing.disabled:
                raise Forbidden("This account is disabled; ask an administrator.")
            repository.set_password_hash(tx, standing.user_id, new_hash)
            sessions.end_all(tx, standing.user_id)
            user = users.me(tx, standing.user_id)
            return sessions.open_session(tx, user, device, self.config)

        opened = await self._database.write(reset)
        _log.info("password reset", user_id=opened.user.user_id)
        return opened

    async def claim(self, command: OwnerClaim, device: str = "") -> Opened:
        """Make the account that owns this server, with the code of the first start."""
        username = names.fold_username(command.username)
        new_hash = await self.new_hash(command.password, username)

        def claim(tx: Transaction) -> Opened:
            codes.redeem(tx, "owner", command.code)
            account = NewUser(
                username=command.username,
                display_name=command.display_name,
                role="owner",
                locale=command.locale,
            )
            return self.register(tx, account, new_hash, device)

        opened = await self._database.write(claim)
        _log.info("owner made", user_id=opened.user.user_id)
        return opened

    def believed(self) -> dict[SessionId, UserId]:
        """The sessions that are let in without a look at the database, and whose they are."""
        return self._cache.sessions()

    def published(self, publications: Iterable[Publication]) -> None:
        """Believe nothing more about the sessions that a commit has ended."""
        for publication in publications:
            if isinstance(publication, EndSessions):
                self._forget(publication)

    def _forget(self, ended: EndSessions) -> None:
        if ended.session_ids is None:
            self._cache.forget_user(ended.user_id)
        else:
            self._cache.forget(ended.session_ids)

    async def run(self) -> None:
        """Keep the times of last use, and end sessions whose time is over, until cancelled."""
        for turn in itertools.count(1):
            await asyncio.sleep(WRITE_EVERY_S)
            try:
                await self.write_last_seen()
                if turn % CLEAN_EVERY == 0:
                    await self._database.write(self._clean)
            except Problem as problem:
                _log.warning("sessions not written", code=problem.code)

    async def write_last_seen(self) -> None:
        """Store when sessions and people were last here: one write for all of them."""
        seen, self._seen = self._seen, {}
        if seen:
            await self._database.write(lambda tx: _write_seen(tx, seen), RELAXED)
            self._cache.forget(seen)

    def _clean(self, tx: Transaction) -> None:
        repository.delete_old_codes(tx)
        sessions.end_stale(tx, self.config)

    def close(self) -> None:
        """End the threads that hash."""
        self.passwords.close()


def _principal(live: Live, role: ServerRole) -> Principal:
    return Principal(user_id=live.user_id, session_id=live.session_id, role=role)


def _credential(reader: Reader, username: str) -> tuple[UserId | None, str | None]:
    standing = users.standing_by_name(reader, username)
    if standing is None:
        return None, None
    return standing.user_id, repository.password_hash(reader, standing.user_id)


def _write_seen(tx: Transaction, seen: dict[SessionId, tuple[UserId, Millis]]) -> None:
    repository.touch(tx, {session_id: at for session_id, (_, at) in seen.items()})
    for user_id, at in dict(seen.values()).items():
        users.seen(tx, [user_id], at)
