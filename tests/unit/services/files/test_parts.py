import pytest

from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import Overloaded
from uptc_messenger.services.files.parts import EACH, Slots


def test_there_are_so_many_and_of_each_person_fewer():
    slots = Slots(limit=EACH + 1)
    ana, ben, eve = UserId("ana"), UserId("ben"), UserId("eve")
    held = [slots.take(ana) for _ in range(EACH)]
    for one in held:
        one.__enter__()
    with pytest.raises(Overloaded), slots.take(ana):
        pass
    with slots.take(ben), pytest.raises(Overloaded), slots.take(eve):
        pass
    assert (slots.taken, slots.refused) == (EACH, 2)
    for one in held:
        one.__exit__(None, None, None)
    assert slots.taken == 0
    with slots.take(ana):
        assert slots.taken == 1
