"""CHANGELOG.md, gathered from the fragments in changelog.d."""

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

KINDS = ("added", "changed", "fixed", "removed", "security")
HEAD = "# Changelog\n\nWhat changed for whoever runs or uses a server, the newest release first.\n"
_SECTION = re.compile(r"^## (?P<version>\S+) · .*$", re.MULTILINE)
_ENTRY = re.compile(r"^### (?P<kind>\w+)\n\n(?P<entries>(?:- .*\n)+)", re.MULTILINE)
Changes = dict[str, list[str]]


class BadFragment(Exception):
    """A file in changelog.d whose name says no kind, or that says nothing."""


def fragments(root: Path) -> list[Path]:
    """The changes that no release has told yet."""
    return sorted(p for p in (root / "changelog.d").glob("*.md") if p.name != "README.md")


def gather(root: Path, version: str, today: dt.date) -> int:
    """Move the fragments into the section of this version, and return how many there were.

    A version that has its section already gets them added to it: until it is tagged, it grows.
    """
    found = fragments(root)
    told = [read(path) for path in found]
    page = root / "CHANGELOG.md"
    text = page.read_text(encoding="utf-8") if page.is_file() else HEAD
    page.write_text(add(text, f"{version} · {today.isoformat()}", told), encoding="utf-8")
    for path in found:
        path.unlink()
    return len(found)


def read(path: Path) -> tuple[str, str]:
    """The kind of a change, and its sentences in one line."""
    kind = path.name.removesuffix(".md").rpartition(".")[2]
    text = " ".join(path.read_text(encoding="utf-8").split())
    if kind not in KINDS or not text:
        raise BadFragment(f"{path} is to be named WHAT.KIND.md, with one of {', '.join(KINDS)}.")
    return kind, text


def add(text: str, title: str, told: Iterable[tuple[str, str]]) -> str:
    """The changelog with these changes in the section of `title`, its first."""
    first = _SECTION.search(text)
    changes: Changes = {}
    head, rest = text.rstrip("\n") + "\n", ""
    if first is not None:
        head, rest = text[: first.start()], text[first.start() :]
        if first["version"] == title.partition(" ")[0]:
            second = _SECTION.search(text, first.end())
            end = second.start() if second else len(text)
            changes, rest = parse(text[first.end() : end]), text[end:]
    for kind, sentence in told:
        changes.setdefault(kind, []).append(sentence)
    section = render(title, changes)
    return "\n".join(part.strip("\n") + "\n" for part in (head, section, rest) if part.strip())


def parse(section: str) -> Changes:
    """The changes that a section tells, by kind."""
    return {
        found["kind"].lower(): [line.removeprefix("- ") for line in found["entries"].splitlines()]
        for found in _ENTRY.finditer(section)
    }


def render(title: str, changes: Changes) -> str:
    """A section."""
    blocks = [
        f"### {kind.title()}\n\n" + "".join(f"- {sentence}\n" for sentence in changes[kind])
        for kind in KINDS
        if kind in changes
    ]
    return f"## {title}\n\n" + "\n".join(blocks)
