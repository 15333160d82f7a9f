from tests.conversations.playbook import play

ID = "01920000-0000-7000-8000-000000000001"


def test_a_client_comes_in():
    play("""
        > {"type": "hello", "id": 1, "token": "t"}
        < authenticate 1
        = welcome
        > {"type": "view.set", "id": 2}
        < run view.set 2
    """)


def test_a_client_that_asks_before_it_says_who_it_is():
    play("""
        at 1.0
        > {"type": "ping", "id": 4}
        < error unauthenticated 4
        > [{"type": "view.set", "id": 5}, {"type": "ack", "es": 0, "id": 6}]
        < error unauthenticated 5
        < error unauthenticated 6
        at 4.9
        at 5.0
        < close 4002
        > {"type": "hello", "id": 1}
    """)


def test_a_client_that_says_nothing():
    play("""
        at 4.9
        at 5.0
        < close 4002
        at 6.0
    """)


def test_chatter_does_not_buy_more_time_for_a_hello():
    play("""
        at 4.0
        > {"type": "pong", "id": 1}
        < error unauthenticated 1
        at 5.0
        < close 4002
    """)


def test_a_proof_that_takes_too_long():
    play("""
        > {"type": "hello", "id": 1}
        < authenticate 1
        at 5.0
        < close 4002
        = welcome
        > {"type": "view.set", "id": 2}
    """)


def test_a_client_that_does_not_wait_for_the_welcome():
    play(
        """
        > [{"type": "hello", "id": 1}, {"type": "ping", "ts": 7}, {"type": "view.set", "id": 3}]
        < authenticate 1
        > {"type": "typing", "id": 4, "chat_id": "$chat", "on": true}
        > {"type": "ack", "es": 2}
        = welcome
        < pong 7
        < run view.set 3
        < run typing 4
        < acknowledged 2
        = welcome
        """,
        chat=ID,
    )


def test_a_mistake_is_told_before_the_welcome_too():
    play("""
        > [{"type": "hello", "id": 1}, {"type": "dance", "id": 2}, {"type": "view.set", "id": 3}]
        < authenticate 1
        < error bad_request 2
        = welcome
        < run view.set 3
    """)


def test_no_more_than_a_frame_full_waits_for_the_welcome():
    play(
        """
        > {"type": "hello", "id": 1}
        < authenticate 1
        > [$pongs]
        > {"type": "view.set", "id": 200}
        < error overloaded 200
        = welcome
        > {"type": "view.set", "id": 201}
        < run view.set 201
        """,
        pongs=",".join(['{"type": "pong"}'] * 128),
    )


def test_a_client_that_introduces_itself_twice():
    play("""
        > [{"type": "hello", "id": 1}, {"type": "hello", "id": 2}]
        < authenticate 1
        < error bad_request 2
        = welcome
        > {"type": "hello", "id": 3}
        < error bad_request 3
        > {"type": "ping", "ts": 8}
        < pong 8
    """)


def test_a_client_that_is_not_let_in():
    play("""
        > [{"type": "hello", "id": 1}, {"type": "view.set", "id": 2}]
        < authenticate 1
        = refuse session_expired
        < error session_expired 1
        < close 4503
        = welcome
        > {"type": "hello", "id": 3}
        at 60.0
    """)
