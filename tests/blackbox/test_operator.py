"""Whoever runs the server helps people from its terminal: it acts at once, on what is open."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import PASSWORD, Answer, Town
from tests.server import Server, serving
from uptc_messenger.cli import commands

A_SECOND = 1.0
"""Within it, nothing more reaches whom the operator shut out."""

NEW = "comen trigo en el trigal"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("operator")
    with serving(folder, "--registration", "open", **UNLIMITED, UPTC_LOG_LEVEL="debug") as it:
        yield it


@pytest_asyncio.fixture
async def village(installation: Server) -> AsyncGenerator[Town, None]:
    opened = Town(installation.url)
    yield opened
    await opened.close()


async def command(data: Path, *given: str, typed: str = "") -> tuple[int, str, str]:
    """Exit code, output and errors of `uptc-messenger`."""
    arguments = [*given, "--data", str(data)]
    done = await asyncio.to_thread(
        CliRunner().invoke, commands.build(), arguments, input=typed, catch_exceptions=False
    )
    return done.exit_code, done.stdout, done.stderr


async def told(server: Server, *given: str, typed: str = "") -> Any:
    """What a command that succeeds prints as JSON."""
    code, out, errors = await command(server.data, *given, "--json", typed=typed)
    assert code == 0, errors
    return json.loads(out)


async def reset(town: Town, code: str, password: str = NEW) -> Answer:
    """What the page of the link sends; `Origin` as a browser does."""
    wanted = {"code": code, "password": password}
    headers = {"origin": town.url}
    return await town.call("POST", "/auth/reset", json=wanted, headers=headers)


async def test_a_disabled_account_falls_silent_within_a_second(installation: Server, village: Town):
    eve = await village.person("eve")
    sockets = [await eve.connect(), await (await village.log_in(eve)).connect()]
    assert (await told(installation, "user", "disable", eve.username))["ended"] == 2
    codes = await asyncio.gather(*(socket.closed(within=A_SECOND) for socket in sockets))
    assert codes == [4505, 4505]
    assert (await eve.call("GET", "/users/me")).status == 401
    wanted = {"username": eve.username, "password": PASSWORD}
    assert (await village.call("POST", "/auth/login", json=wanted)).status == 403
    await told(installation, "user", "disable", eve.username, "--undo")
    assert await (await village.log_in(eve)).connect()


@pytest.mark.parametrize("change", ["passwd", "role"])
async def test_a_new_password_or_role_ends_what_is_open(
    installation: Server, village: Town, change: str
):
    eve = await village.person("eve")
    socket = await eve.connect()
    given = ["--password-stdin"] if change == "passwd" else ["moderator"]
    await told(installation, "user", change, eve.username, *given, typed=f"{NEW}\n")
    assert await socket.closed(within=A_SECOND) == 4504


async def test_one_session_ends_and_the_other_goes_on(installation: Server, village: Town):
    eve = await village.person("eve")
    other = await village.log_in(eve)
    lost, kept = await eve.connect(), await other.connect()
    shown = await told(installation, "sessions", "list", eve.username)
    assert {s["session_id"] for s in shown["sessions"]} == {eve.session_id, other.session_id}
    await told(installation, "sessions", "end", eve.username, "--session", eve.session_id)
    assert await lost.closed(within=A_SECOND) == 4504
    await kept.settle()


async def test_an_owner_who_is_locked_out_is_rescued_by_a_link(installation: Server, village: Town):
    made = await told(
        installation, "user", "add", "duena", "--role", "owner", "--password-stdin",
        typed=f"{PASSWORD}\n",
    )  # fmt: skip
    assert made["user"]["role"] == "owner"
    printed = await command(installation.data, "user", "reset-link", "duena")
    url, _, code = printed[1].strip().partition("#")
    assert url == f"{installation.url}/reset"
    shown = await village.call("GET", "//reset", headers={"accept": "text/html"})
    assert shown.status == 200
    assert (await reset(village, code, "corta")).status == 400, "too short: the link still works"
    rescued = await reset(village, code)
    assert (rescued.status, rescued["user"]["role"]) == (200, "owner")
    assert "token" not in rescued.body, "a browser has it in a cookie"
    assert "session" in rescued.headers["set-cookie"]
    wanted = {"username": "duena", "password": NEW}
    page = {"origin": village.url}
    assert (await village.call("POST", "/auth/login", json=wanted, headers=page)).status == 200
    assert (await reset(village, code)).status == 404, "used"


async def test_a_code_that_is_void_or_guessed_changes_nothing(installation: Server, village: Town):
    eve = await village.person("eve")
    old = (await told(installation, "user", "reset-link", eve.username))["code"]
    new = (await told(installation, "user", "reset-link", eve.username))["code"]
    for guess in (old, new.lower(), new[:-1], new + "x", "x" * len(new), new[::-1]):
        assert (await reset(village, guess)).status == 404
    race = await asyncio.gather(*(reset(village, new) for _ in range(5)))
    assert sorted(answer.status for answer in race) == [200, 404, 404, 404, 404]


async def test_an_invitation_from_the_terminal_lets_people_in(installation: Server, village: Town):
    ana, luis = await village.person("ana"), await village.person("luis")
    title = f"Grupo de {ana.username}"
    chat_id = await ana.found(title=title)
    made = await told(installation, "invite", "create", "--chat", title, "--uses", "1")
    assert made["invite"]["chats"] == [title]
    assert made["invite"]["inviter"] == ana.username
    secret = {"invite": made["url"].partition("/join#")[2]}
    joined = await luis.call("POST", "/invites/accept", json=secret)
    assert [chat["chat_id"] for chat in joined["chats"]] == [chat_id]
    eve = await village.person("eve")
    assert (await eve.call("POST", "/invites/accept", json=secret)).status == 404
    second = await told(installation, "invite", "create", "--chat", chat_id)
    await told(installation, "invite", "revoke", second["invite"]["invite_id"])
    secret = {"invite": second["url"].partition("/join#")[2]}
    assert (await eve.call("POST", "/invites/accept", json=secret)).status == 404


async def test_the_status_is_that_of_the_server(installation: Server, village: Town):
    eve = await village.person("eve")
    await eve.connect()
    sections = (await told(installation, "status"))["sections"]
    assert sections["server"]["address"] == installation.url
    assert sections["sockets"]["open"] >= 1
    code, out, _ = await command(installation.data, "status")
    assert (code, out.splitlines()[0]) == (0, "The server is running.")


async def test_no_code_is_in_the_log(installation: Server, village: Town):
    eve = await village.person("eve")
    code = (await told(installation, "user", "reset-link", eve.username))["code"]
    await reset(village, code)
    log = installation.log.read_text()
    assert "user.reset_link" in log
    assert [secret for secret in (code, NEW) if secret in log] == []


async def test_an_expired_code_opens_nothing(installation: Server, village: Town):
    eve = await village.person("eve")
    code = (await told(installation, "user", "reset-link", eve.username))["code"]
    with closing(sqlite3.connect(installation.data / "uptc.db")) as database, database:
        database.execute("UPDATE codes SET expires_at = 1")
    assert (await reset(village, code)).status == 404
