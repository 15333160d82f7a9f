"""Logins as they are counted: only what fails uses up a limit."""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from uptc_messenger.controllers import cookies, peers
from uptc_messenger.controllers.guards import client_address
from uptc_messenger.controllers.state import Backend
from uptc_messenger.services.auth import LimitName


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt was counted against."""

    backend: Backend
    counted: tuple[tuple[LimitName, str], ...]

    def succeeded(self) -> None:
        """Undo the counting: a class that logs in behind one address is no attack."""
        for name, key in self.counted:
            self.backend.limiter.give_back(name, key)


def begin_login(backend: Backend, request: Request[Any, Any, Any], username: str) -> Attempt:
    """Count a login against the device that is known for this account, else account and address."""
    account = username.casefold()
    remembered = cookies.read(request, "device")
    device = backend.auth.devices.recognise(remembered, account)
    if device is not None:
        return _count(backend, ("login_device", device))
    address = peers.limit_key(client_address(backend, request))
    return _count(backend, ("login_ip", address), ("login_account", account))


def begin(backend: Backend, name: LimitName, key: str) -> Attempt:
    """Count one attempt at something else."""
    return _count(backend, (name, key))


def _count(backend: Backend, *counted: tuple[LimitName, str]) -> Attempt:
    for name, key in counted:
        backend.limiter.take(name, key)
    return Attempt(backend=backend, counted=counted)
