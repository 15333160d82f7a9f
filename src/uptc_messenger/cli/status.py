"""`uptc-messenger status`: how an installation is."""

from uptc_messenger.cli import options
from uptc_messenger.cli.output import AsJson, duration, show, size, table
from uptc_messenger.cli.remote import reach
from uptc_messenger.models.admin import GetStatus, Scalar, Status


def status(
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Show the server that runs on this data folder, and what is stored in it."""
    found = reach(GetStatus(), Status, (config, data, database))
    show(found, as_json, describe(found))


def describe(found: Status) -> str:
    """The status as lines for people."""
    head = "The server is running." if found.running else "The server is not running."
    rows = [
        (section, label(name), value_of(name, value))
        for section, values in found.sections.items()
        for name, value in values.items()
    ]
    return f"{head}\n\n{table(rows)}"


def label(name: str) -> str:
    """The name of a fact without its unit, in words."""
    for ending in ("_per_s", "_bytes", "_s"):
        name = name.removesuffix(ending)
    return name.replace("_", " ")


def value_of(name: str, value: Scalar) -> str:
    """A fact with its unit; what is not known is a dash."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if name.endswith("_per_s"):
        return f"{value} a second"
    if name.endswith("_bytes"):
        return size(value)
    return duration(value) if name.endswith("_s") else str(value)
