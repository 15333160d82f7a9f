"""RFC 6455 on /echo: frames, pings, reserved bits, opcodes, fragments, sizes."""

import os

import pytest

from tests.conformance.raw import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    RawClient,
    frame,
)
from tests.server import Server

SIZES = [0, 1, 125, 126, 127, 128, 65_535, 65_536, 1_048_576]
LARGEST = 16 * 1024 * 1024
PROTOCOL_ERROR = 1002


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("opcode", [TEXT, BINARY], ids=["text", "binary"])
def test_a_message_of_each_form_of_length_comes_back(client: RawClient, opcode: int, size: int):
    payload = b"*" * size if opcode == TEXT else os.urandom(size)
    client.send(opcode, payload)
    assert client.message() == (opcode, payload)


@pytest.mark.parametrize("chop", [1, 7, 997])
def test_a_frame_that_arrives_in_pieces_comes_back(client: RawClient, chop: int):
    payload = b"*" * (200 if chop == 1 else 65_536)
    whole = frame(TEXT, payload)
    for start in range(0, len(whole), chop):
        client.raw(whole[start : start + chop])
    assert client.message() == (TEXT, payload)


def test_sixteen_mebibytes_come_back_and_one_byte_more_does_not(echo_server: Server):
    for opcode, fill in ((TEXT, b"*"), (BINARY, b"\xfe")):
        client = RawClient(echo_server.url)
        client.send(opcode, fill * LARGEST)
        assert client.message() == (opcode, fill * LARGEST)
        client.raw(frame(opcode, fill * (LARGEST + 1))[:14])
        assert client.ended() == 1009
        client.close()


@pytest.mark.parametrize("size", [64, 256, 1_024, 4_096])
def test_a_message_of_many_fragments_comes_back(client: RawClient, size: int):
    payload = b"*" * 262_144
    client.fragments(TEXT, *(payload[at : at + size] for at in range(0, len(payload), size)))
    assert client.message() == (TEXT, payload)


@pytest.mark.parametrize("payload", [b"", b"hola", b"\x00\xff\xfe\xfd", b"\xfe" * 125])
def test_a_ping_is_answered_with_its_own_payload(client: RawClient, payload: bytes):
    client.send(PING, payload)
    pong = client.receive()
    assert (pong.opcode, pong.payload, pong.fin) == (PONG, payload, True)


def test_a_ping_of_126_bytes_fails(client: RawClient):
    client.send(PING, b"\xfe" * 126)
    assert client.ended() == PROTOCOL_ERROR


def test_many_pings_are_answered_in_order(client: RawClient):
    for number in range(100):
        client.send(PING, str(number).encode())
    pongs = [client.receive() for _ in range(100)]
    assert [int(pong.payload) for pong in pongs] == list(range(100))


def test_pongs_that_nobody_asked_for_are_ignored(client: RawClient):
    client.send(PONG)
    client.send(PONG, b"sin pregunta")
    client.send(PING, "aquí".encode())
    assert client.receive().payload == "aquí".encode()


@pytest.mark.parametrize("rsv", range(1, 8))
@pytest.mark.parametrize("opcode", [TEXT, BINARY, PING, CLOSE])
def test_reserved_bits_that_nobody_negotiated_fail(client: RawClient, opcode: int, rsv: int):
    client.send(TEXT, b"antes")
    assert client.message() == (TEXT, b"antes")
    client.send(opcode, b"" if opcode == CLOSE else b"hola", rsv=rsv)
    assert client.ended() == PROTOCOL_ERROR


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
@pytest.mark.parametrize("payload", [b"", b"hola"])
def test_reserved_opcodes_fail(client: RawClient, opcode: int, payload: bytes):
    client.send(TEXT, b"antes")
    assert client.message() == (TEXT, b"antes")
    client.send(opcode, payload)
    assert client.ended() == PROTOCOL_ERROR


def test_a_frame_without_a_mask_fails(client: RawClient):
    client.send(TEXT, b"hola", mask=False)
    assert client.ended() == PROTOCOL_ERROR


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_a_control_frame_in_fragments_fails(client: RawClient, opcode: int):
    client.send(opcode, b"", fin=False)
    assert client.ended() == PROTOCOL_ERROR


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_pings_between_fragments_are_answered_at_once(client: RawClient, opcode: int):
    client.send(opcode, b"uno ", fin=False)
    client.send(PING, b"entre")
    pong = client.receive()
    assert (pong.opcode, pong.payload) == (PONG, b"entre")
    client.send(CONTINUATION, b"dos ", fin=False)
    client.send(PING, b"otra vez")
    client.send(CONTINUATION, b"tres")
    assert client.receive().payload == b"otra vez"
    assert client.message() == (opcode, b"uno dos tres")


def test_empty_fragments_are_a_message_too(client: RawClient):
    client.fragments(TEXT, b"", b"", b"")
    assert client.message() == (TEXT, b"")
    client.fragments(TEXT, b"", b"medio", b"")
    assert client.message() == (TEXT, b"medio")


@pytest.mark.parametrize("fin", [True, False])
def test_a_continuation_of_nothing_fails(client: RawClient, fin: bool):
    client.send(CONTINUATION, b"huerfano", fin=fin)
    assert client.ended() == PROTOCOL_ERROR


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_a_new_message_inside_another_fails(client: RawClient, opcode: int):
    client.send(TEXT, b"sin terminar", fin=False)
    client.send(opcode, b"otro")
    assert client.ended() == PROTOCOL_ERROR


def test_a_length_with_its_highest_bit_set_fails(client: RawClient):
    client.raw(b"\x82\xff" + b"\xff" * 8 + b"\x00" * 4)
    assert client.ended() in {PROTOCOL_ERROR, 1009}
