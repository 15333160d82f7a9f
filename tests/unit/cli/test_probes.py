import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.certificates import Authority
from tests.fakes import Running, ServerTasks
from tests.nats import serving as nats
from uptc_messenger import settings
from uptc_messenger.cli import probes
from uptc_messenger.cli.probes import bus, database, disk, off, public, server
from uptc_messenger.settings import Settings


def configured(**options: object) -> Settings:
    return settings.build(settings.collect(options, {}))


@asynccontextmanager
async def saying(text: bytes) -> AsyncGenerator[int, None]:
    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    listener = await asyncio.start_server(say, "127.0.0.1", 0)
    yield listener.sockets[0].getsockname()[1]
    listener.close()


def nobody() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


async def test_a_server_with_other_options_is_not_taken_for_the_one_described(
    servers: ServerTasks, data: Path
):
    assert await server(configured(data=str(data))) == []
    url = "https://chat.example.edu"
    await servers.start(public_url=url)
    (other,) = await server(configured(data=str(data)))
    assert other.verdict == "warn"
    assert f"at {url}, with options other than these" in other.told
    (same,) = await server(configured(data=str(data), public_url=url))
    assert (same.verdict, same.told) == ("ok", f"A server runs here, at {url}.")


async def test_a_database_that_is_well(data: Path):
    found = await database(configured(data=str(data)))
    assert [(f.name, f.verdict) for f in found] == [("database", "ok"), ("migrations", "ok")]


async def test_a_database_that_is_not_there(tmp_path: Path):
    missing = await database(configured(data=str(tmp_path)))
    silent = await database(configured(database=f"postgresql://u:word@127.0.0.1:{nobody()}/x"))
    assert [f.verdict for f in (*missing, *silent)] == ["fail", "fail"]
    assert "word" not in silent[0].told


@pytest.mark.parametrize(("seconds", "verdict"), [(0.5, "ok"), (-10, "warn"), (3_600, "fail")])
def test_clocks_that_differ(seconds: float, verdict: str):
    found = off("clock", seconds, "the database's")
    assert found.verdict == verdict
    assert ("NTP" in found.told) == (verdict != "ok")


async def test_a_bus_greets_or_does_not():
    assert (await bus(configured()))[0].verdict == "ok"
    assert (await bus(configured(database="postgresql://h/x")))[0].verdict == "warn"
    async with saying(b"HTTP/1.1 400\r\n") as port:
        found = await bus(configured(bus=f"nats://127.0.0.1:{port}"))
        assert found[0].verdict == "fail"
        assert "not NATS" in found[0].told
    with nats("--user", "node", "--pass", "secreto") as server:
        place = f"127.0.0.1:{server.port}"
        stranger, node = [
            (await bus(configured(bus=f"nats://{who}{place}")))[0] for who in ("", "node:secreto@")
        ]
        assert (stranger.verdict, node.verdict) == ("fail", "ok")
        assert "bus_credentials" in stranger.told
    assert (await bus(configured(bus=f"nats://127.0.0.1:{nobody()}")))[0].verdict == "fail"


async def test_a_disk_that_fills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    there = configured(data=str(tmp_path / "not" / "yet"))
    assert (await disk(there))[0].verdict in {"ok", "warn", "fail"}
    monkeypatch.setattr(probes, "_LITTLE", 1 << 60)
    monkeypatch.setattr(probes, "_TOO_LITTLE", 1 << 59)
    found = (await disk(there))[0]
    assert found.verdict == "fail"

    def small(_: object) -> SimpleNamespace:
        return SimpleNamespace(free=9 << 20)

    monkeypatch.setattr(probes.shutil, "disk_usage", small)
    assert (await disk(there))[0].told.startswith("9.0 MiB are free")


async def test_the_public_address_of_a_server_that_is_well(server: Running):
    found = await public(configured(public_url=server.address))
    assert {f.name: f.verdict for f in found if f.name != "http clock"} == {
        "tls": "ok",
        "websocket": "ok",
    }


@pytest.mark.parametrize("code", ["403", "502", "400"])
async def test_a_proxy_that_does_not_let_websockets_through(code: str):
    async with saying(
        f"HTTP/1.1 {code} X\r\nDate: Mon, 23 Nov 2020 12:00:00 GMT\r\n\r\n".encode()
    ) as port:
        found = {f.name: f for f in await public(configured(public_url=f"http://localhost:{port}"))}
    assert found["websocket"].verdict == "fail"
    assert code in found["websocket"].told
    assert found["http clock"].verdict == "fail"


@pytest.mark.parametrize(("days", "verdict"), [(30, "ok"), (5, "warn"), (-1, "fail")])
async def test_the_certificate_of_the_public_address(
    servers: ServerTasks,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days: float,
    verdict: str,
):
    authority = Authority(tmp_path)
    files = authority.issue("localhost", days=max(days, 1))
    server = await servers.start(
        tls_cert=str(files.certificate), tls_key=str(files.key), public_url="https://localhost"
    )
    if days < 0:  # one that the machine does not know
        authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path / "ca.pem")))
    port = server.address.rpartition(":")[2]
    found = await public(configured(public_url=f"https://localhost:{port}"))
    tls = {f.name: f for f in found}["tls"]
    assert tls.verdict == verdict, tls
    assert ("is refused" in tls.told) == (days < 0)


async def test_an_address_that_nobody_answers():
    found = await public(configured(public_url=f"http://127.0.0.1:{nobody()}"))
    assert [f.verdict for f in found] == ["fail"]
    assert (await public(configured()))[0].verdict == "ok"
    assert (await public(configured(host="0.0.0.0")))[0].verdict == "warn"
