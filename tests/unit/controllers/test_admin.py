import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import PASSWORD, Running, ServerTasks, make_settings, register
from uptc_messenger.controllers import admin
from uptc_messenger.models.admin import MAX_REQUEST
from uptc_messenger.toolkit import unix

Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def opened(data: Path) -> Opened:
    return await asyncio.open_unix_connection(sock=unix.connect(data / admin.NAME, None))


async def heard(connection: Opened) -> dict[str, Any]:
    """The answer: one line, and then the end."""
    reader, writer = connection
    answer = await reader.read()
    writer.close()
    assert answer.endswith(b"\n")
    return json.loads(answer)


async def say(data: Path, raw: bytes, *, end: bool = False) -> dict[str, Any]:
    connection = await opened(data)
    connection[1].write(raw)
    if end:
        connection[1].write_eof()
    return await heard(connection)


def line(data: Path, **request: Any) -> bytes:
    database = admin.name_of(make_settings(data).database.url)
    return json.dumps({"database": database, "request": request}).encode() + b"\n"


async def test_a_request_is_carried_out_and_told_to_who_listens(server: Running, data: Path):
    async with server.client() as client:
        token = (await register(client, "ana"))["token"]
    answer = await say(data, line(data, type="user.disable", username="ana", disabled=True))
    assert answer == {"type": "done", "ended": 1, "ownerless": True}
    async with server.client(token) as ana:
        assert (await ana.get("/api/v1/users/me")).status_code == 401
    assert server.application.admin.requests == 1


async def test_a_refusal_is_a_sentence(server: Running, data: Path):
    answer = await say(data, line(data, type="user.role", username="nadie", role="admin"))
    assert answer["type"] == "refused"
    assert (answer["code"], "nadie" in answer["sentence"]) == ("not_found", True)


HOSTILE: list[tuple[bytes, str]] = [
    (b"\n", "bad_request"),
    (b"hello\n", "bad_request"),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "bad_request"),
    (b"\xff\xfe\x00\n", "bad_request"),
    (b"[" * 5000 + b"\n", "bad_request"),
    (b'{"database":"x"}\n', "bad_request"),
    (b'{"database":"x","request":{"type":"rm -rf"}}\n', "bad_request"),
    (b'{"database":"x","request":{"type":"status","more":1}}\n', "bad_request"),
    (b'{"database":"x","request":{"type":"status"}}\n', "conflict"),
    (b"x" * (2 * MAX_REQUEST), "too_large"),
    (b" " * (MAX_REQUEST + 10) + b"\n", "too_large"),
]


@pytest.mark.parametrize(("raw", "code"), HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_input_is_refused(server: Running, data: Path, raw: bytes, code: str):
    assert (await say(data, raw))["code"] == code
    assert server.application.admin.requests == 0


async def test_half_a_request_is_refused(server: Running, data: Path):
    half = line(data, type="status")[:-10]
    assert (await say(data, half, end=True))["code"] == "bad_request"
    assert server.application.admin.requests == 0


async def test_who_says_nothing_is_not_waited_for(
    server: Running, data: Path, monkeypatch: pytest.MonkeyPatch
):
    assert server.address
    monkeypatch.setattr(admin, "HEAR_S", 0.01)
    assert (await heard(await opened(data)))["code"] == "timeout"


async def test_who_hangs_up_harms_nobody(server: Running, data: Path):
    assert server.address
    for raw in (b"", b"{", line(data, type="status")):
        _, writer = await opened(data)
        writer.write(raw)
        writer.transport.abort()
    assert (await say(data, line(data, type="status")))["type"] == "status"


async def test_a_hundred_connections_cost_eight_places(server: Running, data: Path):
    assert server.address
    crowd = [await opened(data) for _ in range(100)]
    refused = await asyncio.gather(*(heard(one) for one in crowd[admin.MOST :]))
    assert {answer["code"] for answer in refused} == {"overloaded"}
    assert server.application.admin.turned_away == 100 - admin.MOST
    for _, writer in crowd[: admin.MOST]:
        writer.write(b"\n")
    served = await asyncio.gather(*(heard(one) for one in crowd[: admin.MOST]))
    assert {answer["code"] for answer in served} == {"bad_request"}
    assert (await say(data, line(data, type="status")))["type"] == "status"


async def test_the_socket_is_its_users_alone_and_goes_with_the_server(
    servers: ServerTasks, data: Path
):
    await servers.start()
    assert stat.S_IMODE((data / admin.NAME).stat().st_mode) == 0o600
    await servers.close()
    assert not (data / admin.NAME).exists()


async def test_a_dead_servers_socket_is_replaced(servers: ServerTasks, data: Path):
    unix.bind(data / admin.NAME).close()
    await servers.start()
    assert (await say(data, line(data, type="status")))["type"] == "status"


async def test_what_is_in_the_way_is_left_alone(servers: ServerTasks, data: Path):
    (data / admin.NAME).write_text("mine")
    with pytest.raises(AssertionError, match="ended before it listened"):
        await servers.start()
    assert (data / admin.NAME).read_text() == "mine"


async def test_a_bug_is_answered_and_logged(
    server: Running,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    async def fail(self: object, request: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(server.application.admin.operations), "run", fail)
    answer = await say(data, line(data, type="status"))
    assert answer["code"] == "unavailable"
    assert "ZeroDivisionError" in capsys.readouterr().out


async def test_no_secret_is_logged(server: Running, data: Path, capsys: pytest.CaptureFixture[str]):
    assert server.address
    await say(data, line(data, type="user.add", username="ana", password=PASSWORD, role="owner"))
    answers = [
        await say(data, line(data, type="user.reset_link", username="ana")),
        await say(data, line(data, type="invite.create", chats=[])),
    ]
    log = capsys.readouterr().out
    assert "user.reset_link" in log
    secrets = [PASSWORD, *(answer["url"].rpartition("#")[2] for answer in answers)]
    assert [secret for secret in secrets if secret in log] == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sqlite:////a/uptc.db", "sqlite:////b/uptc.db", False),
        ("postgresql://ana:x@db/uptc", "postgresql://luis:y@db/uptc", True),
        ("postgresql://ana:x@db/uptc", "postgresql://ana:x@db/other", False),
    ],
)
def test_a_database_is_known_by_its_place(one: str, other: str, same: bool):
    assert (admin.name_of(one) == admin.name_of(other)) is same
