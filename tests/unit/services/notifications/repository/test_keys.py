from tests.core import World
from uptc_messenger.services.notifications.repository import keys


async def test_the_first_stays(world: World):
    assert await world.database.read(lambda r: keys.find(r, "test")) is None
    assert await world.database.write(lambda tx: keys.keep(tx, "test", "uno")) == "uno"
    assert await world.database.write(lambda tx: keys.keep(tx, "test", "dos")) == "uno"
