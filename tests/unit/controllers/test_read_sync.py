import pytest

from tests.fakes import Running
from tests.talk import person
from uptc_messenger.controllers import read_sync
from uptc_messenger.controllers.read_sync import ReadSync
from uptc_messenger.models.base import ChatId, UserId


async def test_another_device_learns_that_its_owner_has_read_what_he_wrote(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    laptop, phone = await ana.connect(), await ana.connect()
    await laptop.send(chat, "uno")
    await laptop.send(chat, "dos")
    update = await phone.hear("user.event", kind="read.updated")
    assert update["data"] == {"chat_id": chat, "read_n": 2}


async def test_more_than_fit_are_left_to_the_next_digest(
    server: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(read_sync, "MAX_WAITING", 2)
    marks = ReadSync(server.application.backend.database)
    for n in range(5):
        marks.note(UserId(f"u{n}"), ChatId("c"))
    assert marks.due
    assert len(marks._marks) == 2
