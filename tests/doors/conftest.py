from tests.blackbox.conftest import shared_server, town

__all__ = ["shared_server", "town"]
