"""When people are told, and through which servers."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from uptc_messenger.models.base import Record
from uptc_messenger.toolkit.bounds import Count, Patience, Pause


class NotifyConfig(Record, frozen=True):
    """Push messages, and the queue of all that is to be told."""

    push: Literal["on", "off"] = "on"
    """Push messages to browsers that ask for them, straight from this server."""

    contact: str = ""
    """Whom a push service may write to: mailto:… or https://…; the public_url unless given."""

    delay_s: Pause = 5.0
    """For so long a message may be read on an open device before the others are told of it."""

    again_s: Pause = 10.0
    """So much later where a notification of the same chat is on the screen already."""

    mail_after_s: Pause = 900.0
    """A message that is not read for so long is told by mail to who wants missed ones."""

    queue_limit: Count = 20_000
    """Places that wait to be told; beyond it the log is not read on, and nothing is lost."""

    loopback: bool = False
    """Lets push services be on this machine, without TLS; for tests only."""

    def __post_init__(self) -> None:
        if self.contact and not self.contact.startswith(("mailto:", "https://")):
            raise ValueError("notify_contact begins with mailto: or https://")


class MailConfig(Record, frozen=True):
    """The server that takes our letters; without a host there are none."""

    host: str = ""
    """SMTP server; without it no mail is sent."""

    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    """Its port: 587 with starttls, 465 with tls."""

    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is encrypted; none only to a server on this machine."""

    user: str = ""
    """Name to log in with, if the server asks for one."""

    password: str = ""
    """Its password; better in the environment or in a file."""

    password_file: str = ""
    """File with the password, read for every connection."""

    sender: str = ""
    """Address that letters are from, such as messenger@example.edu."""

    timeout_s: Patience = 30.0
    """A server that takes longer for a step is tried again later."""

    per_hour: Count = 6
    """Letters to one person in an hour."""

    def __post_init__(self) -> None:
        if self.host and "@" not in self.sender:
            raise ValueError("with mail_host there is a mail_sender, an address")
        if self.security == "none" and self.host not in {"", "127.0.0.1", "::1", "localhost"}:
            raise ValueError("mail_security none is for a server on this machine")

    @property
    def on(self) -> bool:
        """Whether there is mail at all."""
        return bool(self.host)

    def secret(self) -> str:
        """The password as it is now; empty where there is none."""
        if self.password_file:
            return Path(self.password_file).read_text(encoding="utf-8").strip()
        return self.password
