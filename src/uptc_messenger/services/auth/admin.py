"""What the command line does to accounts, past every limit: whoever has the data has the right."""

from uptc_messenger.database import Database, Reader, Transaction
from uptc_messenger.models.base import ServerRole, UserId
from uptc_messenger.models.errors import CloseCode, NotFound
from uptc_messenger.models.users import User
from uptc_messenger.services import users
from uptc_messenger.services.auth import codes, repository, sessions
from uptc_messenger.services.auth.service import AuthService
from uptc_messenger.services.users import NewUser


class Administration:
    """Operations by username; each raises `NotFound` where there is no such account."""

    def __init__(self, database: Database, auth: AuthService) -> None:
        self._database = database
        self._auth = auth

    async def add_user(self, username: str, role: ServerRole, password: str) -> User:
        """Make an account; `Conflict` where the username is taken."""
        password_hash = await self._auth.new_hash(password, username)

        def add(tx: Transaction) -> User:
            user = users.create(tx, NewUser(username=username, role=role))
            repository.set_password_hash(tx, user.user_id, password_hash)
            return user

        return await self._database.write(add)

    async def set_password(self, username: str, password: str) -> None:
        """Set another password and end every session."""
        password_hash = await self._auth.new_hash(password, username)

        def change(tx: Transaction) -> None:
            user_id = _whose(tx, username)
            repository.set_password_hash(tx, user_id, password_hash)
            sessions.end_all(tx, user_id)

        await self._database.write(change)

    async def set_role(self, username: str, role: ServerRole) -> None:
        """Give a role on the server; every session ends, so that none keeps the old one."""

        def change(tx: Transaction) -> None:
            user_id = _whose(tx, username)
            users.set_role(tx, user_id, role)
            sessions.end_all(tx, user_id)

        await self._database.write(change)

    async def set_disabled(self, username: str, *, disabled: bool) -> None:
        """Close an account to its person, or open it again; closing ends every session."""

        def change(tx: Transaction) -> None:
            user_id = _whose(tx, username)
            users.set_disabled(tx, user_id, disabled=disabled)
            if disabled:
                sessions.end_all(tx, user_id, CloseCode.ACCOUNT_DISABLED)

        await self._database.write(change)

    async def issue_reset_code(self, username: str) -> str:
        """A one-time code with which this person sets a new password."""
        seconds = self._auth.config.reset_code_s
        return await self._database.write(
            lambda tx: codes.issue(tx, "reset", _whose(tx, username), seconds)
        )

    async def issue_owner_code(self) -> str | None:
        """A one-time code that makes the owner; None where there is one already."""
        seconds = self._auth.config.owner_code_s

        def issue(tx: Transaction) -> str | None:
            return None if users.has_owner(tx) else codes.issue(tx, "owner", None, seconds)

        return await self._database.write(issue)


def _whose(reader: Reader, username: str) -> UserId:
    standing = users.standing_by_name(reader, username)
    if standing is None:
        raise NotFound(f"There is no account {username!r}.")
    return standing.user_id
