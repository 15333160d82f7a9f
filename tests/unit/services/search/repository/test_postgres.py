"""The statements are run on a real server in tests/contracts/test_search.py."""

from uptc_messenger.models.base import ChatId
from uptc_messenger.services.search.repository import Wanted
from uptc_messenger.services.search.repository.postgres import _of_chat
from uptc_messenger.services.search.terms import Term, key_of
from uptc_messenger.toolkit.ids import uuid7


def test_terms_are_quoted_whatever_they_are():
    chat = ChatId(uuid7())
    key = key_of(chat)
    groups = ((Term("a'b\\"), Term("c", prefix=True)), (Term("d"),))
    wanted = Wanted(chats={chat: 0}, groups=groups, since=0, before=1, limit=1)
    asked = f"('{key}a''b\\\\' | '{key}c':*) & ('{key}d')"
    assert _of_chat(chat, wanted) == asked
