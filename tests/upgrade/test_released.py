"""Each released version's database is opened by this one, and everyone finds everything again."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.architecture.source import ROOT
from tests.blackbox.people import Person, Town, is_event
from tests.fixtures.make import SETTINGS
from tests.fixtures.view import see
from tests.server import Server, serving
from uptc_messenger import __version__
from uptc_messenger.cli import commands
from uptc_messenger.cli.exits import Exit
from uptc_messenger.database.migrate import head_revision

FIXTURES = ROOT / "tests" / "fixtures"
RELEASES = sorted(FIXTURES.glob("*.sql"))
MOST_BYTES = 300 * 1024
FOR_EVER = {**SETTINGS, "UPTC_AUTH_SESSION_IDLE_S": SETTINGS["UPTC_AUTH_SESSION_LIFETIME_S"]}


@pytest.fixture(scope="module", params=RELEASES, ids=lambda path: path.stem)
def release(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture(scope="module")
def about(release: Path) -> dict[str, Any]:
    return json.loads(release.with_suffix(".json").read_text())


def restore(release: Path, folder: Path, lost: str = "") -> Path:
    """A data folder with the database of a release, in which `lost` was lost on the way."""
    text = release.read_text()
    assert lost in text
    with closing(sqlite3.connect(folder / "uptc.db")) as database:
        database.executescript(text.replace(lost, "otra cosa") if lost else text)
    return folder


@pytest.fixture(scope="module")
def upgraded(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(restore(release, tmp_path_factory.mktemp("released")), **FOR_EVER) as server:
        yield server


async def known(town: Town, username: str, token: str) -> Person:
    """Somebody who kept the session that an older version opened."""
    me = await town.call("GET", "/users/me", token=token)
    assert (me.status, me["username"]) == (200, username)
    return Person(town, username, me["user_id"], "", token)


async def test_everyone_gets_in_and_finds_every_chat_as_it_was(
    upgraded: Server, about: dict[str, Any]
):
    town = Town(upgraded.url)
    for old in about["people"]:
        kept = await known(town, old["username"], old["token"])
        wanted = {"username": old["username"], "password": about["password"]}
        again = town.known(await town.call("POST", "/auth/login", json=wanted))
        assert await see(kept) == old["chats"]
        assert await see(again) == old["chats"]
    await town.close()


async def test_life_goes_on(release: Path, about: dict[str, Any], tmp_path: Path):
    with serving(restore(release, tmp_path), "--registration", "open", **FOR_EVER) as server:
        town = Town(server.url)
        ana, luis = [await known(town, p["username"], p["token"]) for p in about["people"][:2]]
        eve = await town.person("eve")
        joined = await eve.call("POST", "/invites/accept", json={"invite": about["invite"]})
        (chat_id,) = [chat["chat_id"] for chat in joined["chats"]]
        listening = await luis.connect(chat_id)
        await ana.post(chat_id, "Sigue aquí")
        heard = await listening.hear(is_event("message.new", body={"text": "Sigue aquí"}))
        before = about["people"][0]["chats"][chat_id]
        assert heard["seq"] > before["seq"]
        assert heard["data"]["n"] > before["n"]
        await town.close()


def run(data: Path, *given: str) -> Any:
    return CliRunner().invoke(commands.build(), [*given, "--data", str(data)])


def test_the_upgrade_can_be_told_and_tried_before(
    release: Path, about: dict[str, Any], tmp_path: Path
):
    data = restore(release, tmp_path)
    pending = about["schema"] != head_revision()
    assert run(data, "upgrade", "--check").exit_code == (Exit.PENDING if pending else Exit.OK)
    assert run(data, "upgrade").exit_code == 0
    assert run(data, "upgrade", "--check").exit_code == Exit.OK


def test_a_fixture_is_small_and_of_the_version_in_its_name(release: Path, about: dict[str, Any]):
    assert release.stat().st_size < MOST_BYTES
    assert about["version"] == release.stem


def test_this_version_has_its_fixture():
    assert FIXTURES / f"{__version__}.sql" in RELEASES


@pytest.mark.parametrize("old", ["Corregido", "Sin enviar"])
async def test_a_word_that_changed_on_the_way_is_noticed(
    release: Path, about: dict[str, Any], tmp_path: Path, old: str
):
    with serving(restore(release, tmp_path, old), **FOR_EVER) as server:
        town = Town(server.url)
        luis = about["people"][1]
        assert await see(await known(town, luis["username"], luis["token"])) != luis["chats"]
        await town.close()
