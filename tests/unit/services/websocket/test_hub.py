import pytest

from tests.sessions import arrive, joined, left, look, make_hub, new_chat, new_user, said
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.errors import CloseCode, NotFound
from uptc_messenger.models.events import Apart, EndSessions, ToViewers
from uptc_messenger.models.fleeting import ReceiptShown
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket import fleeting as module


def test_who_looks_gets_bodies_the_author_too_and_nobody_else():
    hub, ana, luis, eva, chat = make_hub(), new_user(), new_user(), new_user(), new_chat()
    devices = [arrive(hub, user, chat) for user in (ana, luis)]
    outside = arrive(hub, eva)
    for device in devices:
        look(hub, device, chat)
    hub.publish([said(chat, 1, ana), said(chat, 2, luis)])
    for device in devices:
        assert [told["seq"] for told in device.heard()] == [1, 2]
    assert outside.heard() == []
    assert hub.delivered == 4


def test_an_event_is_encoded_once_for_all():
    hub, ana, chat = make_hub(), new_user(), new_chat()
    devices = [arrive(hub, new_user(), chat) for _ in range(3)]
    for device in devices:
        look(hub, device, chat)
    hub.publish([said(chat, 1, ana), said(chat, 2, ana)])
    packets = [device.outbox.take() for device in devices]
    assert packets[0] == packets[1] == packets[2]
    assert len(packets[0]) == 1
    assert packets[0][0].counted == 2


def test_one_may_look_only_at_chats_that_one_is_in():
    hub, ana, chat, other = make_hub(), new_user(), new_chat(), new_chat()
    device = arrive(hub, ana, chat)
    none: list[ChatId] = []
    for view in (([other], none), (none, [other]), ([chat, other], none)):
        with pytest.raises(NotFound) as caught:
            hub.show(device.subscriber, *view)
        assert caught.value.details == {"chat_id": other}
    with pytest.raises(NotFound):
        hub.show(device.subscriber, [], [], [other])
    with pytest.raises(NotFound):
        hub.type(device.subscriber, other, on=True)
    assert hub.visible(device.subscriber, [chat, other]) == [chat]
    assert device.subscriber.open == ()


def test_the_last_thing_that_a_removed_member_gets_is_that_they_left():
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    phone = arrive(hub, luis, chat)
    look(hub, phone, chat)
    hub.publish([said(chat, 1, ana), left(luis, chat), said(chat, 2, ana)])
    hub.publish([said(chat, 3, ana)])
    hub.tick(100.0)
    assert phone.kinds() == ["message.new", "chat.left"]


def test_a_newcomer_hears_of_the_chat_before_anything_in_it():
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    phone = arrive(hub, luis)
    hub.publish([joined(luis, chat)])
    look(hub, phone, chat)
    hub.publish([said(chat, 1, ana)])
    assert phone.kinds() == ["chat.joined", "message.new"]


def test_a_revocation_comes_after_what_was_committed_before_it():
    hub, ana, chat = make_hub(), new_user(), new_chat()
    phone, laptop = arrive(hub, ana, chat), arrive(hub, ana, chat)
    look(hub, phone, chat)
    ended = EndSessions(
        user_id=ana, session_ids=frozenset({phone.session_id}), code=CloseCode.SESSION_REVOKED
    )
    hub.publish([said(chat, 1, ana), ended])
    assert phone.kinds() == ["message.new"]
    assert phone.closed is CloseCode.SESSION_REVOKED
    assert laptop.closed is None
    hub.publish([EndSessions(user_id=ana, session_ids=None, code=CloseCode.ACCOUNT_DISABLED)])
    assert laptop.closed is CloseCode.ACCOUNT_DISABLED
    hub.publish([EndSessions(user_id=new_user(), session_ids=None, code=CloseCode.SESSION_REVOKED)])


def test_typing_is_shown_to_the_others_who_look():
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    typing, looking, away = arrive(hub, ana, chat), arrive(hub, luis, chat), arrive(hub, luis, chat)
    for device in (typing, looking):
        look(hub, device, chat)
    hub.type(typing.subscriber, chat, on=True)
    hub.publish([ToViewers(frame=ReceiptShown(chat_id=chat, user_id=ana, n=3))])
    assert looking.kinds() == ["typing", "receipt"]
    assert typing.heard() == away.heard() == []
    assert looking.outbox.es == 0, "what is fleeting is not counted"


def test_between_two_who_are_apart_nothing_fleeting_passes():
    hub, ana, luis, eva, chat = make_hub(), new_user(), new_user(), new_user(), new_chat()
    devices = [arrive(hub, user, chat) for user in (ana, luis, eva)]
    for device in devices:
        look(hub, device, chat)
    hub.publish([Apart(one=ana, other=luis, on=True)])
    for device in devices:
        hub.type(device.subscriber, chat, on=True)
    hub.publish([ToViewers(frame=ReceiptShown(chat_id=chat, user_id=luis, n=3))])
    hub.publish([said(chat, 1, luis)])
    assert devices[0].kinds() == ["typing", "message.new"]
    assert devices[1].kinds() == ["typing", "message.new"]
    assert devices[2].kinds() == ["typing", "typing", "receipt", "message.new"]
    hub.publish([Apart(one=luis, other=ana, on=False)])
    hub.type(devices[1].subscriber, chat, on=True)
    assert devices[0].kinds() == ["typing"]


def test_who_is_watched_and_blocks_is_gone_at_once():
    hub, ana, luis = make_hub(), new_user(), new_user()
    watching, other = arrive(hub, luis), arrive(hub, luis)
    watching.subscriber.watched = (ana,)
    hub.publish([Apart(one=ana, other=luis, on=True)])
    assert watching.heard() == [
        {"type": "presence", "users": [{"user_id": ana, "state": "offline"}]}
    ]
    assert other.heard() == []


def test_in_a_crowd_nobody_is_told_who_is_typing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "TYPING_VIEWERS", 1)
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    one, other = arrive(hub, ana, chat), arrive(hub, luis, chat)
    for device in (one, other):
        look(hub, device, chat)
    hub.type(one.subscriber, chat, on=True)
    assert other.heard() == []


def test_heads_read_from_the_log_never_put_a_room_back():
    hub, ana, chat = make_hub(), new_user(), new_chat()
    arrive(hub, ana, chat)
    hub.publish([said(chat, 5, ana)])
    hub.learn(Head(chat_id=chat, seq=3, n=3))
    hub.learn(Head(chat_id=new_chat(), seq=9, n=9))
    assert [(head.seq, head.n) for head in hub.heads_of([chat, new_chat()])] == [(5, 5)]
    hub.learn(Head(chat_id=chat, seq=7, n=6))
    assert [(head.seq, head.n) for head in hub.heads_of([chat])] == [(7, 6)]


def test_nothing_stays_of_who_went():
    hub, ana, chat = make_hub(), new_user(), new_chat()
    one, other = arrive(hub, ana, chat), arrive(hub, ana, chat)
    assert (hub.sessions, hub.sessions_of(ana)) == (2, 2)
    assert not hub.detach(one.subscriber)
    assert hub.detach(other.subscriber)
    assert (hub.sessions, hub.sessions_of(ana)) == (0, 0)
    assert (hub.directory.people, hub.directory.rooms) == ({}, {})
    hub.publish([said(chat, 1, ana), joined(ana, chat)])


def test_who_closes_a_chat_before_its_bodies_came_is_told_its_head():
    hub, ana, chat = make_hub(), new_user(), new_chat()
    device = arrive(hub, ana, chat)
    look(hub, device, chat)
    hub.learn(Head(chat_id=chat, seq=1, n=1))
    hub.tick(10.0)
    assert device.heard() == [], "it has the chat open: bodies are on their way"
    hub.show(device.subscriber, (), ())
    assert not hub.heads.settled(0.0), "no token may speak of it before"
    hub.tick(20.0)
    (told,) = device.heard()
    assert (told["type"], told["heads"][0]["seq"]) == ("chat.head", 1)


def test_so_is_who_closes_a_chat_before_it_was_told_where_it_stands():
    hub, ana, chat = make_hub(), new_user(), new_chat()
    device = arrive(hub, ana, chat)
    hub.show(device.subscriber, (chat,), ())
    hub.publish([said(chat, 1, ana)])
    hub.tick(10.0)
    assert device.heard() == []
    hub.show(device.subscriber, (), ())
    hub.tick(20.0)
    assert device.kinds() == ["chat.head"]


def test_who_reads_a_commit_before_it_is_announced_takes_it_from_nobody():
    hub, ana, beto, chat = make_hub(), new_user(), new_user(), new_chat()
    looking, other = arrive(hub, ana, chat), arrive(hub, beto, chat)
    hub.show(looking.subscriber, (chat,), ())
    hub.reached(looking.subscriber, [Head(chat_id=chat, seq=1, n=1)])
    hub.publish([said(chat, 1, ana)])
    hub.tick(10.0)
    (told,) = other.heard()
    head = told["heads"][0]
    assert (head["seq"], head["n"]) == (1, 1)
    assert head["preview"], "and what was said"
