import re
from urllib.parse import unquote

import httpx
import pytest

from tests.core import new_message_id
from tests.fakes import ServerTasks, code_of, register
from tests.pages import HOSTILE, Page
from uptc_messenger.controllers.exports import disposition


@pytest.fixture
async def chat(ana: httpx.AsyncClient) -> str:
    made = await ana.post(
        "/api/v1/chats", json={"kind": "group", "title": "Redes: 1º «A»", "member_ids": []}
    )
    chat = f"/api/v1/chats/{made.json()['chat_id']}"
    for text in HOSTILE[:3]:
        at = f"{chat}/messages/{new_message_id()}"
        assert (await ana.put(at, json={"body": {"text": text}})).status_code == 201
    return chat


async def test_a_page_to_keep(ana: httpx.AsyncClient, chat: str):
    answer = await ana.get(f"{chat}/export", params={"tz": "America/Bogota"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["cache-control"] == "no-store"
    shown = Page(answer.text)
    assert shown.ids == ["m1", "m2", "m3"]
    assert "America/Bogota" in shown.text
    (policy,) = answer.headers.get_list("content-security-policy")
    assert policy.startswith("sandbox; default-src 'none'; style-src 'sha256-")
    assert shown.policies[0] in policy


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../etc/passwd", "/etc/passwd", "", "a" * 65])
async def test_a_time_zone_that_is_none(ana: httpx.AsyncClient, chat: str, zone: str):
    assert code_of(await ana.get(f"{chat}/export", params={"tz": zone})) == "bad_request"


async def test_there_are_so_many_in_a_while(servers: ServerTasks):
    server = await servers.start(limits="on")
    async with server.client() as stranger:
        token = (await register(stranger, "ana"))["token"]
    async with server.client(token) as ana:
        nowhere = f"/api/v1/chats/{new_message_id()}/export"
        answers = [await ana.get(nowhere) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [404] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 60


@pytest.mark.parametrize(
    ("title", "plain", "shown"),
    [
        ("Cálculo II", "calculo-ii", "Cálculo II"),
        ("日本語", "chat", "日本語"),
        ('a"; filename=x.exe', "a-filename-x-exe", "a filename x.exe"),
        ("../../etc/passwd", "etc-passwd", ".. .. etc passwd"),
        ("a\r\nSet-Cookie: x", "a-set-cookie-x", "a Set-Cookie x"),
        ("💥", "chat", "chat"),
    ],
)
def test_the_name_of_the_file(title: str, plain: str, shown: str):
    header = disposition(title, "2026-03-09")
    found = re.fullmatch(
        r"attachment; filename=\"([a-z0-9-]+\.html)\"; filename\*=UTF-8''([A-Za-z0-9%._~-]+)",
        header,
    )
    assert found is not None, header
    assert found[1] == f"{plain}-2026-03-09.html"
    assert unquote(found[2]) == f"{shown} 2026-03-09.html"
