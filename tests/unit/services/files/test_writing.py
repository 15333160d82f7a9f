import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from uptc_messenger.services.files import writing
from uptc_messenger.services.files.writing import Written


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "ab" / "abc" / "1"


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def test_nobody_sees_it_before_all_of_it_is_there(place: Path):
    written = Written(place)
    for piece in (b"ho", b"la" * 1_000_000, b""):
        written.write(piece)
        assert not place.exists()
    with ThreadPoolExecutor() as aside:
        written.keep({place.parent}, aside)
    assert place.read_bytes() == b"ho" + b"la" * 1_000_000
    assert names(place.parent) == ["1"]


def test_nothing_is_left_of_what_is_dropped(place: Path):
    Written(place).drop()
    written = Written(place)
    written.write(b"hola")
    written.drop()
    assert names(place.parent) == []
    with pytest.raises(FileNotFoundError):
        written.write(b"hola")
    assert names(place.parent) == []


def test_it_is_not_dropped_under_the_hands_of_who_writes(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    writes, go_on = threading.Event(), threading.Event()

    def slow(descriptor: int, at: int, size: int) -> None:
        writes.set()
        go_on.wait(30)

    monkeypatch.setattr(writing, "_begin_to_write", slow)
    written = Written(place)
    with ThreadPoolExecutor(2) as threads:
        writing_ = threads.submit(written.write, bytes(1 << 21))
        writes.wait(30)
        dropping = threads.submit(written.drop)
        assert not dropping.done()
        go_on.set()
        writing_.result(30)
        dropping.result(30)
    assert names(place.parent) == []


def test_the_disk_begins_with_large_pieces_before_the_end(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    begun: list[tuple[int, int]] = []

    def note(descriptor: int, at: int, size: int) -> None:
        begun.append((at, size))

    monkeypatch.setattr(writing, "_begin_to_write", note)
    written = Written(place)
    for size in (100, 1 << 20, 200, 1 << 21):
        written.write(bytes(size))
    written.drop()
    assert begun == [(100, 1 << 20), (300 + (1 << 20), 1 << 21)]


def test_a_disk_that_fails_is_told_when_the_folders_were_waited_for(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(descriptor: int) -> None:
        raise OSError

    written = Written(place)
    written.write(b"hola")
    monkeypatch.setattr(writing.os, "fsync", broken)
    with ThreadPoolExecutor() as aside, pytest.raises(OSError):
        written.keep({place.parent}, aside)
    written.drop()
    assert names(place.parent) == []
