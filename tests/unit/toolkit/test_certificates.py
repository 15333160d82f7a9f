import time
from pathlib import Path

import pytest

from tests.certificates import HOST, Authority
from uptc_messenger.toolkit.certificates import CertificateError, Certificates, Files, examine


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def refused(files: Files, host: str = HOST) -> str:
    with pytest.raises(CertificateError) as error:
        examine(files, host)
    return str(error.value)


def test_a_good_certificate_tells_when_it_expires(authority: Authority):
    expires_at = examine(authority.issue(days=10), HOST)
    assert 9 * 86_400 < expires_at - time.time() < 11 * 86_400


def test_an_expired_one_or_one_of_tomorrow_is_refused(authority: Authority):
    assert "expired" in refused(authority.issue(days=-1))
    assert "not yet valid" in refused(authority.issue(days=61))


def test_one_for_another_name_is_refused(authority: Authority):
    sentence = refused(authority.issue("other.example.test"))
    assert HOST in sentence
    assert "ismatch" in sentence


def test_a_key_of_another_certificate_is_refused(authority: Authority, tmp_path: Path):
    certificate = authority.issue().certificate.read_bytes()
    files = authority.issue()
    files.certificate.write_bytes(certificate)
    assert "do not belong together" in refused(files)


def test_what_is_not_there_or_no_certificate_is_refused(authority: Authority, tmp_path: Path):
    files = authority.issue()
    assert "No such file" in refused(Files(tmp_path / "none.pem", files.key))
    files.certificate.write_text("nothing of the kind")
    assert "do not hold a certificate" in refused(files)


def test_a_key_with_a_passphrase_is_refused_and_asks_nobody(authority: Authority, tmp_path: Path):
    files = authority.issue()
    locked = tmp_path / "locked.pem"
    key = files.key.read_bytes()
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415

    private = form.load_pem_private_key(key, None)
    secret = form.BestAvailableEncryption(b"secret")
    kind = form.PrivateFormat.PKCS8
    locked.write_bytes(private.private_bytes(form.Encoding.PEM, kind, secret))
    assert "without a passphrase" in refused(Files(files.certificate, locked))


def test_a_renewal_is_loaded_once_and_a_bad_one_not_at_all(authority: Authority):
    files = authority.issue(days=10)
    certificates = Certificates(files, HOST)
    first = certificates.expires_at
    assert not certificates.refresh()
    authority.issue(days=40)
    assert certificates.refresh()
    assert certificates.expires_at > first
    assert not certificates.refresh()
    good = certificates.expires_at
    authority.issue(days=-1)
    assert not certificates.refresh()
    files.key.unlink()
    assert not certificates.refresh()
    assert certificates.expires_at == good
