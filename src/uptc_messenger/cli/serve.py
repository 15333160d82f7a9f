"""`uptc-messenger serve`: the server itself."""

import errno
import os
import signal
import sys
from types import FrameType
from typing import Annotated, Final

import typer

from uptc_messenger import app
from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, explained, fail
from uptc_messenger.services.auth.config import Registration
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit.descriptors import raise_limit
from uptc_messenger.toolkit.telemetry import configure_logging

_NOT_OURS: Final = {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES}


def serve(
    host: Annotated[
        str | None,
        typer.Option(
            help="Address to listen on; 0.0.0.0 for every network."
            "  [env: UPTC_HOST; default: 127.0.0.1]"
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65_535,
            help="Port to listen on; 0 takes a free one.  [env: UPTC_PORT; default: 8000]",
        ),
    ] = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
    bus: Annotated[
        str | None,
        typer.Option(
            help="How nodes wake each other, memory or nats://HOST:PORT."
            "  [env: UPTC_BUS; default: memory, a node by itself]"
        ),
    ] = None,
    roles: Annotated[
        str | None,
        typer.Option(
            help="What this node serves, of gateway,api,worker."
            "  [env: UPTC_ROLES; default: all of them]"
        ),
    ] = None,
    registration: Annotated[
        Registration | None,
        typer.Option(
            help="Who may make an account.  [env: UPTC_REGISTRATION; default: invite]",
            show_choices=True,
        ),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(
            help="Address that people type, such as https://chat.example.edu."
            "  [env: UPTC_PUBLIC_URL]"
        ),
    ] = None,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(
            help="Address or network of a reverse proxy, whose X-Forwarded-For is believed; may "
            "be given more than once.  [env: UPTC_TRUSTED_PROXY]"
        ),
    ] = None,
    tls_cert: Annotated[
        str | None,
        typer.Option(help="Certificate in PEM, for HTTPS without a proxy.  [env: UPTC_TLS_CERT]"),
    ] = None,
    tls_key: Annotated[
        str | None, typer.Option(help="Key of the certificate, in PEM.  [env: UPTC_TLS_KEY]")
    ] = None,
    test_echo: Annotated[
        bool | None,
        typer.Option(
            "--test-echo",
            help="Serve /echo, for WebSocket conformance tests.  [env: UPTC_TEST_ECHO]",
            show_default=False,
        ),
    ] = None,
    config: options.ConfigFile = None,
) -> None:
    """Serve until SIGTERM or Ctrl+C; prints the address once it listens.

    Each option is also an environment variable and a line of the configuration file, and so
    are many more settings: see `uptc-messenger config`.
    """
    given: dict[str, object] = {
        "host": host,
        "port": port,
        "data": data,
        "database": database,
        "bus": bus,
        "roles": roles,
        "registration": registration,
        "public_url": public_url,
        "trusted_proxy": trusted_proxy or None,
        "tls_cert": tls_cert,
        "tls_key": tls_key,
        "test_echo": test_echo,
    }
    with explained():
        settings = options.load(config, given)
        configure_logging(settings.server.log_format, settings.server.log_level)
        run(settings)


def run(settings: Settings) -> None:
    """Serve with this configuration; ends the process where the address cannot be had."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    raise_limit()
    try:
        app.run(settings, announce)
    except OSError as error:
        if (reason := _why_not(error)) is None:
            raise
        place = f"{settings.server.host}:{settings.server.port}"
        fail(Exit.ADDRESS, f"Cannot listen on {place}: {reason}.")


def _why_not(error: OSError) -> str | None:
    """Why an address cannot be had, in the system's words; None for any other error."""
    number = error.errno or 0
    if number < 0:  # a name that cannot be resolved: these numbers are below zero
        return str(error.strerror).partition(" (")[0]
    return os.strerror(number) if number in _NOT_OURS else None


def announce(started: app.Started) -> None:
    """Print where the server is, first and alone on its line: programs wait for it."""
    print(started.address)
    if started.owner_link is not None:
        print(f"This server has no owner yet. Become it here, once: {started.owner_link}")
    sys.stdout.flush()


def _end(number: int, frame: FrameType | None) -> None:
    # The server has its own handlers while it serves, and raises the signal again once it has
    # stopped; the default would kill the process before the database is closed.
    del number, frame
    raise SystemExit(Exit.OK)
