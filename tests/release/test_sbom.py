import json
import re
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release import sbom
from tests.architecture.source import ROOT
from uptc_messenger import __version__

LOCK: dict[str, Any] = {
    "packages": {
        "": {"name": "client", "version": "0.0.0"},
        "node_modules/@a/b": {"version": "1.2.3", "license": "MIT", "integrity": "sha512-AAEC"},
        "node_modules/c/node_modules/d": {"version": "2.0.0", "license": "(MIT OR ISC)"},
        "node_modules/tool": {"version": "3.0.0", "dev": True},
    }
}


def test_every_pinned_package_is_there_once():
    lock = 'a==1.0 \\\n    --hash=sha256:00\nB_c==2.0 ; sys_platform == "linux" \\\n'
    assert [part.get("purl") for part in sbom.python_parts(lock)] == [
        "pkg:pypi/a@1.0",
        "pkg:pypi/b-c@2.0",
    ]


def test_the_client_has_what_it_ships_and_not_its_tools():
    scoped, nested = sbom.client_parts(LOCK)
    assert scoped.get("purl") == "pkg:npm/%40a/b@1.2.3"
    assert scoped.get("hashes") == [{"alg": "SHA-512", "content": "000102"}]
    assert nested.get("purl") == "pkg:npm/d@2.0.0"
    assert nested.get("licenses") == [{"expression": "(MIT OR ISC)"}]


def test_the_bill_of_this_tree_names_every_dependency_and_is_the_same_each_time():
    made = sbom.bill(ROOT, __version__)
    assert made == sbom.bill(ROOT, __version__)
    assert json.loads(json.dumps(made)) == made
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", made["serialNumber"])
    assert made["metadata"]["component"]["version"] == __version__
    refs = [part["bom-ref"] for part in made["components"]]
    assert len(refs) == len(set(refs))
    assert made["dependencies"][0]["dependsOn"] == refs
    assert wanted() <= {part["name"] for part in made["components"]}
    assert {"svelte", "idb"} <= {part["name"] for part in made["components"]}


def wanted() -> set[str]:
    """The names in `pyproject.toml`'s dependencies."""
    text = (ROOT / "pyproject.toml").read_text()
    listed = text.partition("\ndependencies = [\n")[2].partition("\n]")[0]
    return {canonicalize_name(Requirement(line.strip(' ",')).name) for line in listed.split("\n")}
