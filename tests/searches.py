"""Searching in a world: what its index finds."""

from collections.abc import Sequence
from typing import Any

from tests.core import World
from uptc_messenger.models.base import UserId
from uptc_messenger.models.search import Hit
from uptc_messenger.services.search.indexing import Indexer
from uptc_messenger.services.search.parsing import parse
from uptc_messenger.services.search.searching import Place, Scope, search


async def found(world: World, user: UserId, typed: str, **where: Any) -> list[Hit]:
    """The first hits of a search over what is indexed."""
    place = Place(now=world.clock())
    hits, _ = await world.database.scan(
        lambda reader: search(reader, Scope(user_id=user, **where), parse(typed), place, 50)
    )
    return hits


def texts(hits: Sequence[Hit]) -> list[str]:
    """What the hits say, in their order."""
    return [hit.message.body.text for hit in hits if hit.message.body]


def indexer_of(world: World) -> Indexer:
    """One that has not looked at anything yet."""
    return Indexer(world.database, world.clock)
