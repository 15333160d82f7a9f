from tests.sessions import new_user
from uptc_messenger.models.base import UserId
from uptc_messenger.services.websocket.announcer import Announcer


def test_the_first_change_is_said_at_once_and_what_follows_together():
    said: list[UserId] = []
    announcer = Announcer(10.0, said.append)
    ana, luis = new_user(), new_user()
    announcer.changed(ana, 0.0)
    for second in range(1, 6):
        announcer.changed(ana, float(second))
        announcer.turn(float(second))
    announcer.changed(luis, 5.0)
    assert said == [ana, luis]
    announcer.turn(10.0)
    assert said == [ana, luis, ana]
    announcer.turn(30.0)
    assert said == [ana, luis, ana], "once for all that followed"
    announcer.changed(ana, 30.0)
    assert len(said) == 4


def test_what_will_be_asked_for_need_not_be_said():
    said: list[UserId] = []
    announcer = Announcer(10.0, said.append)
    ana = new_user()
    announcer.changed(ana, 0.0)
    announcer.changed(ana, 1.0)
    assert len(announcer) == 1
    announcer.clear()
    announcer.turn(10.0)
    assert said == [ana]
