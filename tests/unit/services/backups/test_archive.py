import gzip
import subprocess
from pathlib import Path

import pytest

from uptc_messenger.services.backups.archive import BackupError, Writer, check_seal, read_lines

LINES = [b"first", *(f'["{number}"]'.encode() for number in range(50_000)), b"last"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with (tmp_path / "a.gz").open("wb") as file:
        writer = Writer(file)
        for line in LINES:
            writer.write(line)
        writer.close()
    return tmp_path / "a.gz"


def test_the_lines_come_back(path: Path):
    assert len(check_seal(path)) == 64
    assert list(read_lines(path)) == LINES


def test_any_gzip_reads_it(path: Path):
    with gzip.open(path) as file:
        *lines, seal = file.read().splitlines()
    assert lines == LINES
    assert check_seal(path).encode() in seal
    assert subprocess.run(["gzip", "-t", path], check=False).returncode == 0


def test_every_flipped_bit_is_noticed(path: Path):
    whole = path.read_bytes()
    size = len(whole)
    # Each bit of the start and of the end, where formats have their unused ones, and some between.
    for at in [*range(24), *range(24, size - 140, size // 40), *range(size - 140, size)]:
        for bit in range(8):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
            with pytest.raises(BackupError):
                check_seal(path)


def test_a_file_that_was_cut_anywhere_is_noticed(path: Path):
    whole = path.read_bytes()
    for size in (0, 1, 3, 10, len(whole) // 2, len(whole) - 96, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(BackupError, match=r"cut off|is not a backup"):
            check_seal(path)
    path.write_bytes(whole + b"x")
    with pytest.raises(BackupError):
        check_seal(path)


def test_another_gzip_file_is_no_backup(tmp_path: Path):
    (tmp_path / "other.gz").write_bytes(gzip.compress(b"x" * 1000))
    with pytest.raises(BackupError, match="has no end"):
        check_seal(tmp_path / "other.gz")


def test_what_cannot_be_read_is_said(tmp_path: Path):
    with pytest.raises(BackupError, match="No such file"):
        check_seal(tmp_path / "nowhere")
    with pytest.raises(BackupError, match="Is a directory"):
        check_seal(tmp_path)
    (tmp_path / "bad.gz").write_bytes(b"\x1f\x8b\x08\x00" + bytes(100))
    with pytest.raises(BackupError, match="cannot be read"):
        list(read_lines(tmp_path / "bad.gz"))
