"""RFC 6455 on /echo: UTF-8 down to the byte, the closing handshake, its codes; RFC 7692."""

import struct
import zlib

import pytest

from tests.conformance.raw import CLOSE, CONTINUATION, PING, TEXT, RawClient, frame
from tests.server import Server

INVALID_DATA = 1007
VALID = [
    "κόσμε",
    "Hello-µ@ßöäüàá-UTF-8!!",
    "\x00",
    "\x7f\x80߿ࠀ￿\U00010000\U0010ffff",
    "\ud7ff\ue000\ufffd\ufdd0",
]
INVALID = [
    b"\x80",
    b"\xbf",
    b"\xc0\xaf",
    b"\xc1\xbf",
    b"\xc3",
    b"\xc3\x28",
    b"\xe0\x80\xaf",
    b"\xe0\x9f\xbf",
    b"\xe2\x82",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xed\xa0\x80\xed\xb0\x80",
    b"\xf0\x80\x80\xaf",
    b"\xf0\x90\x80",
    b"\xf4\x90\x80\x80",
    b"\xf8\x88\x80\x80\x80",
    b"\xfc\x84\x80\x80\x80\x80",
    b"\xfe",
    b"\xff",
    "κόσμε".encode() + b"\xed\xa0\x80" + b"edited",
]
GOOD_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
BAD_CODES = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535]


@pytest.mark.parametrize("text", VALID)
def test_valid_text_comes_back_whole_and_byte_by_byte(client: RawClient, text: str):
    payload = text.encode()
    client.send(TEXT, payload)
    assert client.message() == (TEXT, payload)
    client.fragments(TEXT, *(payload[at : at + 1] for at in range(len(payload))), b"")
    assert client.message() == (TEXT, payload)


@pytest.mark.parametrize("payload", INVALID)
def test_invalid_text_fails(client: RawClient, payload: bytes):
    client.send(TEXT, payload)
    assert client.ended() == INVALID_DATA


@pytest.mark.parametrize("payload", INVALID)
def test_invalid_text_in_fragments_fails(client: RawClient, payload: bytes):
    kinds = [TEXT] + [CONTINUATION] * (len(payload) - 1)
    parts = [frame(k, bytes([byte]), fin=False) for k, byte in zip(kinds, payload, strict=True)]
    # In one write: the server may close before the end, and that is as it should be.
    client.raw(b"".join(parts) + frame(CONTINUATION))
    assert client.ended() == INVALID_DATA


def test_text_fails_at_its_first_wrong_byte_and_not_at_its_end(client: RawClient):
    client.send(TEXT, "κόσμε".encode(), fin=False)
    client.send(CONTINUATION, b"\xf4\x90\x80\x80", fin=False)
    # The message has no end yet, and never gets one.
    assert client.ended() == INVALID_DATA


def test_a_character_may_lie_across_two_fragments(client: RawClient):
    payload = "κόσμε".encode()
    client.fragments(TEXT, payload[:3], payload[3:])
    assert client.message() == (TEXT, payload)


def test_a_close_without_a_code_is_answered(client: RawClient):
    client.send_close()
    answer = client.receive()
    assert answer.opcode == CLOSE
    assert answer.close_code in {1000, 1005}


@pytest.mark.parametrize("code", GOOD_CODES)
def test_a_close_with_a_good_code_is_answered_with_it(client: RawClient, code: int):
    client.send_close(code, "adiós".encode())
    assert client.ended() == code


@pytest.mark.parametrize("code", BAD_CODES)
def test_a_close_with_a_code_that_is_none_fails(client: RawClient, code: int):
    client.send_close(code)
    assert client.ended() == 1002


def test_a_close_of_one_byte_fails(client: RawClient):
    client.send(CLOSE, b"\x03")
    assert client.ended() == 1002


def test_the_longest_reason_is_fine_and_a_longer_one_fails(echo_server: Server):
    for size, expected in ((123, 1000), (124, 1002)):
        client = RawClient(echo_server.url)
        client.send_close(1000, b"*" * size)
        assert client.ended() == expected
        client.close()


def test_a_reason_that_is_not_utf_8_fails(client: RawClient):
    client.send_close(1000, b"\xce\xba\xed\xa0\x80")
    assert client.ended() in {1002, INVALID_DATA}


def test_nothing_is_answered_after_a_close(client: RawClient):
    close = frame(CLOSE, struct.pack("!H", 1000))
    client.raw(close + frame(TEXT, b"tarde") + frame(PING, b"tarde") + close)
    assert client.ended() == 1000


def test_a_message_that_was_not_ended_before_a_close_is_dropped(client: RawClient):
    client.send(TEXT, b"a medias", fin=False)
    client.send_close(1000)
    # RFC 6455 says neither that this is an error nor that it is none.
    assert client.ended() in {1000, 1002}


def test_deflate_is_agreed_on_without_context_takeover(echo_server: Server):
    client = RawClient(echo_server.url, "permessage-deflate; client_max_window_bits")
    agreed = next(
        line for line in client.head.lower().split("\r\n") if "sec-websocket-extensions" in line
    )
    assert "permessage-deflate" in agreed
    assert "server_no_context_takeover" in agreed
    assert "client_no_context_takeover" in agreed
    for payload in (b"hola" * 3_000, b"", "más".encode()):
        client.send(TEXT, _deflated(payload), rsv=0b100)
        assert client.message() == (TEXT, payload)
    client.close()


def test_a_deflated_message_in_fragments_comes_back(echo_server: Server):
    client = RawClient(echo_server.url, "permessage-deflate")
    packed = _deflated(b"uno dos tres " * 500)
    client.send(TEXT, packed[:10], fin=False, rsv=0b100)
    client.send(CONTINUATION, packed[10:])
    assert client.message() == (TEXT, b"uno dos tres " * 500)
    client.close()


def test_a_bomb_is_closed_before_it_is_unpacked(echo_server: Server):
    client = RawClient(echo_server.url, "permessage-deflate")
    client.send(TEXT, _deflated(b"\x30" * 104_857_600), rsv=0b100)
    assert client.ended() == 1009
    client.close()


def test_deflated_bytes_that_are_none_fail(echo_server: Server):
    client = RawClient(echo_server.url, "permessage-deflate")
    client.send(TEXT, struct.pack("!Q", 2**64 - 1), rsv=0b100)
    assert client.ended() in {1002, INVALID_DATA}
    client.close()


def test_an_unknown_extension_is_not_agreed_on(echo_server: Server):
    client = RawClient(echo_server.url, "permessage-nada; x=1")
    assert "sec-websocket-extensions" not in client.head.lower()
    client.send(TEXT, b"hola")
    assert client.message() == (TEXT, b"hola")
    client.close()


def _deflated(payload: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH)
    return whole.removesuffix(b"\x00\x00\xff\xff")
