from uptc_messenger.services.notifications.outcomes import SENT, Outcome


def test_what_was_taken_has_nothing_to_tell():
    assert Outcome(verdict="sent") == SENT
    assert (SENT.detail, SENT.after_ms) == ("", 0)
