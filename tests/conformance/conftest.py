from collections.abc import Iterator

import pytest

from tests.conformance.raw import RawClient
from tests.server import Server, serving


@pytest.fixture(scope="package")
def echo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("echo"), "--test-echo") as server:
        yield server


@pytest.fixture
def client(echo_server: Server) -> Iterator[RawClient]:
    """A raw connection to /echo."""
    opened = RawClient(echo_server.url)
    yield opened
    opened.close()
