import datetime as dt
from pathlib import Path

import pytest

from release import changelog
from release.changelog import BadFragment
from tests.architecture.source import ROOT
from uptc_messenger import __version__

MONDAY = dt.date(2026, 11, 23)


def write(root: Path, **fragments: str) -> Path:
    folder = root / "changelog.d"
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text("How to write one.\n")
    for name, text in fragments.items():
        (folder / f"{name.replace('__', '.')}.md").write_text(text)
    return root / "CHANGELOG.md"


def test_changes_are_gathered_by_kind_and_their_fragments_go(tmp_path: Path):
    page = write(tmp_path, b__fixed="A gap.\n", a__added="One\nthing.\n", c__added="Another.\n")
    assert changelog.gather(tmp_path, "0.1.0", MONDAY) == 3
    assert page.read_text() == (
        f"{changelog.HEAD}\n"
        "## 0.1.0 · 2026-11-23\n\n"
        "### Added\n\n- One thing.\n- Another.\n\n"
        "### Fixed\n\n- A gap.\n"
    )
    assert changelog.fragments(tmp_path) == []
    assert (tmp_path / "changelog.d" / "README.md").is_file()


def test_a_version_grows_until_there_is_another(tmp_path: Path):
    page = write(tmp_path, a__added="One.")
    changelog.gather(tmp_path, "0.1.0", MONDAY)
    write(tmp_path, b__added="Two.", c__security="Three.")
    changelog.gather(tmp_path, "0.1.0", MONDAY + dt.timedelta(days=1))
    text = page.read_text()
    assert text.count("## 0.1.0") == 1
    assert "- One.\n- Two.\n" in text
    write(tmp_path, d__changed="Four.")
    changelog.gather(tmp_path, "0.2.0", MONDAY)
    newer = page.read_text()
    assert newer.index("## 0.2.0") < newer.index("## 0.1.0 · 2026-11-24")
    assert newer.endswith(text.removeprefix(changelog.HEAD).lstrip("\n"))


def test_again_changes_nothing(tmp_path: Path):
    page = write(tmp_path, a__added="One.")
    changelog.gather(tmp_path, "0.1.0", MONDAY)
    before = page.read_text()
    assert changelog.gather(tmp_path, "0.1.0", MONDAY) == 0
    assert page.read_text() == before


@pytest.mark.parametrize(("name", "text"), [("a", "One."), ("a__new", "One."), ("a__added", " ")])
def test_a_fragment_without_kind_or_words_stops_it_before_anything_is_written(
    tmp_path: Path, name: str, text: str
):
    page = write(tmp_path, **{name: text, "b__fixed": "Two."})
    with pytest.raises(BadFragment):
        changelog.gather(tmp_path, "0.1.0", MONDAY)
    assert not page.exists()
    assert len(changelog.fragments(tmp_path)) == 2


def test_the_fragments_of_this_tree_can_be_gathered():
    assert all(changelog.read(path) for path in changelog.fragments(ROOT))


def test_this_version_is_told():
    assert f"\n## {__version__} · " in (ROOT / "CHANGELOG.md").read_text()
