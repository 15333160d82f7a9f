import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests import media
from uptc_messenger.services.files.decoding import pages
from uptc_messenger.services.files.decoding.task import CONTENT


def test_the_first_page_is_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    drawn = tmp_path / "drawn.png"
    drawn.write_bytes(media.picture("PNG", (1_130, 1_600)))
    tool = tmp_path / pages.PDFTOPPM
    tool.write_text(f'#!/bin/sh\nfor last; do :; done\ncp {drawn} "$last.png"\n')
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / CONTENT).write_bytes(media.pdf())
    assert pages.available()
    answer = pages.page(tmp_path)
    assert [(m.name, m.height) for m in answer.made] == [("preview", 1_600), ("thumb", 400)]
    assert (answer.width, answer.type) == (None, None)
    tool.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(subprocess.CalledProcessError):
        pages.page(tmp_path)


def test_without_the_tool_there_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not pages.available()


# The tool itself, where this machine has it: `make setup-test` installs it on Debian.
real = pytest.mark.skipif(not pages.available(), reason="needs pdftoppm")
BOX = b"[0 0 200 100]"


@real
@pytest.mark.parametrize("box", [BOX, b"[0 0 20000000 10000000]", b"[0 0 30000 1]"])
def test_a_real_page_whatever_size_it_says_it_has(tmp_path: Path, box: bytes):
    (tmp_path / CONTENT).write_bytes(media.pdf().replace(BOX, box))
    answer = pages.page(tmp_path)
    assert [made.name for made in answer.made] == ["preview", "thumb"]
    assert max(answer.made[0].width, answer.made[0].height) == 1_600


@real
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.7\n%%EOF\n", id="nothing"),
        pytest.param(media.pdf()[:80], id="cut"),
        pytest.param(media.pdf().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"), id="loop"),
    ],
)
def test_a_document_without_a_page(tmp_path: Path, data: bytes):
    (tmp_path / CONTENT).write_bytes(data)
    with pytest.raises(subprocess.CalledProcessError):
        pages.page(tmp_path)
