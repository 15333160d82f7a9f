from http import HTTPStatus

import pytest
from websockets.exceptions import InvalidStatus

from tests.fakes import Running, ServerTasks
from tests.talk import dial, person
from uptc_messenger.controllers.handshake import deflates, make_protocol


async def refused(server: Running, path: str = "/api/v1/ws", **options: object) -> int:
    with pytest.raises(InvalidStatus) as caught:
        await dial(server, path, **options)
    return caught.value.response.status_code


@pytest.mark.parametrize("path", ["/", "/api/v1/chats", "/api/v1/ws/x", "/echo"])
async def test_there_is_one_socket(server: Running, path: str):
    assert await refused(server, path) == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_a_cookie_counts_only_with_our_own_origin(server: Running, origin: str | None):
    ana = await person(server, "ana")
    cookie = {"Cookie": f"other=1; session={ana.token}"}
    status = await refused(server, origin=origin, additional_headers=cookie)
    assert status == HTTPStatus.FORBIDDEN


async def test_a_host_that_is_not_ours_is_not_served(servers: ServerTasks):
    server = await servers.start(public_url="https://chat.example.edu")
    status = await refused(server, additional_headers={"Host": "evil.example"})
    assert status in {HTTPStatus.BAD_REQUEST, HTTPStatus.MISDIRECTED_REQUEST}


async def test_a_subprotocol_of_ours_is_chosen_among_others(server: Running):
    socket = await dial(server, subprotocols=["uptc.v9.json", "uptc.v1.json"])
    assert socket.subprotocol == "uptc.v1.json"


async def test_compression_is_agreed_without_context(server: Running):
    socket = await dial(server, compression="deflate")
    answer = socket.response
    assert answer is not None
    agreed = answer.headers["Sec-WebSocket-Extensions"]
    assert "server_no_context_takeover" in agreed
    assert "client_no_context_takeover" in agreed


def test_who_agreed_to_nothing_gets_plain_frames():
    assert not deflates(make_protocol(65_536))
