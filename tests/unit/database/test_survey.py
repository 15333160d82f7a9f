from tests.core import World
from uptc_messenger.database.copying import Sheet, sheets
from uptc_messenger.database.digests import digest_of
from uptc_messenger.database.survey import Sink, Totals, survey


class Kept(Sink):
    def __init__(self) -> None:
        self.lines: dict[str, list[bytes]] = {}

    def begin(self, sheet: Sheet) -> None:
        self._now = self.lines.setdefault(sheet.name, [])

    def add(self, line: bytes) -> None:
        self._now.append(line)


async def surveyed(world: World, sink: Sink) -> Totals:
    return await world.database.scan(lambda reader: survey(reader, sheets(), sink))


async def test_it_tells_every_line_and_sums_every_table_and_chat(world: World):
    ana, ben = await world.users("ana", "ben")
    chats = [await world.group(ana, ben), await world.group(ben)]
    for chat_id in chats:
        message_id = await world.say(ben, chat_id, "hola")
        await world.react(ben, (chat_id, message_id), "👍")
    kept = Kept()
    totals = await surveyed(world, kept)
    assert {name: table.rows for name, table in totals.tables.items()} == {
        name: len(lines) for name, lines in kept.lines.items()
    }
    assert totals.tables["messages"].rows == 2
    for chat_id in chats:
        alone = await world.database.read(lambda reader, c=chat_id: digest_of(reader, c))
        assert totals.chats[chat_id] == alone


async def test_equal_databases_have_equal_sums_and_others_do_not(world: World):
    ana = await world.user("ana")
    before = await surveyed(world, Sink())
    assert await surveyed(world, Sink()) == before
    await world.group(ana)
    after = await surveyed(world, Sink())
    assert after.tables["users"] == before.tables["users"] or after.tables["users"].rows == 1
    assert after.tables["chats"] != before.tables["chats"]
