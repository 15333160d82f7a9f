"""Stand-ins and short cuts for tests: cheap password hashes, a server inside the test's loop."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from uptc_messenger import app, settings
from uptc_messenger.database import Database
from uptc_messenger.services.auth import AuthConfig, AuthService, Opened
from uptc_messenger.services.users import NewUser
from uptc_messenger.toolkit.tasks import TaskGroup

PASSWORD = "tres tazas de tinto"
CHEAP_HASHES = {"auth_argon2_memory_kib": 8, "auth_argon2_time": 1}


def auth_config(**changes: Any) -> AuthConfig:
    """The defaults, with hashes that cost nothing."""
    cheap: dict[str, Any] = {"argon2_memory_kib": 8, "argon2_time": 1}
    return AuthConfig(**(cheap | changes))


def make_settings(data: Path, **options: object) -> settings.Settings:
    """What `serve --data DATA` reads with these options and an empty environment."""
    defaults: dict[str, object] = {
        "port": 0,
        "data": str(data),
        "registration": "open",
        "files_shared": True,
    }
    given: Mapping[str, object] = {**defaults, **CHEAP_HASHES, **options}
    return settings.build(settings.collect(given, {}))


@dataclass(frozen=True)
class Running:
    """A server that answers at `address`, in the loop of the test."""

    address: str
    owner_link: str | None
    application: app.Application

    def client(self, token: str | None = None, **headers: str) -> httpx.AsyncClient:
        """A program's client; with a token it is logged in."""
        known = {"authorization": f"Bearer {token}"} if token else {}
        # Without TLS there is nothing to verify, and reading the certificates takes a while.
        return httpx.AsyncClient(
            base_url=self.address, headers={**known, **headers}, timeout=20, verify=False
        )

    def browser(self) -> httpx.AsyncClient:
        """A client that keeps cookies and says where its page is from."""
        return self.client(origin=self.address)


class ServerTasks:
    """Starts servers, and stops them all at the end of a test."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._tasks = TaskGroup("servers")
        self._running: list[tuple[app.Application, asyncio.Task[None]]] = []

    async def start(self, **options: object) -> Running:
        application = await app.build(make_settings(self._data, **options))
        started: asyncio.Future[app.Started] = asyncio.get_running_loop().create_future()
        task = self._tasks.start("serve", application.serve(started.set_result))
        self._running.append((application, task))
        await asyncio.wait([started, task], return_when=asyncio.FIRST_COMPLETED)
        assert started.done(), "the server ended before it listened"
        about = started.result()
        return Running(about.address, about.owner_link, application)

    async def close(self) -> None:
        """Stop every server; others may be started afterwards."""
        stopped, self._running = self._running, []
        for application, task in stopped:
            application.stop()
            await asyncio.wait([task])
            await application.close()


async def register(client: httpx.AsyncClient, username: str, **fields: object) -> dict[str, Any]:
    """Register over HTTP and answer the body; the client is not logged in by this."""
    body = {"username": username, "password": PASSWORD, **fields}
    answer = await client.post("/api/v1/auth/register", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def code_of(answer: httpx.Response) -> str:
    """The code of a refusal; fails where the answer is none, or has not the form of one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    document = answer.json()
    assert document["status"] == answer.status_code
    assert len(document["detail"]) > 3
    assert isinstance(document["retryable"], bool)
    return document["code"]


async def new_account(database: Database, auth: AuthService, username: str) -> Opened:
    """An account with `PASSWORD` and one session."""
    password_hash = await auth.new_hash(PASSWORD, username)
    account = NewUser(username=username)
    return await database.write(lambda tx: auth.register(tx, account, password_hash))
