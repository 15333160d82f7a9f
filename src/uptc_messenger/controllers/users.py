"""People: oneself, another, the directory."""

from typing import Annotated, Final

from litestar import Controller, get, patch
from msgspec import Meta

from uptc_messenger.controllers.decoding import DEFAULT_PAGE, Cursor, Limit, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import UserId, WireUserId
from uptc_messenger.models.users import Profile, ProfileChange, User, UserPage
from uptc_messenger.services import users

_ID: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
Query = Annotated[
    str, Meta(max_length=100, description="Beginnings of words of a name or username.")
]

Ids = Annotated[
    str,
    Meta(
        max_length=3699,
        pattern=rf"^{_ID}(,{_ID}){{0,99}}\Z",
        description="Up to 100 user ids, separated by commas.",
    ),
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

    @get("/named", operation_id="name_users")
    async def name(
        self,
        ids: Ids,
        principal: Principal,  # noqa: ARG002 - whoever is logged in may look people up
        backend: Backend,
    ) -> UserPage:
        """What others may see of several people at once."""
        wanted = [UserId(each) for each in dict.fromkeys(ids.split(","))]
        return await backend.database.read(lambda reader: users.named(reader, wanted))

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
