import pytest

from uptc_messenger.models.base import ChatId, ChatKind, ChatRole, ServerRole, UserId
from uptc_messenger.models.chats import ChatSettings, Member
from uptc_messenger.models.errors import Forbidden, NotFound
from uptc_messenger.services.chats.inviting import Inviter, Offer, has_right, require_right
from uptc_messenger.toolkit.ids import uuid7

ME, CHAT = UserId(uuid7()), ChatId(uuid7())
OFFERED: list[ChatRole] = ["admin", "member", "guest"]
TO_SERVER: dict[ServerRole, set[ChatRole]] = {
    "owner": {"admin", "member", "guest"},
    "admin": {"member", "guest"},
    "moderator": set(),
    "member": set(),
    "guest": set(),
    "bot": set(),
}
TO_CHAT: dict[ChatRole, set[ChatRole]] = {
    "owner": {"admin", "member", "guest"},
    "admin": {"member", "guest"},
    "member": set(),
    "guest": set(),
}


def proof(role: ChatRole, kind: ChatKind = "group") -> dict[tuple[UserId, ChatId], Member]:
    member = Member(
        chat_id=CHAT,
        user_id=ME,
        role=role,
        kind=kind,
        settings=ChatSettings(),
        visible_after=0,
    )
    return {(ME, CHAT): member}


@pytest.mark.parametrize("role", TO_SERVER)
def test_who_may_invite_to_the_server(role: ServerRole):
    inviter = Inviter(user_id=ME, role=role)
    offers = {given for given in OFFERED if has_right(inviter, Offer(chat_ids=(), role=given), {})}
    assert offers == TO_SERVER[role]


@pytest.mark.parametrize("role", TO_CHAT)
def test_who_may_invite_to_a_chat(role: ChatRole):
    inviter = Inviter(user_id=ME, role="member")
    offers = {
        given
        for given in OFFERED
        if has_right(inviter, Offer(chat_ids=(CHAT,), role=given), proof(role))
    }
    assert offers == TO_CHAT[role]


def test_guests_of_the_server_invite_nobody():
    with pytest.raises(Forbidden):
        require_right(
            Inviter(user_id=ME, role="guest"),
            Offer(chat_ids=(CHAT,), role="guest"),
            proof("owner"),
        )


def test_every_chat_counts():
    inviter = Inviter(user_id=ME, role="owner")
    with pytest.raises(NotFound):
        require_right(
            inviter, Offer(chat_ids=(CHAT, ChatId(uuid7())), role="guest"), proof("owner")
        )
    with pytest.raises(Forbidden):
        require_right(inviter, Offer(chat_ids=(CHAT,), role="guest"), proof("member", "direct"))
