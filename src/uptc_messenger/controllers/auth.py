"""Registering, logging in and out, passwords, devices."""

from typing import Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.datastructures import Cookie
from msgspec import UNSET

from uptc_messenger.controllers import agents, attempts, cookies, registration
from uptc_messenger.controllers.attempts import OWN_LIMIT
from uptc_messenger.controllers.state import Backend
from uptc_messenger.models.auth import (
    LoggedIn,
    Login,
    OwnerClaim,
    PasswordChange,
    Principal,
    Register,
    Renewed,
    Reset,
    SessionPage,
)
from uptc_messenger.models.base import WireSessionId
from uptc_messenger.services.auth import Opened, sessions
from uptc_messenger.services.auth.codes import Purpose
from uptc_messenger.services.auth.devices import LIFETIME_S as DEVICE_LIFETIME_S
from uptc_messenger.toolkit.ids import fingerprint

AnyRequest = Request[Any, Any, Any]


class AuthController(Controller):
    path = "/auth"
    tags = ("auth",)

    @post("/register", operation_id="register", opt=OWN_LIMIT)
    async def register(
        self, data: Register, request: AnyRequest, backend: Backend
    ) -> Response[LoggedIn]:
        """Make an account and log it in."""
        opened = await registration.register(backend, request, data, _device(request))
        return _logged_in(backend, request, opened, created=True, shared=data.shared)

    @post("/login", operation_id="log_in", status_code=200, opt=OWN_LIMIT)
    async def log_in(
        self, data: Login, request: AnyRequest, backend: Backend
    ) -> Response[LoggedIn]:
        """Log this device in."""
        attempt = attempts.login(backend, request, data.username)
        device = data.device or _device(request)
        async with attempt.counted:
            opened = await backend.auth.log_in(data, device, known=attempt.known)
        return _logged_in(backend, request, opened, shared=data.shared)

    @post("/logout", operation_id="log_out", status_code=204)
    async def log_out(
        self, principal: Principal, request: AnyRequest, backend: Backend
    ) -> Response[None]:
        """End this session."""
        who = principal
        await backend.database.write(lambda tx: sessions.end(tx, who.user_id, [who.session_id]))
        headers = {"clear-site-data": '"cache", "storage"'} if _is_browser(request) else None
        gone = [cookies.make(request, "session", "", 0)] if cookies.token(request) else []
        return Response(content=None, cookies=gone, headers=headers)

    @post("/password", operation_id="change_password", status_code=200)
    async def change_password(
        self, data: PasswordChange, principal: Principal, request: AnyRequest, backend: Backend
    ) -> Response[Renewed]:
        """Set a new password; every other session ends."""
        async with backend.trials.attempt(("password", principal.user_id)):
            opened = await backend.auth.change_password(principal, data)
        browser = _is_browser(request)
        renewed = Renewed(session=opened.session, token=UNSET if browser else opened.token)
        kept = [_session_cookie(backend, request, opened)] if browser else []
        return Response(content=renewed, cookies=kept)

    @post("/reset", operation_id="reset_password", status_code=200, opt=OWN_LIMIT)
    async def reset(self, data: Reset, request: AnyRequest, backend: Backend) -> Response[LoggedIn]:
        """Set a new password with a one-time code."""
        with attempts.guess(backend, request, "code_guess"):
            await _require_code(backend, "reset", data.code)
            opened = await backend.auth.reset(data, _device(request))
        return _logged_in(backend, request, opened)

    @post("/owner", operation_id="claim_owner", opt=OWN_LIMIT)
    async def claim(
        self, data: OwnerClaim, request: AnyRequest, backend: Backend
    ) -> Response[LoggedIn]:
        """Become the owner of this server with the code of its first start."""
        with attempts.guess(backend, request, "code_guess"):
            await _require_code(backend, "owner", data.code)
            opened = await backend.auth.claim(data, _device(request))
        return _logged_in(backend, request, opened, created=True)

    @get("/sessions", operation_id="list_sessions")
    async def list_sessions(self, principal: Principal, backend: Backend) -> SessionPage:
        """The devices that are logged in to this account."""
        who = principal
        return await backend.database.read(
            lambda reader: sessions.page(reader, who.user_id, who.session_id)
        )

    @delete("/sessions", operation_id="end_other_sessions")
    async def end_others(self, principal: Principal, backend: Backend) -> None:
        """Log every other device out."""
        who = principal
        await backend.database.write(
            lambda tx: sessions.end_others(tx, who.user_id, who.session_id)
        )

    @delete("/sessions/{session_id:str}", operation_id="end_session")
    async def end_session(
        self, session_id: WireSessionId, principal: Principal, backend: Backend
    ) -> None:
        """Log one device out."""
        await backend.database.write(lambda tx: sessions.end_one(tx, principal.user_id, session_id))


def _logged_in(
    backend: Backend,
    request: AnyRequest,
    opened: Opened,
    *,
    created: bool = False,
    shared: bool = False,
) -> Response[LoggedIn]:
    """A browser gets the token in a cookie that its scripts cannot read, a program in the body."""
    browser = _is_browser(request)
    content = LoggedIn(
        user=opened.user, session=opened.session, token=UNSET if browser else opened.token
    )
    given = _cookies(backend, request, opened, shared=shared) if browser else []
    return Response(content=content, cookies=given, status_code=201 if created else 200)


def _cookies(
    backend: Backend, request: AnyRequest, opened: Opened, *, shared: bool
) -> list[Cookie]:
    """The session, and that this device is known; a shared computer forgets and is not known."""
    if shared:
        return [cookies.make(request, "session", opened.token, None)]
    known = cookies.read(request, "device")
    remembered = backend.auth.devices.seal(opened.user.username, known)
    return [
        _session_cookie(backend, request, opened),
        cookies.make(request, "device", remembered, DEVICE_LIFETIME_S),
    ]


def _session_cookie(backend: Backend, request: AnyRequest, opened: Opened) -> Cookie:
    seconds = backend.auth.config.session_lifetime_s
    return cookies.make(request, "session", opened.token, seconds)


def _is_browser(request: AnyRequest) -> bool:
    return "origin" in request.headers


def _device(request: AnyRequest) -> str:
    return agents.describe(request.headers.get("user-agent", ""))


async def _require_code(backend: Backend, purpose: Purpose, code: str) -> None:
    """Before anything is hashed: a code that is wrong costs a look, and a right one has a limit."""
    await backend.auth.require_code(purpose, code)
    backend.limiter.take("code_use", fingerprint(code).hex())
