import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.core import NOON
from uptc_messenger.services.notifications.vapid import LIVES_MS, Vapid, decoded, new_secret


def claims(header: str) -> dict[str, object]:
    """What a push service reads after it has verified the signature (RFC 8292, section 4.2)."""
    scheme, token, key = header.replace(",", "").split()
    assert (scheme, token[:2], key[:2]) == ("vapid", "t=", "k=")
    signed, _, signature = token[2:].rpartition(".")
    raw = decoded(signature)
    pair = [int.from_bytes(half, "big") for half in (raw[:32], raw[32:])]
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key[2:]))
    public.verify(encode_dss_signature(*pair), signed.encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(decoded(signed.split(".")[1]))


def test_the_example_of_rfc_8292_section_2_4_is_read_as_ours():
    header = (
        "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQi"
        "LCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOep"
        "C9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, "
        "k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
    )
    assert claims(header) == {
        "aud": "https://push.example.net",
        "exp": 1453523768,
        "sub": "mailto:push@example.com",
    }


def test_it_says_for_whom_until_when_and_who_is_asked():
    vapid = Vapid(new_secret(), "mailto:admin@example.edu")
    header = vapid.authorization("https://push.example.com", NOON)
    assert claims(header) == {
        "aud": "https://push.example.com",
        "exp": (NOON + LIVES_MS) // 1000,
        "sub": "mailto:admin@example.edu",
    }
    assert vapid.public_key in header
    assert len(decoded(vapid.public_key)) == 65


def test_a_signature_is_used_for_an_hour_and_for_one_service():
    vapid = Vapid(new_secret(), "mailto:admin@example.edu")
    first = vapid.authorization("https://a.example.com", NOON)
    assert vapid.authorization("https://a.example.com", NOON + 3_599_999) == first
    assert vapid.authorization("https://a.example.com", NOON + 3_600_000) != first
    assert vapid.authorization("https://b.example.com", NOON) != first
    for number in range(100):
        vapid.authorization(f"https://{number}.example.com", NOON)
    assert len(vapid._signed) <= 32


def test_the_same_secret_is_the_same_key():
    secret = new_secret()
    assert Vapid(secret, "mailto:a@b").public_key == Vapid(secret, "mailto:a@b").public_key
    assert Vapid(new_secret(), "mailto:a@b").public_key != Vapid(secret, "mailto:a@b").public_key
