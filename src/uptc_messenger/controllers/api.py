"""The routes of the HTTP interface, and the shell around them."""

from functools import cache
from typing import Final

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.types import ASGIApp, ControllerRouterHandler

from uptc_messenger.controllers import guards, health, letters, problems
from uptc_messenger.controllers.auth import AuthController
from uptc_messenger.controllers.blocks import BlocksController
from uptc_messenger.controllers.chats import ChatsController
from uptc_messenger.controllers.decoding import MAX_BODY, JsonBody, StrictRequest
from uptc_messenger.controllers.downloads import DownloadsController
from uptc_messenger.controllers.entry import EntryController
from uptc_messenger.controllers.exports import ExportsController
from uptc_messenger.controllers.files import FilesController
from uptc_messenger.controllers.forwarding import ForwardingController
from uptc_messenger.controllers.gallery import GalleryController
from uptc_messenger.controllers.gate import Gate
from uptc_messenger.controllers.invites import InvitesController
from uptc_messenger.controllers.letters import LettersController
from uptc_messenger.controllers.messages import MessagesController
from uptc_messenger.controllers.notifications import NotificationsController
from uptc_messenger.controllers.pins import PinsController
from uptc_messenger.controllers.preferences import PreferencesController
from uptc_messenger.controllers.previews import PreviewsController
from uptc_messenger.controllers.public import Public
from uptc_messenger.controllers.reactions import ReactionsController
from uptc_messenger.controllers.scheduled import ScheduledController
from uptc_messenger.controllers.search import SearchController
from uptc_messenger.controllers.state import Backend, backend_of
from uptc_messenger.controllers.users import UsersController

PREFIX: Final = "/api/v1"
ROUTES: Final[tuple[ControllerRouterHandler, ...]] = (
    AuthController,
    BlocksController,
    ChatsController,
    DownloadsController,
    EntryController,
    ExportsController,
    FilesController,
    ForwardingController,
    GalleryController,
    InvitesController,
    MessagesController,
    NotificationsController,
    PinsController,
    PreferencesController,
    PreviewsController,
    ReactionsController,
    ScheduledController,
    SearchController,
    UsersController,
)


def make_app(backend: Backend) -> ASGIApp:
    """Everything that answers over HTTP."""
    return Gate(routes(), Public(backend.web.public), backend)


@cache
def routes() -> Litestar:
    """The interface under `/api/v1`, and the few addresses for operators.

    They are the same whoever serves them: a request brings its server's `Backend` along.
    """
    api = Router(
        PREFIX,
        route_handlers=ROUTES,
        guards=[guards.admit],
        dependencies={"principal": Provide(guards.principal, sync_to_thread=False)},
        dto=JsonBody,
        return_dto=None,
        request_class=StrictRequest,
    )
    pages = Router("", route_handlers=[LettersController], guards=[letters.admit])
    return Litestar(
        route_handlers=[api, pages, *health.HANDLERS],
        dependencies={"backend": Provide(backend_of, sync_to_thread=False)},
        exception_handlers=problems.HANDLERS,
        request_max_body_size=MAX_BODY,
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
