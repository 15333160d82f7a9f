from tests.delivery import CHAT, Ear, arrive, make_hub, posted
from uptc_messenger.models.base import ChatId

OTHER = ChatId("other")


def test_the_first_move_is_told_at_the_next_tick():
    hub = make_hub()
    ear = arrive(hub, Ear("ben"), CHAT)
    hub.publish([posted(1, "¡hola!")])
    hub.tick(10.0)
    assert ear.frames == [
        {
            "type": "chat.head",
            "heads": [{"chat_id": CHAT, "seq": 1, "n": 1, "preview": "¡hola!"}],
        }
    ]
    assert ear.outbox.es == 1


def test_a_busy_chat_speaks_every_two_seconds_and_says_only_the_newest():
    hub = make_hub()
    ear = arrive(hub, Ear("ben"), CHAT)
    for seq in range(1, 31):
        hub.publish([posted(seq)])
        hub.tick(10.0 + seq / 10)
    assert [frame["heads"][0]["seq"] for frame in ear.frames] == [1, 21]
    hub.tick(15.0)
    assert ear.frames[-1]["heads"][0]["seq"] == 30


def test_a_session_hears_of_all_its_chats_at_most_every_second():
    hub = make_hub()
    ear = arrive(hub, Ear("ben"), CHAT, OTHER)
    hub.publish([posted(1)])
    hub.tick(10.0)
    hub.publish([posted(1, chat_id=OTHER)])
    hub.tick(10.5)
    assert len(ear.frames) == 1
    hub.tick(11.0)
    assert [frame["heads"][0]["chat_id"] for frame in ear.frames] == [CHAT, OTHER]


def test_who_looks_and_who_muted_hear_no_heads():
    hub = make_hub()
    viewer = arrive(hub, Ear("ana"), CHAT, show=(CHAT,))
    deaf = arrive(hub, Ear("ben"), CHAT)
    hub.show(deaf, (), [CHAT])
    hub.publish([posted(1)])
    hub.tick(10.0)
    assert viewer.kinds() == ["message.new"]
    assert deaf.frames == []


def test_sessions_with_the_same_news_share_one_packet():
    hub = make_hub()
    ears = [arrive(hub, Ear(f"u{n}"), CHAT) for n in range(3)]
    hub.publish([posted(1)])
    hub.tick(10.0)
    assert len({id(ear.line.packets[0]) for ear in ears}) == 1


def test_who_left_meanwhile_hears_nothing():
    hub = make_hub()
    ear = arrive(hub, Ear("ben"), CHAT)
    hub.publish([posted(1)])
    hub.directory.leave(hub.directory.people[ear.user_id], CHAT)
    hub.tick(10.0)
    assert ear.frames == []
