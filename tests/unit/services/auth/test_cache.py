from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import SessionId, UserId
from uptc_messenger.services.auth.cache import Known, PrincipalCache


def known(session: str, user: str = "ana", until: int = 100) -> Known:
    who = Principal(user_id=UserId(user), session_id=SessionId(session), role="member")
    return Known(principal=who, until=until, stored_at=0)


def test_a_token_is_believed_until_its_time_is_over():
    cache = PrincipalCache()
    cache.put(b"t", known("s"), cache.generation)
    assert cache.get(b"t", 99) is not None
    assert cache.get(b"t", 100) is None
    assert cache.get(b"other", 0) is None


def test_an_ended_session_is_believed_no_more():
    cache = PrincipalCache()
    cache.put(b"t", known("s"), cache.generation)
    cache.forget([SessionId("s"), SessionId("unknown")])
    assert cache.get(b"t", 0) is None
    assert cache.sessions() == {}


def test_every_session_of_a_user_is_forgotten_at_once():
    cache = PrincipalCache()
    for name, user in (("s1", "ana"), ("s2", "ana"), ("s3", "eve")):
        cache.put(name.encode(), known(name, user), cache.generation)
    cache.forget_user(UserId("ana"))
    assert cache.sessions() == {SessionId("s3"): UserId("eve")}


def test_a_look_up_that_began_before_a_revocation_is_not_kept():
    cache = PrincipalCache()
    before = cache.generation
    cache.forget([SessionId("s")])
    cache.put(b"t", known("s"), before)
    assert cache.get(b"t", 0) is None


def test_a_session_has_one_token_and_the_cache_an_end():
    cache = PrincipalCache(capacity=2)
    for token in (b"old", b"new"):
        cache.put(token, known("s1"), cache.generation)
    assert cache.get(b"old", 0) is None
    for name in ("s2", "s3"):
        cache.put(name.encode(), known(name), cache.generation)
    assert len(cache) == 2
    assert cache.get(b"new", 0) is None
