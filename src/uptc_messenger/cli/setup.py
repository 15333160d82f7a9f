"""`uptc-messenger setup DOMAIN`: what one machine needs to serve others over HTTPS."""

import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import indent
from typing import Annotated, Final

import typer

from uptc_messenger.cli.exits import Exit, fail

SERVICE: Final = "uptc-messenger.service"
CADDYFILE: Final = "Caddyfile"
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LONGEST: Final = 253
_ELSEWHERE: Final = "/opt/uptc-messenger/bin/uptc-messenger"
# Folders that the service cannot see: its user has no home, and /tmp is its own.
_HIDDEN: Final = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108

_UNIT: Final = """\
# UPTC Messenger on one machine, behind Caddy. Written by `uptc-messenger setup {domain}`.
[Unit]
Description=UPTC Messenger
Documentation=https://{domain}
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
ExecStart={program} serve
Environment=UPTC_HOST=127.0.0.1
Environment=UPTC_PORT={port}
Environment=UPTC_DATA=/var/lib/uptc-messenger
Environment=UPTC_PUBLIC_URL=https://{domain}
Environment=UPTC_TRUSTED_PROXY=127.0.0.1,::1
Environment=UPTC_LOG_FORMAT=json
Restart=always
RestartSec=1
# Goodbyes to 20,000 sockets take a while; what is left after two minutes is cut.
TimeoutStopSec=150

# A user of its own that exists only while the service runs, and one folder to write to.
DynamicUser=yes
StateDirectory=uptc-messenger
StateDirectoryMode=0700
UMask=0077
{backups}ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
LockPersonality=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

# 20,000 sockets and what the database opens; the memory of a class is far below the bound.
LimitNOFILE=65536
MemoryMax=2G
TasksMax=256

[Install]
WantedBy=multi-user.target
"""

# The service's user exists only while it runs: a group that stays is what a folder is opened to.
_BACKUPS: Final = """\
SupplementaryGroups=uptc-backups
ReadWritePaths={backups}
Environment=UPTC_BACKUP_DIR={backups}
"""
_CADDY: Final = """\
# HTTPS for UPTC Messenger: Caddy gets the certificate and renews it by itself.
# Written by `uptc-messenger setup {domain}`.
{domain} {{
	reverse_proxy 127.0.0.1:{port} {{
		# Caddy says in X-Forwarded-For who asks; what a client says of itself goes no further.
		header_up -Forwarded
		# Less than the messenger keeps a connection: it never closes one that is being used.
		transport http {{
			keepalive 60s
		}}
	}}
}}
"""

_INSTALL: Final = """\
The program. {here} is in a folder that
the service may not see. Install it where it can:
    python3 -m venv /opt/uptc-messenger
    /opt/uptc-messenger/bin/pip install {source}
"""
_BACKUP_FOLDER: Final = """\
The folder of the backups, open to the service and to nobody else:
    groupadd --system uptc-backups
    install -d -m 2770 -g uptc-backups {backups}
"""
_STEPS: Final = (
    """\
The name. At whoever manages {domain}, point it at this machine: an A record with its IPv4
address, an AAAA record with its IPv6 address if it has one. This shows it once it works:
    getent hosts {domain}
""",
    """\
The doors. Let ports 80 and 443 through the firewall, and through the router if there is
one. Port {port} stays closed: only Caddy uses it, on this machine.
""",
    """\
Caddy, which speaks HTTPS for the messenger (https://caddyserver.com/docs/install):
    apt install caddy
""",
    """\
Put the two files in place. If Caddy serves other sites already, add the lines to its file
instead of copying over it:
    cp {service} /etc/systemd/system/
    cp {caddyfile} /etc/caddy/Caddyfile
""",
    """\
Start both:
    systemctl daemon-reload
    systemctl enable --now uptc-messenger
    systemctl reload caddy
""",
    """\
Become the owner, with the link that works once:
    journalctl -u uptc-messenger -o cat | grep owner
""",
    """\
Log in at https://{domain}, make a chat, make an invitation link, and send it.
""",
)
_HEAD: Final = """\
Wrote {service} and {caddyfile}.

What to do next, as root, on the machine that will serve {domain}:
"""
_TAIL: Final = """
Commands, while the server runs, want its data folder:
    {program} status --data /var/lib/uptc-messenger
"""


def setup(
    domain: Annotated[
        str,
        typer.Argument(
            metavar="DOMAIN",
            help="Name of the server, such as chat.example.edu.",
            show_default=False,
        ),
    ],
    folder: Annotated[
        Path, typer.Option("--dir", help="Folder to write to.", show_default="this folder")
    ] = Path(),
    port: Annotated[
        int, typer.Option(min=1, max=65_535, help="Port between Caddy and the server.")
    ] = 8000,
    backups: Annotated[
        Path | None,
        typer.Option(help="Folder for the backups, on another disk; it is made in a step."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that are there already.")
    ] = False,
) -> None:
    """Write a service for systemd and a file for Caddy, and say what to do with them.

    They make one server with SQLite behind HTTPS with a certificate that renews itself.
    Nothing is installed and nothing outside of the folder is changed.
    """
    name = domain_name(domain)
    here = program()
    hidden = any(here.is_relative_to(place) for place in _HIDDEN)
    used = _ELSEWHERE if hidden else str(here)
    service, caddyfile = folder / SERVICE, folder / CADDYFILE
    write(
        {
            service: _UNIT.format(
                domain=name, program=used, port=port, backups=_backup_lines(backups)
            ),
            caddyfile: _CADDY.format(domain=name, port=port),
        },
        force=force,
    )
    facts = {
        "service": service,
        "caddyfile": caddyfile,
        "domain": name,
        "port": port,
        "program": used,
        "here": here,
        "source": _source(),
        "backups": backups,
    }
    install = (_INSTALL,) if hidden else ()
    folders = (_BACKUP_FOLDER,) if backups else ()
    print(steps((*_STEPS[:2], *install, *_STEPS[2:4], *folders, *_STEPS[4:]), facts), end="")


def steps(texts: Sequence[str], facts: Mapping[str, object]) -> str:
    """The steps with their numbers, and what stands before and behind them."""
    numbered = (f"\n{n}. " + indent(text, "   ").lstrip() for n, text in enumerate(texts, 1))
    return "".join([_HEAD, *numbered, _TAIL]).format(**facts)


def _backup_lines(folder: Path | None) -> str:
    if folder is None:
        return ""
    if not folder.is_absolute() or any(character.isspace() for character in str(folder)):
        fail(Exit.USAGE, f"{folder}: name the folder from / on, without spaces.")
    return _BACKUPS.format(backups=folder)


def domain_name(text: str) -> str:
    """A public name as DNS writes it; ends the command with a sentence where it is none."""
    name = text.strip().rstrip(".").lower()
    if "/" in name or ":" in name:
        fail(Exit.USAGE, f"{text} is more than a name: write chat.example.edu, without https://.")
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    labels = name.split(".")
    good = len(name) <= _LONGEST and all(map(_LABEL.fullmatch, labels))
    if not good or len(labels) == 1 or labels[-1].isdigit():
        fail(
            Exit.USAGE,
            f"{text} is no name that a certificate can be had for: write one such as "
            "chat.example.edu, which people can open from everywhere.",
        )
    return name


def write(contents: dict[Path, str], *, force: bool) -> None:
    """Write all of the files or none; what is there already stays, unless forced."""
    there = [str(path) for path in contents if path.exists()]
    if there and not force:
        fail(Exit.REFUSED, f"{' and '.join(there)}: already there; --force writes over it.")
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    except OSError as error:
        fail(Exit.REFUSED, f"{error.filename} cannot be written: {error.strerror}.")


def program() -> Path:
    """Where this command is installed."""
    beside = Path(sys.executable).parent / "uptc-messenger"
    found = beside if beside.exists() else shutil.which("uptc-messenger")
    return Path(found or beside).absolute()


def _source() -> Path | str:
    """What pip installs: the checkout that this runs from, else the package by its name."""
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").exists() else "uptc-messenger"
