from typing import Any

import pytest
from msgspec import UNSET

from tests.core import NOON
from tests.sessions import CONFIG, Device, new_user
from uptc_messenger.models.base import UserId
from uptc_messenger.services.websocket.elsewhere import Elsewhere
from uptc_messenger.services.websocket.presence import PresenceBoard
from uptc_messenger.services.websocket.rooms import Directory
from uptc_messenger.toolkit.clock import rfc3339


class Hall:
    """People who come and go, and a board that shows it."""

    def __init__(self) -> None:
        self.directory = Directory()
        self.graces: list[UserId] = []
        self.board = PresenceBoard(
            self.directory, self.graces.append, lambda: NOON, Elsewhere(CONFIG)
        )

    def come(self, user: UserId) -> Device:
        device = Device(user)
        self.directory.settle(self.directory.arrive(device.subscriber), {})
        self.board.arrived(device.subscriber)
        return device

    def go(self, device: Device) -> None:
        self.directory.depart(device.subscriber)
        self.board.departed(device.subscriber)


def seen(device: Device) -> list[tuple[str, Any]]:
    return [(u["state"], u.get("text")) for told in device.heard() for u in told["users"]]


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_only_who_watches_is_told_and_only_of_changes(hall: Hall):
    luis = new_user()
    ana, eva = hall.come(new_user()), hall.come(new_user())
    hall.board.watch(ana.subscriber, [luis])
    phone = hall.come(luis)
    hall.come(luis)
    assert seen(ana) == [("online", None)]
    assert seen(eva) == []
    hall.board.declare(phone.subscriber, "idle", None)
    assert seen(ana) == [], "the other device is still active"


def test_who_is_apart_is_not_told(hall: Hall):
    luis, ana = new_user(), hall.come(new_user())
    hall.board.watch(ana.subscriber, [luis])
    hall.directory.part(luis, ana.subscriber.user_id, on=True)
    hall.come(luis)
    assert seen(ana) == []


def test_a_person_is_away_only_after_a_grace(hall: Hall):
    luis, ana = new_user(), hall.come(new_user())
    hall.board.watch(ana.subscriber, [luis])
    phone = hall.come(luis)
    hall.go(phone)
    assert hall.graces == [luis]
    back = hall.come(luis)
    hall.board.lapse(luis, openly=True)
    assert seen(ana) == [("online", None)], "a phone in a lift does not blink"
    hall.go(back)
    hall.board.lapse(luis, openly=True)
    (told,) = ana.heard()
    assert told["users"] == [{"user_id": luis, "state": "offline", "last_seen": rfc3339(NOON)}]


def test_the_most_present_device_decides_and_a_text_goes_with_it(hall: Hall):
    luis, ana = new_user(), hall.come(new_user())
    hall.board.watch(ana.subscriber, [luis])
    one, other = hall.come(luis), hall.come(luis)
    hall.board.declare(one.subscriber, "dnd", "En clase")
    hall.board.declare(other.subscriber, "offline", None)
    assert seen(ana)[-1] == ("dnd", "En clase")
    hall.board.declare(one.subscriber, "dnd", "")
    assert seen(ana) == [("dnd", None)]


def test_who_keeps_it_to_themselves_leaves_without_a_time(hall: Hall):
    luis, ana = new_user(), hall.come(new_user())
    hall.board.watch(ana.subscriber, [luis])
    hall.go(hall.come(luis))
    hall.board.lapse(luis, openly=False)
    assert ana.heard()[-1]["users"] == [{"user_id": luis, "state": "offline"}]
    hall.go(hall.come(luis))
    hall.board.lapse(luis, openly=True)
    assert ana.heard()[-1]["users"][0]["last_seen"] == rfc3339(NOON)


def test_who_asks_is_told_how_it_is_now(hall: Hall):
    here, gone, never = new_user(), new_user(), new_user()
    hall.come(here)
    states = hall.board.states([here, gone, never], {gone: 5})
    assert [(s.state, s.last_seen) for s in states[1:]] == [
        ("offline", rfc3339(5)),
        ("offline", UNSET),
    ]
    assert states[0].state == "online"


def test_who_stops_watching_hears_no_more_and_nothing_is_kept(hall: Hall):
    luis, ana = new_user(), hall.come(new_user())
    hall.board.watch(ana.subscriber, [luis])
    phone = hall.come(luis)
    hall.board.watch(ana.subscriber, [])
    hall.go(phone)
    hall.board.lapse(luis, openly=True)
    assert seen(ana) == [("online", None)]
    assert luis not in hall.board._shown
    assert hall.board._watchers == {}
