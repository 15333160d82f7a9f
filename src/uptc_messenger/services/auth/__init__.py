"""Accounts, sessions and limits: who acts, and how much."""

from uptc_messenger.database import Database
from uptc_messenger.services.auth import devices
from uptc_messenger.services.auth.admin import Administration
from uptc_messenger.services.auth.config import AuthConfig
from uptc_messenger.services.auth.limits import LIMITS, Limiter, LimitName, per_minute
from uptc_messenger.services.auth.revocations import Revocations
from uptc_messenger.services.auth.service import AuthService
from uptc_messenger.services.auth.sessions import Opened
from uptc_messenger.services.auth.trials import Trials
from uptc_messenger.toolkit.clock import Clock

__all__ = [
    "LIMITS",
    "Administration",
    "AuthConfig",
    "AuthService",
    "LimitName",
    "Limiter",
    "Opened",
    "Revocations",
    "Trials",
    "open_auth",
    "per_minute",
]


async def open_auth(database: Database, config: AuthConfig, clock: Clock) -> AuthService:
    """The service, with the key of this installation, which the first start makes."""
    known = await database.read(devices.load) or await database.write(devices.make)
    return AuthService(database, config, clock, known)
