"""The server answers as its own OpenAPI document says, whatever it is sent."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.fakes import PASSWORD
from tests.server import serving

# Ending the session that the test runs in would prove nothing about the operations after it.
SPARED = ("log_out", "change_password", "end_session", "end_other_sessions")
EXAMPLES = os.environ.get("UPTC_TEST_EXAMPLES", "3")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method"
)


@pytest.mark.slow
def test_no_request_is_answered_otherwise_than_documented(tmp_path: Path):
    cheap = {"UPTC_AUTH_ARGON2_MEMORY_KIB": "8", "UPTC_AUTH_ARGON2_TIME": "1"}
    with serving(tmp_path / "data", "--registration", "open", UPTC_LIMITS="off", **cheap) as server:
        body = {"username": "fuzz", "password": PASSWORD}
        token = httpx.post(f"{server.url}/api/v1/auth/register", json=body).json()["token"]
        spared = [part for name in SPARED for part in ("--exclude-operation-id", name)]
        run = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                *("run", f"{server.url}/openapi.json", "--checks", CHECKS),
                *("--max-examples", EXAMPLES, "--phases", "coverage,fuzzing", "--seed", "7"),
                *("-H", f"Authorization: Bearer {token}", *spared),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=1_200,
        )
        log = server.log.read_text()
    assert run.returncode == 0, run.stdout[-6000:]
    assert re.search(r"(\d+) generated", run.stdout), run.stdout[-2000:]
    assert "a request failed" not in log
