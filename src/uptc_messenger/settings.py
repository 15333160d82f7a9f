"""The configuration: read once, from options, environment and file, into frozen structs."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar, assert_never, get_args, get_origin

import msgspec

from uptc_messenger.database import DatabaseConfig
from uptc_messenger.models.base import NodeRole, Record
from uptc_messenger.services.auth.config import AuthConfig
from uptc_messenger.services.backups.config import BackupConfig
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.notifications.config import MailConfig, NotifyConfig
from uptc_messenger.services.previews.config import PreviewsConfig
from uptc_messenger.services.websocket.config import BusConfig, WebSocketConfig
from uptc_messenger.toolkit.bounds import told

PREFIX: Final = "UPTC_"
C = TypeVar("C", bound=Record)

CONFIG_VARIABLE: Final = "UPTC_CONFIG"
"""Names the file; it is not in the file, so it is not a setting."""

_ORIGIN: Final = re.compile(r"https?://[^/?#\s]+/?")


class ServerConfig(Record, frozen=True):
    """Where the server listens, where it keeps its data, how it speaks of itself."""

    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 listens on every network."""

    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8000
    """Port to listen on; 0 takes a free one."""

    data: str = "data"
    """Folder of everything that the server stores."""

    public_url: str = ""
    """Address that people type, such as https://chat.example.edu; links and cookies use it."""

    origins: tuple[str, ...] = ()
    """Further origins whose pages may act with a cookie, besides the server's own."""

    trusted_proxy: tuple[str, ...] = ()
    """Addresses or networks of reverse proxies whose X-Forwarded-For is believed."""

    tls_cert: str = ""
    """Certificate chain in PEM, for HTTPS without a proxy; loaded again when it is renewed."""

    tls_key: str = ""
    """Key of the certificate, in PEM and without a passphrase."""

    limits: Literal["on", "off"] = "on"
    """Limits on what one person or address may do; off only for benchmarks."""

    log_format: Literal["auto", "json", "human"] = "auto"
    """Form of the log; auto is human on a terminal and json elsewhere."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least important level that is logged."""

    roles: tuple[NodeRole, ...] = ("gateway", "api", "worker")
    """What this node serves: sockets (gateway), HTTP and the client (api), work behind (worker)."""

    test_echo: bool = False
    """Serves /echo, which sends every WebSocket frame back; for conformance tests only."""

    def __post_init__(self) -> None:
        for url in filter(None, (self.public_url, *self.origins)):
            if not _ORIGIN.fullmatch(url):
                raise ValueError(f"{url} is not an address such as https://chat.example.edu")
        for proxy in self.trusted_proxy:
            ip_network(proxy, strict=False)
        if not self.roles:
            raise ValueError("a node has a role: roles is gateway, api, worker or several of them")
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ValueError("a certificate and its key come together: tls_cert and tls_key")
        if self.tls_cert and not self.public_url.startswith("https://"):
            raise ValueError("with tls_cert the public_url begins with https://")


class Settings(Record, frozen=True):
    """The whole configuration, one struct for each package that has one."""

    server: ServerConfig
    database: DatabaseConfig
    auth: AuthConfig
    websocket: WebSocketConfig
    backup: BackupConfig
    bus: BusConfig
    notify: NotifyConfig
    mail: MailConfig
    files: FilesConfig
    previews: PreviewsConfig


class Source(StrEnum):
    """Where a value came from; a later one wins."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    OPTION = "option"


class Setting(Record, frozen=True):
    """One thing to configure: `name` in the file, `UPTC_NAME` in the environment."""

    name: str
    section: str
    field: str

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


class Value(Record, frozen=True):
    """What a setting was given, not yet checked, and by whom."""

    setting: Setting
    value: object
    source: Source


class SettingsError(Exception):
    """A configuration that cannot be used; the sentence names the setting and its source."""


SECTIONS: Final[dict[str, type[Record]]] = {
    "server": ServerConfig,
    "database": DatabaseConfig,
    "auth": AuthConfig,
    "websocket": WebSocketConfig,
    "backup": BackupConfig,
    "bus": BusConfig,
    "notify": NotifyConfig,
    "mail": MailConfig,
    "files": FilesConfig,
    "previews": PreviewsConfig,
}

# The settings that nearly everyone touches have the short name of the command's option.
_SHORT: Final = {
    "database_url": "database",
    "auth_registration": "registration",
    "bus_url": "bus",
    "files_url": "files",
}


def lonely_files(settings: Settings) -> str | None:
    """Why this node may not be one of several: its files are its own. None where it may."""
    serves = set(settings.server.roles) & {"api", "worker"}
    if settings.bus.alone or settings.files.shared or not settings.files.local or not serves:
        return None
    return (
        "Several nodes need files that all of them see: set `files` to s3://…, or to one folder "
        "of all nodes and `files_shared` to say so."
    )


def settings() -> tuple[Setting, ...]:
    """Every setting there is, in the order of the documentation."""
    return tuple(
        Setting(name=_name(section, field.name), section=section, field=field.name)
        for section, config in SECTIONS.items()
        for field in msgspec.structs.fields(config)
    )


def _name(section: str, field: str) -> str:
    name = field if section == "server" else f"{section}_{field}"
    return _SHORT.get(name, name)


def collect(
    options: Mapping[str, object], environment: Mapping[str, str], file: Path | None = None
) -> dict[str, Value]:
    """What each setting is given, by name; an option that is None was not given.

    The file is `file`, else the one that UPTC_CONFIG names, else none. Raises
    `SettingsError` for a file that cannot be read or that has an unknown name in it.
    """
    path = file or (Path(environment[CONFIG_VARIABLE]) if CONFIG_VARIABLE in environment else None)
    written = _read_file(path) if path else {}
    return {s.name: _value(s, options, environment, written) for s in settings()}


def _value(
    setting: Setting,
    options: Mapping[str, object],
    environment: Mapping[str, str],
    written: Mapping[str, object],
) -> Value:
    if (option := options.get(setting.name)) is not None:
        return Value(setting=setting, value=option, source=Source.OPTION)
    if setting.variable in environment:
        text = environment[setting.variable]
        return Value(setting=setting, value=text, source=Source.ENVIRONMENT)
    if setting.name in written:
        return Value(setting=setting, value=written[setting.name], source=Source.FILE)
    return Value(setting=setting, value=None, source=Source.DEFAULT)


def _read_file(path: Path) -> dict[str, object]:
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The configuration file {path} cannot be read: {error}.") from error
    names = {s.name for s in settings()}
    for name in sorted(written.keys() - names):
        raise SettingsError(f"{path}: {name} is not a setting.{_suggestion(name, names)}")
    return written


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each UPTC_ variable that no setting reads: most likely misspelt."""
    names = {s.variable for s in settings()} | {CONFIG_VARIABLE}
    return [
        f"{name} is not a setting.{_suggestion(name, names)}"
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in names and not name.startswith("UPTC_MESSENGER")
    ]


def _suggestion(name: str, names: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(names), n=1)
    return f" Did you mean {close[0]}?" if close else ""


def build(values: Mapping[str, Value]) -> Settings:
    """Check what was collected and make the structs; raises `SettingsError`."""
    server = _make(ServerConfig, "server", values)
    bus = _make(BusConfig, "bus", values)
    if bus.alone and set(server.roles) != set(get_args(NodeRole)):
        raise SettingsError(
            "A node with some of the roles needs a bus to hear the others: give --bus nats://…."
        )
    url = f"sqlite:///{Path(server.data).resolve() / 'uptc.db'}"
    return Settings(
        server=server,
        database=_make(DatabaseConfig, "database", values, url=url),
        auth=_make(AuthConfig, "auth", values),
        websocket=_make(WebSocketConfig, "websocket", values),
        backup=_make(BackupConfig, "backup", values),
        bus=bus,
        notify=_make(NotifyConfig, "notify", values),
        mail=_make(MailConfig, "mail", values),
        files=_make(FilesConfig, "files", values),
        previews=_make(PreviewsConfig, "previews", values),
    )


def _make(config: type[C], section: str, values: Mapping[str, Value], **defaults: object) -> C:
    types = {field.name: field.type for field in msgspec.structs.fields(config)}
    given = {
        value.setting.field: _checked(value, types[value.setting.field])
        for value in values.values()
        if value.setting.section == section and value.source is not Source.DEFAULT
    }
    try:
        return config(**{**defaults, **given})
    except ValueError as error:
        raise SettingsError(f"The configuration cannot be used: {error}.") from error


def _checked(value: Value, kind: object) -> object:
    # Text from the environment is read leniently; a file and a program have types of their own.
    strict = value.source is not Source.ENVIRONMENT
    try:
        return msgspec.convert(_split(value.value, kind), type=kind, strict=strict)
    except msgspec.ValidationError:
        raise SettingsError(f"{_place(value)} cannot be used: {told(kind, value.value)}.") from None


def _split(value: object, kind: object) -> object:
    """A list, where the environment can only hold a text with commas."""
    if isinstance(value, str) and get_origin(kind) in {tuple, list}:
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _place(value: Value) -> str:
    match value.source:
        case Source.ENVIRONMENT:
            return value.setting.variable
        case Source.OPTION:
            return "--" + value.setting.name.replace("_", "-")
        case Source.FILE | Source.DEFAULT:
            return f"{value.setting.name} in the configuration file"
        case _:
            assert_never(value.source)
