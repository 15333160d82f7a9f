from pathlib import Path

import pytest

from uptc_messenger.cli import options


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
