"""What the store has against what the rows name: files that lack something, objects of none.

The store is listed first. What a row that was read later does not name is nobody's, once it is
old enough not to be on its way in from somebody who was slow.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from uptc_messenger.database import Reader
from uptc_messenger.models.base import FileId, Millis, Record
from uptc_messenger.services.files import contents
from uptc_messenger.services.files.contents import NAME, Named
from uptc_messenger.services.files.store import Listed, Lost, Store

YOUNG_MS: Final = 24 * 3_600_000
"""An object that nothing names is left alone for so long after it was stored."""

_PARTIAL: Final = ".partial"


class Compared(Record, frozen=True):
    """`lacking` are rows' objects that are not in the store as a whole, `left` those of no row."""

    objects: int
    lacking: list[Named]
    left: list[Listed]

    @property
    def is_foreign(self) -> bool:
        """Whether rows and store have nothing in common: perhaps they are of two installations."""
        return bool(self.left) and self.objects == len(self.lacking)


async def listed(store: Store) -> dict[str, Listed]:
    """What is in a store of ours; other names are somebody else's and are left alone."""
    return {
        one.name: one
        async for one in store.listed()
        if NAME.fullmatch(one.name.removesuffix(_PARTIAL))
    }


def compare(there: Mapping[str, Listed], now: Millis) -> Callable[[Reader], Compared]:
    """A look at the rows, after the store was listed."""

    def look(reader: Reader) -> Compared:
        named = {one.name: one for one in contents.every_object(reader)}
        old = (one for one in there.values() if one.at <= now - YOUNG_MS)
        return Compared(
            objects=len(named),
            lacking=[one for one in named.values() if not _is_whole(one, there.get(one.name))],
            left=[one for one in old if one.name not in named],
        )

    return look


async def lost(store: Store, lacking: Iterable[Named]) -> list[Named]:
    """Those of the objects that are still not there: some may have come since the listing."""
    return [one for one in lacking if not await _is_there(store, one)]


def still(lacking: Collection[Named]) -> Callable[[Reader], list[FileId]]:
    """The files of which this is still an object: others have let go of it, or are gone."""

    def look(reader: Reader) -> list[FileId]:
        return sorted(
            {one.file_id for one in lacking if one.name in contents.objects_of(reader, one.file_id)}
        )

    return look


def _is_whole(wanted: Named, there: Listed | None) -> bool:
    return there is not None and there.size == wanted.size


async def _is_there(store: Store, wanted: Named) -> bool:
    try:
        async for _ in store.read(wanted.name, max(wanted.size - 1, 0), wanted.size):
            pass
    except Lost:
        return False
    return True
