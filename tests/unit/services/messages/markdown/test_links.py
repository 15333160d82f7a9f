import pytest

from uptc_messenger.services.messages.markdown.links import Found, autolink, bracket_link


def test_a_bracket_link_ends_after_its_parenthesis():
    text = "ve [aquí](https://a.co) ya"
    assert bracket_link(text, 3) == Found(href="https://a.co", label="aquí", end=23)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "[a",
        "[a]",
        "[a](",
        "[a](https://a.co",
        "[a](ftp://a.co)",
        "[a](javascript:x)",
        "[a](x)",
    ],
)
def test_what_is_no_bracket_link(text: str):
    assert bracket_link(text, 0) is None


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("https://a.co.", "https://a.co"),
        ("https://a.co/?!…", "https://a.co/?!…"),
        ("https://a.co/x_(y)),", "https://a.co/x_(y)"),
        ("mailto:ana@a.co:", "mailto:ana@a.co"),
        ("HTTP://A.CO", "HTTP://A.CO"),
    ],
)
def test_an_address_ends_before_the_sentence_does(text: str, href: str):
    assert autolink(text, 0) == Found(href=href, label=href, end=len(href))


@pytest.mark.parametrize("text", ["https://", "https://.a", "mailto:ana", "ftp://a.co", "h"])
def test_what_is_no_address(text: str):
    assert autolink(text, 0) is None
