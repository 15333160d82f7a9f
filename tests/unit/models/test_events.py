from typing import Any, get_args

import msgspec
import pytest

from tests.core import NOON, new_message_id
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.events import (
    ChatEvent,
    ChatUpdate,
    ChatUpdated,
    LogEntry,
    MemberChange,
    MemberLeft,
    MessageNew,
    ReactionChange,
    ReactionChanged,
    UserEntry,
    UserEvent,
)
from uptc_messenger.models.fleeting import Frame
from uptc_messenger.models.frames import Error, Head, Result
from uptc_messenger.models.messages import Body, Message
from uptc_messenger.toolkit.clock import rfc3339
from uptc_messenger.toolkit.ids import uuid7

ANA, CHAT, AT = UserId(uuid7()), ChatId(uuid7()), rfc3339(NOON)


def shown(frame: msgspec.Struct) -> Any:
    return msgspec.json.decode(msgspec.json.encode(frame))


def message(**changed: Any) -> Message:
    plain: dict[str, Any] = {
        "chat_id": CHAT,
        "seq": 7,
        "n": 5,
        "message_id": new_message_id(),
        "sender_id": ANA,
        "kind": "text",
        "body": Body(text="hola"),
        "created_at": AT,
        "revision": 1,
        "deleted": False,
        "file_ids": [],
        "mentions": [],
        "reactions": [],
    }
    return Message(**plain | changed)


def test_an_event_on_the_wire_has_its_type_its_kind_and_its_place():
    event = MessageNew(chat_id=CHAT, seq=7, n=5, actor_id=ANA, at=AT, data=message())
    wire = shown(event)
    assert {key: wire[key] for key in ("type", "kind", "seq", "n", "actor_id", "at")} == {
        "type": "event",
        "kind": "message.new",
        "seq": 7,
        "n": 5,
        "actor_id": ANA,
        "at": AT,
    }
    assert wire["data"]["body"] == {"text": "hola"}


def test_what_is_absent_is_left_out_and_a_deleted_body_is_null():
    wire = shown(message(body=None, deleted=True))
    assert wire["body"] is None
    assert wire.keys().isdisjoint({"reply_to", "edited_at", "duplicate"})


def test_only_a_new_message_counts():
    event = MemberLeft(chat_id=CHAT, seq=8, actor_id=ANA, at=AT, data=MemberChange(user_id=ANA))
    assert shown(event)["data"] == {"user_id": ANA}
    assert "n" not in shown(event)


def test_a_change_of_a_chat_carries_only_what_changed():
    event = ChatUpdated(chat_id=CHAT, seq=9, actor_id=ANA, at=AT, data=ChatUpdate(topic="Redes"))
    assert shown(event)["data"] == {"topic": "Redes"}


def test_an_event_reads_back_as_the_same_event():
    change = ReactionChange(message_id=new_message_id(), emoji="👍", user_id=ANA, on=True, count=2)
    event = ReactionChanged(chat_id=CHAT, seq=9, actor_id=ANA, at=AT, data=change)
    read = msgspec.json.decode(msgspec.json.encode(event), type=LogEntry | ReactionChanged)
    assert read == event


@pytest.mark.parametrize(("union", "base"), [(ChatEvent, LogEntry), (UserEvent, UserEntry)])
def test_the_unions_are_closed_and_have_one_tag_each(union: Any, base: type[msgspec.Struct]):
    members = get_args(union)
    assert set(members) == set(base.__subclasses__())
    tags = [member.__struct_config__.tag for member in members]
    assert len(set(tags)) == len(tags)


def test_frames_have_one_type_each():
    tags = [frame.__struct_config__.tag for frame in Frame.__subclasses__()]
    assert len(set(tags)) == len(tags)


def test_a_refusal_without_a_ref_has_no_ref():
    frame = Error(code="bad_request", message="This is not JSON.", retryable=False)
    assert shown(frame) == {
        "type": "error",
        "code": "bad_request",
        "message": "This is not JSON.",
        "retryable": False,
    }


def test_a_result_carries_an_answer_that_was_encoded_already():
    frame = Result(ref="a", data=msgspec.Raw(msgspec.json.encode(Head(chat_id=CHAT, seq=1, n=1))))
    assert shown(frame)["data"] == {"chat_id": CHAT, "seq": 1, "n": 1}
