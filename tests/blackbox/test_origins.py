"""A foreign page with the victim's cookie: neither the socket nor a change opens to it."""

import pytest
from websockets.exceptions import InvalidStatus

from tests.blackbox.people import PASSWORD, Answer, Person, Town, is_frame, new_id

FOREIGN: list[dict[str, str]] = [
    {},
    {"origin": "null"},
    {"origin": "https://evil.example"},
    {"origin": "http://127.0.0.1.evil.example"},
    {"origin": "http://127.0.0.1"},
]


async def _cookie(town: Town, ana: Person) -> str:
    wanted = {"username": ana.username, "password": PASSWORD}
    headers = {"origin": town.url}
    answer: Answer = await town.call("POST", "/auth/login", json=wanted, headers=headers)
    assert answer.status == 200
    assert "token" not in answer.body
    cookies = answer.headers.get_list("set-cookie")
    (session,) = (cookie for cookie in cookies if cookie.startswith("session="))
    assert "httponly" in session.lower()
    assert "samesite" in session.lower()
    return session.partition(";")[0]


async def test_the_own_page_may_open_a_socket_and_write_with_its_cookie(town: Town):
    ana = await town.person()
    chat_id = await ana.found()
    cookie = await _cookie(town, ana)
    headers = {"cookie": cookie, "origin": town.url}
    socket = await town.open(additional_headers=headers)
    await socket.send({"type": "hello"})
    assert (await socket.hear(is_frame("welcome")))["user_id"] == ana.user_id
    path = f"/chats/{chat_id}/messages/{new_id()}"
    put = await town.call("PUT", path, json={"body": {"text": "hola"}}, headers=headers)
    assert put.status == 201


@pytest.mark.parametrize("headers", FOREIGN, ids=["none", "null", "foreign", "prefix", "port"])
async def test_a_foreign_page_with_the_cookie_opens_and_changes_nothing(
    town: Town, headers: dict[str, str]
):
    ana = await town.person()
    chat_id = await ana.found()
    with_cookie = {"cookie": await _cookie(town, ana), **headers}
    with pytest.raises(InvalidStatus) as refused:
        await town.open(additional_headers=with_cookie)
    assert refused.value.response.status_code == 403
    path = f"/chats/{chat_id}/messages/{new_id()}"
    put = await town.call("PUT", path, json={"body": {"text": "hola"}}, headers=with_cookie)
    assert (put.status, put["code"]) == (403, "forbidden")
    assert await ana.read(chat_id) == []


async def test_a_program_needs_no_origin_and_a_token_in_the_address_counts_for_nothing(town: Town):
    ana = await town.person()
    socket = await town.open(path=f"/api/v1/ws?token={ana.token}")
    assert (await socket.ask("hello"))["code"] == "unauthenticated"
    assert await socket.closed() == 4503
