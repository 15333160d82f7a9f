"""Pages of HTML held to what they may consist of, as a parser sees them."""

from html.parser import HTMLParser

ALLOWED: dict[str, set[str]] = {
    "html": {"lang"},
    "head": set(),
    "meta": {"charset", "http-equiv", "name", "content"},
    "title": set(),
    "style": set(),
    "body": set(),
    "header": set(),
    "main": set(),
    "footer": set(),
    "h1": {"dir"},
    "h2": set(),
    "article": {"id"},
    "bdi": {"class"},
    "time": {"datetime"},
    "span": {"class", "dir"},
    "div": {"class", "dir"},
    "p": {"class"},
    "a": {"class", "href", "rel"},
    "blockquote": set(),
    "pre": set(),
    "code": set(),
    "ul": {"class"},
    "ol": {"start"},
    "li": set(),
    "b": set(),
    "strong": set(),
    "em": set(),
    "s": set(),
    "br": set(),
}
EMPTY = {"meta", "br"}


class Page(HTMLParser):
    """Fails on an element or attribute that is not on the list, and on tags that do not match."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.ids: list[str] = []
        self.policies: list[str] = []
        self.lang = ""
        self._open: list[str] = []
        self._text: list[tuple[str, str]] = []
        self.feed(source)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, f"<{tag}>"
        names = [name for name, _ in attrs]
        assert set(names) <= ALLOWED[tag], f"<{tag}> with {names}"
        assert len(names) == len(set(names))
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            assert values["href"].lower().startswith(("http://", "https://", "mailto:", "#m"))
            self.links.append(values["href"])
        if "http-equiv" in values:
            assert values["http-equiv"] == "Content-Security-Policy"
            self.policies.append(values["content"])
        self.ids += [values["id"]] if "id" in values else []
        self.lang = values.get("lang", self.lang)
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self._text.append((self._open[-1] if self._open else "", data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def texts(self, tag: str) -> list[str]:
        """What stands directly in elements of this name."""
        return [data for where, data in self._text if where == tag and data.strip()]

    @property
    def text(self) -> str:
        """Everything that is read, without the style."""
        return "".join(data for where, data in self._text if where != "style")


HOSTILE = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</bdi></article></main><iframe src=//evil.example>",
    "<!-- --><![CDATA[<b>]]><?php",
    "[clic](javascript:alert(1))",
    '[clic](https://a.example/"onclick=alert(1))',
    "https://a.example/'><b>",
    "[a](mailto:x@y.example?x=<b>) **<i>x</i>** `</code><u>`",
    "```\n</code></pre><script>x</script>\n```",
    "> <b>\n- <i>\n1. <u>",
    "&lt;b&gt; &amp; &#60;script&#62;",
    "\u202egnirts\u2066 \x01\x08\x9b",
    "<" * 300,
)
"""Texts that would be elements, attributes or commands where somebody forgot to escape."""
