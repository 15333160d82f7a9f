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


async def test_what_one_saves_is_found_by_its_name_in_both_languages(tmp_path: Path):
    async with installed(f"sqlite:///{tmp_path}/uptc.db") as world:
        ana, luis = await world.users("ana", "luis")
        saved = await world.group(ana, kind="saved")
        for typed in ("guard", "mensajes", "Saved mess"):
            found = await world.database.read(lambda r, typed=typed: find(r, ana, typed))
            assert found == {saved}
        assert await world.database.read(lambda r: find(r, luis, "guardados")) == set()
