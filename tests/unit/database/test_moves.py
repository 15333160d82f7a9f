import pytest
import sqlalchemy as sa

from tests.core import World, installed
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.database.moves import MOVED_TO, PROMOTION_OF
from uptc_messenger.database.schema import installation


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [(MOVED_TO, "was moved to elsewhere: name that one"), (PROMOTION_OF, "has not arrived")],
)
async def test_what_is_not_lived_in_is_not_opened(world: World, mark: str, sentence: str):
    row = sa.insert(installation).values(name=mark, value="elsewhere")
    await world.database.write(lambda tx: tx.run(row))
    with pytest.raises(SchemaError, match=sentence):
        async with installed(world.url):
            pass
