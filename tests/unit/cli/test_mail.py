import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner

from tests.fakes import make_settings
from uptc_messenger.cli import mail
from uptc_messenger.cli.commands import build
from uptc_messenger.database import open_database
from uptc_messenger.models.admin import RefuseAddress
from uptc_messenger.services import users
from uptc_messenger.services.notifications import addresses, preferences, secrets, tickets
from uptc_messenger.services.users import NewUser

RUN = CliRunner()
REPORT = b"""From: MAILER-DAEMON@example.edu
To: chat@example.edu
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; post.example.edu

Final-Recipient: rfc822; Ana@Example.edu
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such
 user

Final-Recipient: rfc822; luis@example.edu
Action: delayed
Status: 4.4.1

--b
Content-Type: text/rfc822-headers

From: chat@example.edu
To: Ana@Example.edu
Message-ID: <LETTER@example.edu>

--b--
"""


def test_a_letter_whose_name_is_no_text_is_none():
    assert mail.failed(REPORT.replace(b"LETTER@", b"LETTER\xe9@")) == []


def test_a_report_names_who_is_not_there_for_good():
    assert mail.failed(REPORT) == [
        RefuseAddress(
            address="Ana@Example.edu",
            reason="550 5.1.1 no such user",
            letter="<LETTER@example.edu>",
        )
    ]
    whole = REPORT.replace(b"text/rfc822-headers", b"message/rfc822")
    assert mail.failed(whole) == mail.failed(REPORT)
    for strange in (
        b"",
        b"\xff\xfe",
        b"Subject: hola\n\nhola",
        REPORT.replace(b"failed", b"relayed"),
        REPORT.replace(b"Message-ID", b"X-Other"),
        REPORT.replace(b"5.1.1", b"5.2.2"),
        REPORT.replace(b"5.1.1", b"5.7.1"),
        REPORT.replace(b"Status: 5.1.1", b"Status: 5.0.0").replace(b"550 5.1.1", b"554 5.7.1"),
    ):
        assert mail.failed(strange) == []


def test_a_report_without_a_status_is_read_as_the_server_put_it():
    vague = REPORT.replace(b"Status: 5.1.1", b"Status: 5.0.0")
    assert len(mail.failed(vague)) == 1
    assert len(mail.failed(vague.replace(b"550 5.1.1 no", b"550 no"))) == 1


def test_what_came_back_stops_what_goes_there(data: Path):
    letter = asyncio.run(with_address(data))
    forged = RUN.invoke(build(), ["mail", "bounced", "--data", str(data), "--json"], input=REPORT)
    assert json.loads(forged.stdout)["people"] == 0, "anybody can write that a letter came back"
    assert asyncio.run(state(data))[0] == "unconfirmed"
    report = REPORT.replace(b"LETTER", letter.encode())
    told = RUN.invoke(build(), ["mail", "bounced", "--data", str(data), "--json"], input=report)
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["people"] == 1
    assert asyncio.run(state(data)) == ("refused", "550 5.1.1 no such user")
    again = RUN.invoke(build(), ["mail", "bounced", "nobody@example.edu", "--data", str(data)])
    assert "People who get no more letters: 0." in again.stdout
    none = RUN.invoke(build(), ["mail", "bounced", "--data", str(data)], input=b"hola")
    assert none.exit_code == 1


async def with_address(data: Path) -> str:
    """Ana has an address; the name of a letter to her."""
    database = await open_database(make_settings(data).database)
    ana = await database.write(lambda tx: users.create(tx, NewUser(username="ana")))
    await database.write(lambda tx: addresses.put(tx, ana.user_id, "ana@example.edu"))
    key = (await secrets.prepare(database)).mail
    await database.close()
    return tickets.signed(key, "ana@example.edu", f"{ana.user_id}-digest-1")


async def state(data: Path) -> tuple[str, str | None]:
    database = await open_database(make_settings(data).database)
    ids = await database.read(lambda r: users.ids_by_username(r, ["ana"]))
    found = await database.read(lambda r: preferences.of(r, ids["ana"]))
    why = await database.read(lambda r: preferences.problem_of(r, ids["ana"]))
    await database.close()
    return found.address_state, why
