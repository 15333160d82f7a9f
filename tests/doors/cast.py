"""Everyone who may stand before a door, and what stands behind it."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.blackbox.people import Person, Town, new_id

CANARY = f"canary{secrets.token_hex(12)}"
"""Stands in everything that an outsider must never be told."""


@dataclass(frozen=True)
class Home:
    """Ana's private group: its ids, and the people around it."""

    chat_id: str
    message_id: str
    own_message_id: str
    forwarded_id: str
    scheduled_id: str
    later: str
    invite: str
    invite_id: str
    ana: Person
    ben: Person
    admin: Person
    guest: Person
    former: Person
    eve: Person

    def person(self, actor: str) -> Person:
        return {
            "owner": self.ana,
            "admin": self.admin,
            "member": self.ben,
            "guest": self.guest,
            "former": self.former,
            "outsider": self.eve,
        }[actor]

    def values(self, other: dict[str, str] | None = None) -> dict[str, str]:
        """What fills each id slot of a path; `other` replaces some."""
        ids = {
            "chat_id": self.chat_id,
            "message_id": self.message_id,
            "user_id": self.ben.user_id,
            "session_id": self.ana.session_id,
            "invite_id": self.invite_id,
            "emoji": "👍",
        }
        return ids | (other or {})


NOBODY = ("chat_id", "message_id", "session_id", "invite_id")


def ids_of_nobody() -> dict[str, str]:
    """Ids of the right form that were never used."""
    return {name: new_id() for name in NOBODY}


async def furnish(town: Town) -> Home:
    """A group with a message in it, and everybody in place."""
    names = ("ana", "ben", "admin", "guest", "former", "eve")
    people = await asyncio.gather(*(town.person(name) for name in names))
    ana, ben, admin, guest, former, eve = people
    chat_id = await ana.found(ben, former, title=CANARY, topic=CANARY)
    for person, role in ((admin, "admin"), (guest, "guest")):
        path = f"/chats/{chat_id}/members/{person.user_id}"
        put = await ana.call("PUT", path, json={"role": role})
        assert put.status == 200, put.text
    message_id, own_message_id = new_id(), new_id()
    assert (await ana.post(chat_id, CANARY, message_id)).status == 201
    assert (await ben.post(chat_id, f"de Ben {CANARY}", own_message_id)).status == 201
    forwarded_id = new_id()
    path = f"/chats/{chat_id}/messages/{forwarded_id}/forward"
    source = {"chat_id": chat_id, "message_id": message_id}
    assert (await ana.call("PUT", path, json=source)).status == 201
    scheduled_id = new_id()
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    path = f"/chats/{chat_id}/scheduled/{scheduled_id}"
    waits = {"body": {"text": f"luego {CANARY}"}, "send_at": later}
    assert (await ben.call("PUT", path, json=waits)).status == 201
    left = await ana.call("DELETE", f"/chats/{chat_id}/members/{former.user_id}")
    assert left.status == 204, left.text
    invited = await ana.call("POST", "/invites", json={"chat_ids": [chat_id]})
    assert invited.status == 201, invited.text
    return Home(
        chat_id,
        message_id,
        own_message_id,
        forwarded_id,
        scheduled_id,
        later,
        invited["invite"],
        invited["invite_id"],
        *(ana, ben, admin, guest, former, eve),
    )
