import io
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from tests import media
from uptc_messenger.services.files.decoding import child
from uptc_messenger.services.files.decoding.task import CONTENT, NONE, Answer, Task

MEMORY = 512 << 20


def run(task: Task) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", child.__name__]
    return subprocess.run(
        command, input=msgspec.json.encode(task), capture_output=True, check=False, timeout=60
    )


def task_of(folder: Path, data: bytes, media_type: str = "image/jpeg") -> Task:
    (folder / CONTENT).write_bytes(data)
    return Task(kind="image", type=media_type, folder=str(folder), memory_bytes=MEMORY, seconds=20)


def test_a_picture_is_answered(tmp_path: Path):
    done = run(task_of(tmp_path, media.picture()))
    assert done.returncode == 0
    assert msgspec.json.decode(done.stdout, type=Answer).width == 60


def test_a_bomb_ends_the_decoder_and_nothing_else(tmp_path: Path):
    task = structs.replace(task_of(tmp_path, media.bomb(), "image/png"), kind="picture")
    done = run(task)
    assert (done.returncode, done.stdout, done.stderr) == (NONE, b"", b"Malformed\n")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), 1),
        (subprocess.CalledProcessError(-signal.SIGXCPU, "ffmpeg"), 1),
        (subprocess.CalledProcessError(1, "ffmpeg"), NONE),
        (OSError("truncated"), NONE),
    ],
)
def test_the_fence_says_nothing_of_the_file(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
):
    def carry_out(task: Task) -> Answer:
        raise error

    def free(task: Task) -> None:
        """No fence around the tests."""

    task = Task(kind="image", type="image/png", folder="", memory_bytes=MEMORY, seconds=20)
    monkeypatch.setattr(child, "carry_out", carry_out)
    monkeypatch.setattr(child, "fence", free)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(msgspec.json.encode(task))))
    assert child.main() == code


def test_memory_is_fenced_in_before_anything_is_read(tmp_path: Path):
    # Within the pixels that are allowed, and more than the memory that is.
    fence = 'import resource,sys; sys.argv=["x"]; from {0} import fence, Task; import msgspec; '
    use = "fence(msgspec.json.decode(sys.stdin.buffer.read(), type=Task)); bytearray(1 << 30)"
    done = subprocess.run(
        [sys.executable, "-c", fence.format(child.__name__) + use],
        input=msgspec.json.encode(task_of(tmp_path, b"")),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert b"MemoryError" in done.stderr
