"""`uptc-messenger doctor`: is everything that a server stands on well, and what to do if not."""

import asyncio
from typing import Final

import msgspec

from uptc_messenger.cli import options, probes, telling
from uptc_messenger.cli.exits import Exit, explained
from uptc_messenger.cli.findings import Finding
from uptc_messenger.cli.output import AsJson, table
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit.telemetry import configure_logging

PROBES: Final = (*probes.PROBES, telling.push, telling.mail)


def doctor(
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Check database, bus, clocks, disk, TLS, origin, WebSockets and mail; say what to do.

    Changes nothing. Ends with 1 where something fails.
    """
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        # Standard output belongs to the findings.
        configure_logging(settings.server.log_format, "warning")
        findings = asyncio.run(examine(settings))
    if as_json:
        print(msgspec.json.encode(findings).decode())
    else:
        print(table([(found.verdict, found.name, found.told) for found in findings]))
    if any(found.verdict == "fail" for found in findings):
        raise SystemExit(Exit.REFUSED)


async def examine(settings: Settings) -> list[Finding]:
    """Everything that was found, in one order."""
    found = await asyncio.gather(*(probe(settings) for probe in PROBES))
    return [finding for findings in found for finding in findings]
