from tests.conversations.playbook import play

HELLO = """
        > {"type": "hello", "id": 1}
        < authenticate 1
        = welcome
"""


def test_a_quiet_client_answers_every_ping():
    play(
        HELLO
        + """
        at 9.9
        at 10.0
        < ping 10000
        > {"type": "pong", "ts": 10000}
        at 20.0
        < ping 20000
        > {"type": "pong", "ts": 20000}
        at 30.0
        < ping 30000
    """
    )


def test_a_client_that_is_gone():
    play(
        HELLO
        + """
        at 10.0
        < ping 10000
        at 19.9
        at 20.0
        < close 4003
        at 30.0
        > {"type": "pong", "ts": 10000}
    """
    )


def test_nonsense_is_a_sign_of_life():
    play(
        HELLO
        + """
        at 10.0
        < ping 10000
        > nonsense
        < error bad_request
        at 20.0
        < ping 20000
        at 30.0
        < close 4003
    """
    )


def test_a_late_clock_asks_before_it_gives_up():
    play(
        HELLO
        + """
        at 25.0
        < ping 25000
        > {"type": "pong", "ts": 25000}
        at 35.0
        < ping 35000
        at 45.0
        < close 4003
    """
    )


def test_a_client_asks_whether_the_server_is_there():
    play(
        HELLO
        + """
        > {"type": "ping", "ts": 1.5}
        < pong 1.5
        > {"type": "ping", "ts": 2}
        < pong 2
    """
    )


def test_the_server_stops():
    play(
        HELLO
        + """
        = end 4001
        < close 4001
        = end 4504
        > {"type": "ping", "ts": 2}
        at 60.0
    """
    )


def test_the_session_is_ended_elsewhere_while_it_proves_itself():
    play("""
        > {"type": "hello", "id": 1}
        < authenticate 1
        = end 4504
        < close 4504
        = welcome
    """)
