import pytest

from uptc_messenger.cli.exits import Exit, explained
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.models.errors import Conflict, Unavailable
from uptc_messenger.settings import SettingsError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("the reason"), Exit.USAGE),
        (SchemaError("the reason"), Exit.DATABASE),
        (Unavailable("the reason"), Exit.DATABASE),
        (Conflict("the reason"), Exit.REFUSED),
    ],
)
def test_what_is_expected_ends_with_its_code_and_its_sentence(
    error: Exception, code: Exit, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended, explained():
        raise error
    assert ended.value.code == code
    assert capsys.readouterr().err == "uptc-messenger: the reason\n"


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (OSError("too many clients\nmore"), "too many clients"),
        (TimeoutError(), "no answer in time"),
    ],
)
def test_who_is_told_to_try_again_is_told_why(
    cause: Exception, told: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit), explained():
        raise Unavailable from cause
    assert capsys.readouterr().err.endswith(f"try again. The database said: {told}.\n")


def test_a_bug_keeps_its_trace():
    with pytest.raises(ZeroDivisionError), explained():
        _ = 1 / 0
