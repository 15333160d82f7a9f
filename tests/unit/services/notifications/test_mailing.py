import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from structlog.testing import capture_logs

from tests.certificates import Authority
from tests.core import SetClock
from tests.post_office import PostOffice, text_of
from uptc_messenger.services.notifications.config import MailConfig
from uptc_messenger.services.notifications.letters import Letter
from uptc_messenger.services.notifications.mailing import Mailer
from uptc_messenger.services.notifications.outcomes import SENT

LETTER = Letter(address="ana@example.edu", subject="ñ", text="hola, ñ", html="<p>hola</p>", key="k")


@pytest.fixture
async def office() -> AsyncGenerator[PostOffice, None]:
    made = PostOffice()
    await made.open()
    yield made
    await made.close()


def mailer(office: PostOffice, timeout_s: float = 20) -> Mailer:
    config = MailConfig(
        host="127.0.0.1",
        port=office.port,
        security="none",
        sender="chat@example.edu",
        timeout_s=timeout_s,
    )
    return Mailer(config, SetClock())


async def test_a_letter_arrives(office: PostOffice):
    sends = mailer(office)
    assert sends.on
    assert await sends.send(LETTER) == SENT
    assert office.recipients == ["ana@example.edu"]
    assert office.letters[0]["Subject"] == "ñ"
    assert text_of(office.letters[0]).strip() == "hola, ñ"
    assert sends.problem is None


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("550 5.1.1 no such user", "gone"),
        ("550 5.2.1 disabled", "gone"),
        ("550 no such user", "gone"),
        ("551 user not local", "gone"),
        ("451 greylisted", "later"),
        ("552 full", "later"),
        ("552 5.2.2 full", "later"),
        ("554 5.7.1 relay access denied", "later"),
        ("550 5.7.1 you are on a list", "later"),
        ("553 5.1.8 sender address rejected", "later"),
        ("503 5.5.1 log in first", "later"),
    ],
)
async def test_what_is_said_of_an_address(office: PostOffice, answer: str, verdict: str):
    office.refuses["ana@example.edu"] = answer
    outcome = await mailer(office).send(LETTER)
    assert (outcome.verdict, outcome.detail) == (verdict, answer)


@pytest.mark.parametrize(
    ("answer", "verdict"), [("554 spam", "refused"), ("452 later please", "later")]
)
async def test_what_is_said_of_a_letter(office: PostOffice, answer: str, verdict: str):
    office.answer = answer
    sends = mailer(office)
    outcome = await sends.send(LETTER)
    assert outcome.verdict == verdict
    assert sends.problem == answer


async def test_a_server_that_is_silent_or_away_is_tried_later(office: PostOffice):
    office.silent = True
    assert (await mailer(office, 0.2).send(LETTER)).verdict == "later"
    await office.close()
    assert (await mailer(office).send(LETTER)).verdict == "later"


async def test_a_letter_that_was_handed_over_is_sent_whatever_comes_after(office: PostOffice):
    office.held = asyncio.Event()
    sends = mailer(office, 0.2)
    outcome = await sends.send(LETTER)
    assert outcome.verdict == "sent"
    assert sends.problem == "no answer to a letter that was handed over"
    assert len(office.letters) == 1


async def test_who_is_told_to_stop_waits_for_no_answer(office: PostOffice):
    office.held = asyncio.Event()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        sending = group.create_task(mailer(office, 600).send(LETTER))
        await office.until(1)
        sending.cancel()


async def test_a_password_file_that_is_not_there_is_no_crash(office: PostOffice):
    config = MailConfig(
        host="127.0.0.1",
        port=office.port,
        security="none",
        sender="chat@example.edu",
        user="chat",
        password_file="/nowhere",
    )
    assert (await Mailer(config, SetClock()).send(LETTER)).verdict == "later"


HOST = "127.0.0.1"
USER, PASSWORD = "mensajes", "una clave de correo"
Security = Literal["starttls", "tls"]


class Campus:
    """A post office that takes letters over TLS only, and only from who knows the password."""

    def __init__(self, folder: Path, security: Security, name: str = HOST) -> None:
        self.authority = Authority(folder)
        self.office = PostOffice(security, self.authority.issue(name), {USER: PASSWORD})
        self._folder = folder
        self._security: Security = security

    def mailer(self, password: str = PASSWORD) -> Mailer:
        path = self._folder / "password"
        path.write_text(password + "\n")
        config = MailConfig(
            host=HOST,
            port=self.office.port,
            security=self._security,
            sender="chat@example.edu",
            user=USER,
            password_file=str(path),
        )
        return Mailer(config, SetClock())


@asynccontextmanager
async def campus(
    folder: Path, security: Security = "starttls", name: str = HOST
) -> AsyncGenerator[Campus]:
    """One that is open."""
    made = Campus(folder, security, name)
    await made.office.open()
    try:
        yield made
    finally:
        await made.office.close()


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_letter_is_handed_in_encrypted_with_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: Security
):
    async with campus(tmp_path, security) as there:
        monkeypatch.setenv("SSL_CERT_FILE", str(there.authority.write(tmp_path / "ca.pem")))
        assert await there.mailer().send(LETTER) == SENT
        assert there.office.recipients == ["ana@example.edu"]
        assert there.office.admitted == [(USER, True)]


async def test_a_wrong_password_is_told_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with campus(tmp_path) as there:
        monkeypatch.setenv("SSL_CERT_FILE", str(there.authority.write(tmp_path / "ca.pem")))
        mailer = there.mailer("otra clave")
        with capture_logs() as log:
            outcome = await mailer.send(LETTER)
        assert (outcome.verdict, outcome.detail[:3]) == ("later", "535")
        assert mailer.problem == outcome.detail
        assert "otra clave" not in f"{outcome} {log}"
        assert there.office.letters == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_that_cannot_prove_who_it_is_hears_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: Security
):
    async with campus(tmp_path, security, "mail.example.edu") as there:
        assert (await there.mailer().send(LETTER)).verdict == "later", "nobody vouches for it"
        monkeypatch.setenv("SSL_CERT_FILE", str(there.authority.write(tmp_path / "ca.pem")))
        assert (await there.mailer().send(LETTER)).verdict == "later", "it is another"
        assert (there.office.letters, there.office.admitted) == ([], [])


async def test_without_encryption_there_is_neither_letter_nor_password(tmp_path: Path):
    plain = PostOffice("none", None, {USER: PASSWORD})
    await plain.open()
    there = Campus(tmp_path, "starttls")
    there.office = plain
    outcome = await there.mailer().send(LETTER)
    assert outcome.verdict == "later"
    assert "STARTTLS" in outcome.detail
    assert (plain.letters, plain.admitted) == ([], [])
    await plain.close()
