"""What an operator asks for, carried out: by the server, or by a command where none runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, assert_never

from msgspec import UNSET, UnsetType

from uptc_messenger.controllers import status
from uptc_messenger.database import Database, Transaction
from uptc_messenger.models.admin import (
    Account,
    AddressRefused,
    AddUser,
    AdminAnswer,
    AdminRequest,
    CreateInvite,
    Done,
    EndSessionsOf,
    GetStatus,
    HandedOut,
    IssueResetLink,
    ListInvites,
    ListSessions,
    ListUsers,
    NewInvite,
    RefuseAddress,
    ResetLink,
    RevokeInvite,
    Sessions,
    SetDisabled,
    SetPassword,
    SetRole,
)
from uptc_messenger.services.auth import Administration, AuthService
from uptc_messenger.services.chats import admin as chats
from uptc_messenger.services.notifications import addresses, secrets
from uptc_messenger.services.notifications.addresses import Returned
from uptc_messenger.services.users import admin as users
from uptc_messenger.toolkit.clock import rfc3339, wall_clock


@dataclass(frozen=True, slots=True)
class Operations:
    """Carries requests out on one installation, past every limit: who may reach it has the data."""

    database: Database
    auth: AuthService
    base: Callable[[], str]
    """Where people find this server: links begin with it."""

    running: bool
    """Whether this is the server."""

    sections: dict[str, status.Provider] = field(default_factory=dict[str, status.Provider])
    """What the status tells, in this order; whoever knows more adds a section."""

    async def run(self, request: AdminRequest) -> AdminAnswer:
        """The answer to a request, or a `Problem`."""
        match request:
            case IssueResetLink():
                return await self._reset_link(request)
            case CreateInvite():
                return await self._invite(request)
            case ListUsers():
                return await self.database.scan(lambda reader: users.listed(reader, request))
            case ListInvites():
                now = wall_clock()
                return await self.database.scan(lambda reader: chats.listed(reader, now))
            case RevokeInvite(invite_id=invite_id):
                await self.database.write(lambda tx: chats.revoke(tx, invite_id))
                return Done()
            case RefuseAddress():
                return await self._refuse(request)
            case GetStatus():
                return await status.collect(self.sections, running=self.running)
            case _:
                return await self._about_people(request)

    async def _about_people(
        self, request: AddUser | SetPassword | SetRole | SetDisabled | ListSessions | EndSessionsOf
    ) -> AdminAnswer:
        people, who = Administration(self.database, self.auth), request.username
        match request:
            case AddUser(role=role, password=password, display_name=name):
                return Account(user=await people.add_user(who, role, password, name))
            case SetPassword(password=password):
                return Done(ended=await people.set_password(who, password))
            case SetRole(role=role):
                ended = await people.set_role(who, role)
                return Done(ended=ended, ownerless=await self._ownerless(people))
            case SetDisabled(disabled=disabled):
                ended = await people.set_disabled(who, disabled=disabled)
                return Done(ended=ended, ownerless=await self._ownerless(people))
            case ListSessions():
                return Sessions(username=who, sessions=await people.sessions_of(who))
            case EndSessionsOf(session_id=session_id):
                return Done(ended=await people.end_sessions(who, session_id))
            case _:
                assert_never(request)

    async def _refuse(self, request: RefuseAddress) -> AddressRefused:
        address, reason, letter = request.address, request.reason, None
        if request.letter is not None:
            key = (await secrets.prepare(self.database)).mail
            letter = Returned(message_id=request.letter, key=key)
        people = await self.database.write(
            lambda tx: addresses.refused(tx, address, reason, letter)
        )
        return AddressRefused(people=people)

    async def _ownerless(self, people: Administration) -> Literal[True] | UnsetType:
        return UNSET if await people.has_owner() else True

    async def _reset_link(self, request: IssueResetLink) -> ResetLink:
        base = self.base()
        people = Administration(self.database, self.auth)
        made = await people.issue_reset_code(request.username)
        # The code is in the fragment: browsers keep it from servers, proxies and their logs.
        return ResetLink(
            username=made.username,
            url=f"{base}/reset#{made.code}",
            code=made.code,
            expires_at=rfc3339(made.expires_at),
        )

    async def _invite(self, request: CreateInvite) -> NewInvite:
        base = self.base()
        chat_ids = await self.database.scan(lambda r: chats.find_chats(r, request.chats))

        def create(tx: Transaction) -> tuple[HandedOut, str]:
            return chats.create(tx, request, chat_ids)

        made, code = await self.database.write(create)
        return NewInvite(invite=made, url=f"{base}/join#{code}")
