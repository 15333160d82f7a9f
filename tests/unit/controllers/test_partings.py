import pytest

from tests.core import World
from uptc_messenger.controllers.partings import Partings
from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.models.users import ProfileChange
from uptc_messenger.services import users


class Board:
    """Notes who is shown as away, and how."""

    def __init__(self) -> None:
        self.lapsed: dict[UserId, bool] = {}

    def lapse(self, user_id: UserId, *, openly: bool) -> None:
        self.lapsed[user_id] = openly


async def test_what_people_want_is_asked_when_they_are_gone(world: World):
    ana, luis = await world.users("ana", "luis")
    board = Board()
    partings = Partings(world.database, board)
    for who in (ana, luis, luis):
        partings.note(who)
    wish = ProfileChange(hides_last_seen=True)
    await world.database.write(lambda tx: users.change(tx, luis, wish))
    assert partings.due
    await partings.flush()
    assert not partings.due
    assert not partings.busy
    assert board.lapsed == {ana: True, luis: False}


@pytest.mark.parametrize("failure", [Unavailable(), RuntimeError("of the database")])
async def test_without_an_answer_nobodys_time_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception
):
    async def away(_read: object) -> None:
        raise failure

    ana = await world.user("ana")
    board = Board()
    partings = Partings(world.database, board)
    partings.note(ana)
    monkeypatch.setattr(world.database, "read", away)
    await partings.flush()
    assert board.lapsed == {ana: False}
