"""People with browsers and addresses, and the worker that tells them: for tests."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.browsers import WISHES, Browser
from tests.core import World
from tests.fakes import auth_config
from tests.post_office import PostOffice
from tests.push_service import PushService, push_service
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import UserId
from uptc_messenger.models.notifications import NotificationSettings, Wishes
from uptc_messenger.services import users
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.notifications import addresses, devices, preferences
from uptc_messenger.services.notifications.config import MailConfig, NotifyConfig
from uptc_messenger.services.notifications.delivering import Deliverer
from uptc_messenger.services.notifications.reading import NewsReader
from uptc_messenger.services.notifications.service import Notifications, open_notifications

BASE = "https://chat.example.edu"


@dataclass(frozen=True)
class Device:
    """A session with a browser."""

    who: Principal
    browser: Browser


class Newsroom:
    """A world whose people are told of things; its clock is moved by hand."""

    def __init__(
        self, world: World, made: Notifications, service: PushService, office: PostOffice
    ) -> None:
        self.world, self.made, self.service, self.office = world, made, service, office
        self._heard = 0

    @property
    def reader(self) -> NewsReader:
        return self.made.reader

    @property
    def deliverer(self) -> Deliverer:
        return self.made.deliverer

    async def log_in(self, user_id: UserId) -> Principal:
        opened = await self.world.database.write(
            lambda tx: sessions.open_session(tx, users.me(tx, user_id), "Firefox", auth_config())
        )
        return Principal(user_id=user_id, session_id=opened.session.session_id, role="member")

    async def device(self, user_id: UserId) -> Device:
        who, browser = await self.log_in(user_id), self.service.browser()
        await self.world.database.write(
            lambda tx: devices.put(tx, who, browser.wanted, loopback=True)
        )
        return Device(who, browser)

    async def wish(self, user_id: UserId, **changed: Any) -> NotificationSettings:
        wanted = Wishes(**WISHES | changed)
        return await self.world.database.write(lambda tx: preferences.put(tx, user_id, wanted))

    async def subscribe(self, user_id: UserId, address: str, mail: str = "missed") -> None:
        """This person wants mail, and has confirmed the address."""
        await self.wish(user_id, mail=mail)
        await self.world.database.write(lambda tx: addresses.put(tx, user_id, address))
        await self.world.database.write(lambda tx: preferences.set_state(tx, user_id, "confirmed"))

    async def settle(self, later_s: float = 0) -> int:
        """Read what was committed, let time pass, and tell what is due then; how many jobs."""
        fresh = self.world.announced[self._heard :]
        self._heard = len(self.world.announced)
        self.reader.published(fresh)
        await self.reader.catch_up()
        self.world.clock.now += round(later_s * 1000)
        told = 0
        while count := await self.deliverer.pump():
            told += count
        return told


@asynccontextmanager
async def newsroom(world: World, **changed: Any) -> AsyncGenerator[Newsroom, None]:
    """A worker over this world, with a push service and a mail server of its own."""
    office = PostOffice()
    await office.open()
    async with push_service() as service:
        mail = MailConfig(
            host="127.0.0.1", port=office.port, security="none", sender="chat@example.edu"
        )
        wanted: dict[str, Any] = {"loopback": True, **changed}
        config = NotifyConfig(**wanted)
        made = await open_notifications(world.database, world.clock, config, mail, BASE)
        made.postman.base = lambda: BASE
        made.postman.steady = made.deliverer.teller.steady = world.clock
        room = Newsroom(world, made, service, office)
        await room.settle()
        try:
            yield room
        finally:
            if service.held is not None:
                service.held.set()
            await made.close()
            await office.close()
