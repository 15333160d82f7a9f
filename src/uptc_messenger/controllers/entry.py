"""What a visitor asks before there is an account."""

from litestar import Controller, get, post
from litestar.status_codes import HTTP_200_OK

from uptc_messenger.controllers import attempts, guards
from uptc_messenger.controllers.attempts import OWN_LIMIT, AnyRequest
from uptc_messenger.controllers.state import Backend
from uptc_messenger.models.auth import CodeCheck, CodePurpose, ServerInfo
from uptc_messenger.services.auth import codes
from uptc_messenger.toolkit.clock import wall_clock


class EntryController(Controller):
    tags = ("auth",)

    # Without a limit: to answer costs no more than to refuse, and a class asks from one address.
    @get("/server", operation_id="get_server", opt=OWN_LIMIT)
    async def get_server(self, request: AnyRequest, backend: Backend) -> ServerInfo:
        """Who may register here and whether the caller is logged in.

        A page asks for nothing, and offers nothing, that will be refused.
        """
        return ServerInfo(
            registration=backend.auth.config.registration,
            signed_in=await guards.recognised(backend, request),
        )

    @post("/auth/code", operation_id="check_code", status_code=HTTP_200_OK, opt=OWN_LIMIT)
    async def check_code(
        self, data: CodeCheck, request: AnyRequest, backend: Backend
    ) -> CodePurpose:
        """What a one-time code is for, without using it up."""
        with attempts.guess(backend, request, "code_guess"):
            return await backend.database.read(
                lambda reader: codes.purpose(reader, data.code, wall_clock())
            )
