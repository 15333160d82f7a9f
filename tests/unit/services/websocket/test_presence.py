import pytest

from tests.delivery import Ear
from uptc_messenger.models.base import UserId
from uptc_messenger.services.websocket.presence import PresenceBoard
from uptc_messenger.services.websocket.rooms import Directory

ANA, BEN = UserId("ana"), UserId("ben")


class Hall:
    """A board with its people."""

    def __init__(self) -> None:
        self.directory = Directory()
        self.leaving: list[UserId] = []
        self.board = PresenceBoard(self.directory, self.leaving.append, lambda: 1_000)

    def come(self, user: str) -> Ear:
        ear = Ear(user)
        self.directory.settle(self.directory.arrive(ear), set())
        self.board.arrived(ear)
        return ear

    def go(self, ear: Ear) -> None:
        self.directory.depart(ear)
        self.board.departed(ear)

    def state(self, user: UserId) -> str:
        return self.board.states([user], {})[0].state


@pytest.fixture
def hall() -> Hall:
    return Hall()


def shown(ear: Ear) -> list[tuple[str, str]]:
    return [(u["user_id"], u["state"]) for frame in ear.frames for u in frame["users"]]


def test_who_watches_hears_of_transitions_only(hall: Hall):
    watcher = hall.come("ana")
    hall.board.watch(watcher, [BEN])
    phone = hall.come("ben")
    hall.come("ben")
    hall.board.declare(phone, "online", None)
    assert shown(watcher) == [("ben", "online")]


def test_the_most_present_device_counts(hall: Hall):
    phone, laptop = hall.come("ben"), hall.come("ben")
    hall.board.declare(phone, "idle", None)
    assert hall.state(BEN) == "online"
    hall.board.declare(laptop, "idle", None)
    assert hall.state(BEN) == "idle"


def test_leaving_is_shown_after_a_grace(hall: Hall):
    watcher, ben = hall.come("ana"), hall.come("ben")
    hall.board.watch(watcher, [BEN])
    hall.go(ben)
    assert shown(watcher) == []
    assert hall.leaving == [BEN]
    hall.board.lapse(BEN)
    assert shown(watcher) == [("ben", "offline")]
    assert watcher.frames[0]["users"][0]["last_seen"] == "1970-01-01T00:00:01.000Z"


def test_who_comes_back_within_the_grace_never_left(hall: Hall):
    watcher, ben = hall.come("ana"), hall.come("ben")
    hall.board.watch(watcher, [BEN])
    hall.go(ben)
    hall.come("ben")
    hall.board.lapse(BEN)
    assert shown(watcher) == []


def test_a_text_stays_until_it_is_taken_back(hall: Hall):
    ben = hall.come("ben")
    hall.board.declare(ben, "dnd", "en clase")
    hall.board.declare(ben, "idle", None)
    assert hall.board.states([BEN], {})[0].text == "en clase"
    hall.board.declare(ben, "idle", "")
    assert not hall.board.states([BEN], {})[0].text


def test_invisible_people_look_away(hall: Hall):
    watcher, ben = hall.come("ana"), hall.come("ben")
    hall.board.watch(watcher, [BEN])
    hall.board.declare(ben, "offline", None)
    assert shown(watcher) == [("ben", "offline")]


def test_who_was_never_here_was_seen_when_the_book_says(hall: Hall):
    entry = hall.board.states([BEN], {BEN: 5_000})[0]
    assert (entry.state, entry.last_seen) == ("offline", "1970-01-01T00:00:05.000Z")


def test_a_new_view_replaces_the_people_watched(hall: Hall):
    watcher = hall.come("ana")
    hall.board.watch(watcher, [BEN])
    hall.board.watch(watcher, [])
    hall.come("ben")
    assert shown(watcher) == []
    assert not hall.board._watchers
