import pytest

from tests.sessions import new_chat, new_user
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.events import Audience
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket import unsaid as module
from uptc_messenger.services.websocket.unsaid import RECENT_S, Unsaid

NARROW = Audience()


def head(chat: ChatId, seq: int) -> Head:
    return Head(chat_id=chat, seq=seq, n=seq)


def test_each_log_is_said_again_once_with_its_newest_head():
    unsaid, chat, ana = Unsaid(), new_chat(), new_user()
    for seq in (1, 2, 3):
        unsaid.chat(head(chat, seq), NARROW, None)
        unsaid.user(ana, seq, None)
    assert unsaid.take(99.0) == ([(head(chat, 3), NARROW)], [(ana, 3)])
    assert len(unsaid) == 0


def test_what_arrived_long_ago_is_forgotten_and_what_nobody_heard_is_not():
    unsaid, heard, doubtful, lost = Unsaid(), new_chat(), new_chat(), new_chat()
    unsaid.chat(head(heard, 1), NARROW, 0.0)
    unsaid.chat(head(doubtful, 1), NARROW, RECENT_S)
    unsaid.chat(head(lost, 1), NARROW, None)
    unsaid.chat(head(lost, 2), NARROW, 0.0)
    chats, _ = unsaid.take(RECENT_S + 1)
    assert {told.chat_id for told, _ in chats} == {doubtful, lost}


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_LOGS", 3)
    unsaid, first = Unsaid(), new_chat()
    unsaid.chat(head(first, 1), NARROW, None)
    for _ in range(5):
        unsaid.chat(head(new_chat(), 1), NARROW, None)
        unsaid.user(new_user(), 1, None)
    assert len(unsaid) == 3
    unsaid.chat(head(first, 2), NARROW, None)
    assert (head(first, 2), NARROW) in unsaid.take(0.0)[0]
