"""Who gets what at every door: one line for each operation and each command.

The columns are owner, admin, member and guest of the chat; `outside` is what a stranger and
a former member get. A new operation without a line here fails the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.blackbox.people import PASSWORD, new_id
from tests.browsers import WISHES, subscription
from tests.doors.cast import CANARY, Home

Ids = dict[str, str]
Body = Callable[[Home, Ids], dict[str, Any]]
ROLES = ("owner", "admin", "member", "guest")
OUTSIDE = ("former", "outsider")
TEXT = {"text": "hola"}


@dataclass(frozen=True)
class Door:
    """Statuses by role, by strangers, and without a session."""

    roles: tuple[int, int, int, int]
    outside: int = 404
    anonymous: int = 401
    body: Body | None = None
    query: Body | None = None
    raw: bytes | None = None
    ids: Callable[[Home], Ids] = lambda _: {}
    changing: bool = False
    """What one actor does changes what the next one finds: each gets a home of its own."""

    secret: bool = False
    """Whoever has the secret of an invitation may learn what it is for."""


def _all(status: int) -> tuple[int, int, int, int]:
    return (status, status, status, status)


def public(status: int, body: Body | None = None) -> Door:
    """The same for everyone, with or without an account."""
    return Door(_all(status), status, status, body)


def own(status: int, body: Body | None = None, *, changing: bool = False) -> Door:
    """The same for everyone who is logged in: it is about oneself."""
    return Door(_all(status), status, body=body, changing=changing)


def _message(home: Home, ids: Ids) -> dict[str, Any]:
    return {"body": TEXT}


def _edit(home: Home, ids: Ids) -> dict[str, Any]:
    return {"body": TEXT, "change_id": new_id()}


def _bens(home: Home) -> Ids:
    return {"message_id": home.own_message_id}


def _source(home: Home, ids: Ids) -> dict[str, Any]:
    return {"chat_id": ids["chat_id"], "message_id": home.message_id}


def _later(home: Home, ids: Ids) -> dict[str, Any]:
    return {"body": TEXT, "send_at": home.later}


def _waiting(home: Home) -> Ids:
    return {"message_id": home.scheduled_id}


def _fresh(home: Home) -> Ids:
    return {"message_id": new_id()}


OPERATIONS: dict[str, Door] = {
    "log_in": public(401, lambda h, i: {"username": h.ana.username, "password": "adivinada"}),
    "register": public(400, lambda h, i: {"username": "a", "password": PASSWORD}),
    "claim_owner": public(
        404, lambda h, i: {"code": "x" * 32, "username": "eva-owner", "password": PASSWORD}
    ),
    "reset_password": public(404, lambda h, i: {"code": "x" * 32, "password": PASSWORD}),
    "check_code": public(404, lambda h, i: {"code": "x" * 32}),
    "get_server": public(200),
    "get_health": public(200),
    "get_readiness": public(200),
    "log_out": own(204, changing=True),
    "change_password": own(
        200,
        lambda h, i: {"old_password": PASSWORD, "new_password": PASSWORD + " más"},
        changing=True,
    ),
    "list_sessions": own(200),
    "end_other_sessions": own(204),
    "end_session": Door((204, 404, 404, 404), changing=True),
    "get_me": own(200),
    "change_me": own(200, lambda h, i: {"about": "hola"}),
    "find_users": own(200),
    "list_blocks": own(200),
    "block_user": Door((200, 200, 400, 200), 200),
    "unblock_user": own(204),
    "name_users": Door(_all(200), 200, query=lambda h, i: {"ids": i["user_id"]}),
    "get_user": own(200),
    "list_chats": own(200),
    "create_chat": own(201, lambda h, i: {"kind": "group", "title": "a", "member_ids": []}),
    "get_chat": Door((200, 200, 200, 200)),
    "change_chat": Door((200, 200, 403, 403), body=lambda h, i: {"topic": "otro"}),
    "delete_chat": Door((204, 403, 403, 403), changing=True),
    "list_events": Door((200, 200, 200, 200)),
    "list_members": Door((200, 200, 200, 200)),
    "put_member": Door((200, 200, 200, 403), body=lambda h, i: {"role": "guest"}, changing=True),
    "remove_member": Door((204, 204, 204, 403), changing=True),
    "list_messages": Door((200, 200, 200, 200)),
    "send_message": Door((201, 201, 201, 403), body=_message, ids=_fresh),
    "edit_message": Door((403, 403, 200, 403), body=_edit, ids=_bens, changing=True),
    "delete_message": Door(
        (200, 200, 403, 403), query=lambda h, i: {"change_id": new_id()}, changing=True
    ),
    "react": Door((200, 200, 200, 403)),
    "unreact": Door((200, 200, 200, 403)),
    "export_chat": Door((200, 200, 200, 200)),
    "search_messages": Door(
        (200, 200, 200, 200), query=lambda h, i: {"q": CANARY, "chat_id": i["chat_id"]}
    ),
    "reserve_file": own(201, lambda h, i: {"upload_id": new_id(), "name": "a", "size": 1}),
    "get_usage": own(200),
    "list_files": Door((200, 200, 200, 200)),
    "get_file": Door((200, 200, 200, 200)),
    "get_content": Door((200, 200, 200, 200)),
    "get_variant": Door((200, 200, 200, 200)),
    "get_upload": Door((200, 404, 404, 404)),
    "put_part": Door((200, 404, 404, 404), query=lambda h, i: {"offset": 0}, raw=b"x"),
    "complete_file": Door((200, 404, 404, 404), body=lambda h, i: {"sha256": "0" * 64}),
    "delete_file": Door((409, 404, 404, 404)),
    "list_pins": Door((200, 200, 200, 200)),
    "pin_message": Door((200, 200, 200, 403)),
    "unpin_message": Door((200, 200, 200, 403)),
    "remove_preview": Door((403, 403, 200, 403), ids=_bens),
    "list_revisions": Door((200, 200, 200, 200)),
    "list_reactions": Door((200, 200, 200, 200)),
    "list_scheduled": own(200),
    "list_scheduled_of_chat": Door((200, 200, 200, 200)),
    "schedule_message": Door((201, 201, 201, 403), body=_later, ids=_fresh),
    "cancel_scheduled": Door((404, 404, 204, 404), ids=_waiting),
    "send_scheduled": Door((404, 404, 200, 404), ids=_waiting),
    "forward_message": Door((201, 201, 201, 403), body=_source, ids=_fresh),
    "get_origin": Door((200, 200, 200, 200), ids=lambda h: {"message_id": h.forwarded_id}),
    "set_preferences": Door(
        (200, 200, 200, 200),
        body=lambda h, i: {"level": "none", "pinned": True, "archived": False},
    ),
    "get_notification_settings": own(200),
    "set_notification_settings": own(200, lambda h, i: WISHES),
    "get_push_key": own(200),
    "subscribe_push": own(200, lambda h, i: subscription(), changing=True),
    "unsubscribe_push": own(204),
    "list_push_devices": own(200),
    # Ana's session is in the path, and no device of hers is subscribed.
    "remove_push_device": own(404),
    "get_notification_health": own(200),
    "test_notifications": own(200, lambda h, i: {"channel": "push"}),
    "set_mail_address": own(200, lambda h, i: {"address": None}),
    "save_draft": Door((200, 200, 200, 200), body=lambda h, i: {"text": "hola", "version": 0}),
    "mark_read": Door((204, 204, 204, 204), body=lambda h, i: {"n": 1}),
    "list_receipts": Door((200, 200, 200, 200)),
    "create_invite": Door((201, 201, 403, 403), body=lambda h, i: {"chat_ids": [i["chat_id"]]}),
    "list_invites": own(200),
    "revoke_invite": Door((204, 204, 404, 404), changing=True),
    "preview_invite": Door(_all(200), 200, 200, lambda h, i: {"invite": h.invite}, secret=True),
    "accept_invite": Door(_all(200), 200, body=lambda h, i: {"invite": h.invite}, secret=True),
}


@dataclass(frozen=True)
class Command:
    """What a role gets for a command: "" is done, else the code of the refusal."""

    fields: Body
    roles: tuple[str, str, str, str] = ("", "", "", "")
    outside: str = "not_found"


def _in_chat(home: Home, ids: Ids) -> dict[str, Any]:
    return {"chat_id": ids["chat_id"]}


def _in_message(home: Home, ids: Ids) -> dict[str, Any]:
    return {"chat_id": ids["chat_id"], "message_id": ids["message_id"]}


NO_GUEST = ("", "", "", "forbidden")
COMMANDS: dict[str, Command] = {
    "view.set": Command(lambda h, i: {"open": [i["chat_id"]]}),
    "sync": Command(lambda h, i: {"chats": [{"chat_id": i["chat_id"], "from_seq": 0}]}),
    "message.send": Command(
        lambda h, i: {"chat_id": i["chat_id"], "message_id": new_id(), "body": TEXT}, NO_GUEST
    ),
    "message.forward": Command(
        lambda h, i: {"chat_id": i["chat_id"], "message_id": new_id(), "source": _source(h, i)},
        NO_GUEST,
    ),
    "message.edit": Command(
        lambda h, i: {
            "chat_id": i["chat_id"],
            "message_id": h.own_message_id,
            "change_id": new_id(),
            "body": TEXT,
        },
        ("forbidden", "forbidden", "", "forbidden"),
    ),
    "reaction.set": Command(
        lambda h, i: {**_in_message(h, i), "emoji": "🎉", "on": True}, NO_GUEST
    ),
    "read.set": Command(lambda h, i: {**_in_chat(h, i), "n": 1}),
    "typing": Command(lambda h, i: {**_in_chat(h, i), "on": True}),
    "presence.set": Command(lambda h, i: {"state": "online"}, outside=""),
    "message.delete": Command(
        lambda h, i: {**_in_message(h, i), "change_id": new_id()},
        ("", "", "forbidden", "forbidden"),
    ),
}
ANSWERED_BY_THE_SESSION = {"hello", "ping", "pong", "ack"}
"""Commands that name nothing that belongs to anybody."""

FORGED = ("sender_id", "seq", "ts", "system", "edited_at", "is_admin", "chat_type", "actor_id")
