import pytest

from tests.delivery import CHAT, Ear, arrive, joined, left, make_hub, posted
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.errors import CloseCode, NotFound
from uptc_messenger.models.events import EndSessions, ReceiptShown, ToViewers
from uptc_messenger.models.frames import Head

FOREIGN = ChatId("foreign")


def test_an_event_is_encoded_once_for_everybody():
    hub = make_hub()
    ears = [arrive(hub, Ear(f"u{n}"), CHAT, show=(CHAT,)) for n in range(3)]
    hub.publish([posted(1)])
    assert len({id(ear.line.packets[0]) for ear in ears}) == 1
    assert [ear.kinds() for ear in ears] == [["message.new"]] * 3


def test_the_events_of_one_commit_leave_in_one_packet():
    hub = make_hub()
    ear = arrive(hub, Ear("ana"), CHAT, show=(CHAT,))
    hub.publish([posted(1), posted(2), posted(3)])
    assert len(ear.line.packets) == 1
    assert [frame["seq"] for frame in ear.frames] == [1, 2, 3]
    assert ear.outbox.es == 3


def test_who_is_no_member_hears_nothing():
    hub = make_hub()
    stranger = arrive(hub, Ear("eve"), ChatId("elsewhere"))
    hub.publish([posted(1)])
    hub.tick(10.0)
    assert stranger.frames == []


def test_a_new_member_is_told_and_hears_what_follows():
    hub = make_hub()
    ear = arrive(hub, Ear("ben"))
    hub.publish([posted(1), joined("ben"), posted(2)])
    hub.tick(10.0)
    assert ear.kinds() == ["chat.joined", "chat.head"]
    assert ear.frames[1]["heads"][0]["seq"] == 2


def test_the_last_that_a_removed_member_gets_is_that_he_left():
    hub = make_hub()
    ear = arrive(hub, Ear("ben"), CHAT, show=(CHAT,))
    hub.publish([posted(1), left("ben"), posted(2, "un secreto")])
    hub.tick(10.0)
    assert ear.kinds() == ["message.new", "chat.left"]


def test_a_view_of_a_foreign_chat_is_refused_and_changes_nothing():
    hub = make_hub()
    ear = arrive(hub, Ear("ana"), CHAT, show=(CHAT,))
    with pytest.raises(NotFound) as refusal:
        hub.show(ear, (CHAT, FOREIGN), ())
    assert refusal.value.details == {"chat_id": FOREIGN}
    assert ear.open == (CHAT,)
    with pytest.raises(NotFound):
        hub.show(ear, (), [FOREIGN])


def test_a_closed_chat_sends_no_bodies():
    hub = make_hub()
    ear = arrive(hub, Ear("ana"), CHAT, show=(CHAT,))
    hub.show(ear, (), ())
    hub.publish([posted(1)])
    assert ear.frames == []


def test_typing_reaches_the_other_viewers():
    hub = make_hub()
    ana = arrive(hub, Ear("ana"), CHAT, show=(CHAT,))
    laptop = arrive(hub, Ear("ana"), CHAT, show=(CHAT,))
    ben = arrive(hub, Ear("ben"), CHAT, show=(CHAT,))
    hub.type(ana, CHAT, on=True)
    assert ben.frames == [{"type": "typing", "chat_id": CHAT, "user_id": "ana", "on": True}]
    assert ana.frames == laptop.frames == []
    with pytest.raises(NotFound):
        hub.type(ana, FOREIGN, on=True)


def test_a_receipt_is_for_who_looks():
    hub = make_hub()
    viewer = arrive(hub, Ear("ana"), CHAT, show=(CHAT,))
    other = arrive(hub, Ear("carla"), CHAT)
    receipt = ReceiptShown(chat_id=CHAT, user_id=UserId("ben"), n=3)
    hub.publish([ToViewers(frame=receipt)])
    assert viewer.kinds() == ["receipt"]
    assert other.frames == []


def test_sessions_end_one_or_all():
    hub = make_hub()
    phone, laptop = arrive(hub, Ear("ana")), arrive(hub, Ear("ana"))
    ben = arrive(hub, Ear("ben"))
    one = frozenset({phone.session_id})
    revoked, disabled = CloseCode.SESSION_REVOKED, CloseCode.ACCOUNT_DISABLED
    hub.publish([EndSessions(user_id=UserId("ana"), session_ids=one, code=revoked)])
    assert (phone.line.ended, laptop.line.ended) == (revoked, None)
    hub.publish([EndSessions(user_id=UserId("ana"), session_ids=None, code=disabled)])
    assert (laptop.line.ended, ben.line.ended) == (disabled, None)


def test_heads_that_were_read_count_until_something_happens():
    hub = make_hub()
    arrive(hub, Ear("ana"), CHAT, show=(CHAT,))
    hub.reached([Head(chat_id=CHAT, seq=7, n=5), Head(chat_id=FOREIGN, seq=1, n=1)])
    assert hub.heads_of([CHAT, FOREIGN]) == [Head(chat_id=CHAT, seq=7, n=5)]
    hub.publish([posted(8)])
    hub.reached([Head(chat_id=CHAT, seq=7, n=5)])
    assert hub.heads_of([CHAT])[0].seq == 8


def test_everybody_is_told_that_the_server_stops():
    hub = make_hub()
    ears = [arrive(hub, Ear("ana")), arrive(hub, Ear("ben"))]
    hub.go_away(2_000)
    assert [ear.kinds() for ear in ears] == [["goaway"]] * 2


def test_sessions_are_counted():
    hub = make_hub()
    ear = arrive(hub, Ear("ana"))
    arrive(hub, Ear("ana"))
    assert (hub.sessions, hub.sessions_of(UserId("ana")), hub.sessions_of(UserId("x"))) == (2, 2, 0)
    assert not hub.detach(ear)
    assert hub.sessions == 1
