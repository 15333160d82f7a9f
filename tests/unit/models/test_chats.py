from typing import Any

import msgspec
import pytest

from uptc_messenger.models.chats import (
    ChatChange,
    ChatCreation,
    ChatSettings,
    InviteCreation,
    RoleAssignment,
    SettingsChange,
)
from uptc_messenger.toolkit.ids import uuid7


def read(kind: type[Any], value: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value), type=kind)


def test_what_a_change_does_not_name_stays():
    wanted = read(ChatChange, {"settings": {"post": "admins"}})
    assert wanted.title is msgspec.UNSET
    assert wanted.settings == SettingsChange(post="admins")
    assert wanted.settings.history is msgspec.UNSET


def test_a_new_chat_shows_its_history_and_lets_its_members_write():
    assert ChatSettings() == ChatSettings(history="all", post="members", receipts=True)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ChatCreation, {"kind": "secret", "member_ids": []}),
        (ChatCreation, {"kind": "group"}),
        (ChatCreation, {"kind": "group", "member_ids": ["me"]}),
        (ChatCreation, {"kind": "group", "member_ids": [uuid7()] * 1001}),
        (ChatCreation, {"kind": "group", "member_ids": [], "title": ""}),
        (ChatCreation, {"kind": "group", "member_ids": [], "title": "x" * 121}),
        (ChatCreation, {"kind": "group", "member_ids": [], "owner_id": uuid7()}),
        (ChatChange, {"topic": "x" * 501}),
        (ChatChange, {"settings": {"history": "some"}}),
        (RoleAssignment, {"role": "king"}),
        (InviteCreation, {"role": "owner"}),
        (InviteCreation, {"expires_in_s": 59}),
        (InviteCreation, {"max_uses": 0}),
        (InviteCreation, {"chat_ids": [uuid7()] * 21}),
    ],
)
def test_what_is_not_of_the_documented_form_is_refused(kind: type[Any], value: object):
    with pytest.raises(msgspec.ValidationError):
        read(kind, value)


def test_an_invitation_says_member_unless_told_otherwise():
    assert read(InviteCreation, {}) == InviteCreation(chat_ids=[], role="member")
    assert read(RoleAssignment, {}).role == "member"
