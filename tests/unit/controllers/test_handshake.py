from http import HTTPStatus

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Request

from tests.house import House
from uptc_messenger.controllers.handshake import Admission, Refusal, judge
from uptc_messenger.controllers.origins import Origins

OURS = Origins(["https://chat.uptc.edu.co"])


def ask(path: str = "/api/v1/ws", **headers: str) -> Admission | Refusal:
    given = {"Host": "chat.uptc.edu.co", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return judge(Request(path, Headers(given)), OURS, echo=False)


def status(decision: Admission | Refusal) -> int:
    return decision.status if isinstance(decision, Refusal) else 101


@pytest.mark.parametrize("path", ["/", "/api/v1/ws/", "/api/v1/WS", "/echo", "/api/v1/chats"])
def test_there_is_no_socket_elsewhere(path: str):
    assert status(ask(path)) == HTTPStatus.NOT_FOUND


def test_a_query_changes_nothing():
    assert status(ask("/api/v1/ws?token=ignored")) == 101


@pytest.mark.parametrize("host", ["evil.example", "chat.uptc.edu.co.evil.example", ""])
def test_another_host_is_misdirected(host: str):
    assert status(ask(Host=host)) == HTTPStatus.MISDIRECTED_REQUEST


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://chat.uptc.edu.co",
        "https://chat.uptc.edu.co.evil.example",
        "https://chat.uptc.edu.co:444",
        "",
    ],
)
def test_a_cookie_needs_our_exact_origin(origin: str):
    assert status(ask(Cookie="__Host-session=t", Origin=origin)) == HTTPStatus.FORBIDDEN


def test_a_cookie_without_an_origin_is_refused_and_with_ours_it_is_read():
    assert status(ask(Cookie="__Host-session=t")) == HTTPStatus.FORBIDDEN
    admitted = ask(Cookie="a=b; __Host-session=t; c=d", Origin="https://chat.uptc.edu.co")
    assert isinstance(admitted, Admission)
    assert admitted.token == "t"


def test_the_cookie_of_loopback_is_no_cookie_elsewhere():
    admitted = ask(Cookie="session=t")
    assert isinstance(admitted, Admission)
    assert admitted.token is None


@pytest.mark.parametrize(
    ("offered", "versioned"),
    [("uptc.v1.json", True), ("x, uptc.v1.json", True), ("uptc.v2.json", False)],
)
def test_the_version_is_chosen_among_those_offered(offered: str, versioned: bool):
    admitted = ask(Sec_WebSocket_Protocol=offered)
    assert isinstance(admitted, Admission)
    assert admitted.versioned is versioned


async def test_an_unknown_version_is_told_so_after_the_handshake(house: House):
    wire = house.connect(Sec_WebSocket_Protocol="uptc.v9.cbor")
    assert await wire.ended() == 4501


async def test_without_offering_a_version_it_is_this_one(house: House):
    ana = await house.person("ana")
    _, welcome = await house.enter(ana)
    assert welcome["protocol"] == "uptc.v1.json"


async def test_a_refusal_is_answered_in_http(house: House):
    wire = house.connect("/elsewhere")
    await wire.ended()
    assert wire.response is not None
    assert wire.response.status_code == 404
