"""What controllers work with."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from litestar.types import Scope
from prometheus_client import CollectorRegistry

from uptc_messenger.controllers.origins import Origins
from uptc_messenger.controllers.peers import Proxies
from uptc_messenger.controllers.readiness import Readiness
from uptc_messenger.database import Database
from uptc_messenger.models.base import NodeRole
from uptc_messenger.services.auth import AuthService, Limiter, Trials
from uptc_messenger.services.backups.history import HistoryFile
from uptc_messenger.services.files.service import Files
from uptc_messenger.services.notifications.service import Notifications

_BACKEND: Final = "uptc.backend"


class Whereabouts:
    """Where people find this server: as configured, else where it listens."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self.address = ""

    def __call__(self) -> str:
        return self._public_url or self.address


@dataclass(frozen=True, slots=True)
class WebConfig:
    """How this server is reached, and the files that it shows."""

    origins: Origins
    proxies: Proxies
    public_url: str
    """Address that people type; empty where none is configured."""

    where: Whereabouts
    """Address in links that we hand out: never the one that a request names."""

    public: Path
    """Folder of static files, with the built client in `app/`."""


@dataclass(frozen=True, slots=True)
class Backend:
    """The one of each that `app.py` made; handlers take it as the parameter `backend`."""

    database: Database
    auth: AuthService
    limiter: Limiter
    trials: Trials
    readiness: Readiness
    registry: CollectorRegistry
    web: WebConfig
    backups: HistoryFile
    notifications: Notifications
    files: Files
    roles: Collection[NodeRole]
    """What this node serves; the rest it refuses, and says so."""


def lend(scope: Scope, backend: Backend) -> None:
    """Give a request what its handlers work with."""
    scope["state"][_BACKEND] = backend


def backend_of(scope: Scope) -> Backend:
    """What this request's server works with."""
    found: Backend = scope["state"][_BACKEND]
    return found
