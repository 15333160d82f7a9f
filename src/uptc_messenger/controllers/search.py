"""Search over HTTP."""

from typing import Annotated, Final

from litestar import Controller, get
from litestar.params import QueryParameter
from msgspec import Meta, structs

from uptc_messenger.controllers.decoding import Cursor, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireChatId, WireUserId
from uptc_messenger.models.errors import BadRequest
from uptc_messenger.models.search import SearchPage
from uptc_messenger.services.search.parsing import Query, Trait, instant, parse
from uptc_messenger.services.search.searching import Place, Scope, search
from uptc_messenger.toolkit import cursors
from uptc_messenger.toolkit.clock import wall_clock

DEFAULT_HITS: Final = 20
Typed = Annotated[
    str, Meta(max_length=200, description='Words, "phrases", and operators such as from:ana.')
]
Hits = Annotated[int, Meta(ge=1, le=50, description="Most hits of the answer.")]
Instant = (
    Annotated[str, Meta(max_length=40, description="An instant of RFC 3339, or a day in UTC.")]
    | None
)


class SearchController(Controller):
    path = "/search"
    tags = ("search",)

    @get("/", operation_id="search_messages")
    async def search(  # noqa: PLR0913 - one parameter for each of the query's
        self,
        *,
        principal: Principal,
        backend: Backend,
        q: Typed = "",
        chat_id: WireChatId | None = None,
        from_: Annotated[WireUserId | None, QueryParameter(name="from")] = None,
        has: Trait | None = None,
        before: Instant = None,
        after: Instant = None,
        limit: Hits = DEFAULT_HITS,
        cursor: Cursor = None,
    ) -> SearchPage:
        """Messages that I may read now, the best first."""
        backend.limiter.take("search", principal.user_id)
        scope = Scope(user_id=principal.user_id, chat_id=chat_id, sender_id=from_)
        query = _narrowed(parse(q), has, _millis("after", after), _millis("before", before))
        place = position(cursor, Place) or Place(now=wall_clock())

        def run(reader: Reader) -> SearchPage:
            hits, end = search(reader, scope, query, place, limit)
            return SearchPage(hits=hits, next_cursor=None if end is None else cursors.encode(end))

        return await backend.database.scan(run)


def _narrowed(query: Query, has: Trait | None, since: int | None, before: int | None) -> Query:
    """The query as typed, and what was asked for beside it."""
    both_since = [at for at in (query.since, since) if at is not None]
    both_before = [at for at in (query.before, before) if at is not None]
    return structs.replace(
        query,
        has=query.has if has is None else query.has | {has},
        since=max(both_since, default=None),
        before=min(both_before, default=None),
    )


def _millis(name: str, typed: str | None) -> int | None:
    at = None if typed is None else instant(typed)
    if typed is not None and at is None:
        raise BadRequest(f"{name}: an instant such as 2026-03-09T14:05:06Z, or a day.")
    return at
