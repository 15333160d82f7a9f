from pathlib import Path

from tests.core import installed
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.services.chats.finding import find


async def test_chats_by_their_titles_and_direct_ones_by_the_other_person(tmp_path: Path):
    async with installed(f"sqlite:///{tmp_path}/uptc.db") as world:
        ana, luis, eva = await world.users("ana", "luis", "eva")
        group = await world.group(ana, luis)
        direct = await world.group(ana, luis, kind="direct")

        async def called(typed: str, by: UserId = ana) -> set[ChatId]:
            return await world.database.read(lambda reader: find(reader, by, typed))

        assert await called("SISTÉMAS distri") == {group}
        assert await called("lui") == {direct}
        assert await called("sistemas luis") == await called("") == await called("?") == set()
        assert await called("sistemas", eva) == set()
