"""Sending files over HTTP, as a client does."""

import hashlib
from typing import Any

import httpx

from uptc_messenger.toolkit.ids import uuid7

OCTETS = {"content-type": "application/octet-stream"}


async def reserve(client: httpx.AsyncClient, name: str, size: int, **more: Any) -> dict[str, Any]:
    wanted = {"upload_id": uuid7(), "name": name, "size": size, **more}
    answer = await client.post("/api/v1/files", json=wanted)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def put(client: httpx.AsyncClient, file_id: str, offset: int, data: bytes) -> httpx.Response:
    path = f"/api/v1/files/{file_id}/content?offset={offset}"
    return await client.put(path, content=data, headers=OCTETS)


async def complete(client: httpx.AsyncClient, file_id: str, data: bytes) -> httpx.Response:
    body = {"sha256": hashlib.sha256(data).hexdigest()}
    return await client.post(f"/api/v1/files/{file_id}/complete", json=body)


async def upload(
    client: httpx.AsyncClient, data: bytes, name: str = "foto.jpg", **more: Any
) -> dict[str, Any]:
    """The whole of it; the file as it is then."""
    made = await reserve(client, name, len(data), **more)
    at = 0
    while at < len(data):
        answer = await put(client, made["file_id"], at, data[at : at + made["part_bytes"]])
        assert answer.status_code == 200, answer.text
        at = answer.json()["offset"]
    answer = await complete(client, made["file_id"], data)
    assert answer.status_code == 200, answer.text
    return answer.json()


def content(file: dict[str, Any]) -> str:
    return f"/api/v1/files/{file['file_id']}/content"


async def send(
    client: httpx.AsyncClient, chat_id: str, *files: dict[str, Any], text: str = ""
) -> httpx.Response:
    """A message with files."""
    body = {"body": {"text": text}, "file_ids": [file["file_id"] for file in files]}
    return await client.put(f"/api/v1/chats/{chat_id}/messages/{uuid7()}", json=body)
