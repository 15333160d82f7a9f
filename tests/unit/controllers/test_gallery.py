import httpx

from tests import media
from tests.fakes import code_of
from tests.uploads import send, upload
from uptc_messenger.toolkit.ids import uuid7


async def test_files_of_a_chat_page_by_page(ana: httpx.AsyncClient):
    made = await ana.post("/api/v1/chats", json={"kind": "group", "title": "a", "member_ids": []})
    chat = f"/api/v1/chats/{made.json()['chat_id']}"
    picture, text = await upload(ana, media.picture()), await upload(ana, b"hola", "a.txt")
    sent = (await send(ana, made.json()["chat_id"], picture, text)).json()
    assert sent["files"] == [picture, text]
    first = (await ana.get(f"{chat}/files", params={"limit": 1})).json()
    rest = (await ana.get(f"{chat}/files", params={"cursor": first["next_cursor"]})).json()
    found = [*first["files"], *rest["files"]]
    assert [each["file"] for each in found] == [picture, text]
    assert found[0] == {
        "file": picture,
        "message_id": sent["message_id"],
        "seq": 1,
        "sender_id": sent["sender_id"],
        "created_at": sent["created_at"],
    }
    assert rest["next_cursor"] is None
    media_only = (await ana.get(f"{chat}/files", params={"kind": "media"})).json()
    assert [each["file"] for each in media_only["files"]] == [picture]
    assert code_of(await ana.get(f"{chat}/files", params={"kind": "all"})) == "bad_request"
    assert code_of(await ana.get(f"/api/v1/chats/{uuid7()}/files")) == "not_found"
