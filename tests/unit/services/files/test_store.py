from uptc_messenger.services.files.store import Lost, StoreAway, StoreFull


def test_what_fails_says_why_and_may_be_tried_again():
    for problem, reason in (
        (StoreAway(), "store_away"),
        (StoreFull(), "disk_full"),
        (Lost(), "damaged"),
    ):
        assert problem.details == {"reason": reason}
        assert problem.retryable
        assert problem.code == "unavailable"
