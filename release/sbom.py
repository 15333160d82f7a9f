"""The bill of materials of a distribution: CycloneDX, from the lock files.

Only the standard library: the build hook runs this file where nothing else is installed.
"""

import base64
import json
import re
import uuid
from pathlib import Path
from typing import Any, TypedDict

NAME = "uptc-messenger"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
_MODULES = "node_modules/"


class Component(TypedDict, total=False):
    """A part, as CycloneDX 1.6 names it."""

    type: str
    name: str
    version: str
    purl: str
    scope: str
    licenses: list[Any]
    hashes: list[dict[str, str]]


def write(root: Path, version: str) -> Path:
    """Write the bill of materials of this tree, and return where it is."""
    target = root / "sbom.cdx.json"
    target.write_text(json.dumps(bill(root, version), indent=1) + "\n", encoding="utf-8")
    return target


def bill(root: Path, version: str) -> dict[str, Any]:
    """What the server needs to run, and what the web client is built from.

    The same locks give the same bill: it has no time and no random name.
    """
    parts = python_parts((root / "requirements" / "run.txt").read_text(encoding="utf-8"))
    lock = json.loads((root / "web" / "package-lock.json").read_text(encoding="utf-8"))
    parts += client_parts(lock)
    own = f"pkg:pypi/{NAME}@{version}"
    purls = [part.get("purl", "") for part in parts]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join([own, *purls]))}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": NAME,
                "version": version,
                "purl": own,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [{"bom-ref": part.get("purl", ""), **part} for part in parts],
        "dependencies": [{"ref": own, "dependsOn": purls}],
    }


def python_parts(lock: str) -> list[Component]:
    """The packages that a `requirements.txt` pins."""
    return [
        {
            "type": "library",
            "name": found["name"],
            "version": found["version"],
            "purl": f"pkg:pypi/{normal(found['name'])}@{found['version']}",
            "scope": "required",
        }
        for found in _PIN.finditer(lock)
    ]


def client_parts(lock: dict[str, Any]) -> list[Component]:
    """The packages whose code may be in the built client; not the tools that build it."""
    found: dict[str, Component] = {}
    for path, entry in lock["packages"].items():
        if path and not entry.get("dev"):
            part = _client_part(path.rpartition(_MODULES)[2], entry)
            found[part.get("purl", "")] = part
    return list(found.values())


def _client_part(name: str, entry: dict[str, Any]) -> Component:
    # A purl writes the @ of a scope as %40.
    purl = f"pkg:npm/{name.replace('@', '%40', 1)}@{entry['version']}"
    part: Component = {
        "type": "library",
        "name": name,
        "version": entry["version"],
        "purl": purl,
        "scope": "required",
    }
    if "license" in entry:
        part["licenses"] = [{"expression": entry["license"]}]
    algorithm, _, digest = entry.get("integrity", "").partition("-")
    if algorithm == "sha512":
        part["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
    return part


def normal(name: str) -> str:
    """A name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
