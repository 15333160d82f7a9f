from pathlib import Path

import pytest

from tests.fakes import make_settings
from tests.post_office import PostOffice
from uptc_messenger.cli import telling


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"notify_push": "off"}, "off"),
        ({"public_url": "https://chat.example.edu"}, "can subscribe"),
        ({}, "HTTPS"),
    ],
)
async def test_push(tmp_path: Path, options: dict[str, str], word: str):
    (found,) = await telling.push(make_settings(tmp_path, **options))
    assert found.verdict == "ok"
    assert word in found.told


async def test_mail(tmp_path: Path):
    (found,) = await telling.mail(make_settings(tmp_path))
    assert (found.verdict, "no mail_host" in found.told) == ("ok", True)
    office = PostOffice()
    await office.open()
    options = {
        "mail_host": "127.0.0.1",
        "mail_port": office.port,
        "mail_security": "none",
        "mail_sender": "chat@example.edu",
    }
    (found,) = await telling.mail(make_settings(tmp_path, **options))
    assert (found.verdict, office.letters) == ("ok", [])
    (found,) = await telling.mail(make_settings(tmp_path, **options, mail_user="ana"))
    assert found.verdict == "fail", "this server lets nobody log in"
    await office.close()
    (found,) = await telling.mail(make_settings(tmp_path, **options))
    assert found.verdict == "fail"
    assert "does not take our letters" in found.told
