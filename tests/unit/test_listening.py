import io
import signal
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import structlog
import uvicorn
from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.certificates import HOST, Authority
from tests.fakes import PASSWORD, Running, ServerTasks, make_settings
from uptc_messenger import listening
from uptc_messenger.settings import SettingsError
from uptc_messenger.toolkit.telemetry import configure_logging


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Town:
    """A server with TLS of its own, and people with browsers that trust its authority."""

    def __init__(self, running: Running, authority: Authority, port: int) -> None:
        self.running = running
        self.authority = authority
        self.origin = f"https://{HOST}:{port}"
        self.port = port

    def browser(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            base_url=f"https://127.0.0.1:{self.port}",
            headers={"host": f"{HOST}:{self.port}", "origin": self.origin},
            verify=self.authority.trusting(),
        )
        client.event_hooks["request"] = [_ask_for_name]
        return client

    async def serial(self) -> object:
        """Of the certificate that a new connection gets."""
        context = self.authority.trusting()
        with socket.create_connection(("127.0.0.1", self.port)) as plain:
            plain.setblocking(False)
            return await _serial(plain, context)


async def _ask_for_name(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = HOST


async def _serial(plain: socket.socket, context: ssl.SSLContext) -> object:
    import asyncio  # noqa: PLC0415

    _, writer = await asyncio.open_connection(sock=plain.dup(), ssl=context, server_hostname=HOST)
    found: dict[str, Any] = writer.get_extra_info("ssl_object").getpeercert()
    writer.close()
    return found["serialNumber"]


async def start(servers: ServerTasks, tmp_path: Path) -> Town:
    authority, port = Authority(tmp_path), free_port()
    files = authority.issue()
    running = await servers.start(
        port=port,
        public_url=f"https://{HOST}:{port}",
        tls_cert=str(files.certificate),
        tls_key=str(files.key),
        registration="invite",
    )
    return Town(running, authority, port)


async def test_a_second_person_reads_over_https(servers: ServerTasks, tmp_path: Path):
    town = await start(servers, tmp_path)
    link = town.running.owner_link
    assert link is not None
    assert link.startswith(f"{town.origin}/owner#")
    async with town.browser() as ana, town.browser() as luis:
        owner = {"code": link.partition("#")[2], "username": "ana", "password": PASSWORD}
        claimed = await ana.post("/api/v1/auth/owner", json=owner)
        assert claimed.status_code == 201, claimed.text
        assert "__Host-session=" in claimed.headers["set-cookie"]
        assert "Secure" in claimed.headers["set-cookie"]
        assert claimed.headers["strict-transport-security"].startswith("max-age=31536000")
        group: dict[str, object] = {"kind": "group", "title": "Redes", "member_ids": []}
        chat_id = (await ana.post("/api/v1/chats", json=group)).json()["chat_id"]
        made = (await ana.post("/api/v1/invites", json={"chat_ids": [chat_id]})).json()
        assert made["url"].startswith(f"{town.origin}/join#")
        new = {"username": "luis", "password": PASSWORD, "invite": made["invite"]}
        assert (await luis.post("/api/v1/auth/register", json=new)).status_code == 201
        path = f"/api/v1/chats/{chat_id}/messages"
        name = "00000000-0000-4000-8000-000000000001"
        await ana.put(f"{path}/{name}", json={"body": {"text": "Hola, Luis"}})
        read = (await luis.get(path)).json()["messages"]
        assert [m["body"]["text"] for m in read if m.get("body")] == ["Hola, Luis"]


async def test_a_renewed_certificate_drops_no_connection(servers: ServerTasks, tmp_path: Path):
    town = await start(servers, tmp_path)
    tls = town.running.application.tls
    assert tls is not None
    before = await town.serial()
    async with connect(
        f"wss://{HOST}:{town.port}/api/v1/ws",
        host="127.0.0.1",
        port=town.port,
        ssl=town.authority.trusting(),
        origin=Origin(town.origin),
    ) as open_socket:
        town.authority.issue()
        assert tls.refresh()
        assert await town.serial() != before
        await (await open_socket.ping())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"tls_cert": "c.pem"}, "come together"),
        ({"tls_cert": "c.pem", "tls_key": "k.pem"}, "https://"),
        ({"public_url": "chat.example.edu"}, "address such as"),
        ({"trusted_proxy": ("caddy",)}, "caddy"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_the_start(
    tmp_path: Path, options: dict[str, object], sentence: str
):
    with pytest.raises(SettingsError, match=sentence):
        make_settings(tmp_path, **options)


def test_a_certificate_that_cannot_be_used_is_refused_at_the_start(tmp_path: Path):
    files = Authority(tmp_path).issue(days=-1)
    settings = make_settings(
        tmp_path,
        public_url=f"https://{HOST}",
        tls_cert=str(files.certificate),
        tls_key=str(files.key),
    )
    with pytest.raises(SettingsError, match="expired"):
        listening.certificates(settings.server)
    assert listening.certificates(make_settings(tmp_path).server) is None


def test_the_address_is_one_that_opens_from_here(tmp_path: Path):
    server = make_settings(tmp_path, host="0.0.0.0").server
    assert listening.address_of(server, 8000) == "http://127.0.0.1:8000"
    assert listening.web_config(server).where() == ""


class Interrupted(io.StringIO):
    """A log in whose first line a signal comes."""

    def __init__(self, interrupt: Callable[[], None]) -> None:
        super().__init__()
        self._due = [interrupt]

    def write(self, line: str) -> int:
        if self._due:
            self._due.pop()()
        return super().write(line)


def test_a_signal_in_the_middle_of_a_line_of_the_log_stops_the_server():
    readiness: Any = SimpleNamespace(drain=lambda: None)
    gateway: Any = None
    server = listening.Server(uvicorn.Config("", log_config=None), readiness, gateway)
    log = Interrupted(lambda: server.handle_exit(signal.SIGTERM, None))
    configure_logging("json", "info", log)
    # A thread, which may be left behind where it waits for itself.
    line = threading.Thread(target=structlog.get_logger("test").info, args=["a line"], daemon=True)
    line.start()
    line.join(10)
    assert not line.is_alive()
    assert server.should_exit
