"""The distributions of a release: built, installed where nothing else is, and tried."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

WAIT_S = 60
LEAST_SCRIPT = 1000


class NotGood(Exception):
    """A distribution does not do what it is for; the sentence says what."""


def release(root: Path, version: str) -> None:
    """Build wheel, source distribution and bill of materials into `dist`, and prove them."""
    dist = root / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    changelog = root / "CHANGELOG.md"
    if not changelog.is_file() or f"\n## {version} " not in changelog.read_text(encoding="utf-8"):
        raise NotGood(f"CHANGELOG.md says nothing of {version}: make changelog")
    for kind in ("sdist", "wheel"):
        call([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(dist)], root)
    wheel, sdist = only(dist, "*.whl"), only(dist, "*.tar.gz")
    shutil.copy(root / "sbom.cdx.json", dist / f"uptc_messenger-{version}.cdx.json")
    for made in (wheel, sdist):
        say(f"Trying {made.name} in an empty environment")
        with tempfile.TemporaryDirectory(prefix="uptc-release-") as folder:
            prove(root, made, Path(folder), version)
    for made in sorted(dist.iterdir()):
        say(f"  dist/{made.name}  {made.stat().st_size / 1024:,.0f} KiB")


def prove(root: Path, made: Path, folder: Path, version: str) -> None:
    """Install a distribution in a new environment outside the tree, and let it serve."""
    call([sys.executable, "-m", "venv", str(folder / "venv")], folder)
    python = folder / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    call([*pip, "--require-hashes", "-r", str(root / "requirements" / "run.txt")], folder)
    call([*pip, "--no-deps", str(made)], folder)
    command = folder / "venv" / "bin" / "uptc-messenger"
    told = call([str(command), "--version"], folder).strip()
    expect(told == f"uptc-messenger {version}", f"--version says {told!r}")
    with serving(command, folder) as address:
        answers(address)
    status = call([str(command), "status", "--data", str(folder / "data")], folder)
    expect("not running" in status, "status tells nothing after the end")


def answers(address: str) -> None:
    """The server is ready, shows the client with its scripts, and knows the way in."""
    expect(fetch(f"{address}/readyz") != "", "it is not ready")
    page = fetch(f"{address}/", accept="text/html")
    script = re.search(r'src="(/[^"]+\.js)"', page)
    if script is None:
        raise NotGood("the first page has no script: the client is not in it")
    expect(len(fetch(address + script[1])) > LEAST_SCRIPT, "the script of the client is not there")
    expect('"openapi"' in fetch(f"{address}/openapi.json"), "the interface is not described")


@contextmanager
def serving(command: Path, folder: Path) -> Generator[str, None, None]:
    """The address of a server on a free port with new data; it must end well."""
    words = [str(command), "serve", "--port", "0", "--data", str(folder / "data")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            words, cwd=folder, env=clean(), stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        yield listening(process.stdout, folder / "log")
    finally:
        process.terminate()
        code = process.wait(WAIT_S)
        if process.stdout is not None:
            process.stdout.close()
    expect(code == 0, f"the server ended with {code}")


def listening(output: IO[str] | None, log: Path) -> str:
    """The address that a server prints first."""
    address = output.readline().strip() if output else ""
    if not address.startswith("http://"):
        raise NotGood(f"the server did not start:\n{log.read_text()}")
    return address


def fetch(url: str, accept: str = "*/*") -> str:
    """What the server answers."""
    request = urllib.request.Request(url, headers={"accept": accept})  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=WAIT_S) as answer:  # noqa: S310
        return answer.read().decode()


def call(words: list[str], folder: Path) -> str:
    """Run a program and return what it prints."""
    done = subprocess.run(
        words, cwd=folder, env=clean(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotGood(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def clean() -> dict[str, str]:
    """The environment without what would lead back to this tree."""
    ours = ("UPTC_", "PYTHON", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def only(folder: Path, pattern: str) -> Path:
    """The one file like this."""
    found = sorted(folder.glob(pattern))
    expect(len(found) == 1, f"{pattern} matches {len(found)} files in {folder}")
    return found[0]


def expect(good: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion
    """Stop the release with a sentence unless this is so."""
    if not good:
        raise NotGood(otherwise)


def say(text: str) -> None:
    """Tell whoever waits."""
    print(text, flush=True)
