"""The composition root: everything that runs is built here, by constructors."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import structlog
import uvloop
from prometheus_client import CollectorRegistry

from uptc_messenger.controllers.admin import AdminSocket
from uptc_messenger.controllers.api import make_app
from uptc_messenger.controllers.chores import Chores
from uptc_messenger.controllers.cluster import Cluster
from uptc_messenger.controllers.figures import show_figures
from uptc_messenger.controllers.gateway import Gateway, GatewayParts
from uptc_messenger.controllers.operations import Operations
from uptc_messenger.controllers.readiness import Readiness
from uptc_messenger.controllers.state import Backend, Whereabouts
from uptc_messenger.controllers.status import Pulse
from uptc_messenger.database import Database, open_database
from uptc_messenger.database.announcements import Announcements
from uptc_messenger.database.installation import Installation, identify
from uptc_messenger.database.witness import Witness
from uptc_messenger.listening import (
    Server,
    address_of,
    bind,
    certificates,
    server_config,
    web_config,
)
from uptc_messenger.services.auth import (
    Administration,
    AuthService,
    Limiter,
    Trials,
    open_auth,
)
from uptc_messenger.services.backups import history
from uptc_messenger.services.backups.schedule import of_server
from uptc_messenger.services.files.service import open_files
from uptc_messenger.services.messages.presentation import preview
from uptc_messenger.services.messages.sender import Sender
from uptc_messenger.services.notifications.service import Notifications, open_notifications
from uptc_messenger.services.previews.service import open_previews
from uptc_messenger.services.search.indexing import Indexer
from uptc_messenger.services.websocket.heads import HeadTicker
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.settings import ServerConfig, Settings, SettingsError, lonely_files
from uptc_messenger.toolkit.certificates import Certificates
from uptc_messenger.toolkit.clock import Clock, SharedClock, steady_clock, wall_clock
from uptc_messenger.toolkit.folders import Claim, claim
from uptc_messenger.toolkit.ids import uuid7
from uptc_messenger.toolkit.tasks import TaskGroup
from uptc_messenger.toolkit.unix import SocketError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Started:
    """What a person at the terminal needs; nothing else ever shows the link again."""

    address: str
    owner_link: str | None
    """One-time link that makes the owner; None where there is any account."""


Announce = Callable[[Started], None]


@dataclass(frozen=True, slots=True)
class Application:
    """A built server that does not listen yet; `close` must be called in any case."""

    settings: Settings
    backend: Backend
    server: Server
    gateway: Gateway
    cluster: Cluster
    chores: Chores
    tasks: TaskGroup
    folder: Claim
    admin: AdminSocket
    pulse: Pulse
    where: Whereabouts
    tls: Certificates | None

    @property
    def administration(self) -> Administration:
        """What the command line does to accounts."""
        return Administration(self.backend.database, self.backend.auth)

    async def serve(self, announce: Announce) -> None:
        """Listen until a signal or `stop`; `announce` is told once requests are answered."""
        roles = self.settings.server.roles
        await self.cluster.join(sweeps="worker" in roles)
        listener = bind(self.settings.server)
        started = await self._started(address_of(self.settings.server, listener.getsockname()[1]))
        self.server.when_started = lambda: self._listening(started, announce)
        try:
            await self.admin.start()
        except SocketError:
            listener.close()
            raise
        self.tasks.start("rates", self.pulse.rates.run())
        self.tasks.start("sessions", self.backend.auth.run())
        if "worker" in roles:
            self.chores.collects(self.backend.files.collector)
            self.chores.start(self.tasks)
        if self.tls is not None:
            self.tasks.start("certificate", self.tls.run())
        self.gateway.start()
        await self.server.serve(sockets=[listener])

    def stop(self) -> None:
        """Refuse new work, finish what was begun, and let `serve` return."""
        self.server.stop()

    async def close(self) -> None:
        """End what runs in the background, let the database and then the data folder go."""
        await self.admin.close()
        await self.gateway.close()
        await self.tasks.close()
        await self.cluster.close()
        await self.backend.auth.write_last_seen()
        await self.backend.notifications.close()
        self.backend.auth.close()
        await self.backend.database.close()
        self.folder.release()

    def _listening(self, started: Started, announce: Announce) -> None:
        roles = ",".join(self.settings.server.roles)
        _log.info("listening", address=started.address, roles=roles)
        announce(started)

    async def _started(self, address: str) -> Started:
        self.where.address = address
        # Without the client there is nowhere to become the owner.
        serves = "api" in self.settings.server.roles
        code = await self.administration.issue_owner_code() if serves else None
        return Started(address=address, owner_link=code and f"{self.where()}/owner#{code}")


async def build(settings: Settings) -> Application:
    """Open the database and put everything together; `Claimed` where another server has it."""
    if (reason := lonely_files(settings)) is not None:
        raise SettingsError(reason)
    folder = claim(Path(settings.server.data), *settings.database.files)
    async with AsyncExitStack() as opened:
        opened.callback(folder.release)
        application = await assemble(settings, folder, opened)
        opened.pop_all()
        return application


async def assemble(settings: Settings, folder: Claim, opened: AsyncExitStack) -> Application:
    """Everything, in a data folder that is ours; `opened` closes it where that fails."""
    tls = certificates(settings.server)
    announcements, clock = Announcements(), SharedClock()
    publish, witness = announcements.publish, Witness(uuid7())
    database = await open_database(settings.database, publish=publish, clock=clock, witness=witness)
    opened.push_async_callback(database.close)
    auth = await open_auth(database, settings.auth, wall_clock)
    opened.callback(auth.close)
    hub = Hub(HeadTicker(settings.websocket, preview))
    cluster = Cluster(settings.bus, auth, hub, database, clock)
    schedule = of_server(settings.backup, folder.folder, settings.database.url, settings.files.url)
    about = (settings.notify, settings.mail, settings.server.public_url)
    notifications = await open_notifications(database, clock, *about)
    indexer, sender = Indexer(database, clock), Sender(database, clock)
    chores = Chores(cluster, indexer, sender, schedule, notifications)
    announcements.add(auth.published, hub.publish, chores.published)
    backend = make_backend(settings, database, auth, notifications, clock)
    notifications.postman.base = where = backend.web.where
    chores.previews(open_previews(backend.files, backend.limiter, settings.previews), where)
    pulse = Pulse(backend, hub)
    operations = Operations(database, auth, where, running=True, sections=pulse.providers())
    admin = AdminSocket(operations, folder.folder, settings.database.url)
    gateway = make_gateway(settings, backend, cluster, await identify(database))
    show_figures(backend, (cluster, gateway), admin, chores)
    cluster.connect(gateway.elsewhere, gateway.woken, gateway.renewed)
    config = server_config(settings.server, make_app(backend), gateway, backend.registry, tls)
    return Application(
        settings=settings,
        backend=backend,
        server=Server(config, backend.readiness, gateway),
        gateway=gateway,
        cluster=cluster,
        chores=chores,
        tasks=TaskGroup("application"),
        folder=folder,
        admin=admin,
        pulse=pulse,
        where=where,
        tls=tls,
    )


def make_backend(
    settings: Settings,
    database: Database,
    auth: AuthService,
    notifications: Notifications,
    clock: Clock,
) -> Backend:
    """What the controllers work with."""
    config = settings.server
    limiter = make_limiter(config)
    return Backend(
        database=database,
        auth=auth,
        limiter=limiter,
        trials=Trials(limiter),
        readiness=Readiness(database),
        registry=CollectorRegistry(),
        web=web_config(config),
        backups=history.of(Path(config.data)),
        notifications=notifications,
        files=open_files(settings.files, Path(config.data), database, clock),
        roles=config.roles,
    )


def make_gateway(
    settings: Settings, backend: Backend, cluster: Cluster, installation: Installation
) -> Gateway:
    """Where sockets come in."""
    return Gateway(
        GatewayParts(
            config=settings.websocket,
            database=backend.database,
            auth=backend.auth,
            limiter=backend.limiter,
            hub=cluster.hub,
            installation=installation,
            origins=backend.web.origins,
            clock=cluster.clock,
            vigil=cluster.vigil,
            echo=settings.server.test_echo,
            serving="gateway" in settings.server.roles,
        )
    )


def make_limiter(config: ServerConfig) -> Limiter:
    """The limits; without them the log says so loudly."""
    if config.limits == "off":
        _log.warning("LIMITS ARE OFF: anybody may guess passwords and flood; only for benchmarks")
    return Limiter(steady_clock, on=config.limits == "on")


def run(settings: Settings, announce: Announce) -> None:
    """Serve until a signal ends it."""

    async def main() -> None:
        application = await build(settings)
        try:
            await application.serve(announce)
        finally:
            await application.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
