import hashlib

from uptc_messenger.models.base import FileId
from uptc_messenger.services.files.hashing import MOST, Hashes

FILE = FileId("file")


def add(hashes: Hashes, file_id: FileId, start: int, data: bytes) -> None:
    if (hashed := hashes.begun(file_id, start)) is not None:
        hashed.update(data)
    hashes.keep(file_id, start + len(data), hashed)


def test_a_hash_of_parts_is_that_of_the_whole():
    hashes = Hashes()
    add(hashes, FILE, 0, b"ho")
    assert hashes.digest(FILE, 4) is None
    add(hashes, FILE, 2, b"la")
    assert hashes.digest(FILE, 4) == hashlib.sha256(b"hola").digest()
    hashes.forget(FILE)
    assert hashes.digest(FILE, 4) is None


def test_what_came_in_elsewhere_is_not_known():
    hashes = Hashes()
    add(hashes, FILE, 0, b"ho")
    add(hashes, FILE, 3, b"la")
    assert hashes.digest(FILE, 5) is None


def test_only_so_many_are_remembered():
    hashes = Hashes()
    for number in range(MOST + 1):
        add(hashes, FileId(str(number)), 0, b"a")
    assert hashes.digest(FileId("0"), 1) is None
    assert hashes.digest(FileId("1"), 1) is not None


def test_a_part_that_is_not_stored_in_the_end_leaves_the_hash_as_it_was():
    hashes = Hashes()
    add(hashes, FILE, 0, b"ho")
    begun = hashes.begun(FILE, 2)
    assert begun is not None
    begun.update(b"s")
    add(hashes, FILE, 2, b"la")
    assert hashes.digest(FILE, 4) == hashlib.sha256(b"hola").digest()
