from dataclasses import FrozenInstanceError

import pytest

from tests.fakes import Running


async def test_what_controllers_share_cannot_be_replaced(server: Running):
    backend = server.application.backend
    with pytest.raises(FrozenInstanceError):
        backend.database = None  # pyright: ignore[reportAttributeAccessIssue]
    assert backend.web.public_url == ""
    assert (backend.web.public / "mark.svg").is_file()
