from typing import Any

import pytest
from litestar import Request

from tests.fakes import Running
from uptc_messenger.controllers import attempts
from uptc_messenger.models.errors import RateLimited


def request(cookie: str = "") -> Request[Any, Any, Any]:
    headers = [(b"host", b"localhost"), (b"cookie", cookie.encode())]
    scope: Any = {"type": "http", "headers": headers, "client": ("203.0.113.9", 1)}
    return Request(scope)


async def test_what_fails_is_counted_and_what_succeeds_is_not(server: Running):
    backend = server.application.backend
    for _ in range(50):
        attempts.begin(backend, "password", "ana").succeeded()
    for _ in range(10):
        attempts.begin(backend, "password", "ana")
    with pytest.raises(RateLimited):
        attempts.begin(backend, "password", "ana")
    attempts.begin(backend, "password", "eve")


async def test_a_login_counts_against_the_device_that_is_known(server: Running):
    backend = server.application.backend
    remembered = f"device={backend.auth.devices.seal('ana')}"
    for _ in range(10):
        attempts.begin_login(backend, request(), "Ana")
    with pytest.raises(RateLimited):
        attempts.begin_login(backend, request(), "ana")
    for _ in range(10):
        attempts.begin_login(backend, request(remembered), "ana")
    with pytest.raises(RateLimited):
        attempts.begin_login(backend, request(remembered), "ana")
