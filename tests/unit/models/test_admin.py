from typing import get_args

import msgspec
import pytest

from uptc_messenger.models import admin
from uptc_messenger.models.admin import AdminAnswer, AdminRequest, Envelope, GetStatus, encode


def test_a_message_is_one_line():
    line = encode(Envelope(database="x", request=GetStatus()))
    assert line == b'{"database":"x","request":{"type":"status"}}\n'


@pytest.mark.parametrize("union", [AdminRequest, AdminAnswer])
def test_every_tag_is_there_once(union: object):
    tags = [kind.__struct_config__.tag for kind in get_args(union)]
    assert len(tags) == len(set(tags)) > 5


@pytest.mark.parametrize(
    "request_",
    [
        {"type": "user.delete", "username": "ana"},
        {"type": "user.role", "username": "ana", "role": "king"},
        {"type": "user.disable", "username": "ana", "disabled": True, "why": "no field"},
        {"type": "invite.create", "chats": ["x"] * 21},
        {"type": "invite.create", "chats": [], "expires_in_s": 1},
        {"type": "invite.create", "chats": [], "role": "owner"},
        {"type": "sessions.end", "username": "ana", "session_id": "all"},
    ],
)
def test_what_is_not_in_the_union_is_refused(request_: dict[str, object]):
    raw = msgspec.json.encode({"database": "x", "request": request_})
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=admin.Envelope)
