from typing import get_args

import pytest

from uptc_messenger.models import errors
from uptc_messenger.models.errors import PROBLEMS, CloseCode, ErrorCode, Problem, RateLimited


def test_every_code_has_exactly_one_refusal():
    assert sorted(problem.code for problem in PROBLEMS) == sorted(get_args(ErrorCode))


def test_the_table_has_every_refusal_of_the_module():
    declared = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, Problem) and value is not Problem
    ]
    assert set(declared) == set(PROBLEMS)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.code)
def test_a_refusal_speaks_to_a_person(problem: type[Problem]):
    sentence = problem().sentence
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert str(problem()) == sentence


def test_only_what_may_succeed_later_is_retryable():
    retryable = {problem.code for problem in PROBLEMS if problem.retryable}
    assert retryable == {"rate_limited", "overloaded", "unavailable", "timeout"}


def test_a_refusal_carries_what_is_given_to_it():
    problem = RateLimited("Slow down.", retry_after_ms=700, details={"limit": "send"})
    assert (problem.sentence, problem.retry_after_ms) == ("Slow down.", 700)
    assert problem.details == {"limit": "send"}


def test_close_codes_say_by_their_range_whether_to_come_back():
    back = {code for code in CloseCode if code.reconnect}
    assert {int(code) for code in back} == {4000, 4001, 4002, 4003, 4008, 4013, 4029}
    stop = {code for code in CloseCode if code >= 4500}
    assert {int(code) for code in stop} == {4500, 4501, 4503, 4504, 4505, 4506}
    assert not any(code.reconnect for code in stop)
