from pathlib import Path

import pytest

from uptc_messenger.cli import options
from uptc_messenger.toolkit.ids import uuid7


def test_options_become_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UPTC_PORT", "9001")
    loaded = options.load(None, {"data": str(tmp_path), "host": None})
    assert (loaded.server.data, loaded.server.port) == (str(tmp_path), 9001)


def test_a_misspelt_variable_is_told_and_the_command_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("UPTC_PROT", "9001")
    assert options.load(None, {}).server.port == 8000
    assert "UPTC_PROT is not a setting. Did you mean UPTC_PORT?" in capsys.readouterr().err


def test_an_id_is_one_or_is_told_where_to_find_it(capsys: pytest.CaptureFixture[str]):
    good = uuid7()
    assert options.an_id(good, "sessions list ana") == good
    with pytest.raises(SystemExit) as ended:
        options.an_id("zzz", "sessions list ana")
    assert ended.value.code == 2
    assert "zzz is no id: `uptc-messenger sessions list ana`" in capsys.readouterr().err
