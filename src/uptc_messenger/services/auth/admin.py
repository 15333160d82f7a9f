"""What the command line does to accounts, past every limit: whoever has the data has the right."""

import structlog

from uptc_messenger.database import Database, Reader, Transaction
from uptc_messenger.models.auth import Session
from uptc_messenger.models.base import Millis, Record, ServerRole, SessionId, UserId
from uptc_messenger.models.errors import CloseCode, Conflict, NotFound
from uptc_messenger.models.users import User
from uptc_messenger.services import users
from uptc_messenger.services.auth import codes, repository, sessions
from uptc_messenger.services.auth.service import AuthService
from uptc_messenger.services.users import NewUser, Standing

_log = structlog.get_logger(__name__)


class ResetCode(Record, frozen=True):
    """With `code`, this person sets a new password once, until `expires_at`."""

    username: str
    code: str
    expires_at: Millis


class Administration:
    """Operations by username; each raises `NotFound` where there is no such account."""

    def __init__(self, database: Database, auth: AuthService) -> None:
        self._database = database
        self._auth = auth

    async def add_user(
        self, username: str, role: ServerRole, password: str, display_name: str | None = None
    ) -> User:
        """Make an account; `Conflict` where the username is taken."""
        password_hash = await self._auth.new_hash(password, username)
        account = NewUser(username=username, display_name=display_name, role=role)

        def add(tx: Transaction) -> User:
            user = users.create(tx, account)
            _void_owner_code(tx, role)
            repository.set_password_hash(tx, user.user_id, password_hash)
            return user

        return await self._database.write(add)

    async def set_password(self, username: str, password: str) -> int:
        """Set another password and end every session; answers how many there were."""
        password_hash = await self._auth.new_hash(password, username)

        def change(tx: Transaction) -> int:
            user_id = _whose(tx, username)
            repository.set_password_hash(tx, user_id, password_hash)
            return sessions.end_all(tx, user_id)

        return await self._database.write(change)

    async def set_role(self, username: str, role: ServerRole) -> int:
        """Give a role on the server; every session ends, so that none keeps the old one."""

        def change(tx: Transaction) -> int:
            user_id = _whose(tx, username)
            users.set_role(tx, user_id, role)
            _void_owner_code(tx, role)
            return sessions.end_all(tx, user_id)

        return await self._database.write(change)

    async def set_disabled(self, username: str, *, disabled: bool) -> int:
        """Close an account to its person, or open it again; closing ends every session."""

        def change(tx: Transaction) -> int:
            user_id = _whose(tx, username)
            users.set_disabled(tx, user_id, disabled=disabled)
            return sessions.end_all(tx, user_id, CloseCode.ACCOUNT_DISABLED) if disabled else 0

        return await self._database.write(change)

    async def issue_reset_code(self, username: str) -> ResetCode:
        """A one-time code with which this person sets a new password.

        The ones that were handed out before are void; `Conflict` for a disabled account.
        """
        seconds = self._auth.config.reset_code_s

        def issue(tx: Transaction) -> ResetCode:
            standing = _standing(tx, username)
            if standing.disabled:
                raise Conflict(f"The account {username!r} is disabled: open it again first.")
            return ResetCode(
                username=users.me(tx, standing.user_id).username,
                code=codes.issue(tx, "reset", standing.user_id, seconds),
                expires_at=tx.now + seconds * codes.SECOND,
            )

        return await self._database.write(issue)

    async def sessions_of(self, username: str) -> list[Session]:
        """The devices that are logged in to an account, the last used first."""
        return await self._database.read(
            lambda reader: sessions.entries(reader, _whose(reader, username), None)
        )

    async def end_sessions(self, username: str, session_id: SessionId | None) -> int:
        """Log one device out, or all of them; `NotFound` where it is not of this account."""

        def end(tx: Transaction) -> int:
            user_id = _whose(tx, username)
            if session_id is None:
                return sessions.end_all(tx, user_id)
            if not sessions.end(tx, user_id, [session_id]):
                raise NotFound(f"{username!r} has no session {session_id}.")
            return 1

        return await self._database.write(end)

    async def has_owner(self) -> bool:
        """Whether somebody owns this server."""
        return await self._database.read(users.has_owner)

    async def issue_owner_code(self) -> str | None:
        """A one-time code that makes the owner; None where there is any account.

        Who reads the log of a server that people use must not be able to own it.
        """
        seconds = self._auth.config.owner_code_s

        def issue(tx: Transaction) -> str | None:
            if not users.has_anybody(tx):
                return codes.issue(tx, "owner", None, seconds)
            codes.void(tx, "owner", None)
            return None

        code = await self._database.write(issue)
        if code is None and not await self.has_owner():
            _log.warning("nobody owns this server", remedy="uptc-messenger user role NAME owner")
        return code


def _void_owner_code(tx: Transaction, role: ServerRole) -> None:
    """Once somebody owns the server, the link of the first start makes no second owner."""
    if role == "owner":
        codes.void(tx, "owner", None)


def _whose(reader: Reader, username: str) -> UserId:
    return _standing(reader, username).user_id


def _standing(reader: Reader, username: str) -> Standing:
    standing = users.standing_by_name(reader, username)
    if standing is None:
        raise NotFound(f"There is no account {username!r}.")
    return standing
