from typing import Any

from tests.core import NOON, World
from uptc_messenger.services.notifications.repository import devices
from uptc_messenger.toolkit.ids import uuid7


def device(user: str, number: int) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "user_id": user,
        "session_id": uuid7(),
        "endpoint": f"https://push.example.com/{number}",
        "endpoint_hash": bytes([number]) * 32,
        "p256dh": bytes(65),
        "auth": bytes(16),
        "created_at": NOON + number,
    }


async def test_devices_of_people_the_newest_first(world: World):
    ana, luis = await world.users("ana", "luis")
    rows = [device(ana, 1), device(ana, 2), device(luis, 3)]
    assert not await world.database.read(devices.any_at_all)
    for row in rows:
        await world.database.write(lambda tx, row=row: devices.add(tx, row))
    assert await world.database.read(devices.any_at_all)
    mine = await world.database.read(lambda r: devices.of_user(r, ana))
    assert [row.id for row in mine] == [rows[1]["id"], rows[0]["id"]]
    by_user = await world.database.read(lambda r: devices.of_users(r, [ana, luis]))
    assert {user: len(ids) for user, ids in by_user.items()} == {ana: 2, luis: 1}
    same = await world.database.read(
        lambda r: devices.same(r, rows[0]["session_id"], rows[2]["endpoint_hash"])
    )
    assert {row.id for row in same} == {rows[0]["id"], rows[2]["id"]}


async def test_when_it_was_told_last_stays_when_it_fails(world: World):
    row = device(await world.user("ana"), 1)
    await world.database.write(lambda tx: devices.add(tx, row))
    await world.database.write(lambda tx: devices.told(tx, row["id"], NOON, None))
    await world.database.write(lambda tx: devices.told(tx, row["id"], None, "503"))
    found = (await world.database.read(lambda r: devices.by_ids(r, [row["id"]])))[row["id"]]
    assert (found.sent_at, found.problem) == (NOON, "503")
    await world.database.write(lambda tx: devices.remove(tx, [row["id"]]))
    assert await world.database.read(lambda r: devices.by_ids(r, [row["id"]])) == {}
