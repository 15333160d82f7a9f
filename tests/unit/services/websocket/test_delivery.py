from tests.delivery import NOON
from tests.sessions import Device, arrive, make_hub, new_chat, new_user, said
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.events import MemberChange, MemberLeft, ToChat
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket.delivery import MAX_WAITING
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.told import told


def hear(hub: Hub, chat: ChatId, *seqs: int) -> None:
    hub.hear(chat, [told(said(chat, seq, new_user())) for seq in seqs])


def heard(device: Device) -> list[int]:
    return [frame["seq"] for frame in device.heard() if frame["type"] == "event"]


def test_events_start_right_after_the_head_that_was_told():
    hub, chat = make_hub(), new_chat()
    device = arrive(hub, new_user(), chat)
    hub.show(device.subscriber, [chat], ())
    hear(hub, chat, 4, 5)
    assert heard(device) == [], "nobody said yet from where on"
    hub.reached(device.subscriber, [Head(chat_id=chat, seq=4, n=4)])
    hear(hub, chat, 6)
    assert heard(device) == [5, 6]


def test_a_later_viewer_gets_nothing_of_what_an_earlier_one_still_lacks():
    hub, chat = make_hub(), new_chat()
    early, late = arrive(hub, new_user(), chat), arrive(hub, new_user(), chat)
    hub.show(early.subscriber, [chat], ())
    hub.reached(early.subscriber, [Head(chat_id=chat, seq=3, n=3)])
    hear(hub, chat, 6)
    hub.show(late.subscriber, [chat], ())
    hub.reached(late.subscriber, [Head(chat_id=chat, seq=5, n=5)])
    hear(hub, chat, 4, 5)
    hear(hub, chat, 7)
    assert heard(early) == [4, 5, 6, 7]
    assert heard(late) == [6, 7]
    room = hub.directory.rooms[chat]
    assert (len(room.viewers), room.comers) == (2, None)


def test_a_going_in_the_midst_of_what_was_lacking_lets_a_later_viewer_in_no_earlier():
    hub, chat = make_hub(), new_chat()
    early, late = arrive(hub, new_user(), chat), arrive(hub, new_user(), chat)
    hub.show(early.subscriber, [chat], ())
    hub.reached(early.subscriber, [Head(chat_id=chat, seq=3, n=3)])
    hub.show(late.subscriber, [chat], ())
    hub.reached(late.subscriber, [Head(chat_id=chat, seq=6, n=6)])
    gone = new_user()
    change = MemberChange(user_id=gone)
    going = MemberLeft(chat_id=chat, seq=5, actor_id=gone, at=NOON, data=change)
    lacked = [said(chat, 4, new_user()), ToChat(event=going, n=4)]
    lacked += [said(chat, seq, new_user()) for seq in (6, 7)]
    hub.hear(chat, [told(one) for one in lacked])
    assert heard(early) == [4, 5, 6, 7]
    assert heard(late) == [7]


def test_who_waits_for_a_head_too_long_is_told_to_read():
    hub, chat = make_hub(), new_chat()
    device = arrive(hub, new_user(), chat)
    hub.show(device.subscriber, [chat], ())
    for seq in range(1, MAX_WAITING + 3):
        hear(hub, chat, seq)
    hub.reached(device.subscriber, [Head(chat_id=chat, seq=0, n=0)])
    (frame,) = device.heard()
    assert frame["type"] == "chat.head"
    assert frame["heads"][0]["seq"] == MAX_WAITING + 2


def test_what_cannot_be_read_for_all_is_read_by_each():
    hub, chat = make_hub(), new_chat()
    device = arrive(hub, new_user(), chat)
    hub.show(device.subscriber, [chat], ())
    hub.reached(device.subscriber, [Head(chat_id=chat, seq=1, n=1)])
    hub.learn(Head(chat_id=chat, seq=9_000, n=9_000))
    hear(hub, chat, 9_001)
    hub.skipped(chat, Head(chat_id=chat, seq=9_000, n=9_000))
    (frame,) = device.heard()
    assert (frame["type"], frame["heads"][0]["seq"]) == ("chat.head", 9_001)
    hear(hub, chat, 9_002)
    assert heard(device) == [9_002]


def test_who_closes_a_chat_before_the_head_comes_gets_nothing():
    hub, chat = make_hub(), new_chat()
    device = arrive(hub, new_user(), chat)
    hub.show(device.subscriber, [chat], ())
    hub.show(device.subscriber, [], ())
    hub.reached(device.subscriber, [Head(chat_id=chat, seq=4, n=4)])
    hear(hub, chat, 5)
    assert heard(device) == []
    assert not hub.directory.rooms[chat].watched
