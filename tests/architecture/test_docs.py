"""What a user, an operator or an author of clients must know is written down."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest
import typer

from tests.architecture.source import DOCS, ROOT
from uptc_messenger import settings
from uptc_messenger.cli import commands as commands_of_the_line
from uptc_messenger.models import commands, errors, events, frames

PROTOCOL = (DOCS / "protocol.md").read_text()
CONFIGURATION = (DOCS / "configuration.md").read_text()
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def tags(structs: tuple[type[msgspec.Struct], ...]) -> list[str]:
    return [str(struct.__struct_config__.tag) for struct in structs]


NAMES = [
    *tags(get_args(commands.AnyCommand)),
    *tags(get_args(events.ChatEvent)),
    *tags(get_args(events.UserEvent)),
    *tags(tuple(frames.Frame.__subclasses__())),
    *get_args(errors.ErrorCode),
    *(str(code.value) for code in errors.CloseCode),
]


@pytest.mark.parametrize("name", sorted(set(NAMES)))
def test_the_protocol_names(name: str):
    assert f"`{name}`" in PROTOCOL


def test_the_protocol_tells_which_refusals_may_be_retried():
    for problem in errors.PROBLEMS:
        row = next(line for line in PROTOCOL.splitlines() if line.startswith(f"| `{problem.code}`"))
        assert row.split("|")[3].strip() == ("yes" if problem.retryable else "no"), problem.code


@pytest.mark.parametrize("setting", settings.settings(), ids=lambda s: s.name)
def test_the_configuration_describes(setting: settings.Setting):
    row = next(
        (x for x in CONFIGURATION.splitlines() if x.startswith(f"| `{setting.name}`")), "| |"
    )
    cells = [cell.strip() for cell in row.strip("| ").split(" | ")]
    assert cells[1] == f"`{setting.variable}`"
    assert len(cells) == 4, "name, variable, default, description"


def test_the_configuration_describes_nothing_else():
    described = set(re.findall(r"^\| `(\w+)` \| `UPTC_", CONFIGURATION, re.MULTILINE))
    assert described == {s.name for s in settings.settings()}


def test_every_command_is_described():
    command = typer.main.get_command(commands_of_the_line.build())
    paths = [
        name if inner is None else f"{name} {inner}"
        for name, group in getattr(command, "commands", {}).items()
        for inner in getattr(group, "commands", {None: None})
    ]
    assert len(paths) > 8
    assert [path for path in paths if f"`{path}" not in CONFIGURATION] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path):
    prose = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(), flags=re.DOTALL)
    links = [target for target in LINK.findall(prose) if "://" not in target]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readmes_show_the_same_lines():
    spoken = [(ROOT / name).read_text() for name in ("README.md", "README.es.md")]
    blocks = [re.findall(r"```.*?```", text, re.DOTALL) for text in spoken]
    assert blocks[0] == blocks[1]


def test_decisions_are_numbered_once():
    numbers = [p.name[:4] for p in (DOCS / "decisions").glob("[0-9]*.md")]
    assert len(numbers) == len(set(numbers))
