import re
import time
import uuid

from uptc_messenger.models.base import UUID_PATTERN
from uptc_messenger.toolkit.ids import fingerprint, secret, uuid7


def test_a_uuid7_is_one_for_everybody_else_too():
    made = uuid.UUID(uuid7())
    assert made.version == 7 or made.bytes[6] >> 4 == 7
    assert made.variant == uuid.RFC_4122
    assert re.match(UUID_PATTERN, str(made))


def test_it_begins_with_the_time_so_later_ids_sort_later():
    before = time.time_ns() // 1_000_000
    ids = [uuid7() for _ in range(100)]
    after = time.time_ns() // 1_000_000
    stamps = [uuid.UUID(made).int >> 80 for made in ids]
    assert all(before <= stamp <= after for stamp in stamps)


def test_ids_of_one_millisecond_differ():
    assert len({uuid7() for _ in range(10_000)}) == 10_000


def test_a_secret_is_long_and_fits_into_an_address():
    made = {secret() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", text) for text in made)


def test_a_fingerprint_is_sha_256_also_of_text_that_is_no_unicode():
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert fingerprint("abc").hex() == expected
    assert len(fingerprint("\ud800")) == 32
    assert fingerprint("abc") != fingerprint("abd")
