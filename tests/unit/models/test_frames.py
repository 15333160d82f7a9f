from typing import Any

import msgspec

from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.fleeting import Frame, Typing
from uptc_messenger.models.frames import (
    Error,
    Flow,
    Head,
    PresenceEntry,
    Result,
    ServerPing,
    ServerPong,
)
from uptc_messenger.toolkit.ids import uuid7


def shown(frame: msgspec.Struct) -> Any:
    return msgspec.json.decode(msgspec.json.encode(frame))


def test_each_frame_has_a_type_of_its_own():
    tags = [frame.__struct_config__.tag for frame in Frame.__subclasses__()]
    assert len(set(tags)) == len(tags)
    assert {"welcome", "result", "error", "digest", "flow", "goaway"} <= set(tags)


def test_signs_of_life_carry_heads_only_where_there_is_a_session():
    assert shown(ServerPing(ts=5)) == {"type": "ping", "ts": 5}
    head = Head(chat_id=ChatId(uuid7()), seq=4, n=3)
    assert shown(ServerPong(ts=1.5, heads=[head]))["heads"] == [
        {"chat_id": head.chat_id, "seq": 4, "n": 3}
    ]


def test_what_is_unknown_is_left_out():
    entry = PresenceEntry(user_id=UserId(uuid7()), state="online")
    assert shown(entry) == {"user_id": entry.user_id, "state": "online"}
    error = Error(code="timeout", message="No answer in time.", retryable=True)
    assert shown(error).keys() == {"type", "code", "message", "retryable"}


def test_an_answer_is_spliced_in_as_it_was_encoded():
    raw = msgspec.Raw(b'{"read_n":3}')
    assert shown(Result(ref="a", data=raw)) == {"type": "result", "ref": "a", "data": {"read_n": 3}}


def test_flow_says_from_where_bodies_are_missing():
    assert shown(Flow(state="lagging", dropped_from_es=12)) == {
        "type": "flow",
        "state": "lagging",
        "dropped_from_es": 12,
    }
    assert "es" not in Typing.__struct_fields__
