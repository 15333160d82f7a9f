"""Signs of life, and what happens without them."""

from tests.conversations.playbook import CONFIG, Playbook

BEAT = CONFIG.heartbeat_ms / 1000


def test_the_server_asks_once_a_beat():
    (
        Playbook()
        .live()
        .seconds_pass(BEAT - 1)
        .is_silent()
        .seconds_pass(1)
        .says("ping", ts=int(BEAT * 1000))
        .seconds_pass(1)
        .is_silent()
    )


def test_silence_for_two_beats_ends_it():
    Playbook().live().seconds_pass(BEAT).says("ping").seconds_pass(BEAT).closes(4003)


def test_an_answer_keeps_it_alive():
    book = Playbook().live()
    for _ in range(5):
        book.seconds_pass(BEAT).says("ping").client({"type": "pong", "ts": 1}).is_silent()


def test_any_frame_is_a_sign_of_life_even_a_bad_one():
    (
        Playbook()
        .live()
        .seconds_pass(BEAT)
        .says("ping")
        .seconds_pass(BEAT - 1)
        .client(raw="{")
        .refuses("bad_request")
        .seconds_pass(1)
        .says("ping")
    )


def test_a_ping_of_the_client_comes_back_with_its_time():
    Playbook().live().client({"type": "ping", "ts": 12.5}).says("pong", ts=12.5)
    Playbook().live().client({"type": "ping"}).says("pong", ts=None)


def test_an_acknowledgement_needs_no_answer():
    Playbook().live().client({"type": "ack", "es": 7}).acknowledges(7).is_silent()
