from pathlib import Path

import pytest

from uptc_messenger.services.notifications.config import MailConfig, NotifyConfig


def test_there_is_no_mail_without_a_host():
    assert not MailConfig().on
    assert MailConfig(host="smtp.example.edu", sender="chat@example.edu").on


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "smtp.example.edu"},
        {"host": "smtp.example.edu", "sender": "chat"},
        {"host": "smtp.example.edu", "sender": "a@b", "security": "none"},
    ],
)
def test_what_cannot_work_is_said_at_the_start(wrong: dict[str, str]):
    with pytest.raises(ValueError, match="mail_"):
        MailConfig(**wrong)  # pyright: ignore[reportArgumentType]


def test_a_contact_is_an_address_that_push_services_take():
    assert NotifyConfig(contact="mailto:a@b").contact
    with pytest.raises(ValueError, match="notify_contact"):
        NotifyConfig(contact="somebody")


def test_a_password_in_a_file_is_read_anew_each_time(tmp_path: Path):
    file = tmp_path / "password"
    file.write_text("uno\n")
    config = MailConfig(password_file=str(file), password="otra")
    assert config.secret() == "uno"
    file.write_text("dos")
    assert config.secret() == "dos"
    assert MailConfig(password="otra").secret() == "otra"
