"""Blocking people over HTTP."""

from litestar import Controller, delete, get, put

from uptc_messenger.controllers.decoding import DEFAULT_PAGE, Cursor, Limit, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import Record, UserId, WireUserId
from uptc_messenger.models.users import Block, BlockPage
from uptc_messenger.services.chats import blocking
from uptc_messenger.services.users import blocks
from uptc_messenger.toolkit import cursors


class _After(Record, frozen=True):
    """Where a page ended."""

    user_id: WireUserId


class BlocksController(Controller):
    path = "/users/me/blocks"
    tags = ("users",)

    @get("/", operation_id="list_blocks")
    async def list_blocks(
        self,
        principal: Principal,
        backend: Backend,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> BlockPage:
        """Whom I have blocked."""
        after = position(cursor, _After)

        def page(reader: Reader) -> BlockPage:
            start = None if after is None else after.user_id
            found, end = blocks.page(reader, principal.user_id, start, limit)
            return BlockPage(blocks=found, next_cursor=_cursor(end))

        return await backend.database.read(page)

    @put("/{user_id:str}", operation_id="block_user")
    async def block(self, user_id: WireUserId, principal: Principal, backend: Backend) -> Block:
        """Block a person; they are not told."""
        return await backend.database.write(
            lambda tx: blocking.block(tx, principal.user_id, user_id)
        )

    @delete("/{user_id:str}", operation_id="unblock_user")
    async def unblock(self, user_id: WireUserId, principal: Principal, backend: Backend) -> None:
        """Take a block back."""
        await backend.database.write(lambda tx: blocking.unblock(tx, principal.user_id, user_id))


def _cursor(end: UserId | None) -> str | None:
    return None if end is None else cursors.encode(_After(user_id=end))
