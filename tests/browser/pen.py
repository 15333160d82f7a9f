"""Accounts and messages made over HTTP, so that a test of the browser begins where it matters."""

import itertools
import json
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.browser.people import PASSWORD

_numbers = itertools.count(1)


@dataclass
class Pen:
    """Somebody who writes from a program."""

    url: str
    token: str
    user_id: str
    username: str

    @classmethod
    def register(cls, url: str, name: str = "Beto Ríos") -> "Pen":
        username = f"pluma{next(_numbers)}"
        account = {"username": username, "password": PASSWORD, "display_name": name}
        made = cls(url, "", "", username).call("POST", "/auth/register", account)
        return cls(url, made["token"], made["user"]["user_id"], username)

    @classmethod
    def login(cls, url: str, username: str) -> "Pen":
        """The account of somebody who sits at a browser, on another device."""
        account = {"username": username, "password": PASSWORD}
        made = cls(url, "", "", username).call("POST", "/auth/login", account)
        return cls(url, made["token"], made["user"]["user_id"], username)

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The answer of the server; a refusal is an exception."""
        request = urllib.request.Request(f"{self.url}/api/v1{path}", method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def group(self, title: str, *user_ids: str) -> str:
        chat = {"kind": "group", "title": title, "member_ids": list(user_ids)}
        return self.call("POST", "/chats", chat)["chat_id"]

    def write(self, chat_id: str, text: str, reply_to: str | None = None) -> dict[str, Any]:
        body: dict[str, Any] = {"body": {"text": text}}
        if reply_to is not None:
            body["reply_to"] = reply_to
        return self.call("PUT", f"/chats/{chat_id}/messages/{uuid.uuid4()}", body)

    def forward(self, message: dict[str, Any], chat_id: str) -> None:
        source = {"chat_id": message["chat_id"], "message_id": message["message_id"]}
        self.call("PUT", f"/chats/{chat_id}/messages/{uuid.uuid4()}/forward", source)

    def edit(self, message: dict[str, Any], text: str) -> None:
        path = f"/chats/{message['chat_id']}/messages/{message['message_id']}"
        self.call("PATCH", path, {"body": {"text": text}, "change_id": str(uuid.uuid4())})

    def delete(self, message: dict[str, Any]) -> None:
        path = f"/chats/{message['chat_id']}/messages/{message['message_id']}"
        self.call("DELETE", f"{path}?change_id={uuid.uuid4()}")

    def react(self, message: dict[str, Any], emoji: str) -> None:
        path = f"/chats/{message['chat_id']}/messages/{message['message_id']}"
        self.call("PUT", f"{path}/reactions/{quote(emoji)}")

    def read(self, chat_id: str, n: int) -> None:
        self.call("PUT", f"/chats/{chat_id}/read", {"n": n})


def paragraph(number: int) -> str:
    """A text of one to fifteen lines; the same for the same number."""
    lines = 1 + (number * 7919) % 15
    return f"mensaje {number}\n" + "\n".join(
        f"línea {line} de {number}" for line in range(1, lines)
    )
