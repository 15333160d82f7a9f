import asyncio
from collections.abc import AsyncGenerator

import pytest

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
    [("550 5.1.1 no such user", "gone"), ("451 greylisted", "later"), ("552 full", "gone")],
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
    office.held = asyncio.Event()
    assert (await mailer(office, 0.2).send(LETTER)).verdict == "later"
    await office.close()
    assert (await mailer(office).send(LETTER)).verdict == "later"


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
