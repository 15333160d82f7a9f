"""Invitations over HTTP: make, list, revoke, look at, accept."""

from typing import Any

from litestar import Controller, Request, delete, get, post
from litestar.status_codes import HTTP_200_OK
from msgspec import structs

from uptc_messenger.controllers import attempts
from uptc_messenger.controllers.attempts import OWN_LIMIT
from uptc_messenger.controllers.decoding import DEFAULT_PAGE, Cursor, Limit, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import Record, WireInviteId
from uptc_messenger.models.chats import (
    Accepted,
    Invite,
    InviteCreation,
    InvitePage,
    InvitePreview,
    InviteSecret,
)
from uptc_messenger.services.chats import invites, presenting
from uptc_messenger.services.messages.catchup import last_messages
from uptc_messenger.toolkit import cursors
from uptc_messenger.toolkit.clock import wall_clock

AnyRequest = Request[Any, Any, Any]


class _Before(Record, frozen=True):
    """Where a page of invitations ended."""

    invite_id: WireInviteId


class InvitesController(Controller):
    path = "/invites"
    tags = ("invites",)

    @post("/", operation_id="create_invite")
    async def create(self, data: InviteCreation, principal: Principal, backend: Backend) -> Invite:
        """Make an invitation; its secret is in this answer and nowhere else."""
        backend.limiter.take("invite_create", principal.user_id)

        def run(tx: Transaction) -> Invite:
            return invites.create(tx, principal, data)

        made = await backend.database.write(run)
        # In the fragment: browsers keep it from servers, proxies and their logs.
        return structs.replace(made, url=f"{backend.web.where()}/join#{made.invite}")

    @get("/", operation_id="list_invites")
    async def list_invites(
        self,
        principal: Principal,
        backend: Backend,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> InvitePage:
        """Invitations that can be used, of mine and into what I administrate; newest first."""
        ended = position(cursor, _Before)
        before = invites.FIRST if ended is None else ended.invite_id

        def page(reader: Reader) -> InvitePage:
            found, end = invites.page(reader, principal, before, wall_clock(), limit)
            following = None if end is None else cursors.encode(_Before(invite_id=end))
            return InvitePage(invites=found, next_cursor=following)

        return await backend.database.read(page)

    @delete("/{invite_id:str}", operation_id="revoke_invite")
    async def revoke(self, invite_id: WireInviteId, principal: Principal, backend: Backend) -> None:
        """End an invitation."""

        def run(tx: Transaction) -> None:
            invites.revoke(tx, principal, invite_id)

        await backend.database.write(run)

    @post("/preview", operation_id="preview_invite", status_code=HTTP_200_OK, opt=OWN_LIMIT)
    async def preview(
        self, data: InviteSecret, request: AnyRequest, backend: Backend
    ) -> InvitePreview:
        """What an invitation offers; no account is needed."""
        with attempts.guess(backend, request, "invite_guess"):
            return await backend.database.read(
                lambda reader: invites.preview(reader, data.invite, wall_clock())
            )

    @post("/accept", operation_id="accept_invite", status_code=HTTP_200_OK)
    async def accept(
        self, data: InviteSecret, principal: Principal, request: AnyRequest, backend: Backend
    ) -> Accepted:
        """Come into the chats of an invitation."""

        def run(tx: Transaction) -> Accepted:
            ids = invites.accept(tx, data.invite, principal.user_id)
            chats = presenting.present(tx, principal.user_id, ids, last_messages)
            return Accepted(chats=chats)

        with attempts.guess(backend, request, "invite_guess"):
            return await backend.database.write(run)
