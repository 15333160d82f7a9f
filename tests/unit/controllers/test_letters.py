from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.fakes import Running, ServerTasks, code_of, register
from tests.post_office import PostOffice, text_of

ADDRESS = "/api/v1/notifications/address"
SETTINGS = "/api/v1/notifications/settings"


@pytest.fixture
async def office() -> AsyncGenerator[PostOffice, None]:
    made = PostOffice()
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def server(servers: ServerTasks, office: PostOffice) -> Running:
    return await servers.start(
        mail_host="127.0.0.1",
        mail_port=office.port,
        mail_security="none",
        mail_sender="chat@example.edu",
    )


async def asked(ana: httpx.AsyncClient, office: PostOffice) -> str:
    """The path of the link in the letter that asks."""
    put = await ana.put(ADDRESS, json={"address": "ana@example.edu"})
    assert (put.status_code, put.json()["address_state"]) == (200, "unconfirmed")
    text = text_of(office.letters[-1])
    return text[text.index("/mail/confirm/") :].split()[0]


async def test_an_address_is_confirmed_with_the_button_and_not_by_opening_the_page(
    ana: httpx.AsyncClient, client: httpx.AsyncClient, office: PostOffice
):
    path = await asked(ana, office)
    page = await client.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert '<form method="post">' in page.text
    assert (await ana.get(SETTINGS)).json()["address_state"] == "unconfirmed"
    done = await client.post(path, headers={"origin": "null"})
    assert (done.status_code, "confirmada" in done.text) == (200, True)
    assert (await ana.get(SETTINGS)).json()["address_state"] == "confirmed"


async def test_who_confirms_reads_whether_letters_come_and_where_to_choose(
    ana: httpx.AsyncClient, client: httpx.AsyncClient, office: PostOffice
):
    path = await asked(ana, office)
    page = await client.get(path)
    assert "podrán llegar" in page.text
    done = await client.post(path)
    assert "ahora no te llega ningún correo" in done.text
    assert '<a href="/">Abrir UPTC Messenger</a>' in done.text
    settings = (await ana.get(SETTINGS)).json()
    wishes = {
        name: settings[name] for name in ("level", "keywords", "quiet", "time_zone", "preview")
    }
    assert (await ana.put(SETTINGS, json={**wishes, "mail": "missed"})).status_code == 200
    again = await client.post(path)
    assert "ahora no te llega" not in again.text
    assert '<a href="/">' in again.text


async def test_one_click_ends_the_letters(
    ana: httpx.AsyncClient, client: httpx.AsyncClient, office: PostOffice, server: Running
):
    await client.post(await asked(ana, office))
    tried = await ana.post("/api/v1/notifications/test", json={"channel": "mail"})
    assert tried.json() == {"hop": "none", "detail": ""}
    header = office.letters[-1]["List-Unsubscribe"].strip("<>")
    assert header.startswith(server.address + "/mail/unsubscribe/")
    assert office.letters[-1]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # As the program of a mail provider sends it (RFC 8058, section 3.2).
    done = await client.post(header, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert (await ana.get(SETTINGS)).json()["mail"] == "off"


async def test_a_link_that_is_not_good_says_so_in_both_languages(
    ana: httpx.AsyncClient, client: httpx.AsyncClient, office: PostOffice
):
    path = await asked(ana, office)
    await ana.put(ADDRESS, json={"address": "otra@example.edu"})
    for answer in (
        await client.get(path),
        await client.post(path),
        await client.get("/mail/confirm/" + "A" * 64),
        await client.get(path[:-5]),
        await client.post(path[:-5]),
        await client.get(path + "%C3%B1"),
    ):
        assert answer.status_code == 404
        assert "ya no sirve" in answer.text
        assert "not good any more" in answer.text
    for strange in ("/mail/delete/" + "A" * 64, "/mail/", "/mail/confirm"):
        assert (await client.get(strange)).status_code in {400, 404}


async def test_a_letter_that_cannot_be_sent_is_said_at_once(
    ana: httpx.AsyncClient, office: PostOffice
):
    office.refuses["ana@example.edu"] = "550 no such user"
    put = await ana.put(ADDRESS, json={"address": "ana@example.edu"})
    assert code_of(put) == "unavailable"
    assert code_of(await ana.put(ADDRESS, json={"address": "ana"})) == "bad_request"


async def test_without_mail_there_is_no_address(servers: ServerTasks):
    await servers.close()
    server = await servers.start()
    async with server.client() as stranger:
        token = (await register(stranger, "luis"))["token"]
    async with server.client(token) as luis:
        put = await luis.put(ADDRESS, json={"address": "luis@example.edu"})
        assert code_of(put) == "forbidden"
        assert (await luis.put(ADDRESS, json={"address": None})).status_code == 200
