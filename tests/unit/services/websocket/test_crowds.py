from tests.sessions import Device, arrive, look, make_hub, new_user
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.websocket.crowds import ANSWERS_S, EVERY_S, MOST, Crowds
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.mail import CrowdAskMail, CrowdMail

CHAT = ChatId("chat")


class Net:
    """Nodes that hear each other at once; `said` counts their messages."""

    def __init__(self, *names: str) -> None:
        self.time = 0.0
        self.said = 0
        self.away: set[str] = set()
        self.hubs: dict[str, Hub] = {name: make_hub() for name in names}
        self.crowds = {name: Crowds(hub.directory) for name, hub in self.hubs.items()}
        for name, crowds in self.crowds.items():
            crowds.connect(lambda _, mail, name=name: self.pass_on(name, mail), name)

    def pass_on(self, name: str, mail: CrowdAskMail | CrowdMail) -> None:
        self.said += 1
        for other in self.crowds.keys() - {name} - self.away:
            if isinstance(mail, CrowdAskMail):
                self.crowds[other].asked(mail)
            else:
                self.crowds[other].told(mail)

    def come(self, node: str, *, opens: bool = False) -> Device:
        device = arrive(self.hubs[node], new_user(), CHAT)
        if opens:
            look(self.hubs[node], device, CHAT)
        self.hubs[node].directory.widen([CHAT])
        return device

    def wait(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.time += 1
            for crowds in self.crowds.values():
                crowds.turn(self.time)


def counts(device: Device) -> list[int]:
    return [told["online"] for told in device.heard() if told["type"] == "crowd"]


def test_who_opens_a_large_chat_hears_how_many_are_there_on_all_nodes():
    net = Net("one", "two", "three")
    ana = net.come("one", opens=True)
    for node, people in (("one", 2), ("two", 4), ("three", 3)):
        for _ in range(people):
            net.come(node)
    net.wait(1 + ANSWERS_S)
    assert counts(ana) == [10]
    net.come("two")
    net.wait(EVERY_S)
    assert counts(ana) == [11]


def test_it_costs_a_message_for_each_node_whatever_the_number_of_people():
    net = Net("one", "two", "three")
    net.come("one", opens=True)
    for _ in range(50):
        net.come("two")
    net.come("three")
    net.wait(EVERY_S)
    assert net.said == 3, "a question and two answers"


def test_a_node_that_is_silent_does_not_count():
    net = Net("one", "two")
    ana = net.come("one", opens=True)
    net.come("two")
    net.wait(1 + ANSWERS_S)
    net.away = {"two"}
    net.wait(EVERY_S)
    assert counts(ana) == [2, 1]


def test_a_small_chat_and_one_that_nobody_looks_at_cost_nothing():
    net = Net("one", "two")
    ana = net.come("one")
    net.come("two")
    net.wait(EVERY_S)
    look(net.hubs["one"], ana, CHAT)
    net.hubs["one"].directory.large.clear()
    net.wait(EVERY_S)
    assert (net.said, counts(ana)) == (0, [])


def test_a_question_is_bounded_and_what_was_not_asked_is_not_kept():
    net = Net("one", "two")
    hub = net.hubs["one"]
    chats = [ChatId(f"chat {number}") for number in range(MOST + 1)]
    device = arrive(hub, new_user(), *chats)
    look(hub, device, *chats)
    hub.directory.widen(chats)
    net.wait(1)
    assert net.said == 2
    net.crowds["one"].told(CrowdMail("two", {ChatId("another"): 7, chats[0]: -5}))
    net.wait(ANSWERS_S)
    assert counts(device)[:1] == [1]
