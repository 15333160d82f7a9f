import asyncio
import os
import stat
import sys
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from tests import media
from tests.core import until
from uptc_messenger.models.errors import Overloaded
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.decoding import decoder, films, pages
from uptc_messenger.services.files.decoding.decoder import Decoders, Ended
from uptc_messenger.services.files.decoding.task import CONTENT


def given(folder: Path, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / CONTENT).write_bytes(data)
    return folder


async def test_a_picture_and_what_is_none(tmp_path: Path):
    decoders = Decoders(FilesConfig())
    answer = await decoders.decode("image", "image/jpeg", given(tmp_path, media.picture()))
    assert answer.seen
    nothing = await decoders.decode("image", "image/jpeg", given(tmp_path, b"\xff\xd8\xff"))
    assert not nothing.seen
    assert (decoders.failed, decoders.waiting, decoders.running) == (1, 0, 0)


@pytest.fixture
def sleepy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ffprobe that never answers."""
    for name in (films.PROBE, films.FFMPEG):
        tool = tmp_path / name
        tool.write_text("#!/bin/sh\nexec sleep 600\n")
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


def has_started(started: Path) -> bool:
    return started.exists()


def is_there(started: Path) -> bool:
    try:
        return (
            Path(f"/proc/{started.read_text().strip()}/stat")
            .read_text()
            .rpartition(")")[2]
            .split()[0]
            != "Z"
        )
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    "script",
    [
        "sleep 600 & echo $! > {}; wait",
        # It dies first, as under its own fence, and what it has started stays.
        "sleep 600 > /dev/null 2>&1 & echo $! > {}; kill -9 $$",
    ],
)
async def test_a_decoder_has_so_long_and_no_longer_nor_has_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
):
    started = tmp_path / "started"
    monkeypatch.setattr(decoder, "_PROGRAM", ("/bin/sh", "-c", script.format(started)))
    decoders = Decoders(FilesConfig(decoder_s=3.0))
    with pytest.raises(Ended):
        await decoders.decode("audio", "audio/ogg", given(tmp_path, b"x"))
    assert (decoders.failed, decoders.waiting, has_started(started)) == (1, 0, True)
    await until(lambda: not is_there(started))


@pytest.mark.parametrize(
    ("program", "seen"),
    [
        ("import sys; sys.exit(3)", False),
        ("import sys; sys.exit(1)", None),
        ("import os; os.abort()", None),
        ("print('no answer')", None),
        ("""print('{"seen":true}')""", True),
    ],
)
async def test_what_an_end_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, seen: bool | None
):
    monkeypatch.setattr(decoder, "_PROGRAM", (sys.executable, "-c", program))
    decoders = Decoders(FilesConfig())
    found: bool | None = None
    with suppress(Ended):
        found = (await decoders.decode("image", "image/png", given(tmp_path, b""))).seen
    assert (found, decoders.failed) == (seen, 0 if seen else 1)


@pytest.mark.usefixtures("sleepy")
async def test_so_many_at_once_and_so_many_waiting(tmp_path: Path):
    decoders = Decoders(FilesConfig(decoders=1, decoders_waiting=1, decoder_s=60))
    folder = given(tmp_path, b"x")
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(decoders.decode("audio", "audio/ogg", folder)) for _ in range(2)]
        await until(lambda: decoders.waiting == 2 and decoders.running == 1)
        with pytest.raises(Overloaded):
            await decoders.decode("audio", "audio/ogg", folder)
        assert decoders.refused == 1
        for task in tasks:
            task.cancel()
    assert (decoders.waiting, decoders.running) == (0, 0)


def test_only_images_where_that_is_wanted():
    decoders = Decoders(FilesConfig(previews="images"))
    assert decoders.looks_into("image")
    assert not decoders.looks_into("video")
    assert not decoders.looks_into("page")


@pytest.mark.skipif(not films.available(), reason="needs ffmpeg and ffprobe")
async def test_real_tools_have_what_they_need_within_the_fence(tmp_path: Path):
    source = ("-f", "lavfi", "-i", "testsrc=s=1920x1080:r=1:d=1")
    given(tmp_path, b"")
    making = ("ffmpeg", "-y", "-v", "error", *source, "-c:v", "libvpx", "-f", "webm")
    made = await asyncio.create_subprocess_exec(*making, str(tmp_path / CONTENT))
    assert await made.wait() == 0
    answer = await Decoders(FilesConfig()).decode("video", "video/webm", tmp_path)
    assert (answer.width, answer.height, answer.duration_ms) == (1_920, 1_080, 1_000)


@pytest.mark.skipif(not pages.available(), reason="needs pdftoppm")
async def test_a_page_that_never_ends_is_ended(tmp_path: Path):
    """A picture of 40,000 by 40,000 that is a few kilobytes in the file."""
    picture = zlib.compress(bytes(40_000 * 40_000 // 8))
    drawn = b"q 200 0 0 100 0 0 cm /I Do Q"
    shape = b"/Width 40000/Height 40000/BitsPerComponent 1/ColorSpace/DeviceGray"
    data = media.pdf().replace(
        b"[0 0 200 100]", b"[0 0 200 100]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"
    )
    objects = (
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n" % (len(drawn), drawn),
        b"5 0 obj<</Type/XObject/Subtype/Image%s/Filter/FlateDecode/Length %d>>stream\n%s\n"
        b"endstream endobj\n" % (shape, len(picture), picture),
    )
    given(tmp_path, data.replace(b"trailer", b"".join(objects) + b"trailer"))
    decoders = Decoders(FilesConfig(decoder_s=1.0))
    with pytest.raises(Ended):
        await decoders.decode("page", "application/pdf", tmp_path)
    assert decoders.failed == 1
