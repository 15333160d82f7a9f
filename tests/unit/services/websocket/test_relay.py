"""Two nodes without a database: what one commits, the people of the other hear."""

from collections.abc import Callable, Sequence

import msgspec

from tests.sessions import Device, arrive, joined, left, look, make_hub, new_chat, new_user, said
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.events import Apart, Audience, EndSessions, ToViewers
from uptc_messenger.models.fleeting import ReceiptShown
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket import mail as form
from uptc_messenger.services.websocket.broker_memory import MemoryBroker, MemoryBus
from uptc_messenger.services.websocket.relay import Relay
from uptc_messenger.services.websocket.repairs import gap_of
from uptc_messenger.services.websocket.vigil import Vigil


class Node:
    """A hub and its relay; `members` says who is in the chats."""

    def __init__(self, net: "Net") -> None:
        self.hub = make_hub()
        self.asked: list[ChatId] = []
        self.ended: list[EndSessions] = []
        self.vigil = Vigil(0.0)
        self.relay = Relay(self.hub, self.vigil, self)
        self.broker = MemoryBroker(net.bus, self.relay)
        self.relay.connect(self.broker)
        self._net = net

    def now(self) -> float:
        return self._net.time

    def end_sessions(self, ended: Sequence[EndSessions]) -> None:
        self.ended += ended
        for each in ended:
            self.hub.end_sessions(each)

    def ask_members(self, chat_id: ChatId) -> None:
        self.asked.append(chat_id)
        self._net.waiting.append(
            lambda: self.relay.members(chat_id, 0, self._net.members.get(chat_id, []))
        )

    def watch(self, user: UserId, chat: ChatId) -> Device:
        device = arrive(self.hub, user, chat)
        look(self.hub, device, chat)
        return device


class Net:
    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.time = 0.0
        self.bus = MemoryBus(self.waiting.append)
        self.members: dict[ChatId, list[UserId]] = {}

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


def two_nodes() -> tuple[Net, Node, Node]:
    net = Net()
    return net, Node(net), Node(net)


def test_a_small_chat_is_told_to_each_member_after_one_look_at_who_they_are():
    net, one, two = two_nodes()
    ana, luis, chat = new_user(), new_user(), new_chat()
    net.members[chat] = [ana, luis]
    here, there = one.watch(ana, chat), two.watch(luis, chat)
    one.hub.publish([said(chat, 1, ana)])
    one.hub.publish([said(chat, 2, ana), said(chat, 3, ana)])
    net.run()
    one.hub.publish([said(chat, 4, ana)])
    net.run()
    for device in (here, there):
        assert [frame["seq"] for frame in device.heard()] == [1, 2, 3, 4]
    assert one.asked == [chat], "asked once"
    assert two.hub.directory.rooms[chat].n == 4


def test_a_large_chat_is_told_once_and_a_node_follows_it_when_it_learns_that():
    net, one, two = two_nodes()
    ana, luis, chat = new_user(), new_user(), new_chat()
    there = two.watch(luis, chat)
    two.relay.widen([chat, new_chat()])
    wide = msgspec.structs.replace(said(chat, 1, ana), audience=Audience(wide=True))
    one.hub.publish([wide])
    net.run()
    assert there.kinds() == ["message.new"]
    assert one.asked == []
    two.hub.detach(there.subscriber)
    assert not two.broker.takes(form.of_chat(chat))
    assert not two.broker.takes(form.of_user(luis))


def test_while_a_chat_changes_its_route_it_is_told_on_both():
    net, one, two = two_nodes()
    ana, luis, chat = new_user(), new_user(), new_chat()
    net.members[chat] = [ana, luis]
    there = two.watch(luis, chat)
    both = Audience(wide=True, both=True)
    one.hub.publish([msgspec.structs.replace(said(chat, 1, ana), audience=both)])
    net.run()
    assert two.broker.takes(form.of_chat(chat)), "learnt from what came on the old route"
    only = Audience(wide=True)
    one.hub.publish([msgspec.structs.replace(said(chat, 2, ana), audience=only)])
    net.run()
    assert [frame["seq"] for frame in there.heard()] == [1, 2]


def test_coming_and_going_reach_the_node_of_the_person():
    net, one, two = two_nodes()
    ana, luis, chat = new_user(), new_user(), new_chat()
    there = arrive(two.hub, luis)
    one.hub.publish([joined(luis, chat, useq=1)])
    net.run()
    look(two.hub, there, chat)
    net.members[chat] = [ana, luis]
    one.hub.publish([said(chat, 1, ana)])
    net.run()
    one.hub.publish([left(luis, chat, useq=2), said(chat, 2, ana)])
    net.run()
    assert there.kinds() == ["chat.joined", "message.new", "chat.left"]


def test_an_ended_session_ends_on_every_node():
    net, one, two = two_nodes()
    ana = new_user()
    phone, laptop = arrive(two.hub, ana), arrive(two.hub, ana)
    ended = EndSessions(
        user_id=ana,
        session_ids=frozenset({phone.session_id}),
        code=CloseCode.SESSION_REVOKED,
    )
    one.hub.publish([ended])
    net.run()
    assert (phone.closed, laptop.closed) == (CloseCode.SESSION_REVOKED, None)
    one.hub.publish([EndSessions(user_id=ana, session_ids=None, code=CloseCode.ACCOUNT_DISABLED)])
    net.run()
    assert laptop.closed is CloseCode.ACCOUNT_DISABLED
    assert len(two.ended) == 2


def test_what_is_fleeting_goes_only_where_the_chat_is_open():
    net, one, two = two_nodes()
    ana, luis, chat = new_user(), new_user(), new_chat()
    typing, away = one.watch(ana, chat), arrive(two.hub, luis, chat)
    one.hub.type(typing.subscriber, chat, on=True)
    assert len(net.waiting) == 2, "nobody there looks"
    looking = two.watch(luis, chat)
    one.hub.type(typing.subscriber, chat, on=True)
    one.hub.publish([ToViewers(frame=ReceiptShown(chat_id=chat, user_id=ana, n=1))])
    net.run()
    assert (looking.kinds(), away.kinds(), typing.kinds()) == (["typing", "receipt"], [], [])


def test_people_are_apart_on_every_node():
    net, one, two = two_nodes()
    ana, luis = new_user(), new_user()
    there = arrive(two.hub, luis)
    there.subscriber.watched = (ana,)
    one.hub.publish([Apart(one=ana, other=luis, on=True)])
    net.run()
    assert two.hub.directory.are_apart(there.subscriber, ana)


def test_a_long_event_travels_as_a_position():
    net, one, two = two_nodes()
    ana, luis, chat = new_user(), new_user(), new_chat()
    net.members[chat] = [luis]
    there = two.watch(luis, chat)
    one.hub.publish([said(chat, 1, ana), said(chat, 2, ana, "x" * form.MAX_BODY)])
    net.run()
    assert [frame["seq"] for frame in there.heard()] == [1]
    log = two.hub.directory.rooms[chat].log
    assert (log.position, log.known) == (1, 2)


def test_one_message_carries_only_so_many_bodies():
    net, one, two = two_nodes()
    ana, luis, chat = new_user(), new_user(), new_chat()
    net.members[chat] = [luis]
    there = two.watch(luis, chat)
    one.hub.publish([said(chat, seq, ana, "x" * 3_000) for seq in range(1, 101)])
    net.run()
    bodies = [frame["seq"] for frame in there.heard()]
    assert bodies == list(range(1, len(bodies) + 1))
    assert 20 < len(bodies) < 100
    assert two.hub.directory.rooms[chat].log.known == 100


def test_junk_on_the_bus_is_dropped_and_counted():
    _, one, _ = two_nodes()
    one.relay.heard("u.ana", b"\xc1")
    one.relay.heard("u.ana", form.pack(form.FleetingMail(b"{")))
    one.relay.heard("u.ana", form.pack(form.UserMail(new_user(), 1, b"nonsense")))
    assert one.relay.unread == 3


def test_who_joined_and_heard_of_it_late_is_told_where_the_chat_stands():
    net, one, two = two_nodes()
    ana, luis, eva, chat = new_user(), new_user(), new_user(), new_chat()
    net.members[chat] = [ana, eva]
    two.watch(eva, chat)
    late = arrive(two.hub, luis)
    one.hub.publish([said(chat, 1, ana)])
    net.run()
    two.hub.tick(10.0)
    two.hub.hear_user(luis, [joined(luis, chat, useq=1).event])
    assert gap_of(two.hub.directory, ("chat", chat)) is not None, "more may have passed it by"
    two.hub.tick(20.0)
    heads = [frame["heads"] for frame in late.heard() if frame["type"] == "chat.head"]
    assert [head["seq"] for (head,) in heads] == [1]


def test_what_one_session_reads_the_others_here_hear_of():
    _, _, two = two_nodes()
    luis, eva, chat = new_user(), new_user(), new_chat()
    away, looking = arrive(two.hub, luis, chat), arrive(two.hub, eva, chat)
    two.hub.show(looking.subscriber, [chat], ())
    two.hub.reached(looking.subscriber, [Head(chat_id=chat, seq=5, n=5)])
    two.hub.tick(10.0)
    assert away.kinds() == ["chat.head"]


def test_what_nobody_heard_is_said_again_when_the_link_is_back():
    net, one, two = two_nodes()
    ana, luis, chat = new_user(), new_user(), new_chat()
    net.members[chat] = [ana, luis]
    two.watch(luis, chat)
    net.run()
    one.broker.cut()
    one.hub.publish([said(chat, seq, ana) for seq in (1, 2)])
    one.broker.mend()
    net.run()
    assert two.hub.directory.rooms[chat].seq == 2
