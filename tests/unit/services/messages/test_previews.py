from types import SimpleNamespace
from typing import Any

import pytest

from uptc_messenger.services.messages import previews
from uptc_messenger.services.messages.markdown import first_link
from uptc_messenger.services.messages.previews import Kept


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hola", None),
        ("ver https://example.org/a.", "https://example.org/a"),
        ("[esto](http://example.org) y https://b.example", "http://example.org"),
        ("**_https://example.org_**", "https://example.org"),
        ("mailto:a@example.org https://b.example", "https://b.example"),
        ("`https://example.org`", None),
        ("```\nhttps://example.org\n```", None),
        ("> cita https://example.org", "https://example.org"),
        ("- uno\n- dos https://example.org", "https://example.org"),
        ("ftp://example.org", None),
    ],
)
def test_the_first_link_of_a_page(text: str, expected: str | None):
    assert first_link(text) == expected


def test_what_a_newer_node_has_stored_is_read():
    row: Any = SimpleNamespace(preview={"url": "https://a.example/", "title": "A", "video": "x"})
    assert previews.kept(row) == Kept(url="https://a.example/", title="A")
