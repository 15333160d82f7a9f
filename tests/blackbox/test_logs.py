"""Nothing that people say or know stands in a log, not even at its most talkative level."""

import secrets
from pathlib import Path

from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Town, new_id
from tests.server import serving


async def test_no_message_password_token_or_invitation_is_logged(tmp_path: Path):
    secret = {
        what: f"canary{secrets.token_hex(12)}" for what in ("password", "body", "frame", "new")
    }
    with serving(tmp_path, "--registration", "open", **UNLIMITED, UPTC_LOG_LEVEL="debug") as server:
        town = Town(server.url)
        ana = await town.person("ana", password=secret["password"])
        wrong = {"username": ana.username, "password": secret["new"]}
        assert (await town.call("POST", "/auth/login", json=wrong)).status == 401
        chat_id = await ana.found()
        await ana.post(chat_id, secret["body"])
        invite = (await ana.call("POST", "/invites", json={"chat_ids": [chat_id]}))["invite"]
        await town.call("POST", "/invites/preview", json={"invite": invite})
        socket = await ana.connect(chat_id)
        await socket.say(chat_id, secret["frame"])
        cut_off = f'{{"type": "message.send", "id": 1, "body": "{secret["frame"]}'
        await socket.connection.send(cut_off)
        await socket.settle()
        forged = {"body": {"text": secret["body"]}, secret["frame"]: 1}
        await ana.call("PUT", f"/chats/{chat_id}/messages/{new_id()}", json=forged)
        change = {"old_password": secret["password"], "new_password": secret["new"]}
        changed = await ana.call("POST", "/auth/password", json=change)
        assert changed.status == 200
        await town.close()
        server.stop()
    log = server.log.read_text()
    assert '"debug"' in log, "the log was not as talkative as it can be"
    hidden = [*secret.values(), ana.token, changed["token"], invite]
    assert [word for word in hidden if word in log] == []
