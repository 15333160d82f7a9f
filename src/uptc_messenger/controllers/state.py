"""What controllers work with."""

from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry

from uptc_messenger.controllers.origins import Origins
from uptc_messenger.controllers.peers import Proxies
from uptc_messenger.controllers.readiness import Readiness
from uptc_messenger.database import Database
from uptc_messenger.services.auth import AuthService, Limiter, Trials
from uptc_messenger.services.backups.history import HistoryFile


@dataclass(frozen=True, slots=True)
class WebConfig:
    """How this server is reached, and the files that it shows."""

    origins: Origins
    proxies: Proxies
    public_url: str
    """Address in links that we hand out; empty where only the request's own is known."""

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
