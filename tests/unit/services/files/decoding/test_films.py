import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests import media
from uptc_messenger.services.files.decoding import films
from uptc_messenger.services.files.decoding.task import CONTENT


def install(folder: Path, name: str, script: str) -> None:
    tool = folder / name
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins that answer as ffmpeg does: a film of a second, with one frame."""
    folder = tmp_path / "bin"
    folder.mkdir()
    frame = tmp_path / "frame.png"
    frame.write_bytes(media.picture("PNG", (640, 360)))
    told = '{"format":{"duration":"1.25"},"streams":[{"codec_type":"video"}]}'
    install(folder, films.PROBE, f"echo '{told}'")
    install(
        folder,
        films.FFMPEG,
        f'for last; do :; done; cp {frame} "$last"; echo "$@" > {tmp_path}/asked',
    )
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / CONTENT).write_bytes(b"film")
    return tmp_path


def test_a_film_has_a_poster_and_a_duration(tools: Path):
    assert films.available()
    answer = films.film(tools, "video/mp4")
    assert (answer.width, answer.height, answer.duration_ms) == (640, 360, 1_250)
    assert [made.name for made in answer.made] == ["preview", "thumb"]
    assert answer.type is None


def test_only_the_file_itself_is_read_and_in_its_own_form(tools: Path):
    films.film(tools, "video/mp4")
    asked = (tools / "asked").read_text()
    assert "-protocol_whitelist file" in asked
    assert f"-f mov -i {tools}/{CONTENT}" in asked


def test_a_sound_has_a_duration(tools: Path):
    assert films.sound(tools, "audio/ogg").duration_ms == 1_250


def test_a_film_without_a_picture_is_a_sound(tools: Path):
    install(tools / "bin", films.PROBE, """echo '{"format":{},"streams":[]}'""")
    answer = films.film(tools, "video/mp4")
    assert (answer.seen, answer.made, answer.duration_ms) == (True, (), None)


@pytest.mark.parametrize("told", ["N/A", "-1", "1e30"])
def test_a_duration_that_is_none(tools: Path, told: str):
    install(tools / "bin", films.PROBE, f"""echo '{{"format":{{"duration":"{told}"}}}}'""")
    assert films.sound(tools, "audio/ogg").duration_ms is None


def test_without_the_tools_there_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not films.available()


# The tools themselves, where this machine has them: `make setup-test` installs them on Debian.
real = pytest.mark.skipif(not films.available(), reason="needs ffmpeg and ffprobe")
PICTURE = ("-f", "lavfi", "-i", "testsrc=s=320x240:r=10:d=2")
TONE = ("-f", "lavfi", "-i", "sine=d=2")
MPEG4 = ("-c:v", "mpeg4", "-f", "mp4")
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-f", "webm")


def recorded(folder: Path, *how: str) -> Path:
    """A folder with what ffmpeg made."""
    command = ("ffmpeg", "-y", "-v", "error", *how, str(folder / CONTENT))
    subprocess.run(command, check=True)
    return folder


@real
def test_a_real_film(tmp_path: Path):
    answer = films.film(recorded(tmp_path, *PICTURE, *TONE, *MPEG4, "-c:a", "aac"), "video/mp4")
    assert (answer.width, answer.height, answer.duration_ms) == (320, 240, 2_000)
    assert [(made.name, made.width) for made in answer.made] == [("preview", 320), ("thumb", 320)]
    assert answer.thumbhash


@real
@pytest.mark.parametrize("size", ["101x33", "2560x1440", "3840x2"])
def test_a_film_of_any_size_has_a_small_poster_and_its_own_size(tmp_path: Path, size: str):
    source = ("-f", "lavfi", "-i", f"testsrc=s={size}:r=1:d=1")
    answer = films.film(recorded(tmp_path, *source, *VP8), "video/webm")
    assert f"{answer.width}x{answer.height}" == size
    assert all(max(made.width, made.height) <= 1_600 for made in answer.made)


@real
def test_a_film_that_a_telephone_held_upright(tmp_path: Path):
    """It lies on its side in the file, which says by how much it is to be turned."""
    lying = recorded(tmp_path, *PICTURE, *MPEG4) / CONTENT
    data = lying.read_bytes()
    at = data.index(b"tkhd") + 44  # its matrix, behind what this version of the box has before it
    turned = b"".join(
        number.to_bytes(4, "big", signed=True)
        for number in (0, 1 << 16, 0, -(1 << 16), 0, 0, 240 << 16, 0, 1 << 30)
    )
    lying.write_bytes(data[:at] + turned + data[at + 36 :])
    answer = films.film(tmp_path, "video/mp4")
    assert (answer.width, answer.height) == (240, 320)
    assert (answer.made[0].width, answer.made[0].height) == (240, 320)


@real
def test_what_a_browser_records_does_not_say_how_long_it_is(tmp_path: Path):
    live = (*VP8, "-c:a", "libopus", "-live", "1")
    answer = films.film(recorded(tmp_path, *PICTURE, *TONE, *live), "video/webm")
    assert (answer.width, answer.height) == (320, 240)
    assert answer.duration_ms is not None
    assert 1_900 <= answer.duration_ms <= 2_100


@real
@pytest.mark.parametrize("media_type", ["video/mp4", "audio/mp4"])
def test_a_film_with_nothing_to_see(tmp_path: Path, media_type: str):
    recorded(tmp_path, *TONE, "-c:a", "aac", "-f", "mp4")
    look = films.film if media_type == "video/mp4" else films.sound
    answer = look(tmp_path, media_type)
    assert (answer.seen, answer.made, answer.duration_ms) == (True, (), 2_000)


@real
def test_a_film_of_a_kind_that_cannot_be_shown_is_one_all_the_same(tmp_path: Path):
    film = recorded(tmp_path, *PICTURE, *VP8) / CONTENT
    film.write_bytes(film.read_bytes().replace(b"V_VP8", b"V_ZZZ"))
    answer = films.film(tmp_path, "video/webm")
    assert (answer.seen, answer.made, answer.duration_ms) == (True, (), 2_000)


@real
@pytest.mark.parametrize("lie", ["cut", "noise", "list"])
def test_what_only_says_that_it_is_a_film(tmp_path: Path, lie: str):
    data = (recorded(tmp_path, *PICTURE, *MPEG4) / CONTENT).read_bytes()
    lies = {
        "cut": data[: len(data) // 2],
        "noise": data[:40] + bytes(range(256)) * 100,
        "list": b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n",
    }
    (tmp_path / CONTENT).write_bytes(lies[lie])
    with pytest.raises(subprocess.CalledProcessError):
        films.film(tmp_path, "video/mp4")
