"""What people write, and what proves who they are, is in no line of the log, at any level."""

from pathlib import Path
from typing import Any

import httpx

from tests.server import serving

PASSWORD = "canario en la mina 4711"
TEXT = "canario-en-el-cuerpo"
MESSAGE = "01a207c9-d953-7246-a989-1c74d6e7de0a"


def test_no_line_holds_a_body_a_password_or_a_token(tmp_path: Path):
    with serving(tmp_path, "--registration", "open", UPTC_LOG_LEVEL="debug") as server:
        with httpx.Client(base_url=f"{server.url}/api/v1") as client:
            token = talk(client)
        server.stop()
        log = server.log.read_text()
    assert "/chats" in log, "the log was read while something was in it"
    assert '"signal": "SIGTERM", "event": "stopping"' in log
    assert [secret for secret in (PASSWORD, TEXT, token) if secret in log] == []


def talk(client: httpx.Client) -> str:
    """Everything that carries a secret once, accepted and refused; returns the token."""
    account = {"username": "ana", "password": PASSWORD}
    registered: dict[str, Any] = client.post("/auth/register", json=account).json()
    client.post("/auth/register", json=account)
    client.post("/auth/login", json=account | {"password": PASSWORD + "!"})
    client.headers["Authorization"] = f"Bearer {registered['token']}"
    chat = client.post("/chats", json={"kind": "group", "title": "Uno", "member_ids": []}).json()
    for body in ({"text": TEXT}, {"text": TEXT, "unknown": TEXT}, TEXT):
        client.put(f"/chats/{chat['chat_id']}/messages/{MESSAGE}", json={"body": body})
    client.get("/users", params={"q": TEXT})
    client.post("/auth/password", json={"old_password": TEXT, "new_password": PASSWORD})
    return registered["token"]
