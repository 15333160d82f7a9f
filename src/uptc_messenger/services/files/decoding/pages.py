"""Documents: a picture of the first page. Needs pdftoppm, of poppler."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import msgspec

from uptc_messenger.services.files.decoding import pictures
from uptc_messenger.services.files.decoding.task import CONTENT, PREVIEW, Answer

PDFTOPPM: Final = "pdftoppm"
_PAGE: Final = "page"


def available() -> bool:
    """Whether this machine has what it takes."""
    return shutil.which(PDFTOPPM) is not None


def page(folder: Path) -> Answer:
    """The first page of a document; raises for what has none."""
    command = (PDFTOPPM, "-f", "1", "-singlefile", "-png", "-scale-to", str(PREVIEW))
    subprocess.run(  # noqa: S603 - our words, and a folder that we named
        [*command, str(folder / CONTENT), str(folder / _PAGE)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    shown = pictures.read_page(folder / f"{_PAGE}.png")
    answer = pictures.describe(folder, shown, shown.size, None)
    return msgspec.structs.replace(answer, width=None, height=None)
