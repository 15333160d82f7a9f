"""A server that dies in the middle of a digest, and the one that goes on with its data."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest_asyncio

from tests.blackbox.clocks import Setting
from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Person, Town
from tests.post_office import PostOffice, text_of
from tests.server import serving

HOUR = 3_600
AT_ONCE = 4
"""Letters that are on their way at the same time."""

READERS = AT_ONCE + 3
_PLANNED = "SELECT count(*) FROM notification_jobs WHERE kind = 'mail' AND wanted > done"
DAILY: dict[str, Any] = {
    "level": "all",
    "keywords": [],
    "quiet": None,
    "time_zone": "America/Bogota",
    "preview": True,
    "mail": "daily",
}


@pytest_asyncio.fixture
async def office() -> AsyncGenerator[PostOffice]:
    """A real SMTP server."""
    opened = PostOffice()
    await opened.open()
    yield opened
    await opened.close()


async def subscribe(person: Person, office: PostOffice) -> str:
    """Want a digest every morning; the address is confirmed with the link of its letter."""
    address = f"{person.username}@example.edu"
    wanted = await person.call("PUT", "/notifications/settings", json=DAILY)
    assert wanted.status == 200, wanted.text
    asked = await person.call("PUT", "/notifications/address", json={"address": address})
    assert asked.status == 200, asked.text
    (link,) = [word for word in text_of(office.letters.pop()).split() if "/mail/confirm/" in word]
    path = "/mail/confirm/" + link.partition("/mail/confirm/")[2]
    assert (await person.town.call("POST", f"/{path}")).status == 200
    office.recipients.clear()
    return address


async def planned(data: Path) -> None:
    """Wait until everybody has something for the next morning, as the clock is now."""
    with closing(sqlite3.connect(data / "uptc.db")) as database:
        for _ in range(600):
            if database.execute(_PLANNED).fetchone() == (READERS,):
                return
            await asyncio.sleep(0.05)
    raise AssertionError("nothing was planned")


async def test_nobody_gets_two_of_a_digest_that_a_restart_interrupted(
    tmp_path: Path, office: PostOffice
):
    """Killed while the mail server has some of the letters and has not said so."""
    clock = Setting(tmp_path)
    environment = {
        **UNLIMITED,
        **clock.environment,
        "UPTC_MAIL_HOST": "127.0.0.1",
        "UPTC_MAIL_PORT": str(office.port),
        "UPTC_MAIL_SECURITY": "none",
        "UPTC_MAIL_SENDER": "messenger@example.edu",
    }
    data = tmp_path / "data"
    with serving(data, "--registration", "open", **environment) as server:
        town = Town(server.url)
        ana, *readers = [await town.person(f"p{number}") for number in range(READERS + 1)]
        addresses = [await subscribe(reader, office) for reader in readers]
        chat = await ana.found(*readers)
        assert (await ana.post(chat, "la primera")).status == 201
        office.held = asyncio.Event()
        await planned(data)
        clock.set(25 * HOUR)
        await office.until(AT_ONCE)
        server.kill()
        await town.close()
    assert len(office.letters) == AT_ONCE, "the others were not written yet"
    office.held.set()
    # The leases of the dead are over.
    clock.set(25 * HOUR + 120)
    with serving(data, **environment) as server:
        await office.until(READERS)
        assert Counter(office.recipients) == dict.fromkeys(addresses, 1)
        town = Town(server.url)
        again = await town.log_in(ana)
        assert (await again.post(chat, "la segunda")).status == 201
        await planned(data)
        # Whoever would get the first one again would get it here.
        clock.set(50 * HOUR)
        await office.until(2 * READERS)
        await town.close()
        assert server.stop() == 0
    assert Counter(office.recipients) == dict.fromkeys(addresses, 2)
    said = [text_of(letter) for letter in office.letters]
    assert all("la primera" in text for text in said[:READERS])
    assert not any("la primera" in text for text in said[READERS:])
