import asyncio
import os
from pathlib import Path

import pytest

from tests.fakes import PASSWORD, ServerTasks, make_settings, register
from uptc_messenger import app, listening
from uptc_messenger.database import open_database
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.services.auth import Administration, open_auth
from uptc_messenger.services.files.store import StoreAway
from uptc_messenger.settings import ServerConfig
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.folders import Claimed, claim


async def test_a_server_says_where_it_listens_once_it_does(servers: ServerTasks):
    server = await servers.start()
    assert server.address.startswith("http://127.0.0.1:")
    async with server.client() as client:
        assert (await client.get("/readyz")).status_code == 200


async def test_the_link_to_become_the_owner_is_told_until_there_is_one(servers: ServerTasks):
    first = await servers.start()
    assert first.owner_link is not None
    assert first.owner_link.startswith(f"{first.address}/owner#")
    await first.application.administration.add_user("due", "owner", PASSWORD)
    await servers.close()
    assert (await servers.start()).owner_link is None


async def test_links_use_the_public_address(servers: ServerTasks):
    server = await servers.start(public_url="https://chat.example.edu/")
    assert (server.owner_link or "").startswith("https://chat.example.edu/owner#")


async def test_an_account_is_there_after_a_restart(data: Path):
    before = ServerTasks(data)
    async with (await before.start()).client() as client:
        token = (await register(client, "ana"))["token"]
    await before.close()
    after = ServerTasks(data)
    async with (await after.start()).client(token) as ana:
        assert (await ana.get("/api/v1/users/me")).json()["username"] == "ana"
    await after.close()


async def test_a_stopping_server_finishes_what_was_begun(
    servers: ServerTasks, monkeypatch: pytest.MonkeyPatch
):
    server = await servers.start()
    begun, go_on = asyncio.Event(), asyncio.Event()
    real = server.application.backend.auth.passwords.hash

    async def slow(password: str, *, known: bool) -> str:
        begun.set()
        await go_on.wait()
        return await real(password, known=known)

    monkeypatch.setattr(server.application.backend.auth.passwords, "hash", slow)
    async with server.client() as client:
        registering = asyncio.gather(register(client, "ana"))
        await begun.wait()
        server.application.stop()
        go_on.set()
        assert (await registering)[0]["user"]["username"] == "ana"


def test_limits_that_are_off_are_shouted(capsys: pytest.CaptureFixture[str]):
    app.make_limiter(ServerConfig(limits="off"))
    assert "LIMITS ARE OFF" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "http://127.0.0.1"), ("0.0.0.0", "http://127.0.0.1")]
)
def test_the_address_is_one_that_a_browser_can_open(host: str, address: str):
    config = ServerConfig(host=host, port=0)
    with listening.bind(config) as listener:
        port = listener.getsockname()[1]
        assert listening.address_of(config, port) == f"{address}:{port}"


async def test_a_session_ended_by_another_process_is_refused_here(servers: ServerTasks, data: Path):
    server = await servers.start()
    async with server.client() as client:
        token = (await register(client, "ana"))["token"]
    async with server.client(token) as ana:
        assert (await ana.get("/api/v1/users/me")).status_code == 200
        config = make_settings(data)
        other = await open_database(config.database)
        auth = await open_auth(other, config.auth, wall_clock)
        await Administration(other, auth).set_disabled("ana", disabled=True)
        auth.close()
        await other.close()
        await server.application.cluster.revocations.check()
        assert (await ana.get("/api/v1/users/me")).status_code == 401


async def test_two_servers_never_have_one_data_folder(servers: ServerTasks, data: Path):
    await servers.start()
    with pytest.raises(Claimed) as refused:
        await app.build(make_settings(data))
    assert "in use by process" in str(refused.value)


async def test_what_is_stamped_and_what_looks_at_stamps_go_by_one_clock(data: Path):
    application = await app.build(make_settings(data))
    try:
        shared, backend = application.cluster.clock, application.backend
        told = backend.notifications
        for one in (told.reader, told.deliverer.pushes, told.postman, backend.files.collector):
            assert one._clock is shared
    finally:
        await application.close()


async def test_a_server_that_could_not_be_built_leaves_the_folder_free(data: Path):
    (data / "uptc.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(SchemaError):
        await app.build(make_settings(data))
    with claim(data):
        pass


def opened_files() -> list[str]:
    found = [Path(each.path) for each in os.scandir("/proc/self/fd")]
    return [str(each.readlink()) for each in found if each.is_symlink()]


async def test_a_server_that_could_not_be_built_leaves_nothing_open(data: Path):
    (data / "files").write_bytes(b"in the way")
    with pytest.raises(StoreAway):
        await app.build(make_settings(data))
    assert [each for each in opened_files() if each.startswith(str(data))] == []
