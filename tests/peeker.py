"""Previews of a world: a site, a store, and what looks behind the links of messages."""

from pathlib import Path
from typing import Any

import pytest

from tests import media
from tests.core import World
from tests.library import Library
from tests.sites import Names, Site, around, config, ok, outside
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.messages import Changed, Message
from uptc_messenger.models.previews import LinkPreview
from uptc_messenger.services.auth import Limiter
from uptc_messenger.services.messages import previewing
from uptc_messenger.services.previews.cache import Cache
from uptc_messenger.services.previews.fetching import Fetcher
from uptc_messenger.services.previews.making import Maker
from uptc_messenger.services.previews.previewer import Previewer

__all__ = ["Peeker", "outside", "peeker"]


class Peeker:
    """What `open_previews` puts together, with a network of the test's."""

    def __init__(self, world: World, folder: Path, site: Site, **limits: Any) -> None:
        self.world = world
        self.site = site
        self.library = Library(world, folder)
        wanted = config(site.port, **limits)
        self.cache = Cache(world.clock, 1_000_000)
        fetcher = Fetcher(wanted, around(Names()))
        self.maker = Maker(fetcher, self.library.files.hosting, self.cache)
        limiter = Limiter(world.clock)
        self.previewer = Previewer(world.database, self.maker, (limiter, world.clock), wanted)
        site.answers["/foto.jpg"] = ok(media.picture(size=(600, 300)), "image/jpeg")
        self._told = 0

    async def look(self) -> None:
        """Hear of what was committed since, and look behind its links."""
        news = self.world.announced[self._told :]
        self._told += len(news)
        self.previewer.published(news)
        await self.previewer.drain()

    async def say(self, by: UserId, chat: ChatId, text: str) -> MessageId:
        """Send a message, and let it be looked at."""
        said = await self.world.say(by, chat, text)
        await self.look()
        return said

    async def message(self, by: UserId, chat: ChatId, message_id: MessageId) -> Message:
        page = await self.world.page(by, chat)
        return next(m for m in page if m.message_id == message_id)

    async def shown(self, by: UserId, chat: ChatId, message_id: MessageId) -> LinkPreview | None:
        """The preview of a message."""
        found = (await self.message(by, chat, message_id)).preview
        return found if isinstance(found, LinkPreview) else None

    async def remove(self, by: UserId, chat: ChatId, message_id: MessageId) -> Changed:
        return await self.world.as_holder(
            by, chat, lambda tx, member: previewing.remove(tx, member, message_id)
        )


@pytest.fixture
def peeker(world: World, tmp_path: Path, outside: Site) -> Peeker:
    return Peeker(world, tmp_path / "store", outside)
