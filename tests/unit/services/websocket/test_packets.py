import zlib

import pytest

from tests.delivery import unpack
from uptc_messenger.models.frames import Flow
from uptc_messenger.services.websocket.packets import Packet, encode, single


@pytest.mark.parametrize("size", [1, 117, 118, 119, 65_527, 65_528, 70_000])
def test_every_length_has_its_header(size: int):
    payload = b'{"a":"' + b"x" * size + b'"}'
    assert unpack(Packet([payload], 1).data) == [{"a": "x" * size}]


def test_several_objects_leave_together_in_order():
    packet = Packet([b'{"n":1}', b'{"n":2}'], 2)
    assert unpack(packet.data) == [{"n": 1}, {"n": 2}]
    assert packet.size == len(packet.data)
    assert packet.counted == 2


def test_a_small_packet_is_not_compressed():
    packet = single(Flow(state="normal", dropped_from_es=0))
    assert packet.deflated is packet.data


def test_a_large_object_is_compressed_once_and_reads_the_same():
    payload = b'{"text":"' + b"hola " * 500 + b'"}'
    packet = Packet([b'{"n":1}', payload], 1)
    packed = packet.deflated
    assert packet.deflated is packed
    assert len(packed) < len(packet.data) // 4
    assert packed.startswith(b'\x81\x07{"n":1}')
    frame = packed[9:]
    assert frame[0] == 0xC1, "the first bit after FIN says compressed (RFC 7692)"
    assert frame[1] < 126
    data = frame[2 : 2 + frame[1]] + b"\x00\x00\xff\xff"
    assert zlib.decompressobj(wbits=-15).decompress(data) == payload


def test_the_text_of_an_object_is_its_json():
    assert encode(Flow(state="lagging", dropped_from_es=3)) == (
        b'{"type":"flow","state":"lagging","dropped_from_es":3}'
    )
