from uptc_messenger.services.notifications.retrying import Retries


def test_waiting_doubles_up_to_a_bound():
    retries = Retries(attempts=8, first_ms=15_000, most_ms=3_600_000)
    assert [retries.wait_ms(n) for n in (0, 1, 2, 30)] == [15_000, 30_000, 60_000, 3_600_000]
