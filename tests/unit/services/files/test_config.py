from pathlib import Path

import pytest

from uptc_messenger.services.files.config import FilesConfig


@pytest.mark.parametrize(
    ("url", "local", "folder"),
    [
        ("", True, Path("data/files")),
        ("/srv/files", True, Path("/srv/files")),
        ("file:///srv/files", True, Path("/srv/files")),
        ("s3://bucket/files", False, None),
        ("memory://", False, None),
    ],
)
def test_a_folder_or_a_bucket(url: str, local: bool, folder: Path | None):
    config = FilesConfig(url=url)
    assert (config.local, config.folder(Path("data"))) == (local, folder)


def test_another_scheme_is_refused():
    with pytest.raises(ValueError, match="ftp"):
        FilesConfig(url="ftp://host/files")
