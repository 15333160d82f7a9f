import pytest

from uptc_messenger.services.websocket.broker import matches


@pytest.mark.parametrize(
    ("subscription", "subject", "expected"),
    [
        ("u.ana", "u.ana", True),
        ("u.ana", "u.ana.x", False),
        ("ctl.user.*", "ctl.user.ana", True),
        ("ctl.user.*", "ctl.user", False),
        ("ctl.user.*", "ctl.user.", False),
        ("ctl.user.*", "ctl.user.ana.x", False),
        ("ctl.user.*", "ctl.node.ana", False),
    ],
)
def test_a_subscription_takes_in_its_subjects(subscription: str, subject: str, expected: bool):
    assert matches(subscription, subject) is expected
