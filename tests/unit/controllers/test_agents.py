import pytest

from uptc_messenger.controllers.agents import MAX_LENGTH, describe

MOZILLA = "Mozilla/5.0 "


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (MOZILLA + "(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (MOZILLA + "(Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge · Windows"),
        (MOZILLA + "(Linux; Android 15) Chrome/140 Mobile Safari/537", "Chrome · Android"),
        (
            MOZILLA + "(iPhone; CPU iPhone OS 18 like Mac OS X) Version/18 Safari/604",
            "Safari · iPhone",
        ),
        ("curl/8.5.0", "curl"),
        ("", ""),
        ("a\x1b[31mb/1", "a[31mb"),
        ("x" * 500, "x" * MAX_LENGTH),
    ],
)
def test_a_device_is_called_as_people_know_it(user_agent: str, device: str):
    assert describe(user_agent) == device
