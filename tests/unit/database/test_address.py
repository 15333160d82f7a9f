import pytest

from uptc_messenger.database.address import hosts, parse_url, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://u@h/db", [("h", 5432)]),
        ("postgresql://u@h:1/db", [("h", 1)]),
        ("postgresql://u:p@h1:1,h2:2/db", [("h1", 1), ("h2", 2)]),
        ("postgresql://u@h1,h2:2/db?target_session_attrs=any", [("h1", 5432), ("h2", 2)]),
        ("postgresql://u@[::1]:7,[::2]/db", [("::1", 7), ("::2", 5432)]),
        ("postgresql://u@/db?host=/run/one", [("/run/one", 5432)]),
        ("postgresql://u@/db?host=/run/one:7&host=/run/two", [("/run/one", 7), ("/run/two", 5432)]),
        ("postgresql:///db", [("localhost", 5432)]),
    ],
)
def test_every_server_is_named(text: str, expected: list[tuple[str, int]]):
    assert hosts(parse_url(text)) == expected


def test_other_parameters_are_kept():
    url = parse_url("postgresql://u@h1,h2/db?target_session_attrs=any")
    assert url.query["target_session_attrs"] == "any"
    assert url.database == "db"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "mysql://h/db",
        "postgresql://h:port/db",
        "postgresql://secret:word@h:99999,i/db",
    ],
)
def test_what_is_no_address_is_refused_without_showing_a_password(text: str):
    with pytest.raises(ValueError) as caught:
        parse_url(text)
    assert "word" not in str(caught.value).replace("password", "")


def test_a_person_reads_it_without_the_password():
    assert shown(parse_url("postgresql://u:geheim@a:1,b:2/db")) == "postgresql://u:***@a:1,b:2/db"
    assert shown(parse_url("postgresql://a/db")) == "postgresql://a:5432/db"
    for socket in (
        "postgresql://u@/db?host=/run/postgresql",
        "postgresql://u@/db?host=/run/postgresql:5433&host=/tmp/b",
        "postgresql:///db?host=/a&host=b:5432",
    ):
        assert shown(parse_url(socket)) == socket
        assert parse_url(shown(parse_url(socket))) == parse_url(socket)
    assert shown(parse_url("sqlite:////var/uptc.db")) == "/var/uptc.db"
