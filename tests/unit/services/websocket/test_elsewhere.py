"""Nodes in virtual time, each with a board of its own people, over a bus in memory."""

from collections.abc import Callable, Sequence

import pytest

from tests.core import NOON
from tests.sessions import Device, make_hub, new_user
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.events import EndSessions
from uptc_messenger.services.websocket import mail as form
from uptc_messenger.services.websocket.broker_memory import MemoryBroker, MemoryBus
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.elsewhere import Elsewhere
from uptc_messenger.services.websocket.mail import Seen, SeenMail
from uptc_messenger.services.websocket.peers import LEASE_S
from uptc_messenger.services.websocket.presence import PresenceBoard
from uptc_messenger.services.websocket.relay import Relay
from uptc_messenger.services.websocket.vigil import Vigil
from uptc_messenger.services.websocket.wanted import BATCH, BATCHES, ROUND_S
from uptc_messenger.toolkit.clock import rfc3339

CONFIG = WebSocketConfig(offline_after_s=30.0, presence_every_s=10.0)


class Node:
    """One node: its people, whom they show, and its end of the bus."""

    def __init__(self, net: "Net", name: str) -> None:
        self._net = net
        self.alive = True
        self.openly = True
        self.hub = make_hub()
        self.graces: list[tuple[float, UserId]] = []
        self.relay = Relay(self.hub, Vigil(0.0), self)
        self.broker = MemoryBroker(net.bus, self.relay)
        self.relay.connect(self.broker)
        self.elsewhere = Elsewhere(CONFIG, spread=lambda: 0.0)
        self.board = PresenceBoard(self.hub.directory, self._later, lambda: NOON, self.elsewhere)
        self.relay.present(self.elsewhere, name)

    def now(self) -> float:
        return self._net.time

    def ask_members(self, chat_id: ChatId) -> None:
        raise AssertionError(chat_id)

    def end_sessions(self, ended: Sequence[EndSessions]) -> None:
        raise AssertionError(ended)

    def come(self, user: UserId) -> Device:
        device = Device(user)
        self.hub.settle(self.hub.attach(device.subscriber), {})
        self.board.arrived(device.subscriber)
        self._net.run()
        return device

    def go(self, device: Device) -> None:
        self.hub.detach(device.subscriber)
        self.board.departed(device.subscriber)
        self._net.run()

    def show(self, device: Device, *users: UserId) -> list[str]:
        """Put these people into a view; how they are seen once the others have answered."""
        ended: list[bool] = []
        with self.board.hushed(device.subscriber):
            fresh = self.board.watch(device.subscriber, users)
            self.elsewhere.ask(fresh, lambda: ended.append(True))
            self._net.run()
        assert ended, "everybody has answered"
        return [entry.state for entry in self.board.states(users, {})]

    def turn(self) -> None:
        self.relay.tick()
        for at, user in [grace for grace in self.graces if grace[0] <= self.now()]:
            self.graces.remove((at, user))
            self.board.lapse(user, openly=self.openly)

    def die(self) -> None:
        """As after kill -9: nothing is said."""
        self.alive = False
        self._net.bus.brokers.remove(self.broker)

    def _later(self, user: UserId) -> None:
        self.graces.append((self.now() + CONFIG.offline_after_s, user))


class Net:
    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.time = 0.0
        self.bus = MemoryBus(self.waiting.append)
        self.nodes = [Node(self, name) for name in ("one", "two", "three")]
        self.wait(2)

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()

    def wait(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.time += 1.0
            for node in self.nodes:
                if node.alive:
                    node.turn()
            self.run()


def heard(device: Device) -> list[str]:
    return [user["state"] for told in device.heard() for user in told["users"]]


@pytest.fixture
def net() -> Net:
    return Net()


def test_who_begins_to_show_somebody_learns_how_they_are_on_another_node(net: Net):
    one, two, three = net.nodes
    luis, eva, nobody = new_user(), new_user(), new_user()
    two.come(luis)
    idle = three.come(eva)
    three.board.declare(idle.subscriber, "idle", "En clase")
    ana = one.come(new_user())
    assert one.show(ana, luis, eva, nobody) == ["online", "idle", "offline"]
    assert one.board.states([eva], {})[0].text == "En clase"
    assert (one.elsewhere.nodes, one.elsewhere.followed, one.elsewhere.entries) == (2, 3, 2)


def test_transitions_reach_only_the_nodes_that_show_the_person(net: Net):
    one, two, _ = net.nodes
    luis, ana = new_user(), one.come(new_user())
    one.show(ana, luis)
    phone = two.come(luis)
    assert heard(ana) == ["online"]
    assert not net.nodes[2].broker.takes(form.of_seen(luis))
    two.board.declare(phone.subscriber, "dnd", None)
    net.run()
    assert heard(ana) == [], "not more than once in ten seconds"
    net.wait(10)
    assert heard(ana) == ["dnd"]
    two.go(phone)
    net.wait(29)
    assert heard(ana) == []
    net.wait(2)
    assert heard(ana) == ["offline"]


@pytest.mark.parametrize("openly", [True, False])
def test_since_when_somebody_is_gone_is_theirs_to_tell(net: Net, openly: bool):
    one, two, _ = net.nodes
    luis, ana = new_user(), one.come(new_user())
    one.show(ana, luis)
    two.openly = openly
    phone = two.come(luis)
    two.go(phone)
    ana.heard()
    net.wait(CONFIG.offline_after_s + 2)
    last = [user.get("last_seen") for told in ana.heard() for user in told["users"]]
    assert [each for each in last if each] == ([rfc3339(NOON)] if openly else [])
    assert one.board.states([luis], {})[0].state == "offline"


def test_a_person_on_two_nodes_has_the_strongest_state(net: Net):
    one, two, three = net.nodes
    luis, ana = new_user(), one.come(new_user())
    desk, phone = two.come(luis), three.come(luis)
    two.board.declare(desk.subscriber, "idle", None)
    net.wait(11)
    assert one.show(ana, luis) == ["online"]
    three.go(phone)
    net.wait(11)
    assert heard(ana) == ["idle"], "where they are counts before where they were"
    one.come(luis)
    assert heard(ana) == ["online"]


def test_the_people_of_a_dead_node_are_offline_after_the_grace_unless_elsewhere(net: Net):
    one, two, three = net.nodes
    luis, eva, ana = new_user(), new_user(), one.come(new_user())
    two.come(luis)
    two.come(eva)
    assert one.show(ana, luis, eva) == ["online", "online"]
    two.die()
    net.wait(LEASE_S + 5)
    three.come(luis)
    assert heard(ana) == [], "nobody blinks"
    net.wait(CONFIG.offline_after_s)
    assert [(t["users"][0]["user_id"], t["users"][0]["state"]) for t in ana.heard()] == [
        (eva, "offline")
    ]
    assert one.elsewhere.nodes == 1
    assert one.elsewhere.entries == 1


def test_a_node_that_was_only_away_is_believed_again(net: Net):
    one, two, _ = net.nodes
    luis, ana = new_user(), one.come(new_user())
    phone = two.come(luis)
    one.show(ana, luis)
    two.broker.cut()
    net.wait(LEASE_S + CONFIG.offline_after_s + 2)
    assert heard(ana) == ["offline"]
    two.board.declare(phone.subscriber, "dnd", None)
    two.broker.mend()
    net.wait(3)
    assert heard(ana) == ["dnd"]


def test_what_was_missed_while_the_bus_was_away_is_asked_for(net: Net):
    one, two, three = net.nodes
    luis, eva, ana = new_user(), new_user(), one.come(new_user())
    phone = two.come(luis)
    one.show(ana, luis, eva)
    one.broker.cut()
    two.go(phone)
    three.come(eva)
    net.wait(32)
    heard(ana)
    one.broker.mend()
    net.wait(4)
    assert [entry.state for entry in one.board.states([luis, eva], {})] == ["offline", "online"]


def test_a_node_that_ends_says_so_and_nobody_blinks(net: Net):
    one, two, three = net.nodes
    luis, eva, ana = new_user(), new_user(), one.come(new_user())
    phones = [two.come(luis), two.come(eva)]
    one.show(ana, luis, eva)
    for phone in phones:
        two.go(phone)
    two.relay.leave()
    net.run()
    two.die()
    assert one.elsewhere.nodes == 1
    three.come(luis)
    net.wait(29)
    assert heard(ana) == []
    net.wait(3)
    assert heard(ana) == ["offline"]


def test_who_is_apart_is_not_told_from_another_node(net: Net):
    one, two, _ = net.nodes
    luis, ana = new_user(), one.come(new_user())
    one.show(ana, luis)
    one.hub.directory.part(luis, ana.subscriber.user_id, on=True)
    two.come(luis)
    assert heard(ana) == []


def test_what_comes_late_or_twice_changes_nothing(net: Net):
    one = net.nodes[0]
    luis, ana = new_user(), one.come(new_user())
    one.show(ana, luis)
    news = [
        SeenMail("x", 7, [Seen(luis, "online")]),
        SeenMail("x", 8, [Seen(luis, "offline")]),
    ]
    for mail in (*news, *news):
        one.relay.heard(form.of_seen(luis), form.pack(mail))
    assert heard(ana) == ["online", "offline"]


def test_memory_is_of_those_who_are_shown(net: Net):
    one, two, _ = net.nodes
    luis, ana, other = new_user(), one.come(new_user()), one.come(new_user())
    two.come(luis)
    one.show(ana, luis)
    one.show(other, luis)
    one.board.watch(ana.subscriber, [])
    assert one.broker.takes(form.of_seen(luis)), "somebody shows them still"
    one.board.watch(other.subscriber, [])
    assert not one.broker.takes(form.of_seen(luis))
    assert (one.elsewhere.followed, one.elsewhere.entries) == (0, 0)
    one.relay.heard(form.of_seen(luis), form.pack(SeenMail("x", 1, [Seen(luis, "dnd")])))
    assert one.elsewhere.entries == 0


def test_after_a_return_questions_go_out_by_and_by(net: Net):
    one, two, _ = net.nodes
    ana = one.come(new_user())
    people = [new_user() for _ in range(BATCH * (BATCHES + 1))]
    for user in people:
        one.elsewhere.follow(user, here=True)
    last = people[-1]
    one.board._shown[last] = one.board._entry(last)
    one.board._watchers[last].add(ana.subscriber)
    net.nodes[2].die()
    two.broker.cut()
    two.come(last)
    two.broker.mend()
    net.run()
    net.wait(1)
    assert heard(ana) == []
    net.wait(1)
    assert heard(ana) == ["online"]


def test_a_transition_that_is_lost_on_a_whole_link_heals_within_a_minute(net: Net):
    one, two, _ = net.nodes
    luis, ana = new_user(), one.come(new_user())
    one.show(ana, luis)
    phone = Device(luis)
    two.hub.settle(two.hub.attach(phone.subscriber), {})
    two.board.arrived(phone.subscriber)
    net.waiting.clear()  # nobody hears that he came
    net.wait(ROUND_S + 1)
    assert heard(ana) == ["online"]
    two.go(phone)
    net.wait(CONFIG.offline_after_s - 1)
    for grace in two.graces[:]:
        two.graces.remove(grace)
        two.board.lapse(luis, openly=True)
    net.waiting.clear()  # nor that he went
    net.wait(ROUND_S + 1)
    assert heard(ana)[-1] == "offline"
