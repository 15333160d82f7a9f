import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.browsers import Browser, decode
from uptc_messenger.services.notifications import sealing
from uptc_messenger.services.notifications.sealing import MOST, Keys
from uptc_messenger.services.notifications.vapid import decoded, encoded


def key(private: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(private), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_section_5():
    keys = Keys(
        p256dh=decoded(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        auth=decoded("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    body = sealing._seal(
        b"When I grow up, I want to be a watermelon",
        keys,
        decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        1,
    )
    assert encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )


def test_the_example_of_rfc_8188_section_3_1():
    body = decoded("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg")
    secret = decoded("yqdlZ-tYemfogSmv7Ws5PQ")
    assert decode(body, secret) == b"I am the walrus"
    assert sealing.encode(b"I am the walrus\x02", secret, body[:16], b"") == body


@pytest.mark.parametrize("size", [0, 1, 255, 256, 3_000, MOST])
def test_only_the_browser_opens_it_and_its_length_tells_little(size: int):
    browser, other = Browser(), Browser()
    payload = b'"' + b"a" * size + b'"' if size else b"7"
    payload = payload[:MOST] if size < MOST else b'"' + b"a" * (MOST - 2) + b'"'
    body = sealing.seal(payload, browser.keys)
    assert len(body) <= 4096
    assert (len(body) - 86 - 17) % 256 == 0 or len(payload) > MOST - 256
    assert browser.open(body) in {7, "a" * (len(payload) - 2)}
    with pytest.raises(ValueError, match="not sealed"):
        other.open(body)
    changed = body[:-1] + bytes([body[-1] ^ 1])
    with pytest.raises(ValueError, match="not sealed"):
        browser.open(changed)


def test_nothing_is_sealed_twice_in_the_same_way():
    browser = Browser()
    assert sealing.seal(b"7", browser.keys) != sealing.seal(b"7", browser.keys)


def test_what_is_no_point_of_the_curve_is_no_key():
    good = Browser().keys.p256dh
    assert sealing.is_point(good)
    assert not sealing.is_point(b"\x04" + bytes(64))
    assert not sealing.is_point(good[:64])
    assert not sealing.is_point(b"\x02" + good[1:33])
