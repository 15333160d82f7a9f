"""What `uptc-messenger status` tells: sections, each from whoever knows it."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from uptc_messenger import __version__
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Database
from uptc_messenger.database.facts import facts
from uptc_messenger.database.migrate import head_revision
from uptc_messenger.models.admin import Section, Status
from uptc_messenger.models.errors import Problem
from uptc_messenger.services import users
from uptc_messenger.services.backups.history import Event, HistoryFile
from uptc_messenger.services.chats import admin as chats
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.toolkit.clock import rfc3339, steady_clock
from uptc_messenger.toolkit.rates import Rates

Provider = Callable[[], Awaitable[Section]]
Providers = Mapping[str, Provider]
PATIENCE_S: Final = 10.0


async def collect(providers: Providers, *, running: bool) -> Status:
    """Ask everyone; a section that cannot be told now says why instead."""
    told = {name: await _ask(provider) for name, provider in providers.items()}
    return Status(running=running, sections=told)


def of_database(database: Database) -> dict[str, Provider]:
    """The sections that any process can tell which has the database open."""

    async def about_database() -> Section:
        found = await database.read(facts)
        return {
            "kind": found.kind,
            "size_bytes": found.size_bytes,
            "schema": found.schema,
            "schema_of_program": head_revision(),
        }

    async def about_people() -> Section:
        found = await database.scan(users.totals)
        return {"accounts": found.accounts, "disabled": found.disabled}

    async def about_chats() -> Section:
        found = await database.scan(chats.totals)
        return {"chats": found.chats, "messages": found.messages}

    return {"database": about_database, "people": about_people, "content": about_chats}


def of_backups(backups: HistoryFile) -> dict[str, Provider]:
    """When the installation was last copied, and when a copy was last proven."""

    async def about_backups() -> Section:
        known = backups.read()
        return {
            "last": _when(known.last_backup),
            "last_proven": _when(known.last_proof),
            "last_file": known.last_backup.path if known.last_backup else None,
            "failed_because": known.failure.reason if known.failure else None,
        }

    return {"backups": about_backups}


def _when(event: Event | None) -> str | None:
    return rfc3339(event.at) if event else None


class Pulse:
    """What a running server tells of itself."""

    def __init__(self, backend: Backend, hub: Hub) -> None:
        database, limiter = backend.database, backend.limiter
        lane = database.lane
        counters: dict[str, Callable[[], float]] = {
            "commands": lambda: lane.commands,
            "commits": lambda: lane.commits,
            "frames_delivered": lambda: hub.delivered,
            "limits_refused": lambda: limiter.refused,
        }
        self.rates = Rates(counters, steady_clock)
        self._database, self._backups = database, backend.backups
        self._hub = hub
        self._where = backend.web.where
        self._roles = ", ".join(backend.roles)
        self._started_at = steady_clock()

    def providers(self) -> dict[str, Provider]:
        """Its sections, and those of its database and its backups."""
        return {
            "server": self._about_server,
            "sockets": self._about_sockets,
            "rates": self._about_rates,
            **of_database(self._database),
            **of_backups(self._backups),
        }

    async def _about_server(self) -> Section:
        return {
            "version": __version__,
            "process": os.getpid(),
            "roles": self._roles,
            "uptime_s": (steady_clock() - self._started_at) // 1000,
            "address": self._where.address,
            "links_to": self._where(),
        }

    async def _about_sockets(self) -> Section:
        return {"open": self._hub.sessions, "people": len(self._hub.directory.people)}

    async def _about_rates(self) -> Section:
        rates = self.rates.per_second()
        told: Section = {f"{name}_per_s": rate for name, rate in rates.items()}
        return told | {"commands_waiting": self._database.lane.waiting}


async def _ask(provider: Provider) -> Section:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await provider()
    except Problem as problem:
        return {"problem": problem.sentence}
    except TimeoutError:
        return {"problem": "No answer in time."}
