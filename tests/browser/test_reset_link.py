"""An owner who is locked out opens the link that the terminal prints."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.server import Server

pytestmark = pytest.mark.browser
PASSWORD = "comen trigo en el trigal"


def run(server: Server, *given: str, typed: str = "") -> str:
    """What a command on the server's machine prints."""
    words = [sys.executable, "-m", "uptc_messenger", *given, "--data", str(server.data)]
    done = subprocess.run(words, input=typed, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_link_opens_a_page_that_sets_a_password_and_lets_in(desk: Desk, server: Server):
    forgotten = "tres tristes tigres\n"
    run(server, "user", "add", "duena", "--role", "owner", "--password-stdin", typed=forgotten)
    link = run(server, "user", "reset-link", "duena")
    reader = desk.reader(width=390, height=844)
    page = reader.page
    page.goto(link)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(page.locator("input[name=password]")).to_have_count(0)
    answer = page.request.get(f"{server.url}/api/v1/users/me")
    assert answer.json()["role"] == "owner"
    assert "#" not in page.url, "the code does not stay in the address"
