"""What `uptc-messenger doctor` asks about telling people: push messages and the mail server."""

from typing import Final

import aiosmtplib

from uptc_messenger.cli.findings import Finding
from uptc_messenger.services.notifications.mailing import connection
from uptc_messenger.settings import Settings

_PATIENCE_S: Final = 5.0


async def push(settings: Settings) -> list[Finding]:
    """Whether browsers can subscribe at all."""
    if settings.notify.push == "off":
        return [Finding(name="push", verdict="ok", told="Push messages are off (notify_push).")]
    if settings.server.public_url.startswith("https://"):
        told = "Browsers can subscribe; each person can send a test in the settings."
        return [Finding(name="push", verdict="ok", told=told)]
    told = "Browsers subscribe only with HTTPS, or on this machine itself."
    return [Finding(name="push", verdict="ok", told=told)]


async def mail(settings: Settings) -> list[Finding]:
    """Whether the mail server lets us in; nothing is sent."""
    config = settings.mail
    if not config.on:
        told = "No mail is sent: there is no mail_host."
        return [Finding(name="mail", verdict="ok", told=told)]
    try:
        async with connection(config, _PATIENCE_S) as client:
            await client.noop()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        told = f"{config.host}:{config.port} does not take our letters: {said}."
        return [Finding(name="mail", verdict="fail", told=told)]
    told = f"{config.host}:{config.port} lets us in."
    return [Finding(name="mail", verdict="ok", told=told)]
