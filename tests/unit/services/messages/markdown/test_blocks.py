import json
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptc_messenger.services.messages.markdown import excerpt, mentioned, parse
from uptc_messenger.services.messages.markdown.tree import Block

GOLDEN = json.loads((Path(__file__).parents[4] / "golden" / "markdown.json").read_text("utf-8"))
PIECES = [
    "*",
    "_",
    "~~a",
    "`",
    ">",
    "[",
    "\\",
    "[a](",
    "http://",
    "http://.",
    "mailto:a,",
    "www.a ",
    "www.",
    "@aaa",
    "-",
    "h",
    "```",
    "*a_",
    "``",
    "1.",
    "* ",
    "> >",
    "```\n",
    "1. a\n",
    "``` ` ",
]


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_the_vectors_that_the_client_runs_too(case: dict[str, Any]):
    assert msgspec.to_builtins(parse(case["text"])) == case["tree"]
    assert mentioned(case["text"]) == case["mentions"]
    assert excerpt(case["text"], GOLDEN["excerpt_limit"]) == case["excerpt"]


@pytest.mark.parametrize("piece", PIECES)
def test_time_does_not_grow_with_the_square_of_hostile_text(piece: str):
    small, large = _seconds(piece, 2_000), _seconds(piece, 32_000)
    # Sixteen times the text: linear gives 16, quadratic 256; a busy machine lies below 80.
    assert large / max(small, 0.000_5) < 80


@given(st.text(alphabet="ab @*_~`[]()>-1.\\\n:/hmtpailo", max_size=200))
def test_any_text_parses_into_the_documented_tree(text: str):
    tree = parse(text)
    assert msgspec.convert(msgspec.to_builtins(tree), list[Block]) == tree
    assert "\n" not in excerpt(text, 20)
    assert len(excerpt(text, 20)) <= 20


@given(st.text(alphabet="abc \n", max_size=200))
def test_text_without_marks_keeps_every_word(text: str):
    assert excerpt(text, 1000).split() == text.split()


def _seconds(piece: str, length: int) -> float:
    text = piece * -(-length // len(piece))
    times: list[float] = []
    for _ in range(3):
        start = time.process_time()
        parse(text)
        times.append(time.process_time() - start)
    return min(times)
