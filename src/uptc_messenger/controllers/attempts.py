"""What a stranger may try, and how often it may fail.

A password may be short, so an attempt is counted before it is decided. Invitations and codes
have 192 random bits: no number of guesses finds one, so only what was wrong is counted, and
what is right is never refused for the guesses of a neighbour behind the same address.
"""

from collections.abc import Generator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

from litestar import Request

from uptc_messenger.controllers import cookies, peers
from uptc_messenger.controllers.guards import client_address
from uptc_messenger.controllers.state import Backend
from uptc_messenger.models.errors import NotFound

AnyRequest = Request[Any, Any, Any]
OWN_LIMIT: Final = {"own_limit": True}
"""On a handler whose attempts are counted here and not as `anonymous`."""


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """An attempt that is not counted yet; `known` if this device logged in to the account."""

    known: bool
    counted: AbstractAsyncContextManager[None]


def login(backend: Backend, request: AnyRequest, username: str) -> LoginAttempt:
    """Counted against the device that is known for this account, else address and account."""
    account = username.casefold()
    remembered = cookies.read(request, "device")
    device = backend.auth.devices.recognise(remembered, account)
    if device is not None:
        counted = backend.trials.attempt(("login_device", device))
        return LoginAttempt(known=True, counted=counted)
    counted = backend.trials.attempt(
        ("login_ip", key(backend, request)), ("login_account", account)
    )
    return LoginAttempt(known=False, counted=counted)


@contextmanager
def guess(
    backend: Backend, request: AnyRequest, name: Literal["invite_guess", "code_guess"]
) -> Generator[None, None, None]:
    """Count a secret that turns out to be wrong; beyond the limit `RateLimited` says so."""
    try:
        yield
    except NotFound:
        backend.limiter.take(name, key(backend, request))
        raise


def key(backend: Backend, request: AnyRequest) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 one."""
    return peers.limit_key(client_address(backend, request))
