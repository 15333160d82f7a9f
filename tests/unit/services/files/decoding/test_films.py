import os
import stat
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
