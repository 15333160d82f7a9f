import zlib

import pytest

from tests.core import frames_of
from uptc_messenger.models.frames import ServerPing
from uptc_messenger.services.websocket.packets import Packet, encode, single


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_a_frame_has_the_length_that_it_says(size: int):
    payload = b"x" * size
    assert frames_of(Packet([payload], 0).data) == [payload]


def test_several_frames_leave_in_one_write_and_count_together():
    packet = Packet([b"{}", b"[]" * 100, b"3"], 2)
    assert frames_of(packet.data) == [b"{}", b"[]" * 100, b"3"]
    assert packet.counted == 2


def test_short_texts_are_not_worth_compressing():
    packet = Packet([b"x" * 1_023], 1)
    assert packet.deflated is packet.data


def test_long_ones_are_compressed_once_and_each_on_its_own():
    payload = b"una y otra vez " * 200
    packet = Packet([payload, b"short"], 2)
    wire = packet.deflated
    assert wire is packet.deflated
    assert len(wire) < len(packet.data) // 4
    assert wire[0] == 0xC1, "final, compressed, text"
    size, start = wire[1], 2
    if size == 126:
        size, start = int.from_bytes(wire[2:4], "big"), 4
    stream = wire[start : start + size] + b"\x00\x00\xff\xff"
    assert zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(stream) == payload
    assert frames_of(wire[start + size :]) == [b"short"]


def test_one_object_is_one_frame():
    assert frames_of(single(ServerPing(ts=3), counted=1).data) == [b'{"type":"ping","ts":3}']
    assert encode(ServerPing(ts=3)) == b'{"type":"ping","ts":3}'
