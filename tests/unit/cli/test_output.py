import io
import json

import pytest

from uptc_messenger.cli import output
from uptc_messenger.models.admin import Done

URL = "https://chat.example.edu/reset#abcdefghijklmnopqrstuvwxyz012345"


def test_columns_are_aligned_and_nothing_is_a_dash():
    assert (
        output.table([("a", "bb"), ("ccc", None), ("", ("x", "y"))]) == "a    bb\nccc  -\n-    x,y"
    )


def test_a_name_does_not_steer_the_terminal():
    assert "\x1b" not in output.table([("\x1b]52;c;x\x07", ["\x1b[2J"])])
    assert output.safe("María 😀") == "María 😀"


def test_an_answer_for_a_program_has_no_tag():
    assert json.loads(output.to_json(Done(ended=3))) == {"ended": 3}


def test_a_link_stands_alone_where_a_program_reads_it(capsys: pytest.CaptureFixture[str]):
    output.show_link(Done(), as_json=False, link=(URL, None), about="For Ana.")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (f"{URL}\n", "For Ana.\n")


def test_a_link_is_drawn_on_a_terminal_unless_unwanted(monkeypatch: pytest.MonkeyPatch):
    for qr, lines in ((None, 22), (False, 1), (True, 22)):
        terminal = Terminal()
        monkeypatch.setattr("sys.stdout", terminal)
        output.show_link(Done(), as_json=False, link=(URL, qr), about="")
        assert terminal.getvalue().count("\n") == lines


def test_a_drawn_link_is_the_code_of_that_link():
    lines = output.qr_code(URL).splitlines()
    rows = [line.removeprefix("\x1b[97;40m").removesuffix("\x1b[0m") for line in lines]
    assert {len(row) for row in rows} == {41}
    assert set("".join(rows)) == {"█", "▀", "▄", " "}
    # The border, and then the top of the finder pattern: seven dark modules in a row.
    assert rows[0] == rows[1] == "█" * 41
    assert rows[2].startswith("████ ▄▄▄▄▄ █")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (3600, "1 h"), (3_700, "1 h 1 min"), (266_400, "3 d 2 h")],
)
def test_a_duration_has_its_two_largest_units(seconds: int, text: str):
    assert output.duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"), [(17, "17 B"), (1500, "1.5 KiB"), (3 * 2**40, "3.0 TiB")]
)
def test_a_size_has_a_unit(count: int, text: str):
    assert output.size(count) == text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True
