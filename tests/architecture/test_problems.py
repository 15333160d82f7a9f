"""A refusal has a status over HTTP, a frame on the socket, and a sentence for people."""

import pytest

from uptc_messenger.controllers import problems
from uptc_messenger.models.errors import PROBLEMS, CloseCode, Problem
from uptc_messenger.services.websocket import session


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.code)
def test_every_problem_is_mapped_for_both_doors(problem: type[Problem]):
    refusal = problem(retry_after_ms=1_500)
    over_http, on_socket = problems.details(refusal), session.refusal(7, refusal)
    assert 400 <= over_http.status < 600
    assert over_http.status not in {422, 500, 507}
    assert (over_http.code, over_http.retryable) == (problem.code, problem.retryable)
    assert (on_socket.code, on_socket.ref) == (problem.code, 7)
    assert over_http.detail == on_socket.message == problem.default
    assert problem.default.endswith((".", "?"))
    assert problems.headers(refusal) == {"retry-after": "2"}


def test_every_subclass_is_in_the_table():
    assert set(Problem.__subclasses__()) == set(PROBLEMS)


def test_the_range_of_a_close_code_says_whether_to_reconnect():
    ours = [code for code in CloseCode if code >= 4000]
    assert all(code.reconnect == (code < 4500) for code in ours)
