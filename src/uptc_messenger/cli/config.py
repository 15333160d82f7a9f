"""`uptc-messenger config`: what is configured, and where it comes from."""

import json
import re
from typing import Final

import msgspec
import typer

from uptc_messenger import settings
from uptc_messenger.cli import options
from uptc_messenger.cli.exits import explained
from uptc_messenger.cli.output import AsJson, table
from uptc_messenger.services.auth.limits import LIMITS, Limit
from uptc_messenger.settings import Settings, Value

_PASSWORD: Final = re.compile(r"(://[^:/@,]*:)[^,]*@")
_SECRET: Final = frozenset({"mail_password"})
_TOKEN: Final = re.compile(r"((?:nats|tls)://)[^:/@,]+@")


def build() -> typer.Typer:
    """The `config` command, which shows, and its subcommands."""
    app = typer.Typer(invoke_without_command=True, no_args_is_help=False)
    app.callback()(show)
    app.command()(limits)
    return app


def show(
    context: typer.Context,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Show every setting with its value and its source; passwords are hidden."""
    if context.invoked_subcommand is not None:
        return
    with explained():
        values = options.collect(config, {"data": data, "database": database})
        built = settings.build(values)
    rows = [(name, shown(built, value), value.source.value) for name, value in values.items()]
    print(_json(rows) if as_json else table(rows))


def limits(as_json: AsJson = False) -> None:
    """Show every limit on what a person, a session or an address may do."""
    if as_json:
        print(json.dumps({name: msgspec.to_builtins(limit) for name, limit in LIMITS.items()}))
        return
    head = ("limit", "counted by", "at once", "one more every", "when full", "about")
    print(table([head, *(_limit_row(name, limit) for name, limit in LIMITS.items())]))


def _limit_row(name: str, limit: Limit) -> tuple[object, ...]:
    full = "forgets" if limit.fail_open else "refuses"
    return name, limit.key, limit.burst, f"{limit.refill_ms / 1000:g} s", full, limit.about


def shown(built: Settings, value: Value) -> object:
    """A setting's value as it may be printed."""
    section = getattr(built, value.setting.section)
    found: object = getattr(section, value.setting.field)
    if value.setting.name in _SECRET:
        return "***" if found else found
    return without_password(found) if isinstance(found, str) else found


def without_password(text: str) -> str:
    """The same text with stars for the password of each URL in it, and for a bus's token."""
    return _TOKEN.sub(r"\1***@", _PASSWORD.sub(r"\1***@", text))


def _json(rows: list[tuple[str, object, str]]) -> str:
    found = {name: {"value": value, "source": source} for name, value, source in rows}
    return json.dumps(found, indent=2)
