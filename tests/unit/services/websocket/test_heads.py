from msgspec.structs import replace

from tests.sessions import arrive, look, make_hub, new_chat, new_user, said
from uptc_messenger.models.base import FileId
from uptc_messenger.models.events import MessageNew
from uptc_messenger.models.files import File
from uptc_messenger.models.messages import Body


def test_the_first_move_is_told_at_once_and_the_next_ones_together():
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    phone = arrive(hub, luis, chat)
    hub.publish([said(chat, 1, ana)])
    hub.tick(100.0)
    assert [head["seq"] for head in phone.heard()[0]["heads"]] == [1]
    for seq in (2, 3, 4):
        hub.publish([said(chat, seq, ana, f"{seq}")])
        hub.tick(100.1 * 1)
    assert phone.heard() == []
    hub.tick(102.0)
    (told,) = phone.heard()
    assert told["heads"] == [{"chat_id": chat, "seq": 4, "n": 4, "preview": "4", "sender_id": ana}]
    hub.tick(200.0)
    assert phone.heard() == []


def test_a_session_hears_of_all_its_chats_together():
    hub, ana, luis = make_hub(), new_user(), new_user()
    chats = [new_chat() for _ in range(5)]
    phone = arrive(hub, luis, *chats)
    hub.publish([said(chat, 1, ana) for chat in chats])
    hub.tick(10.0)
    (told,) = phone.heard()
    assert {head["chat_id"] for head in told["heads"]} == set(chats)
    assert phone.outbox.es == 1


def test_who_looks_or_does_not_want_to_know_gets_no_heads():
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    looking, muted, other = (arrive(hub, luis, chat) for _ in range(3))
    look(hub, looking, chat)
    hub.show(muted.subscriber, [], [chat])
    hub.publish([said(chat, 1, ana)])
    hub.tick(10.0)
    assert looking.kinds() == ["message.new"]
    assert muted.kinds() == []
    assert other.kinds() == ["chat.head"]


def test_a_call_to_everybody_reaches_once_who_does_not_look():
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    muted, other = (arrive(hub, luis, chat) for _ in range(2))
    hub.show(muted.subscriber, [], [chat])
    hub.publish([said(chat, 1, ana, "@all", ["all"]), said(chat, 2, ana)])
    hub.tick(10.0)
    for phone in (muted, other):
        (told,) = phone.heard()
        assert [(head["seq"], head["mentions_all"]) for head in told["heads"]] == [(2, True)]
    hub.publish([said(chat, 3, ana)])
    hub.tick(20.0)
    assert muted.heard() == []
    assert "mentions_all" not in other.heard()[0]["heads"][0]


def test_an_idle_ticker_has_nothing_to_do():
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    arrive(hub, luis, chat)
    ticker = hub.heads
    assert ticker.idle
    hub.publish([said(chat, 1, ana)])
    assert not ticker.idle
    hub.tick(1.0)
    assert ticker.idle


def test_what_was_sent_without_words_is_told_by_its_files():
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    phone = arrive(hub, luis, chat)
    photo = File(
        file_id=FileId("1"), name="IMG_1.jpg", type="image/jpeg", size=1, kind="image", variants=[]
    )
    for seq, text in ((1, ""), (2, "mira")):
        change = said(chat, seq, ana)
        assert isinstance(change.event, MessageNew)
        data = replace(change.event.data, body=Body(text=text), files=[photo])
        event = replace(change.event, data=data)
        hub.publish([replace(change, event=event)])
        hub.tick(10.0 * seq)
    wordless, worded = (head for told in phone.heard() for head in told["heads"])
    assert wordless["files"] == [{"kind": "image", "name": "IMG_1.jpg"}]
    assert "files" not in worded
