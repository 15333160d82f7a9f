"""The files of deploy/: their settings exist, and they agree with the program and each other."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from string import Template
from typing import Any, Final

import pytest
import yaml
from typer.testing import CliRunner

from tests.architecture.source import ROOT
from uptc_messenger import settings
from uptc_messenger.cli import commands, setup
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.settings import ServerConfig

DEPLOY: Final = ROOT / "deploy"
SECRETS: Final = {
    "DOMAIN": "chat.example.edu",
    "POSTGRES_PASSWORD": "secreto",
    "NATS_PASSWORD": "secreto",
}
UNIT: Final = DEPLOY / "uptc-messenger@.service"
CONTAINERFILE: Final = (DEPLOY / "Containerfile").read_text()
PORT: Final = str(ServerConfig().port)


def composed() -> dict[str, Any]:
    """The compose file as whoever runs it has it."""
    text = Template((DEPLOY / "compose.yaml").read_text()).substitute(SECRETS)
    return yaml.safe_load(text)


COMPOSE: Final = composed()
NODES: Final = {name for name in COMPOSE["services"] if name.startswith("node-")}


def seconds(text: str) -> float:
    (found,) = re.findall(r"^(\d+)([smh])$", text)
    return float(found[0]) * {"s": 1, "m": 60, "h": 3600}[found[1]]


@pytest.mark.parametrize("path", sorted(p for p in DEPLOY.rglob("*") if p.is_file()), ids=str)
def test_every_variable_is_a_setting(path: Path):
    named = set(re.findall(r"\bUPTC_[A-Z_]+", path.read_text()))
    assert settings.unknown_variables(dict.fromkeys(named, "")) == []


def test_a_node_of_the_compose_file_would_start_with_its_settings():
    for name in NODES:
        given = COMPOSE["services"][name]["environment"]
        built = settings.build(settings.collect({}, given))
        assert built.server.trusted_proxy == ("10.89.0.0/24",)
        hosts = re.findall(r"([\w-]+):(\d+)", built.database.url.rpartition("@")[2])
        assert [(h, p) for h, p in hosts] == [("postgres-1", "5432"), ("postgres-2", "5432")]
        bus = {server.rpartition("@")[2] for server in built.bus.servers}
        assert bus == {f"nats-{number}:4222" for number in (1, 2, 3)}


def test_the_parts_of_the_compose_file_exist():
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    assert len(NODES) == 3
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= set(services), name
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in volumes or (DEPLOY / source).exists(), f"{name}: {source}"
        build = service.get("build")
        assert build is None or (DEPLOY / build["context"] / build["dockerfile"]).exists()
        routes = re.findall(r"nats://(nats-\d):6222", str(service.get("command", "")))
        assert set(routes) <= set(services) - {name}
    (network,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    assert network["subnet"] == services["node-1"]["environment"]["UPTC_TRUSTED_PROXY"]
    assert os.access(DEPLOY / "postgres" / "standby.sh", os.X_OK)


def test_a_node_has_the_time_that_it_may_take_to_say_goodbye():
    most = WebSocketConfig().drain_max_s
    assert seconds(COMPOSE["services"]["node-1"]["stop_grace_period"]) > most
    (caddy,) = re.findall(r"stream_close_delay (\w+)", (DEPLOY / "Caddyfile").read_text())
    assert seconds(caddy) >= most


def test_the_units_agree_and_kill_nobody_for_a_call(tmp_path: Path):
    """Backups and the decoding of pictures ask for less priority, which a filter may forbid."""
    line = ["setup", "chat.example.edu", "--dir", str(tmp_path)]
    assert CliRunner().invoke(commands.build(), line).exit_code == 0
    for unit in (UNIT, tmp_path / setup.SERVICE):
        text = unit.read_text()
        filters = re.findall(r"^SystemCall(Filter|ErrorNumber)=(.*)$", text, re.MULTILINE)
        assert filters == [("Filter", "@system-service"), ("ErrorNumber", "EPERM")]
        (stop,) = re.findall(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
        assert float(stop) > WebSocketConfig().drain_max_s


def test_volumes_belong_to_who_writes_them():
    """A folder that is not in the image is made for root."""
    (user,) = re.findall(r"^USER (\w+)$", CONTAINERFILE, re.MULTILINE)
    (home,) = re.findall(r"--home-dir (\S+) --create-home (\w+)", CONTAINERFILE)
    made = dict(re.findall(r"install -d -o (\w+) .* (\S+)$", CONTAINERFILE, re.MULTILINE))
    owned = {home[0]: home[1]} | {folder: owner for owner, folder in made.items()}
    (declared,) = re.findall(r"^VOLUME (.*)$", CONTAINERFILE, re.MULTILINE)
    assert set(declared.split()) == set(owned)
    assert set(owned.values()) == {user}
    for name in NODES:
        for volume in COMPOSE["services"][name]["volumes"]:
            assert volume.partition(":")[2] in owned


def test_what_a_build_makes_is_not_copied_into_it():
    """The environment of this machine names paths of this machine."""
    ignored = set((ROOT / ".dockerignore").read_text().splitlines())
    assert {".venv", ".git", "data", "web/node_modules"} <= ignored


def test_the_proxies_ask_for_readiness_at_the_port_of_the_nodes():
    caddy, haproxy = [(DEPLOY / name).read_text() for name in ("Caddyfile", "haproxy.cfg")]
    (to,) = re.findall(r"reverse_proxy (.*) \{", caddy)
    assert set(to.split()) == {f"{name}:{PORT}" for name in NODES}
    assert "health_uri /readyz" in caddy
    assert "httpchk GET /readyz" in haproxy
    assert set(re.findall(r"server node-\d [\d.]+:(\d+)", haproxy)) == {PORT}
    (tunnel,) = re.findall(r"timeout tunnel (\w+)", haproxy)
    assert seconds(tunnel) * 1000 > 2 * WebSocketConfig().heartbeat_ms


def test_the_image_serves_what_it_exposes_and_is_asked_whether_it_is_ready():
    assert re.findall(r"^EXPOSE (\d+)$", CONTAINERFILE, re.MULTILINE) == [PORT]
    assert f"127.0.0.1:{PORT}/readyz" in CONTAINERFILE
    for source in re.findall(r"^COPY (?!--from)(\S+)", CONTAINERFILE, re.MULTILINE):
        assert (ROOT / source).exists(), source
    (words,) = re.findall(r"^CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)
    assert CliRunner().invoke(commands.build(), [*json.loads(words), "--help"]).exit_code == 0
    (targets,) = re.findall(r"&& make (\w+)", CONTAINERFILE)
    assert f"\n{targets}:" in (ROOT / "Makefile").read_text()
    assert re.search(r"^USER (?!root)\w+$", CONTAINERFILE, re.MULTILINE)


def test_the_unit_runs_a_command_that_there_is():
    (command,) = re.findall(r"^ExecStart=\S+/uptc-messenger (.*)$", UNIT.read_text(), re.MULTILINE)
    told = CliRunner().invoke(commands.build(), [*command.split(), "--help"])
    assert told.exit_code == 0


def run(*command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        env={**os.environ, **SECRETS, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path):
    program = tmp_path / "uptc-messenger"
    program.touch(0o755)
    unit = tmp_path / "uptc-messenger@1.service"
    text = UNIT.read_text().replace("/opt/uptc-messenger/bin/uptc-messenger", str(program))
    unit.write_text(text)
    told = run("systemd-analyze", "verify", unit)
    assert (told.returncode, told.stderr) == (0, "")


def test_a_shell_takes_the_scripts():
    for script in (DEPLOY / "postgres").iterdir():
        assert run("sh", "-n", script).returncode == 0, script
