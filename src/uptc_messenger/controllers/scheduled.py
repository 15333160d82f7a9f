"""Messages that wait for their time, over HTTP."""

from litestar import Controller, Response, delete, get, post, put
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.locks import Needs
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireChatId, WireMessageId
from uptc_messenger.models.messages import Sent
from uptc_messenger.models.scheduled import Scheduled, ScheduledPage, ScheduledPut
from uptc_messenger.services.chats import scheduled
from uptc_messenger.services.chats.access import hold, require_member
from uptc_messenger.services.chats.scheduled import Put
from uptc_messenger.services.messages import scheduling


class ScheduledController(Controller):
    path = "/"
    tags = ("messages",)

    @get("/scheduled", operation_id="list_scheduled")
    async def every(self, principal: Principal, backend: Backend) -> ScheduledPage:
        """What waits of me, in all chats, also in those that I am not in any more."""
        found = await backend.database.read(
            lambda reader: scheduled.listed(reader, principal.user_id)
        )
        return ScheduledPage(scheduled=found, next_cursor=None)

    @get("/chats/{chat_id:str}/scheduled", operation_id="list_scheduled_of_chat")
    async def of_chat(
        self, chat_id: WireChatId, principal: Principal, backend: Backend
    ) -> ScheduledPage:
        """What waits of me in a chat."""

        def read(reader: Reader) -> list[Scheduled]:
            member = require_member(reader, principal.user_id, chat_id)
            return scheduled.listed(reader, member.user_id, member.chat_id)

        return ScheduledPage(scheduled=await backend.database.read(read), next_cursor=None)

    @put(
        "/chats/{chat_id:str}/scheduled/{message_id:str}",
        operation_id="schedule_message",
        status_code=HTTP_201_CREATED,
        opt={"also": (HTTP_200_OK,)},
    )
    async def schedule(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        data: ScheduledPut,
        principal: Principal,
        backend: Backend,
    ) -> Response[Scheduled]:
        """Let a message wait for its time, or change one that waits."""
        backend.limiter.take("send", principal.user_id)

        def run(tx: Transaction) -> Put:
            member = hold(tx, principal.user_id, chat_id)
            return scheduling.put(tx, member, message_id, data)

        needs = Needs(chat_id=chat_id, user_id=principal.user_id)
        made = await backend.database.write(run, needs)
        status = HTTP_201_CREATED if made.new else HTTP_200_OK
        return Response(made.scheduled, status_code=status)

    @delete(
        "/chats/{chat_id:str}/scheduled/{message_id:str}",
        operation_id="cancel_scheduled",
        status_code=HTTP_204_NO_CONTENT,
    )
    async def cancel(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        principal: Principal,
        backend: Backend,
    ) -> None:
        """Never send it."""

        def run(tx: Transaction) -> None:
            scheduling.cancel(tx, principal.user_id, chat_id, message_id)

        await backend.database.write(run, Needs(chat_id=chat_id, user_id=principal.user_id))

    @post(
        "/chats/{chat_id:str}/scheduled/{message_id:str}/send",
        operation_id="send_scheduled",
        status_code=HTTP_200_OK,
    )
    async def send(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        principal: Principal,
        backend: Backend,
    ) -> Sent:
        """Send it now."""
        backend.limiter.take("send", principal.user_id)

        def run(tx: Transaction) -> Sent:
            return scheduling.send_now(tx, principal.user_id, chat_id, message_id)

        needs = Needs(chat_id=chat_id, user_id=principal.user_id)
        return await backend.database.write(run, needs)
