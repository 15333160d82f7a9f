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


def test_an_address_without_a_scheme_leads_to_https():
    found = Found(href="https://www.uptc.edu.co", label="www.uptc.edu.co", end=15)
    assert autolink("www.uptc.edu.co.", 0) == found
    assert bracket_link("[a](www.a.co)", 0) == Found(href="https://www.a.co", label="a", end=13)


@pytest.mark.parametrize(
    "text", ["https://", "https://.a", "mailto:ana", "ftp://a.co", "h", "www.a", "www.a.", "www..a"]
)
def test_what_is_no_address(text: str):
    assert autolink(text, 0) is None
