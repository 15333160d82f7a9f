"""Everyone who may stand before a door, and what stands behind it."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests import media
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
    file_id: str
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
            "file_id": self.file_id,
            "variant": "thumb",
        }
        return ids | (other or {})


NOBODY = ("chat_id", "message_id", "session_id", "invite_id", "file_id")


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
    file_id = await _hang_up_a_picture(ana, chat_id)
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
        file_id,
        invited["invite_id"],
        *(ana, ben, admin, guest, former, eve),
    )


async def _hang_up_a_picture(ana: Person, chat_id: str) -> str:
    data = media.picture()
    wanted = {"upload_id": new_id(), "name": f"{CANARY}.jpg", "size": len(data)}
    file_id = (await ana.call("POST", "/files", json=wanted))["file_id"]
    octets = {"content-type": "application/octet-stream"}
    path = f"/files/{file_id}/content?offset=0"
    put = await ana.call("PUT", path, content=data, headers=octets)
    assert put.status == 200, put.text
    sha256 = hashlib.sha256(data).hexdigest()
    done = await ana.call("POST", f"/files/{file_id}/complete", json={"sha256": sha256})
    assert done.status == 200, done.text
    body = {"body": {"text": ""}, "file_ids": [file_id]}
    sent = await ana.call("PUT", f"/chats/{chat_id}/messages/{new_id()}", json=body)
    assert sent.status == 201, sent.text
    return file_id
