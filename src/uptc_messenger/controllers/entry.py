"""What a visitor asks before there is an account."""

from typing import Any

from litestar import Controller, Request, get, post
from litestar.status_codes import HTTP_200_OK

from uptc_messenger.controllers import attempts, peers
from uptc_messenger.controllers.guards import client_address
from uptc_messenger.controllers.state import Backend
from uptc_messenger.models.auth import CodeCheck, CodePurpose, ServerInfo
from uptc_messenger.services.auth import codes
from uptc_messenger.toolkit.clock import wall_clock


class EntryController(Controller):
    tags = ("auth",)

    @get("/server", operation_id="get_server")
    async def get_server(self, backend: Backend) -> ServerInfo:
        """Who may register here: a page offers only what will not be refused."""
        return ServerInfo(registration=backend.auth.config.registration)

    @post("/auth/code", operation_id="check_code", status_code=HTTP_200_OK)
    async def check_code(
        self, data: CodeCheck, request: Request[Any, Any, Any], backend: Backend
    ) -> CodePurpose:
        """What a one-time code is for, without using it up."""
        address = peers.limit_key(client_address(backend, request))
        attempt = attempts.begin(backend, "reset", address)
        purpose = await backend.database.read(
            lambda reader: codes.purpose(reader, data.code, wall_clock())
        )
        attempt.succeeded()
        return CodePurpose(purpose=purpose)
