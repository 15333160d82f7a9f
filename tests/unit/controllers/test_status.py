import asyncio
from pathlib import Path

import pytest

from tests.core import NOON
from tests.fakes import Running, register
from uptc_messenger import __version__
from uptc_messenger.controllers import status
from uptc_messenger.controllers.state import Whereabouts
from uptc_messenger.database import Database
from uptc_messenger.database.migrate import head_revision
from uptc_messenger.models.admin import GetStatus, Section, Status
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.services.backups import history
from uptc_messenger.services.backups.writing import Made
from uptc_messenger.toolkit.clock import rfc3339


async def test_a_running_server_tells_all_of_it(server: Running):
    async with server.client() as client:
        await register(client, "ana")
    found = await server.application.admin.operations.run(GetStatus())
    assert isinstance(found, Status)
    assert found.running
    assert found.sections["server"]["version"] == __version__
    assert found.sections["server"]["address"] == server.address
    assert found.sections["server"]["roles"] == "gateway, api, worker"
    assert found.sections["sockets"] == {"open": 0, "people": 0}
    assert found.sections["rates"]["commands_waiting"] == 0
    assert isinstance(found.sections["rates"]["commands_per_s"], float)
    assert found.sections["people"] == {"accounts": 1, "disabled": 0}
    assert found.sections["content"] == {"chats": 0, "messages": 0}
    assert found.sections["database"]["schema"] == head_revision()


async def test_backups_are_told(tmp_path: Path):
    log = history.of(tmp_path)
    before = await status.collect(status.of_backups(log), running=False)
    assert before.sections["backups"] == dict.fromkeys(
        ("last", "last_proven", "last_file", "failed_because")
    )
    log.made(Made(path="/b/a.gz", installation_id="", created_at=NOON, size=1, rows=1, chats=1))
    log.failed("The disk is full.")
    after = await status.collect(status.of_backups(log), running=False)
    assert after.sections["backups"] == {
        "last": rfc3339(NOON),
        "last_proven": None,
        "last_file": "/b/a.gz",
        "failed_because": "The disk is full.",
    }


async def test_a_section_that_cannot_be_told_does_not_take_the_others_with_it(database: Database):
    async def broken() -> Section:
        raise Unavailable("The disk is full.")

    sections = {"broken": broken, **status.of_database(database)}
    found = await status.collect(sections, running=True)
    assert found.sections["broken"] == {"problem": "The disk is full."}
    assert found.sections["database"]["kind"] == "sqlite"


async def test_a_section_that_takes_too_long_is_left_out(monkeypatch: pytest.MonkeyPatch):
    async def slow() -> Section:
        await asyncio.Event().wait()
        return {}

    monkeypatch.setattr(status, "PATIENCE_S", 0.01)
    found = await status.collect({"slow": slow}, running=True)
    assert found.sections == {"slow": {"problem": "No answer in time."}}


def test_links_lead_to_the_configured_address_else_to_where_it_listens():
    configured, found = Whereabouts("https://chat.example.edu"), Whereabouts("")
    configured.address = found.address = "http://127.0.0.1:8000"
    assert (configured(), found()) == ("https://chat.example.edu", "http://127.0.0.1:8000")
