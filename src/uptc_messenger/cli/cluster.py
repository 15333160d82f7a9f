"""`uptc-messenger cluster`: the whole distributed system on one machine."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from uptc_messenger.cli.exits import Exit, fail
from uptc_messenger.cluster import control
from uptc_messenger.cluster.cluster import Cluster, Plan
from uptc_messenger.cluster.console import Console
from uptc_messenger.cluster.control import Control
from uptc_messenger.cluster.deeds import DEEDS, carry_out
from uptc_messenger.cluster.nats import binary
from uptc_messenger.cluster.postgres import binaries
from uptc_messenger.cluster.processes import ClusterError
from uptc_messenger.cluster.status import Status
from uptc_messenger.cluster.terminal import Terminal
from uptc_messenger.toolkit.tasks import TaskGroup

_HELP: Final = (
    "From another terminal: uptc-messenger cluster kill node-2, start node-2, pause node-1, "
    "resume node-1,\npartition node-3 bus, heal, failover; `cluster deeds` lists all. "
    "Ctrl-C stops everything."
)
Run = Annotated[
    Path | None,
    typer.Option(
        "--run",
        help="Folder of the cluster that is meant; left out where several run, it tells them.",
    ),
]


def build() -> typer.Typer:
    """The `cluster` command, which runs one, and those that act on it."""
    app = typer.Typer(invoke_without_command=True, no_args_is_help=False)
    app.callback()(cluster)
    app.command()(status)
    app.command()(deeds)
    for name in DEEDS:
        app.command(name, help=_about(name))(_deed(name))
    return app


def cluster(
    context: typer.Context,
    nodes: Annotated[int, typer.Option(min=1, max=32, help="Nodes to start.")] = 3,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port in front of all; 0 takes a free one.")
    ] = 8000,
    data: Annotated[
        Path | None, typer.Option(help="Folder to keep it in; default: a temporary one.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="A PostgreSQL that runs already, instead of an own one.")
    ] = None,
    bus: Annotated[
        str | None, typer.Option(help="A NATS that runs already, instead of an own one.")
    ] = None,
    standby: Annotated[
        bool, typer.Option("--standby", help="A second PostgreSQL, for `cluster failover`.")
    ] = False,
    roles: Annotated[
        bool, typer.Option("--roles", help="Give each node one role: gateway, api or worker.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object once all are ready.")
    ] = False,
) -> None:
    """Run nodes, PostgreSQL and NATS on this machine, with one address in front of them.

    Everything stops with this command, however it ends. For trying, teaching and tests: one
    machine is no protection against the loss of that machine.
    """
    if context.invoked_subcommand is not None:
        return
    try:
        plan = Plan(
            nodes=nodes,
            port=port,
            data=data,
            database=database,
            bus=bus,
            standby=standby,
            split=roles,
        )
        _require(plan)
        asyncio.run(_run(plan, as_json=as_json))
    except ClusterError as error:
        fail(Exit.REFUSED, str(error))
    except OSError as error:
        fail(Exit.ADDRESS, f"The cluster cannot start: {error.strerror or error}.")


def _require(plan: Plan) -> None:
    if plan.database is None:
        binaries()
    if plan.bus is None:
        binary()


async def _run(plan: Plan, *, as_json: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    group = TaskGroup("cluster")
    made = Cluster(plan)
    shown = Status(made)
    steering = Control(made.run, lambda words: _answer(made, shown, words))
    opened: asyncio.Future[None] = loop.create_future()
    opening = group.start("open", _open(made, steering, opened))
    try:
        stopping = group.start("stop", _wait(stop))
        await asyncio.wait([opening, stopping], return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
            opened.result()
            _announce(made, as_json=as_json)
            if sys.stdout.isatty() and not as_json:
                console = Console(made, shown, Terminal(sys.stdin, sys.stdout), stop.set)
                group.start("console", console.run())
            await stop.wait()
    finally:
        await steering.close()
        await group.close()
        if stop.is_set():
            sys.stderr.write("Stopping …\n")
        await made.close()


async def _open(made: Cluster, steering: Control, opened: asyncio.Future[None]) -> None:
    try:
        await made.open()
        await steering.open()
    except (ClusterError, OSError) as error:
        # The command says it in a sentence; of a task that fails the log has the whole trace.
        opened.set_exception(error)
    else:
        opened.set_result(None)


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()


async def _answer(made: Cluster, shown: Status, words: Sequence[str]) -> str:
    if list(words) == ["status"]:
        return await shown.table()
    return await carry_out(made, words)


def _announce(made: Cluster, *, as_json: bool) -> None:
    facts = made.describe()
    if as_json:
        print(json.dumps(facts))
    else:
        print(made.front.address)
        if made.owner_link is not None:
            print(f"It has no owner yet. Become it here, once: {made.owner_link}")
        print(f"{len(made.nodes)} nodes; the logs are in {made.run}.\n{_HELP}")
    sys.stdout.flush()


def status(run: Run = None) -> None:
    """Show the nodes of the running cluster, their connections, rates and lag."""
    _ask(run, ["status"])


def deeds() -> None:
    """List what can be done to a running cluster."""
    for name in DEEDS:
        print(_about(name))


def _about(name: str) -> str:
    text = (DEEDS[name].__doc__ or name).strip()
    return text[0].lower() + text[1:]


def _deed(name: str) -> Callable[..., None]:
    def act(
        words: Annotated[list[str] | None, typer.Argument(help="Whom, and how.")] = None,
        run: Run = None,
    ) -> None:
        _ask(run, [name, *(words or [])])

    return act


def _ask(run: Path | None, words: list[str]) -> None:
    try:
        print(asyncio.run(control.ask(run or control.find(), words)))
    except ClusterError as error:
        fail(Exit.REFUSED, str(error))
