import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages import HOSTILE, Page
from tests.properties.steps import BOUNDED
from uptc_messenger.services.messages.export.markup import escape, rendered

GOLDEN = json.loads((Path(__file__).parents[4] / "golden" / "markdown.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("hola **a** *b* ~~c~~", "<p>hola <strong>a</strong> <em>b</em> <s>c</s></p>"),
        ("uno\ndos", "<p>uno<br>dos</p>"),
        ("> a", "<blockquote><p>a</p></blockquote>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a", '<ol start="3"><li>a</li></ol>'),
        ("```py\n1 < 2\n```", "<pre><code>1 &lt; 2</code></pre>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("@ana", "<p><b>@ana</b></p>"),
        (
            "[a](https://a.example/?b&c)",
            (
                '<p><a href="https://a.example/?b&amp;c" class="named" '
                'rel="noopener noreferrer nofollow">a</a></p>'
            ),
        ),
        (
            "https://a.example/?b&c",
            (
                '<p><a href="https://a.example/?b&amp;c" rel="noopener noreferrer nofollow">'
                "https://a.example/?b&amp;c</a></p>"
            ),
        ),
    ],
)
def test_what_clients_show_the_page_shows(text: str, page: str):
    assert rendered(text) == page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_texts(text: str):
    Page(rendered(text))
    page = Page(f'<div dir="{escape(text)}">{escape(text)}</div>')
    assert page.text.count("\ufffd") == sum(c in "\u202e\u2066\x01\x08\x9b" for c in text)


@BOUNDED
@given(st.lists(st.sampled_from([*HOSTILE, "**", "_", "`", "~~", "\n", "> ", "- ", "[", "]("])))
def test_no_mixture_of_them_is_anything_else(parts: list[str]):
    Page(rendered("".join(parts)))


def test_the_vectors_of_both_parsers_are_on_the_list():
    texts = [case["text"] for case in GOLDEN["cases"]]
    assert len(texts) > 20
    for text in texts:
        Page(rendered(text))
