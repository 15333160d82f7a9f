"""Every HTTP call is in the protocol, and the protocol names no other."""

import re
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from tests.architecture.source import DOCS
from tests.server import serving

PROTOCOL = (DOCS / "protocol.md").read_text()
CALL = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`?]*)(?:\?([^`]*))?`")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Generator[dict[str, Any], None, None]:
    with serving(tmp_path_factory.mktemp("routes")) as server:
        yield httpx.get(f"{server.url}/openapi.json").json()


def test_the_protocol_has_the_calls_that_the_server_has(document: dict[str, Any]):
    built = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in document["paths"].items()
        for method in methods
    }
    # They answer, and are left out of the document because they are for operators' machines;
    # the socket is no HTTP call.
    beside = {("GET", "/metrics"), ("GET", "/openapi.json"), ("GET", "/api/v1/ws")}
    written = {(method, path) for method, path, _ in CALL.findall(PROTOCOL)}
    assert sorted(built - written) == []
    assert sorted(written - built - beside) == []


def test_the_protocol_names_every_parameter(document: dict[str, Any]):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
            row = _row(f"`{method.upper()} {path.removeprefix('/api/v1')}")
            assert {name for name in names if f"{name}=" not in row} == set(), path


def _row(start: str) -> str:
    rows = [line for line in PROTOCOL.splitlines() if line.startswith("|")]
    return next((row for row in rows if re.search(re.escape(start) + "[`?]", row)), "")
