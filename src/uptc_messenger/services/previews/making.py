"""From a link to what is shown of it: the page, its words, and its image kept here."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from uptc_messenger.models.base import FileId
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.files.hosting import Hosting
from uptc_messenger.services.messages.previews import Kept
from uptc_messenger.services.previews import pages
from uptc_messenger.services.previews.cache import Cache
from uptc_messenger.services.previews.fetching import Fetched, Fetcher
from uptc_messenger.services.previews.pages import Page
from uptc_messenger.services.previews.targets import Refused

_log = structlog.get_logger(__name__)
_SLASHES: Final = "/"


class Maker:
    """Makes previews, each link's once in a while."""

    def __init__(self, fetcher: Fetcher, hosting: Hosting, cache: Cache) -> None:
        self.here: Callable[[], str] = str
        """The address of this server: links into it show nothing but to who may see it."""

        self._fetcher = fetcher
        self._hosting = hosting
        self._cache = cache
        self.failed = 0

    async def make(self, url: str) -> Kept | None:
        """What is behind a link; None where there is nothing to show."""
        if self._is_here(url):
            return None
        known = self._cache.get(url)
        if known is not None and await self._still_there(known[0]):
            return known[0]
        found = await self._find(url)
        self._cache.put(url, found)
        return found

    def _is_here(self, url: str) -> bool:
        here = self.here().rstrip(_SLASHES).lower()
        return bool(here) and f"{url.lower()}/".startswith((f"{here}/", f"{here}?", f"{here}#"))

    async def _still_there(self, kept: Kept | None) -> bool:
        image = None if kept is None else kept.file_id
        return image is None or await self._hosting.is_there(image)

    async def _find(self, url: str) -> Kept | None:
        try:
            fetched = await self._fetcher.fetch(url, "page")
        except Refused as refused:
            self.failed += 1
            _log.info("a link has no preview", reason=str(refused))
            return None
        page = await asyncio.to_thread(pages.read, fetched.body, fetched.type)
        if page is None:
            return None
        return Kept(
            url=url,
            title=page.title,
            site=page.site,
            description=page.description,
            file_id=await self._image(fetched, page),
        )

    async def _image(self, fetched: Fetched, page: Page) -> FileId | None:
        if not page.image:
            return None
        try:
            found = await self._fetcher.fetch(fetched.target.join(page.image), "image")
            return await self._hosting.keep(found.body, page.alt)
        except (Refused, Problem) as reason:
            _log.info("a preview has no image", reason=str(reason))
            return None
