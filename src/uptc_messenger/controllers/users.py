"""People: oneself, another, the directory."""

from typing import Annotated

from litestar import Controller, get, patch
from msgspec import Meta

from uptc_messenger.controllers.decoding import DEFAULT_PAGE, Cursor, Limit, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireUserId
from uptc_messenger.models.users import Profile, ProfileChange, User, UserPage
from uptc_messenger.services import users

Query = Annotated[
    str, Meta(max_length=100, description="Beginnings of words of a name or username.")
]


class UsersController(Controller):
    path = "/users"
    tags = ("users",)

    @get("/me", operation_id="get_me")
    async def get_me(self, principal: Principal, backend: Backend) -> User:
        """My own account."""
        return await backend.database.read(lambda reader: users.me(reader, principal.user_id))

    @patch("/me", operation_id="change_me")
    async def change_me(self, data: ProfileChange, principal: Principal, backend: Backend) -> User:
        """Change my own profile."""
        return await backend.database.write(lambda tx: users.change(tx, principal.user_id, data))

    @get("/{user_id:str}", operation_id="get_user")
    async def get_user(
        self,
        user_id: WireUserId,
        principal: Principal,  # noqa: ARG002 - whoever is logged in may look people up
        backend: Backend,
    ) -> Profile:
        """What others may see of a person."""
        return await backend.database.read(lambda reader: users.profile(reader, user_id))

    @get("/", operation_id="find_users")
    async def find(
        self,
        principal: Principal,
        backend: Backend,
        q: Query = "",
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> UserPage:
        """Search the directory, blind to case and accents."""
        backend.limiter.take("search", principal.user_id)
        after = position(cursor, str) or ""
        return await backend.database.scan(lambda reader: users.find(reader, q, after, limit))
