"""How I am told of what I miss, over HTTP: wishes, devices, address, and whether it works."""

from litestar import Controller, delete, get, post, put
from litestar.status_codes import HTTP_200_OK

from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireSessionId
from uptc_messenger.models.errors import Forbidden, Unavailable
from uptc_messenger.models.notifications import (
    MailAddress,
    NotificationHealth,
    NotificationSettings,
    PushDevice,
    PushDevices,
    PushKey,
    PushSubscription,
    Trial,
    Tried,
    Wishes,
)
from uptc_messenger.services.notifications import addresses, checking, devices, preferences
from uptc_messenger.toolkit.clock import wall_clock


class NotificationsController(Controller):
    path = "/notifications"
    tags = ("notifications",)

    @get("/settings", operation_id="get_notification_settings")
    async def get_settings(self, principal: Principal, backend: Backend) -> NotificationSettings:
        """How I want to be told."""
        return await backend.database.read(lambda reader: preferences.of(reader, principal.user_id))

    @put("/settings", operation_id="set_notification_settings")
    async def set_settings(
        self, data: Wishes, principal: Principal, backend: Backend
    ) -> NotificationSettings:
        """Set how I want to be told, on all my devices."""
        return await backend.database.write(lambda tx: preferences.put(tx, principal.user_id, data))

    @get("/push", operation_id="get_push_key")
    async def push_key(self, principal: Principal, backend: Backend) -> PushKey:
        """What a browser subscribes with, and whether this session gets push messages."""
        found = await backend.database.read(lambda reader: devices.find(reader, principal))
        about = backend.notifications
        return PushKey(push=about.config.push, key=about.vapid.public_key, device=found)

    @put("/push", operation_id="subscribe_push")
    async def subscribe(
        self, data: PushSubscription, principal: Principal, backend: Backend
    ) -> PushDevice:
        """From now on push messages go to this session's browser."""
        config = backend.notifications.config
        if config.push == "off":
            raise Forbidden("This server sends no push messages.")

        def run(tx: Transaction) -> PushDevice:
            return devices.put(tx, principal, data, loopback=config.loopback)

        return await backend.database.write(run)

    @delete("/push", operation_id="unsubscribe_push")
    async def unsubscribe(self, principal: Principal, backend: Backend) -> None:
        """No more push messages to this session."""
        await backend.database.write(
            lambda tx: devices.remove_silently(tx, principal.user_id, principal.session_id)
        )

    @get("/devices", operation_id="list_push_devices")
    async def list_devices(self, principal: Principal, backend: Backend) -> PushDevices:
        """My devices that get push messages."""
        return await backend.database.read(lambda reader: devices.page(reader, principal))

    @delete("/devices/{session_id:str}", operation_id="remove_push_device")
    async def remove_device(
        self, session_id: WireSessionId, principal: Principal, backend: Backend
    ) -> None:
        """No more push messages to one of my devices."""
        await backend.database.write(lambda tx: devices.remove(tx, principal.user_id, session_id))

    @put("/address", operation_id="set_mail_address")
    async def set_address(
        self, data: MailAddress, principal: Principal, backend: Backend
    ) -> NotificationSettings:
        """Where letters go; a letter asks whoever reads that address whether they want it."""
        postman = backend.notifications.postman
        if data.address is not None:
            if not postman.mailer.on:
                raise Forbidden("This server sends no mail.")
            backend.limiter.take("mail_address", principal.user_id)
        settings = await backend.database.write(
            lambda tx: addresses.put(tx, principal.user_id, data.address)
        )
        if settings.address_state == "unconfirmed":
            outcome = await postman.ask(principal.user_id, settings)
            if outcome.verdict != "sent":
                raise Unavailable("The letter with the link could not be sent; try again later.")
        return settings

    @get("/health", operation_id="get_notification_health")
    async def health(self, principal: Principal, backend: Backend) -> NotificationHealth:
        """Each hop on the way to me: the first that is not well is the one to mend."""
        about, now = backend.notifications, wall_clock()
        return await backend.database.read(
            lambda reader: checking.health(reader, about, principal, now)
        )

    @post("/test", operation_id="test_notifications", status_code=HTTP_200_OK)
    async def test(self, data: Trial, principal: Principal, backend: Backend) -> Tried:
        """Send me a test now, and say where it stopped."""
        backend.limiter.take("notification_test", principal.user_id)
        return await checking.attempt(
            backend.database, backend.notifications, principal, data.channel
        )
