from typing import Any

from tests.core import World
from uptc_messenger.services.messages.repository import pinning


async def test_pins_are_kept_counted_and_paged(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    write, read = world.database.write, world.database.read
    for seq, pin_seq in ((1, 9), (2, 7), (3, 8)):
        row: dict[str, Any] = {
            "chat_id": chat,
            "seq": seq,
            "pin_seq": pin_seq,
            "pinned_by": ana,
            "pinned_at": 1,
        }
        await write(lambda tx, row=row: pinning.pin(tx, row))
    assert await read(lambda r: pinning.count(r, chat)) == 3
    assert await read(lambda r: pinning.is_pinned(r, chat, 2))
    pages = [(0, 10, 5), (0, 9, 1), (1, 10, 5)]
    found = [
        [row.seq for row in await read(lambda r, p=page: pinning.page(r, chat, *p))]
        for page in pages
    ]
    assert found == [[1, 3, 2], [3], [3, 2]]
    await write(lambda tx: pinning.unpin(tx, chat, 2))
    assert not await read(lambda r: pinning.is_pinned(r, chat, 2))
